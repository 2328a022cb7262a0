/* Opens the microphone through the recorder worklet and names what can go wrong. */

import { Trouble } from "./troubles.js";

const NO_SIGNAL_MS = 4000;
const FLUSH_MS = 700;
const NAMES = {
  NotAllowedError: "denied",
  PermissionDeniedError: "denied",
  SecurityError: "denied",
  NotFoundError: "no_microphone",
  DevicesNotFoundError: "no_microphone",
  OverconstrainedError: "no_microphone",
  NotReadableError: "device_busy",
  TrackStartError: "device_busy",
  AbortError: "device_busy",
};

/* The code of the trouble that keeps this browser from recording, or null. */
export function unsupported() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia) return "unsupported";
  if (!window.AudioWorkletNode || !window.AudioContext || !window.WebSocket) return "unsupported";
  return null;
}

/* Calls `changed` once the learner has allowed the microphone in the browser's settings. */
export async function onAllowed(changed) {
  try {
    const status = await navigator.permissions.query({ name: "microphone" });
    status.onchange = () => status.state === "granted" && changed();
  } catch {
    // not every browser can be asked; the page then offers to try again
  }
}

/* Events: `frame` ({pcm, rms, peak}), `end` ({limit}), `trouble` ({code}). Open it inside a click or a key press. */
export class Microphone extends EventTarget {
  constructor(worklet, maxSeconds) {
    super();
    this.worklet = worklet;
    this.maxSeconds = maxSeconds;
    this.over = false;
  }

  async open() {
    const code = unsupported();
    if (code) throw new Trouble(code);
    // Made and resumed before anything is awaited: iOS allows sound only within the gesture.
    this.context = new AudioContext();
    const resumed = this.context.resume();
    try {
      this.stream = await this.ask();
      if (this.over) throw new Trouble("cancelled");
      await Promise.all([resumed, this.context.audioWorklet.addModule(this.worklet)]);
      if (this.over) throw new Trouble("cancelled");
      this.connect();
    } catch (error) {
      this.close();
      throw error instanceof Trouble ? error : new Trouble("unsupported", error);
    }
  }

  async ask() {
    try {
      return await navigator.mediaDevices.getUserMedia({
        // The judge listens to fricatives that noise suppression takes for noise.
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true },
      });
    } catch (error) {
      throw new Trouble(NAMES[error.name] ?? "unsupported", error);
    }
  }

  connect() {
    this.node = new AudioWorkletNode(this.context, "recorder", {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { maxSeconds: this.maxSeconds },
    });
    this.node.port.onmessage = ({ data }) => this.receive(data);
    this.node.onprocessorerror = () => this.fail("unsupported");
    this.source = this.context.createMediaStreamSource(this.stream);
    // Its output is silence; some browsers only run what leads to the loudspeaker.
    this.source.connect(this.node).connect(this.context.destination);
    for (const track of this.stream.getAudioTracks()) {
      track.onended = () => this.fail("unplugged");
    }
    // A call on a phone takes the microphone away: what was said until then counts.
    this.context.onstatechange = () => this.context.state !== "running" && this.stop();
    this.noSignal = setTimeout(() => this.fail("no_signal"), NO_SIGNAL_MS);
  }

  receive(data) {
    if (this.over) return; // a frame that comes after the end belongs to no take
    if (data.type === "frame") {
      clearTimeout(this.noSignal);
      this.emit("frame", data);
    } else {
      this.close();
      this.emit("end", data);
    }
  }

  fail(code) {
    if (this.over) return;
    this.close();
    this.emit("trouble", { code });
  }

  /* Ends the take: the worklet gives its last samples, then `end` follows. */
  stop() {
    if (this.over || this.stopping) return;
    this.stopping = true;
    if (!this.node) {
      this.close();
      return;
    }
    this.node.port.postMessage({ type: "stop" });
    setTimeout(() => this.receive({ type: "end", limit: false }), FLUSH_MS); // for a suspended context
  }

  /* Gives the device back, so that the browser's recording sign goes out. */
  close() {
    this.over = true;
    clearTimeout(this.noSignal);
    this.source?.disconnect();
    this.node?.disconnect();
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    if (this.context && this.context.state !== "closed") this.context.close();
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
