/* A pair of the preference study: both readings are heard to the end before one is chosen. */

import { Player } from "./player.js";

const pair = document.querySelector("[data-pair]");
const hint = pair.querySelector("[data-hint]");
const sides = [...pair.querySelectorAll("[data-play]")];
const votes = pair.querySelectorAll("[data-vote]");

class Hearing extends Player {
  toggle(button) {
    const broken = this.button;
    super.toggle(button);
    if (!broken || "done" in broken.dataset) return;
    tell(interpolate(gettext("La %s no ha sonado entera. Escúchala hasta el final."), [name(broken)]));
  }

  ended() {
    heard(this.button);
    super.ended();
  }
}

function heard(side) {
  side.dataset.done = "";
  side.querySelector("[data-heard]").textContent = gettext("(ya escuchada)");
  const other = sides.find((each) => !("done" in each.dataset));
  if (other) {
    tell(interpolate(gettext("Ahora escucha la %s hasta el final."), [name(other)]));
    return;
  }
  for (const vote of votes) vote.disabled = false;
  tell(gettext("Ya puedes elegir. Puedes volver a escucharlas."));
}

function name(side) {
  return side.querySelector("b").textContent;
}

function tell(text) {
  hint.textContent = text;
}

for (const vote of votes) vote.disabled = true;
new Hearing({ takeFor: () => null, tell });
