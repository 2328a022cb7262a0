/* Runs before the page is drawn: the chosen theme, and a sign that scripts run. */

(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage may be switched off
    }
  };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const tell = () => {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isDark()));
  };

  root.classList.add("js");
  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();
  system.addEventListener?.("change", tell);
  document.addEventListener("DOMContentLoaded", () => {
    tell();
    document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("theme", root.dataset.theme);
      } catch {
        // the choice then lasts as long as the page
      }
      tell();
    });
  });
})();
