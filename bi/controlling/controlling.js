/* The controllers' page: language, and what is folded when the page is printed. It states nothing itself. */
(() => {
  "use strict";
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll("[data-language]")];
  const known = buttons.map((button) => button.dataset.language);
  const speak = (language) => {
    root.lang = language;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === language));
    const title = document.querySelector(`.title [lang="${language}"]`);
    if (title) document.title = document.title.replace(/^[^·]*/, `${title.textContent} `);
  };
  const asked = navigator.languages.map((language) => language.slice(0, 2)).find((language) => known.includes(language));
  speak(asked ?? root.lang);
  for (const button of buttons) button.addEventListener("click", () => speak(button.dataset.language));
  document.querySelector(".languages").hidden = known.length < 2;

  /* On paper nothing can be unfolded. */
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
  });
  /* A link to a section that is folded opens it. */
  for (const button of document.querySelectorAll("[data-unfold]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const folds = [...document.querySelectorAll(`#${button.dataset.unfold} details`)];
      const open = folds.some((fold) => !fold.open);
      for (const fold of folds) fold.open = open;
    });
  }
})();
