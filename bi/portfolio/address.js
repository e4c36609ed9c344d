/* What of the page stands in its address, behind the #: what is chosen and sorted, and whose sheet is open. An address can be kept and
   passed on. Belongs here: reading and writing it. Not here: what it means (bar, table, sheet). */
(() => {
  "use strict";
  const read = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  /* An undefined value is taken out; `isStep`: the browser's back button leads to the address before. */
  const write = (changes, isStep = false) => {
    const now = read();
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) now.delete(name);
      else now.set(name, value);
    }
    history[isStep ? "pushState" : "replaceState"](history.state, "", `#${now}`);
  };
  /* A link inside the page leads there and leaves the address alone. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  });
  window.kundenwert.address = { read, write };
})();
