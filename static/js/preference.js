/* A pair of the preference study: both readings are heard to the end before one is chosen. */

import { Player } from "./player.js";

const pair = document.querySelector("[data-pair]");
const hint = pair.querySelector("[data-hint]");
const sides = [...pair.querySelectorAll("[data-play]")];
const votes = pair.querySelectorAll("[data-vote]");

class Hearing extends Player {
  /* What sounded has ended when there is nothing after it. */
  next() {
    const { button } = this;
    super.next();
    if (!this.button) heard(button);
  }
}

function heard(side) {
  side.dataset.done = "";
  side.querySelector("[data-heard]").textContent = gettext("(ya escuchada)");
  if (!sides.every((each) => "done" in each.dataset)) return;
  for (const vote of votes) vote.disabled = false;
  tell(gettext("Ya puedes elegir. Puedes volver a escucharlas."));
}

function tell(text) {
  hint.textContent = text;
}

for (const vote of votes) vote.disabled = true;
new Hearing({ takeFor: () => null, tell });
