/* What was hard in this sitting, out of the tips that are on the page. */

const MOST = 3;

/* Names the sounds with most tips in `place`, each with a link to its tip. */
export function showHardSounds(tips, place) {
  const sounds = new Map();
  for (const tip of tips) {
    const name = tip.querySelector(".tip-sound")?.textContent.trim();
    if (!name) continue;
    const sound = sounds.get(name) ?? { name, count: 0, words: new Set(), tip: tip.id };
    sound.count += 1;
    sound.words.add(tip.querySelector(".tip-title [lang=en]").textContent.trim());
    sounds.set(name, sound);
  }
  const hardest = [...sounds.values()].sort((a, b) => b.count - a.count).slice(0, MOST);
  place.hidden = hardest.length === 0;
  place.querySelector("ul").replaceChildren(...hardest.map(item));
}

function item({ name, words, tip }) {
  const link = element("a", "");
  const text = element("span", "");
  const heard = element("span", interpolate(gettext("En %s"), [[...words].join(", ")]));
  link.href = `#${tip}`;
  text.className = "practise-text";
  heard.className = "soft small";
  text.append(element("b", name), heard);
  const arrow = element("span", "→");
  arrow.setAttribute("aria-hidden", "true");
  link.append(text, arrow);
  const made = document.createElement("li");
  made.append(link);
  return made;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
