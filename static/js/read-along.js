/* A voice whose words are lit while they are heard. */

import { Player } from "./player.js";

const LINGER_S = 0.15; // between two words the first stays lit

export class ReadAlong extends Player {
  toggle(button) {
    super.toggle(button);
    if (this.button === button && button.dataset.times) this.follow(button);
  }

  /* Lights the words of the page the button is on, as its times say; without times, none. */
  async follow(button) {
    const response = await fetch(button.dataset.times).catch(() => null);
    const words = response?.ok ? (await response.json()).words : [];
    const pieces = [...button.closest("[data-page]").querySelectorAll("[data-at]")];
    const draw = () => {
      const on = this.button === button;
      const word = on ? wordAt(words, this.audio.currentTime) : null;
      for (const piece of pieces) piece.toggleAttribute("data-lit", isWithin(piece, word));
      if (on) requestAnimationFrame(draw);
    };
    draw();
  }
}

function wordAt(words, now) {
  if (now === 0) return null; // nothing is heard yet
  const word = words.filter(({ start_s }) => start_s <= now).pop();
  return word && now < word.end_s + LINGER_S ? word : null;
}

/* Whether a piece of the page and a word of the voice share a letter. */
function isWithin(piece, word) {
  const at = Number(piece.dataset.at);
  return word !== null && word.at < at + piece.textContent.length && at < word.to;
}
