/* The cards of a lesson: hear each word and sentence. */

import { Player } from "./player.js";

const says = document.querySelector("[data-says]");

new Player({
  takeFor: () => null,
  tell: (text) => {
    says.classList.remove("visually-hidden");
    says.textContent = text;
  },
});
