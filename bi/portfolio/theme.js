/* Light or dark: as the system has it until the reader chooses, which the browser remembers where it may. Not here: colours (theme.css). */
(() => {
  "use strict";
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "kundenwert-theme";
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const show = () => {
    button.setAttribute("aria-pressed", String(isDark()));
    window.kundenwert.draw();
  };
  /* A file opened from a disk may have no memory. */
  const remembered = (value) => {
    try {
      if (value) localStorage.setItem(KEY, value);
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  if (!CSS.supports("color", "light-dark(#fff, #000)")) return;
  const wanted = remembered();
  if (wanted === "dark" || wanted === "light") root.dataset.theme = wanted;
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remembered(root.dataset.theme);
    show();
  });
  system.addEventListener("change", show);
  button.setAttribute("aria-pressed", String(isDark()));
  if (root.dataset.theme) window.kundenwert.draw();
})();
