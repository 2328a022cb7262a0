/* Takes the microphone at the device's own rate and posts 16 kHz mono PCM16 in frames of 100 ms. */

const RATE = 16000;
const FRAME = 1600; // samples, 100 ms
const CHUNK = 2048; // input samples taken at once; the browser brings 128
const PHASES = 128;
const KAISER_BETA = 7.86; // 80 dB of stop band

/* Modified Bessel function of the first kind, order zero. */
function bessel0(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/* Band-limited resampling to 16 kHz: a Kaiser-windowed sinc, tabulated in phases and interpolated. */
class Resampler {
  constructor(from) {
    const narrow = Math.min(from, RATE);
    this.from = from;
    this.half = Math.ceil((40.2 * from) / narrow); // transition band of narrow / 16, ending at narrow / 2
    this.taps = 2 * this.half;
    this.table = this.kernel((2 * narrow * (0.5 - 1 / 32)) / from);
    this.made = 0; // output samples so far
    this.held = new Float32Array(this.taps + CHUNK);
    this.used = this.half; // silence precedes the recording
    this.first = -this.half; // input position of held[0]
  }

  /* (PHASES + 1, taps): the filter for an output that lies phase / PHASES after an input sample. */
  kernel(cutoff) {
    const table = [];
    for (let phase = 0; phase <= PHASES; phase += 1) {
      const row = new Float32Array(this.taps);
      let gain = 0;
      for (let k = 0; k < this.taps; k += 1) {
        const x = k - this.half + 1 - phase / PHASES;
        const inside = Math.max(0, 1 - (x / this.half) ** 2);
        const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
        row[k] = sinc * bessel0(KAISER_BETA * Math.sqrt(inside));
        gain += row[k];
      }
      for (let k = 0; k < this.taps; k += 1) row[k] /= gain;
      table.push(row);
    }
    return table;
  }

  /* Gives `emit` every output sample that the input so far decides. */
  push(input, emit) {
    for (let start = 0; start < input.length; start += CHUNK) {
      const chunk = input.subarray(start, start + CHUNK);
      this.held.set(chunk, this.used);
      this.used += chunk.length;
      this.resample(emit);
    }
  }

  resample(emit) {
    let at = this.position();
    for (; at + this.half < this.first + this.used; at = this.position()) {
      const phase = (((this.made * this.from) % RATE) / RATE) * PHASES;
      const low = this.table[Math.floor(phase)];
      const high = this.table[Math.floor(phase) + 1];
      const mix = phase - Math.floor(phase);
      const start = at - this.half + 1 - this.first;
      let sum = 0;
      for (let k = 0; k < this.taps; k += 1) {
        sum += this.held[start + k] * (low[k] + mix * (high[k] - low[k]));
      }
      emit(sum);
      this.made += 1;
    }
    const spent = Math.min(this.used, Math.max(0, at - this.half + 1 - this.first));
    this.held.copyWithin(0, spent, this.used);
    this.used -= spent;
    this.first += spent;
  }

  /* The input sample at or just before the next output. */
  position() {
    return Math.floor((this.made * this.from) / RATE);
  }

  /* Lets out what still waits for samples to come, as if silence followed. */
  flush(emit) {
    this.push(new Float32Array(this.half), emit);
  }
}

class RecorderProcessor extends AudioWorkletProcessor {
  constructor({ processorOptions = {} }) {
    super();
    this.resampler = new Resampler(sampleRate);
    this.limit = Math.round((processorOptions.maxSeconds ?? 20) * RATE);
    this.samples = 0;
    this.ended = false;
    this.stopping = false;
    this.startFrame();
    this.port.onmessage = ({ data }) => {
      if (data.type === "stop") this.stopping = true;
    };
  }

  startFrame() {
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.energy = 0;
    this.peak = 0;
  }

  take(sample) {
    if (this.samples === this.limit) return;
    const clipped = Math.max(-1, Math.min(1, sample));
    this.frame[this.filled] = Math.round(clipped * 32767);
    this.energy += clipped * clipped;
    this.peak = Math.max(this.peak, Math.abs(clipped));
    this.filled += 1;
    this.samples += 1;
    if (this.filled === FRAME) this.post();
  }

  post() {
    const pcm = this.frame.slice(0, this.filled).buffer;
    const rms = Math.sqrt(this.energy / this.filled);
    this.port.postMessage({ type: "frame", pcm, rms, peak: this.peak }, [pcm]);
    this.startFrame();
  }

  finish(limit) {
    if (!limit) this.resampler.flush((sample) => this.take(sample));
    if (this.filled) this.post();
    this.ended = true;
    this.port.postMessage({ type: "end", samples: this.samples, limit });
  }

  process(inputs) {
    if (this.ended) return false;
    const channel = inputs[0][0];
    if (channel) this.resampler.push(channel, (sample) => this.take(sample));
    if (this.stopping) this.finish(false);
    else if (this.samples >= this.limit) this.finish(true);
    return !this.ended;
  }
}

registerProcessor("recorder", RecorderProcessor);
