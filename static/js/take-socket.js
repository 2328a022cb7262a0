/* Sends one take over the socket and keeps every frame until the server has stored it, whatever the network does. */

const BACKOFF_MS = [200, 400, 800, 1500, 3000, 5000];
const SILENCE_MS = 6000; // with frames under way and no answer for so long, the line is dead
const GIVE_UP_MS = 60000; // as long as the server keeps an interrupted take
const CONNECT_MS = 8000;

/* Events: `state` (connected?), `progress` ({words}), `end_of_speech`, `stored`, `feedback`, `error` ({code, plain, retry}), `lost`. */
export class TakeSocket extends EventTarget {
  /* `what` is read: {exercise: 7} or {page: 7}. */
  constructor(url, { what, take, resume = false }) {
    super();
    this.url = url;
    this.what = what;
    this.take = take;
    this.frames = []; // ArrayBuffer of sequence number and PCM16, all from the first
    this.next = 0; // next frame to send
    this.total = null; // frames of the whole take, once it has ended
    this.started = resume; // whether the server has heard of the take
    this.ready = false;
    this.stored = false;
    this.closed = false;
    this.tries = 0;
    this.online = () => this.reconnectNow();
    window.addEventListener("online", this.online);
    this.connect();
  }

  /* Adds 100 ms of PCM16. */
  push(pcm) {
    const frame = new Uint8Array(4 + pcm.byteLength);
    new DataView(frame.buffer).setUint32(0, this.frames.length, true);
    frame.set(new Uint8Array(pcm), 4);
    this.frames.push(frame.buffer);
    this.flush();
  }

  /* The take has ended: nothing more will be pushed. */
  finish() {
    this.total = this.frames.length;
    this.flush();
  }

  /* The learner does not want this take sent. */
  cancel() {
    if (this.ready && !this.stored) this.send({ type: "cancel" });
    this.close();
  }

  close() {
    this.closed = true;
    this.ready = false;
    window.removeEventListener("online", this.online);
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    if (this.socket?.readyState === WebSocket.CONNECTING) {
      this.socket.onopen = ({ target }) => target.close();
    } else this.socket?.close();
  }

  connect() {
    clearTimeout(this.timer);
    let socket;
    try {
      socket = new WebSocket(this.url);
    } catch {
      this.dropped();
      return;
    }
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.watch(CONNECT_MS);
    socket.onopen = () => {
      this.greet(this.started ? "resume" : "start");
      this.watch();
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.socket && typeof data === "string") this.receive(JSON.parse(data));
    };
    socket.onclose = () => {
      if (socket === this.socket) this.dropped();
    };
  }

  greet(type) {
    this.greeting = type;
    if (type === "resume") this.send({ type, take: this.take });
    else this.send({ type, ...this.what, take: this.take, rate: 16000, format: "pcm16" });
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  flush() {
    if (!this.ready) return;
    while (this.next < this.frames.length) {
      this.socket.send(this.frames[this.next]);
      this.next += 1;
    }
    if (this.total !== null && !this.stopSent) {
      this.stopSent = true;
      this.send({ type: "stop", frames: this.total });
    }
    this.watch();
  }

  receive(message) {
    clearTimeout(this.watchdog);
    this.watchdog = null;
    if (message.type === "ready") {
      this.started = true;
      this.ready = true;
      this.tries = 0;
      this.lostSince = null;
      this.next = message.next;
      this.stopSent = false;
      this.emit("state", { connected: true });
      this.flush();
    } else if (message.type === "stored") {
      this.stored = true;
      this.frames = [];
      this.next = 0;
      this.emit("stored", message);
    } else if (message.type === "error") {
      this.fail(message);
    } else if (message.type !== "ack") {
      this.emit(message.type, message);
    }
  }

  fail(message) {
    if (message.code === "gap" && Number.isInteger(message.next)) {
      this.next = message.next;
      this.stopSent = false;
      this.flush();
    } else if (this.greeting === "resume" && !this.ready && message.code === "unknown_take") {
      this.greet("start"); // another node answers: it has never heard of the take
    } else {
      this.emit("error", message);
    }
  }

  /* Reconnects when something was sent and nothing comes back. */
  watch(ms = SILENCE_MS) {
    if (this.watchdog || this.stored) return;
    this.watchdog = setTimeout(() => {
      this.watchdog = null;
      const dead = this.socket;
      this.dropped();
      dead.close();
    }, ms);
  }

  dropped() {
    this.socket = null;
    this.ready = false;
    clearTimeout(this.watchdog);
    this.watchdog = null;
    if (this.closed) return;
    this.emit("state", { connected: false });
    if (this.stored) return; // the page asks for the feedback by an ordinary request
    this.lostSince ??= performance.now();
    if (performance.now() - this.lostSince > GIVE_UP_MS) {
      this.emit("lost", {});
      return;
    }
    const wait = BACKOFF_MS[Math.min(this.tries, BACKOFF_MS.length - 1)];
    this.tries += 1;
    this.timer = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2));
  }

  reconnectNow() {
    if (!this.socket && !this.stored && !this.closed) this.connect();
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
