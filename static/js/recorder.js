/* The recorder at the foot of the page: one button, and what it says in every state. */

import { askForFeedback } from "./answer.js";
import { Microphone, onAllowed } from "./microphone.js";
import { Take } from "./take.js";
import { TakeSocket } from "./take-socket.js";
import { explain } from "./troubles.js";

const PRESS_MS = 400; // a second press so soon is the same press
const PUSH_MS = 2500; // then we ask as well
const WARN_S = 5;
const QUIET_S = 2.5;
const QUIET_PEAK = 0.02;
const RESEND = new Set(["lost", "busy", "idle", "failed"]); // the take is still here and may arrive yet

const PHASES = {
  idle: { mood: "waiting", label: gettext("Grabar"), says: gettext("Pulsa el micrófono y lee en voz alta.") },
  asking: { mood: "waiting", label: gettext("Cancelar"), says: gettext("Deja que el navegador use el micrófono.") },
  recording: { mood: "listening", label: gettext("Parar"), says: gettext("Te escucho.") },
  sending: { mood: "thinking", label: gettext("Otra vez"), says: gettext("Enviando tu voz…") },
  thinking: { mood: "thinking", label: gettext("Otra vez"), says: gettext("Estoy pensando…") },
  result: { mood: "happy", label: gettext("Otra vez"), says: gettext("Ya está.") },
  error: { mood: "encouraging", label: gettext("Otra vez"), says: "" },
};

/* Events: `start`, `progress` ({take, words}), `feedback` ({take, html}). */
export class Recorder extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.takes = new Map(); // exercise, or page of a book -> its last take
    this.button = root.querySelector("[data-record]");
    this.label = root.querySelector("[data-record-label]");
    this.status = root.querySelector("[data-status]");
    this.notice = root.querySelector("[data-notice]");
    this.parrot = root.querySelector("[data-mood]");
    this.own = root.querySelector("[data-own]");
    this.button.addEventListener("click", () => this.press());
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    window.addEventListener("pagehide", () => this.microphone?.close());
    // A page that comes back as it was left would wait for a microphone that is gone.
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.microphone && location.reload());
    this.render();
  }

  get maxSeconds() {
    return Number(this.root.dataset.maxSeconds);
  }

  get take() {
    return this.takes.get(this.exercise);
  }

  /* Shows the recorder for another exercise; what is being recorded for the last one is sent. */
  select(exercise) {
    if (exercise === this.exercise) return;
    this.stop();
    this.exercise = exercise;
    this.root.hidden = exercise === null;
    this.render();
  }

  press() {
    const now = performance.now();
    if (now - (this.pressed ?? -PRESS_MS) < PRESS_MS) return;
    this.pressed = now;
    if (this.microphone) this.stop();
    else this.start();
  }

  key(event) {
    if (!this.microphone || event.repeat || !["Escape", " ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    this.press();
  }

  async start() {
    if ("whoFirst" in this.root.dataset) {
      this.goTo(this.root.dataset.whoPage);
      return;
    }
    this.dispatchEvent(new Event("start"));
    this.forget(this.take);
    const take = new Take(this.exercise);
    this.takes.set(take.exercise, take);
    const microphone = (this.microphone = new Microphone(this.root.dataset.worklet, this.maxSeconds));
    microphone.addEventListener("frame", ({ detail }) => this.heard(take, detail));
    microphone.addEventListener("end", () => this.recorded(take));
    microphone.addEventListener("trouble", ({ detail }) => this.failed(take, detail.code));
    this.move(take, "asking");
    try {
      await microphone.open();
    } catch (trouble) {
      if (trouble.code !== "cancelled") this.failed(take, trouble.code);
      return;
    }
    this.send(take);
    this.move(take, "recording");
  }

  stop() {
    const asking = this.take?.phase === "asking";
    this.microphone?.stop();
    if (!asking) return;
    this.microphone = null;
    this.takes.delete(this.exercise);
    this.render();
  }

  heard(take, { pcm, rms, peak }) {
    take.add(pcm, peak);
    take.socket?.push(pcm);
    if (take !== this.take) return;
    const left = this.maxSeconds - take.seconds;
    this.root.style.setProperty("--level", level(rms).toFixed(2));
    this.root.style.setProperty("--elapsed", (take.seconds / this.maxSeconds).toFixed(3));
    if (left <= WARN_S) take.warning ??= secondsLeft(Math.ceil(left));
    if (take.warning) this.say(take.warning);
    else if (take.seconds > QUIET_S && take.loudest < QUIET_PEAK) {
      this.say(gettext("No te oigo. Acércate al micrófono y habla más alto."));
    } else this.say(take.cut ? gettext("Te escucho. Sin conexión: lo guardo aquí.") : PHASES.recording.says);
  }

  recorded(take) {
    this.microphone = null;
    take.ended = true;
    take.socket?.finish();
    this.move(take, "sending");
  }

  /* Sends the take, or sends it again after the network gave up. */
  send(take, again = false) {
    const url = new URL(this.root.dataset.socket, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new TakeSocket(url, {
      what: { [this.root.dataset.reads]: take.exercise },
      take: take.id,
      resume: again,
    });
    take.socket = socket;
    const on = (type, react) => socket.addEventListener(type, ({ detail }) => react(detail));
    on("state", ({ connected }) => {
      take.cut = !connected;
      if (take.attempt && !connected) this.ask(take);
    });
    on("progress", ({ words }) => {
      this.dispatchEvent(new CustomEvent("progress", { detail: { take, words } }));
    });
    on("end_of_speech", () => take.phase === "recording" && this.microphone?.stop());
    on("stored", (stored) => this.stored(take, stored));
    on("feedback", ({ attempt, html }) => attempt === take.attempt?.attempt && this.answered(take, html));
    on("error", (error) => this.failed(take, error.code, error));
    on("lost", () => this.failed(take, "lost"));
    for (const chunk of take.chunks) socket.push(chunk.buffer);
    if (take.ended) socket.finish();
  }

  stored(take, stored) {
    take.attempt = stored;
    this.move(take, "thinking");
    setTimeout(() => this.ask(take), PUSH_MS);
  }

  async ask(take) {
    if (take.asking || take.phase !== "thinking") return;
    take.asking = new AbortController();
    try {
      const html = await askForFeedback(take.attempt.url, take.asking);
      if (html) this.answered(take, html);
      else if (take.phase === "thinking") this.failed(take, "no_answer");
    } catch {
      if (take.phase === "thinking") this.failed(take, "failed");
    }
    take.asking = null;
  }

  answered(take, html) {
    if (take.phase === "result" || take !== this.takes.get(take.exercise)) return;
    take.socket.close();
    take.asking?.abort();
    this.move(take, "result");
    this.dispatchEvent(new CustomEvent("feedback", { detail: { take, html } }));
  }

  /* How the take went, once its feedback is on the page. */
  judged(take, { mood, summary }) {
    Object.assign(take, { mood, summary });
    if (take === this.take) this.render();
  }

  failed(take, code, { plain, retry = true } = {}) {
    if (take.phase === "recording" || take.phase === "asking") {
      this.microphone?.close();
      this.microphone = null;
    }
    take.socket?.close();
    take.trouble = { code, plain, retry };
    this.move(take, "error");
  }

  /* What is under way for an older take of the same exercise is of no use any more. */
  forget(take) {
    if (!take) return;
    take.asking?.abort();
    if (take.attempt) take.socket?.close();
    else take.socket?.cancel();
  }

  move(take, phase) {
    take.phase = phase;
    if (take === this.take) this.render();
  }

  render() {
    const take = this.take;
    const phase = take?.phase ?? "idle";
    const { mood, label, says } = PHASES[phase];
    this.root.dataset.state = phase;
    this.parrot.dataset.mood = phase === "result" ? (take.mood ?? mood) : mood;
    this.label.textContent = label;
    this.own.hidden = !take?.ended || phase === "result"; // the answer has its own
    if (phase !== "recording") {
      this.root.style.removeProperty("--level");
      this.root.style.removeProperty("--elapsed");
    }
    this.notice.replaceChildren();
    if (phase === "error") this.showTrouble(take);
    else this.say(phase === "result" ? (take.summary ?? says) : says);
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  showTrouble(take) {
    const { code } = take.trouble;
    const { title, text, steps, action } = explain(take.trouble);
    this.say(`${title}.`.replace("?.", "?"));
    const list = document.createElement("ol");
    list.append(...steps.map((step) => element("li", step)));
    const button = element("button", action);
    button.type = "button";
    button.className = "button";
    button.addEventListener("click", () => this.mend(take));
    this.notice.append(element("p", text), ...(steps.length ? [list] : []), button);
    if (code === "denied") onAllowed(() => this.allowed(take));
  }

  allowed(take) {
    if (take !== this.take || take.phase !== "error") return;
    this.takes.delete(take.exercise);
    this.render();
    this.say(gettext("Gracias. Ya puedes grabar."));
  }

  mend(take) {
    const { code, retry } = take.trouble;
    if (code === "no_consent") this.goTo(this.root.dataset.whoPage);
    else if (take.ended && !take.attempt && RESEND.has(code)) {
      this.move(take, "sending");
      this.send(take, true);
    } else if (code === "no_answer") {
      this.move(take, "thinking");
      this.ask(take);
    } else if (retry) this.start();
    else location.reload();
  }

  goTo(page) {
    const back = encodeURIComponent(location.pathname + location.hash);
    location.assign(`${page}?next=${back}`);
  }
}

function secondsLeft(count) {
  return interpolate(ngettext("Queda %s segundo.", "Quedan %s segundos.", count), [count]);
}

/* Loudness on a scale of 0 to 1, from -55 dB to -10 dB. */
function level(rms) {
  return Math.max(0, Math.min(1, (20 * Math.log10(rms + 1e-6) + 55) / 45));
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
