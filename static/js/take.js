/* One's own take, kept in this page's memory alone. */

export const RATE = 16000;
const PADDING_S = 0.08; // a lone sound is hard to recognise without its edges

export class Take {
  constructor(exercise) {
    this.exercise = exercise;
    this.id = newId();
    this.chunks = []; // Int16Array, in order
    this.loudest = 0;
    this.attempt = null; // {attempt, url}, once the server has stored it
  }

  add(pcm, peak) {
    this.chunks.push(new Int16Array(pcm.slice(0)));
    this.loudest = Math.max(this.loudest, peak);
  }

  get seconds() {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0) / RATE;
  }

  /* A WAV file of the take, or of what lies between two times in seconds. */
  wav(from = 0, to = this.seconds) {
    const samples = new Int16Array(Math.round(this.seconds * RATE));
    let at = 0;
    for (const chunk of this.chunks) {
      samples.set(chunk, at);
      at += chunk.length;
    }
    const cut = samples.subarray(
      Math.max(0, Math.floor((from - PADDING_S) * RATE)),
      Math.ceil((to + PADDING_S) * RATE),
    );
    return new Blob([wavHeader(cut.length), cut], { type: "audio/wav" });
  }
}

function wavHeader(samples) {
  const view = new DataView(new ArrayBuffer(44));
  const text = (at, value) => [...value].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // mono
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples, true);
  return view;
}

/* crypto.randomUUID is missing in Safari before 15.4. */
function newId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
