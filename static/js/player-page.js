/* The player: one exercise at a time. The server checks every answer and says what comes next. */

import { Player } from "./player.js";
import { Match } from "./player-match.js";
import { Order } from "./player-order.js";
import { Recorder } from "./recorder.js";
import { light, scrolling, showFeedback } from "./spoken.js";

const find = (selector, within = document) => within.querySelector(selector);
const root = find("[data-player]");
const words = root.dataset;
const go = find("[data-go]");
const quietButton = find("[data-quiet]");
const recorder = go && new Recorder(find("[data-recorder]"));
const player = go && new Player({ takeFor: () => recorder.take, tell: (text) => tell(text) });
const sections = new Map();
const state = {
  sitting: words.sitting || null,
  turn: Number(words.turn),
  queue: words.queue.split(" ").filter(Boolean).map(Number),
  summary: null,
};
let here = null; // the question that is shown
let quiet = false; // nothing is to be said in this sitting
let sending = false;

/* One exercise on the page; `phase`: asking, answered, saying. */
class Question {
  constructor(section) {
    this.section = section;
    this.id = Number(section.dataset.question);
    this.isSaid = "said" in section.dataset;
    this.form = find("[data-form]", section);
    this.sayIt = find("[data-say-it]", section);
    this.outcome = find("[data-outcome]", section);
    this.result = find("[data-result]", section);
    if (this.form && "order" in this.form.dataset) this.widget = new Order(this.form);
    if (this.form && "match" in this.form.dataset) this.widget = new Match(this.form);
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      next();
    });
  }

  get value() {
    if (this.widget) return this.widget.value;
    return new FormData(this.form).get("given")?.trim() || null;
  }

  /* As it was before anybody answered. */
  reset() {
    this.phase = "asking";
    this.outcome.replaceChildren();
    this.result?.replaceChildren();
    if (this.sayIt) this.sayIt.hidden = true;
    delete this.section.dataset.saying;
    recorder.takes.delete(this.id);
    if (!this.form) return;
    this.freeze(false);
    this.form.reset();
    this.widget?.clear();
    for (const option of this.form.querySelectorAll("[data-verdict]")) delete option.dataset.verdict;
  }

  freeze(frozen) {
    for (const each of this.form.elements) {
      if (each.type === "text") each.readOnly = frozen;
      else if (each !== go && !("play" in each.dataset)) each.disabled = frozen;
    }
  }

  show(html) {
    this.freeze(true);
    this.outcome.innerHTML = html;
    const answer = this.outcome.firstElementChild;
    for (const input of this.form.querySelectorAll("input[type=radio]")) {
      const right = input.value === answer.dataset.answer;
      if (right || input.checked) input.closest(".option").dataset.verdict = right ? "right" : "wrong";
    }
    return answer.dataset;
  }
}

function show() {
  player.stop();
  if (here) delete here.section.dataset.current;
  if (!state.queue.length) {
    end();
    return;
  }
  here = sections.get(state.queue[0]);
  if (!here) {
    location.reload(); // the lesson has changed meanwhile
    return;
  }
  const again = here.phase !== undefined;
  here.reset();
  here.section.dataset.current = "";
  say(again ? words.again : "", "waiting");
  recorder.select(null);
  recorder.select(here.isSaid ? here.id : null);
  render();
  window.scrollTo(0, 0);
  find("h2", here.section).focus({ preventScroll: true });
  const voice = find("[data-autoplay]", here.section);
  if (voice && navigator.userActivation?.isActive) player.toggle(voice);
}

/* At the exercise that the address names, where it names one. */
function begin() {
  const wanted = Number(location.hash.replace("#ejercicio-", ""));
  if (sections.has(wanted)) state.queue = [wanted, ...state.queue.filter((id) => id !== wanted)];
  history.replaceState(null, "", location.pathname);
  show();
}

/* The foot of the page for where we are. */
function render() {
  const asking = here.phase === "asking";
  const speaking = here.isSaid || here.phase === "saying";
  find("[data-say]").hidden = speaking;
  if (quietButton) quietButton.hidden = !(here.isSaid && asking);
  go.hidden = here.isSaid && asking;
  go.textContent = asking ? words.check : words.goOn;
  go.type = asking && here.form ? "submit" : "button";
  if (go.type === "submit") go.setAttribute("form", here.form.id);
  else go.removeAttribute("form");
}

/* What the large button does. */
async function next() {
  if (sending) return;
  if (here.isSaid) {
    if (await send({ exercise: here.id })) show();
  } else if (here.phase === "asking") await answer();
  else if (here.phase === "answered" && here.sayIt && !quiet) sayIt();
  else show();
}

async function answer() {
  const given = here.value;
  if (given === null) {
    tell(words.empty);
    return;
  }
  const found = await send({ exercise: here.id, given });
  if (!found) return;
  const { says } = here.show(found.html);
  here.phase = "answered";
  say(says, found.right ? "happy" : "encouraging");
  render();
  go.focus({ preventScroll: true });
  here.outcome.scrollIntoView({ block: "nearest", behavior: scrolling() });
}

/* After the right answer was chosen: it is said. */
function sayIt() {
  player.stop();
  here.phase = "saying";
  here.sayIt.hidden = false;
  here.section.dataset.saying = "";
  here.outcome.replaceChildren();
  recorder.select(here.id);
  render();
  here.sayIt.scrollIntoView({ block: "center", behavior: scrolling() });
  find("[data-record]").focus({ preventScroll: true });
}

async function beQuiet() {
  if (!(await send({ quiet: true }))) return;
  quiet = true;
  begin();
}

/* Sends what was done in this turn; null when it did not arrive or was refused. */
async function send(what) {
  sending = true;
  go.setAttribute("aria-busy", "true");
  let found = null;
  try {
    const response = await fetch(words.answer, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": find("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify({ sitting: state.sitting, turn: state.turn, ...what }),
    });
    const body = await response.json();
    if (response.ok) found = body;
    else tell(body.plain);
  } catch {
    tell(words.trouble);
  }
  sending = false;
  go.removeAttribute("aria-busy");
  if (!found) return null;
  for (const key of ["sitting", "turn", "queue", "summary"]) state[key] = found[key];
  find("[data-bar]").max = found.total;
  find("[data-bar]").value = found.done;
  find("[data-done]").textContent = found.done;
  find("[data-total]").textContent = found.total;
  return found;
}

async function end() {
  recorder.select(null);
  find("[data-dock]").hidden = true;
  const response = await fetch(state.summary).catch(() => null);
  if (!response?.ok) {
    location.assign(find(".player-top a").href);
    return;
  }
  find(".player-top").hidden = true; // the bar of how it went is another
  const place = find("[data-summary]");
  place.innerHTML = await response.text();
  place.hidden = false;
  window.scrollTo(0, 0);
  find("h2", place).focus({ preventScroll: true });
}

/* What the parrot says, and how it looks. */
function say(text, mood) {
  const box = find("[data-say]");
  find("[data-speech]").textContent = text;
  find("[data-mood]", box).dataset.mood = mood;
}

function tell(text) {
  if (recorder.root.hidden) say(text, "encouraging");
  else recorder.say(text);
}

function begun() {
  player.stop();
  light(here.section, 0);
  delete here.result.dataset.fresh;
}

function received({ take, html }) {
  const question = sections.get(take.exercise);
  const score = showFeedback(recorder, take, question.result, html);
  if (question !== here) return;
  if (!Number.isNaN(score) && here.phase === "asking") here.phase = "answered";
  render();
  window.scrollTo({ top: 0, behavior: scrolling() });
  if (!go.hidden) go.focus({ preventScroll: true });
}

if (go) {
  for (const section of document.querySelectorAll("[data-question]")) {
    const question = new Question(section);
    sections.set(question.id, question);
  }
  go.addEventListener("click", (event) => {
    if (go.type !== "button") return;
    event.preventDefault(); // or it submits the form of the question that comes
    next();
  });
  quietButton?.addEventListener("click", beQuiet);
  recorder.addEventListener("start", begun);
  recorder.addEventListener("progress", ({ detail }) => light(sections.get(detail.take.exercise).section, detail.words));
  recorder.addEventListener("feedback", ({ detail }) => received(detail));
  begin();
}
