/* One voice at a time: the model voice from the server, or one's own take from this page's memory. */

import { Telling } from "./telling.js";

export class Player {
  /* `takeFor(button)` gives the take that a button of one's own voice belongs to. */
  constructor({ takeFor, tell }) {
    this.takeFor = takeFor;
    this.tell = tell;
    this.lit = [];
    this.telling = new Telling();
    this.telling.addEventListener("part", ({ detail }) => this.light([this.button, ...(detail.lit ?? [])]));
    this.telling.addEventListener("end", () => this.ended());
    this.telling.addEventListener("fail", () => this.failed());
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-play], [data-tell], [data-own]");
      if (button) this.toggle(button);
    });
  }

  toggle(button) {
    const again = button === this.button;
    this.stop();
    if (again) return;
    const { tell, own, start, end } = button.dataset;
    const take = own === undefined ? null : this.takeFor(button);
    if (own !== undefined && !take) {
      this.tell(gettext("Tu grabación ya no está en esta página. Graba otra vez para oírte."));
      return;
    }
    this.button = button;
    if (tell) {
      this.light([button]); // while the playlist is on its way
      this.telling.tell(tell);
    } else if (take) this.telling.play([{ sound: start ? take.wav(Number(start), Number(end)) : take.wav() }]);
    else this.telling.play(parts(button));
  }

  light(buttons) {
    for (const each of this.lit) delete each.dataset.playing;
    for (const each of buttons) each.dataset.playing = "";
    this.lit = buttons;
  }

  stop() {
    if (!this.button) return;
    this.light([]);
    this.button = null;
    this.telling.stop();
  }

  ended() {
    this.stop();
  }

  failed() {
    this.stop();
    this.tell(gettext("Ahora no podemos reproducir esta voz. Prueba dentro de un momento."));
  }
}

/* What a button lets sound, one after another: the address, and what is lit besides the button. */
function parts(button) {
  const { first, play } = button.dataset;
  const before = first ? [...document.getElementById(first).children] : [];
  return [...before.map((each) => ({ url: each.dataset.play, lit: [each] })), { url: play, lit: before }];
}
