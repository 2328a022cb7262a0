/* What a page does with the progress and the feedback of a take. */

/* Lights the words read so far, of the text and of the last answer that stands for it. */
export function light(step, words) {
  for (const each of step.querySelectorAll("[data-words]")) {
    each.toggleAttribute("data-read", words > 0 && Number(each.dataset.words) <= words);
  }
}

/* Puts the feedback into its place and lets the recorder say it; the score, or NaN where there is none. */
export function showFeedback(recorder, take, slot, html) {
  slot.innerHTML = html;
  const answer = slot.firstElementChild;
  const score = answer?.dataset.state === "failed" ? NaN : Number(answer?.dataset.score ?? NaN);
  recorder.judged(take, {
    mood: score >= Number(recorder.root.dataset.good) ? "happy" : "encouraging",
    summary: slot.querySelector("[data-summary-text]")?.textContent.trim(),
  });
  slot.dataset.fresh = "";
  return score;
}

/* How to scroll for somebody who may not like things to move. */
export function scrolling() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
