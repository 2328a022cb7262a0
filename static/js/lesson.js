/* A lesson: one step at a time, the recorder at its foot, and what comes of each take. */

import { Player } from "./player.js";
import { Recorder } from "./recorder.js";
import { light, scrolling, showFeedback } from "./spoken.js";
import { showHardSounds } from "./summary.js";

const SAYS = { good: gettext("Te sale bien"), tried: gettext("Para repasar") };
const find = (selector, within = document) => within.querySelector(selector);

const steps = [...document.querySelectorAll("[data-step]")];
const recorder = new Recorder(find("[data-recorder]"));
const good = Number(recorder.root.dataset.good);
const player = new Player({
  takeFor: (button) => recorder.takes.get(exerciseOf(button.closest("[data-step]")) ?? recorder.exercise),
  tell: (text) => recorder.say(text),
});

function exerciseOf(step) {
  return step?.dataset.exercise ? Number(step.dataset.exercise) : null;
}

function stepOf(take) {
  return steps.find((each) => exerciseOf(each) === take.exercise);
}

function current() {
  return steps.findIndex((step) => "current" in step.dataset);
}

/* Shows the step that the address names, or that holds what the address names. */
function show({ focus = true } = {}) {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const step = named?.closest("[data-step]") ?? steps[0];
  const at = steps.indexOf(step);
  if (at === current() && named !== step && named) return;
  for (const each of steps) delete each.dataset.current;
  step.dataset.current = "";
  player.stop();
  recorder.select(exerciseOf(step));
  turn(at);
  if ("summary" in step.dataset) refreshSummary(step);
  find(".map").open = false;
  if (named && named !== step) {
    named.scrollIntoView({ block: "center" });
    return;
  }
  window.scrollTo(0, 0);
  if (focus) find("h2", step)?.focus({ preventScroll: true });
}

/* The way back and on, and where we are. */
function turn(at) {
  const last = steps.length - 1;
  const previous = find("[data-prev]");
  const next = find("[data-next]");
  previous.hidden = at === 0;
  next.hidden = at === last;
  if (at > 0) previous.hash = steps[at - 1].id;
  if (at < last) next.hash = steps[at + 1].id;
  find("[data-next-label]").textContent = nextLabel(at, last);
  const exercises = steps.length - 2;
  const inside = at > 0 && at < last;
  find("[data-where]").textContent = inside ? where(at, exercises) : allOf(exercises);
  for (const segment of document.querySelectorAll("[data-segment]")) {
    segment.toggleAttribute("data-here", Number(segment.dataset.segment) === at);
  }
  for (const tile of document.querySelectorAll(".tile")) {
    if (tile.hash === `#${steps[at].id}`) tile.setAttribute("aria-current", "step");
    else tile.removeAttribute("aria-current");
  }
}

function nextLabel(at, last) {
  if (at === 0) return gettext("Empezar");
  return at === last - 1 ? gettext("Terminar") : gettext("Siguiente");
}

function where(at, total) {
  return interpolate(gettext("Ejercicio %(at)s de %(total)s"), { at, total }, true);
}

function allOf(total) {
  return interpolate(ngettext("Ver el ejercicio", "Ver los %(total)s ejercicios", total), { total }, true);
}

/* A new take: the text to read comes into view, and the last answer steps back. */
function begun() {
  player.stop();
  const step = steps[current()];
  delete find("[data-result]", step).dataset.fresh;
  light(step, 0);
  window.scrollTo({ top: 0, behavior: scrolling() });
}

/* Puts the feedback under its exercise and marks how the exercise went. */
function received({ take, html }) {
  const step = stepOf(take);
  const score = showFeedback(recorder, take, find("[data-result]", step), html);
  if (!Number.isNaN(score)) mark(steps.indexOf(step), score >= good ? "good" : "tried");
  if ("current" in step.dataset) window.scrollTo({ top: 0, behavior: scrolling() });
}

function mark(number, done) {
  const segment = find(`[data-segment="${number}"]`);
  const tile = find(`[data-tile="${number}"]`);
  if (segment.dataset.done === "good") return;
  segment.dataset.done = tile.dataset.done = done;
  find("[data-tile-says]", tile).textContent = SAYS[done];
}

async function refreshSummary(step) {
  const response = await fetch(step.dataset.summary).catch(() => null);
  if (response?.ok) step.innerHTML = await response.text();
  showHardSounds(document.querySelectorAll("[data-result] .tip"), find("[data-hard]", step));
  if (steps[current()] === step) find("h2", step)?.focus({ preventScroll: true });
}

function arrows(event) {
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  if (!plain || event.target.closest("input, textarea, select, audio, [role=tablist]")) return;
  const way = { ArrowLeft: "[data-prev]", ArrowRight: "[data-next]" }[event.key];
  const link = way && find(way);
  if (link && !link.hidden) link.click();
}

window.addEventListener("hashchange", () => show());
document.addEventListener("keydown", arrows);
recorder.addEventListener("start", begun);
recorder.addEventListener("progress", ({ detail }) => light(stepOf(detail.take), detail.words));
recorder.addEventListener("feedback", ({ detail }) => received(detail));
show({ focus: Boolean(location.hash) });
