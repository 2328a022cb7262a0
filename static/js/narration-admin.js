// The page of the voice in admin renews what it shows as long as something is being said.

const PAUSE_MS = 4000;
const shown = () => document.getElementById("voice-now");

async function look() {
  try {
    const idle = document.hidden || shown().contains(document.activeElement);
    const answer = idle ? null : await fetch(location.href);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById("voice-now");
      if (!now) return; // signed out meanwhile
      shown().replaceWith(now);
    }
  } catch {
    // The next look may do.
  }
  wait();
}

function wait() {
  if (shown() && "underWay" in shown().dataset) setTimeout(look, PAUSE_MS);
}

wait();
