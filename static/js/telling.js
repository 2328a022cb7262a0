/* Sounds one after another: each is asked for while the one before it is heard. */

const LINGER_S = 0.15; // between two words the first stays lit

/* Every voice of ours is kept as Opus and as MP3; Safari before 18.4 plays no Ogg. */
const playsOgg = new Audio().canPlayType('audio/ogg; codecs="opus"') !== "";
const playable = (url) => (playsOgg ? url : url.replace(/\.ogg$/, ".mp3"));

/* A part has a `sound` or the `url` of one, and where it is followed its `words` or the address of
   their `times`.
   Events: `part` (detail: the part whose turn it is), `last` (the last of them sounds), `word` (detail:
   the word that is heard, with its place in the text, or null), `end`, `fail`. */
export class Telling extends EventTarget {
  constructor() {
    super();
    this.audio = new Audio();
    this.left = []; // what is still to sound
    this.ready = null; // a playlist that was asked for before somebody wants to hear it
    this.word = null;
    this.audio.onended = () => this.source && this.next();
    this.audio.onerror = () => this.source && this.over("fail");
  }

  /* This and `tell` are called when somebody touches or clicks something. */
  play(parts) {
    this.begin();
    this.left = parts;
    this.next();
  }

  /* Tells the sentences of a playlist, by its address: the first sounds while the next is made. */
  async tell(playlist) {
    const ready = this.ready?.playlist === playlist ? this.ready : null;
    if (ready) this.ready = null;
    const signal = this.begin(ready?.asking);
    let parts = (await ready?.parts) ?? [];
    if (!parts.length) parts = await this.asked(playlist, signal);
    if (signal.aborted) return;
    this.left = parts;
    if (parts.length) this.next();
    else this.over("fail");
  }

  /* Asks for a playlist that is likely told next, and for its first sentence. */
  prepare(playlist) {
    if (playlist === this.ready?.playlist) return;
    this.ready?.asking.abort();
    const asking = new AbortController();
    this.ready = { playlist, asking, parts: this.asked(playlist, asking.signal) };
  }

  async asked(playlist, signal) {
    const told = await fetched(playlist, "json", signal);
    const parts = told?.sentences ?? [];
    if (parts.length) this.loaded(parts[0], signal);
    return parts;
  }

  /* Safari lets only an element sound that once did so right when somebody asked for it. */
  begin(asking = new AbortController()) {
    this.stop();
    this.asking = asking;
    this.audio.src = SILENCE;
    this.audio.play().catch(() => null);
    return this.asking.signal;
  }

  stop() {
    this.asking?.abort();
    this.audio.pause();
    if (this.source) URL.revokeObjectURL(this.source);
    this.source = null;
    this.left = [];
    this.tellWord(null);
  }

  async next() {
    const { signal } = this.asking;
    const part = this.left.shift();
    if (!part) {
      this.over("end");
      return;
    }
    this.dispatchEvent(new CustomEvent("part", { detail: part }));
    const [sound, words] = await this.loaded(part, signal);
    if (signal.aborted) return;
    if (!sound) {
      this.over("fail");
      return;
    }
    if (this.left.length) this.loaded(this.left[0], signal);
    if (this.source) URL.revokeObjectURL(this.source);
    this.source = URL.createObjectURL(sound);
    this.audio.src = this.source;
    this.audio.play().catch((error) => error.name !== "AbortError" && this.over("fail"));
    if (!this.left.length) this.dispatchEvent(new Event("last"));
    this.follow(words ?? [], this.source);
  }

  /* The sound of a part and its words, asked for once; what did not come, once more. */
  loaded(part, signal) {
    part.loaded ??= Promise.all([
      part.sound ?? fetched(playable(part.url), "blob", signal),
      part.words ?? (part.times && fetched(part.times, "json", signal).then((times) => times?.words)),
    ]).then((came) => {
      if (!came[0]) part.loaded = null;
      return came;
    });
    return part.loaded;
  }

  follow(words, source) {
    const look = () => {
      if (this.source !== source) return;
      this.tellWord(this.audio.ended ? null : wordAt(words, this.audio.currentTime));
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

function wordAt(words, now) {
  if (now === 0) return null; // nothing is heard yet
  const word = words.filter(({ start_s }) => start_s <= now).pop();
  return word && now < word.end_s + LINGER_S ? word : null;
}

async function fetched(url, as, signal) {
  try {
    const response = await fetch(url, { signal });
    return response.ok ? await response[as]() : null;
  } catch {
    return null;
  }
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
