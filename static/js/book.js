/* A book: page by page, told by the voice or read in turns; what was read is remembered. */

import { glossed } from "./gloss.js";
import { Player } from "./player.js";
import { Recorder } from "./recorder.js";
import { light, scrolling, showFeedback } from "./spoken.js";

const find = (selector, within = document) => within.querySelector(selector);

const book = find("[data-book]");
const steps = [...document.querySelectorAll("[data-step]")];
const pages = steps.filter((step) => "page" in step.dataset);
const plainVoice = find("[data-plain-voice]");
const recorder = new Recorder(find("[data-recorder]"));
const player = new Player({ takeFor: () => recorder.take, tell: troubled });
const unsent = []; // numbers of pages; the first is on its way
const aloud = new Set(); // pages read aloud by whoever learns
let speed = 0; // the button of a page that was pressed last
let here = -1;
let gone = false; // taken off the shelf since it was opened

function way() {
  return find("[name=way]:checked").value;
}

/* In turns, the pages of whoever learns: every other one, the other half the next time. */
function isMine(step) {
  const odd = Number(step.dataset.number) % 2 === 1;
  return way() !== "listen" && odd === "childBegins" in book.dataset;
}

function show() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const at = Math.max(0, steps.indexOf(named?.closest("[data-step]")));
  if (at === here) return;
  const before = steps[here];
  if (before?.dataset.number && at === here + 1) remember(before);
  player.stop();
  here = at;
  const step = steps[at];
  for (const each of steps) delete each.dataset.current;
  step.dataset.current = "";
  begin(step);
  turn(at);
  if (at === 0 || "mine" in step.dataset) prepare();
  window.scrollTo(0, 0);
  if (before) find("h2", step).focus({ preventScroll: true });
}

/* Whose page it is; the voice begins by itself where it is its turn and somebody turned the page. */
function begin(step) {
  const isPage = step.dataset.page !== undefined;
  const mine = isPage && !gone && isMine(step);
  recorder.select(mine ? Number(step.dataset.page) : null);
  if (isPage) find("[data-turn]", step).textContent = turnOf(mine);
  step.toggleAttribute("data-mine", mine);
  if (!mine) tell(aside(isPage));
  if (step.id === "fin") find("[data-read-aloud]", step).textContent = readAloud();
  if (!isPage || mine || gone || way() === "parent" || !navigator.userActivation?.isActive) return;
  player.toggle(voiceOf(step));
}

/* What the parrot says beside a page that is not of whoever learns. */
function aside(isPage) {
  if (gone) return gettext("Este cuento ya no está en la estantería.");
  return isPage && way() === "parent" ? gettext("Esta página la lee la persona adulta.") : "";
}

function voiceOf(step) {
  return step.querySelectorAll("[data-tell]")[speed];
}

/* Asks for the beginning of the next page, if the voice tells it: it sounds at once. */
function prepare() {
  const step = steps[here === 0 ? Number(book.dataset.nextPage) : here + 1];
  const told = step?.dataset.page !== undefined && way() !== "parent" && !isMine(step);
  if (told && !gone && !navigator.connection?.saveData) player.telling.prepare(voiceOf(step).dataset.tell);
}

function turnOf(mine) {
  if (gone || way() === "listen") return "";
  if (mine) return gettext("Tu página");
  return way() === "voice" ? gettext("Página de la voz") : gettext("Lee la persona adulta");
}

function readAloud() {
  if (!aloud.size) return "";
  const said = ngettext("Has leído una página en voz alta.", "Has leído %s páginas en voz alta.", aloud.size);
  return interpolate(said, [aloud.size]);
}

/* The way back and on, and where we are. */
function turn(at) {
  const previous = find("[data-prev]");
  const next = find("[data-next]");
  previous.hidden = at === 0;
  next.hidden = at === steps.length - 1;
  if (at > 0) previous.hash = steps[at - 1].id;
  if (!next.hidden) next.hash = at === 0 ? `pagina-${book.dataset.nextPage}` : steps[at + 1].id;
  find("[data-next-label]").textContent = nextLabel(at);
  for (const segment of document.querySelectorAll("[data-segment]")) {
    const number = Number(segment.dataset.segment);
    segment.toggleAttribute("data-here", number === at);
    if (number < at) segment.dataset.done = "good";
  }
}

function nextLabel(at) {
  if (at === 0) return Number(book.dataset.nextPage) > 1 ? gettext("Seguir") : gettext("Empezar");
  return at === pages.length ? gettext("Terminar") : gettext("Siguiente");
}

/* Tells the server that a page is read; one that does not arrive is made good by the next. */
function remember(step) {
  const number = Number(step.dataset.number);
  book.dataset.nextPage = number < pages.length ? number + 1 : 1;
  unsent.push(number);
  if (unsent.length === 1) sendNext();
}

/* One after the other, so that the last to arrive is where we are. */
async function sendNext() {
  const answer = await send(unsent[0]).catch(() => null);
  unsent.shift();
  if (answer?.status === 404) isGone();
  if (unsent.length) sendNext();
}

function send(number) {
  const body = new FormData();
  body.append("page", number);
  body.append("csrfmiddlewaretoken", find("[name=csrfmiddlewaretoken]").value);
  return fetch(book.dataset.turned, { method: "POST", body, keepalive: true });
}

/* Whether an author took the book back; if so, the page says it from now on. */
async function isGone() {
  const answer = await fetch(location.pathname, { method: "HEAD" }).catch(() => null);
  if (answer?.status !== 404) return false;
  gone = true;
  find("[data-gone]").hidden = false;
  begin(steps[here]);
  return true;
}

/* A voice that does not sound: by itself, or since there is no such book any more. */
async function troubled(text) {
  const step = steps[here];
  if (!(await isGone()) && step === steps[here]) tell(text);
}

function tell(text) {
  if (!recorder.root.hidden) {
    recorder.say(text);
    return;
  }
  find("[data-say]").hidden = !text;
  find("[data-speech]").textContent = text;
}

function begun() {
  player.stop();
  const step = steps[here];
  const result = find("[data-result]", step);
  delete result.dataset.fresh;
  light(step, 0);
  const text = result.firstElementChild ? result : find(".story", step);
  text.scrollIntoView({ block: "nearest", behavior: scrolling() });
}

/* Lights what of the story shares a letter with the word that is heard. */
function follow(word) {
  for (const piece of steps[here].querySelectorAll("[data-at]")) {
    const at = Number(piece.dataset.at);
    const heard = word !== null && word.at < at + piece.textContent.length && at < word.to;
    piece.toggleAttribute("data-lit", heard);
  }
}

function pageOf(take) {
  return pages.find((step) => Number(step.dataset.page) === take.exercise);
}

function received({ take, html }) {
  const step = pageOf(take);
  const score = showFeedback(recorder, take, find("[data-result]", step), html);
  light(step, 0);
  chooseVoice();
  if (!Number.isNaN(score)) aloud.add(step);
  if (step !== steps[here]) return;
  find("[data-result]", step).scrollIntoView({ block: "nearest", behavior: scrolling() });
}

/* The way a book is read lasts as long as its tab: also over the page that asks who speaks. */
function keepWay() {
  const name = `libro ${book.dataset.book}`;
  try {
    const kept = sessionStorage.getItem(name);
    if (kept) find(`[name=way][value="${kept}"]`).checked = true;
    find("[data-ways]").addEventListener("change", () => sessionStorage.setItem(name, way()));
  } catch {
    // storage may be switched off
  }
}

function chooseVoice() {
  const [before, after] = plainVoice.checked ? ["storytelling", "neutral"] : ["neutral", "storytelling"];
  for (const button of document.querySelectorAll("[data-tell]")) {
    button.dataset.tell = button.dataset.tell.replace(`/${before}/`, `/${after}/`);
  }
}

function arrows(event) {
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  if (!plain || event.target.closest("input, textarea, select, audio")) return;
  const selector = { ArrowLeft: "[data-prev]", ArrowRight: "[data-next]" }[event.key];
  const link = selector && find(selector);
  if (link && !link.hidden) link.click();
}

for (const step of pages) {
  const ofWord = (key) => book.dataset.wordVoice.replace("WORD", encodeURIComponent(key));
  glossed(find(".story", step), find("[data-gloss]", step), ofWord);
  step.querySelectorAll("[data-tell]").forEach((button, at) => {
    button.addEventListener("click", () => (speed = at));
  });
}
keepWay();
chooseVoice();
plainVoice.addEventListener("change", chooseVoice);
find("#portada").addEventListener("change", prepare);
player.telling.addEventListener("last", prepare);
player.telling.addEventListener("word", ({ detail }) => follow(detail));
window.addEventListener("hashchange", show);
window.addEventListener("pagehide", () => unsent.splice(1).forEach(send));
document.addEventListener("keydown", arrows);
recorder.addEventListener("start", begun);
recorder.addEventListener("progress", ({ detail }) => light(pageOf(detail.take), detail.words));
recorder.addEventListener("feedback", ({ detail }) => received(detail));
show();
