/* A long text told sentence by sentence: the first sounds while the next is still being made. */

const OPUS = 'audio/ogg; codecs="opus"';

/* Events: `word` (detail: the word that is heard, with its place in the text, or null), `end`, `fail`. */
export class Telling extends EventTarget {
  constructor() {
    super();
    this.audio = new Audio();
    this.kind = this.audio.canPlayType(OPUS) ? "ogg" : "mp3";
    this.sentences = [];
    this.turn = 0; // another one is told: what was waited for comes too late
    this.audio.onended = () => this.source && this.next();
    this.audio.onerror = () => this.source && this.over("fail");
  }

  /* Tells what the address of a playlist has; called when somebody touches or clicks something. */
  async tell(playlist) {
    this.stop();
    const { turn } = this;
    this.wake();
    const told = await fetched(playlist, "json");
    if (turn !== this.turn) return;
    this.sentences = told?.sentences ?? [];
    if (this.sentences.length) await this.next();
    else this.over("fail");
  }

  stop() {
    this.turn += 1;
    this.audio.pause();
    if (this.source) URL.revokeObjectURL(this.source);
    this.source = null;
    this.sentences = [];
    this.tellWord(null);
  }

  /* Safari lets only an element sound that once did so right when somebody asked for it. */
  wake() {
    this.audio.src = SILENCE;
    this.audio.play().catch(() => null);
  }

  async next() {
    const { turn } = this;
    const sentence = this.sentences.shift();
    if (!sentence) {
      this.over("end");
      return;
    }
    const [sound, words] = await this.loaded(sentence);
    if (turn !== this.turn) return;
    if (!sound) {
      this.over("fail");
      return;
    }
    if (this.sentences.length) this.loaded(this.sentences[0]);
    if (this.source) URL.revokeObjectURL(this.source);
    this.source = URL.createObjectURL(sound);
    this.audio.src = this.source;
    this.audio.play().catch((error) => error.name !== "AbortError" && this.over("fail"));
    this.follow(words ?? [], this.source);
  }

  /* The sound of a sentence and its words, asked for once. */
  loaded(sentence) {
    sentence.loaded ??= Promise.all([
      fetched(sentence.url[this.kind], "blob"),
      sentence.words ?? fetched(sentence.times, "json").then((times) => times?.words),
    ]);
    return sentence.loaded;
  }

  follow(words, source) {
    const look = () => {
      if (this.source !== source) return;
      const now = this.audio.currentTime;
      const word = words.filter(({ start_s }) => start_s <= now).pop();
      this.tellWord(word && now < word.end_s ? word : null);
      requestAnimationFrame(look);
    };
    look();
  }

  tellWord(word) {
    if (word === this.word) return;
    this.word = word;
    this.dispatchEvent(new CustomEvent("word", { detail: word }));
  }

  over(how) {
    this.stop();
    this.dispatchEvent(new Event(how));
  }
}

async function fetched(url, as) {
  const response = await fetch(url).catch(() => null);
  return response?.ok ? response[as]() : null;
}

/* A WAV file of a tenth of a second. */
const SILENCE = (() => {
  const rate = 8000;
  const view = new DataView(new ArrayBuffer(44 + rate / 10));
  const text = (at, letters) => [...letters].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // mono
  view.setUint32(24, rate, true);
  view.setUint32(28, rate, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, "data");
  view.setUint32(40, rate / 10, true);
  new Uint8Array(view.buffer, 44).fill(128);
  return URL.createObjectURL(new Blob([view], { type: "audio/wav" }));
})();
