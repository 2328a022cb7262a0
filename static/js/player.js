/* One voice at a time: the model voice from the server, or one's own take from this page's memory. */

export class Player {
  /* `takeFor(button)` gives the take that a button of one's own voice belongs to. */
  constructor({ takeFor, tell }) {
    this.takeFor = takeFor;
    this.tell = tell;
    this.left = []; // what is still to sound
    this.lit = [];
    this.audio = new Audio();
    this.audio.onended = () => this.next();
    this.audio.onerror = () => this.button && this.failed();
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-play], [data-own]");
      if (button) this.toggle(button);
    });
  }

  toggle(button) {
    const again = button === this.button;
    this.stop();
    if (again) return;
    const take = "own" in button.dataset ? this.takeFor(button) : null;
    if ("own" in button.dataset && !take) {
      this.tell(gettext("Tu grabación ya no está en esta página. Graba otra vez para oírte."));
      return;
    }
    this.button = button;
    this.left = take ? [[[], this.own(take, button.dataset)]] : parts(button);
    this.next();
  }

  next() {
    const [lit, source] = this.left.shift() ?? [];
    if (!source) {
      this.stop();
      return;
    }
    this.light([this.button, ...lit]);
    this.audio.src = source;
    this.audio.play().catch((error) => error.name !== "AbortError" && this.failed());
  }

  light(buttons) {
    for (const each of this.lit) delete each.dataset.playing;
    for (const each of buttons) each.dataset.playing = "";
    this.lit = buttons;
  }

  own(take, { start, end }) {
    this.url = URL.createObjectURL(start ? take.wav(Number(start), Number(end)) : take.wav());
    return this.url;
  }

  stop() {
    if (!this.button) return;
    this.light([]);
    this.button = null;
    this.audio.pause();
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }

  failed() {
    this.stop();
    this.tell(gettext("Ahora no podemos reproducir esta voz. Prueba dentro de un momento."));
  }
}

/* What a button lets sound, one after another: what is lit besides it, and the address. */
function parts(button) {
  const { first, play } = button.dataset;
  const before = first ? [...document.getElementById(first).children] : [];
  return [...before.map((each) => [[each], each.dataset.play]), [before, play]];
}
