/* What a word means: on a tap; by keyboard with arrows from word to word, then Enter. */

/* `play` gives the address of a word's voice. */
export function glossed(story, box, voiceOf) {
  const words = [...story.querySelectorAll("[data-meaning]")];
  if (words.length) words[0].tabIndex = 0; // one stop for the whole text

  function show(word) {
    for (const each of words) each.toggleAttribute("data-shown", each === word);
    const listen = element("button", "🔊");
    listen.type = "button";
    listen.className = "round listen-button";
    listen.dataset.play = voiceOf(word.dataset.key);
    listen.setAttribute("aria-label", interpolate(gettext("Escuchar «%s»"), [word.textContent]));
    const english = element("b", word.textContent);
    english.lang = "en";
    const meaning = element("span", word.dataset.meaning);
    meaning.lang = "es";
    box.replaceChildren(english, document.createTextNode(" "), meaning, listen);
  }

  function move(to) {
    if (!to) return;
    for (const each of words) each.tabIndex = each === to ? 0 : -1;
    to.focus();
  }

  story.addEventListener("click", ({ target }) => {
    const word = target.closest("[data-meaning]");
    if (!word) return;
    for (const each of words) each.tabIndex = each === word ? 0 : -1;
    show(word);
  });
  story.addEventListener("keydown", (event) => {
    const at = words.indexOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: words.length - 1 };
    if (event.key in places) move(words[places[event.key]]);
    else if (event.key === "Enter" || event.key === " ") show(words[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
