/* Waits for the feedback of a stored take by asking for it, for when no push arrives. */

const WAITS_MS = [0, 300, 600, 1000, 1500, 2000, 3000];
const GIVE_UP_MS = 90000;

/* The fragment's HTML, or null when it is late. Throws when the server knows no such take. */
export async function askForFeedback(url, { signal }) {
  const until = performance.now() + GIVE_UP_MS;
  for (let tries = 0; performance.now() < until && !signal.aborted; tries += 1) {
    await sleep(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
    const response = await fetch(url, { headers: { "X-Requested-With": "fetch" }, signal }).catch(() => null);
    if (response?.status === 200) return response.text();
    if (response?.status === 404) throw new Error("no such take");
  }
  return null;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
