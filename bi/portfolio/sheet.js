/* The sheet of a customer: the card that stays open, with the steps of the contribution, care and what is due, under its own address
   (#customer=ID). Belongs here: filling and addressing it. Not here: the card (portfolio), figures (payload). */
(() => {
  "use strict";
  const page = window.kundenwert;
  const { data, number, element, address, details, called } = page;
  const card = document.getElementById("card");
  const { steps, care, columns, rows } = data.sheets;
  const byId = new Map(details.map((detail, index) => [detail.ultimate_parent_id, index]));
  const tasks = new Map(page.everybody.map((one) => [one.ultimate_parent_id, one.tasks]));
  const titles = new Map([...document.querySelectorAll("#sheet-titles > span")].map((title) => [title.dataset.title, title]));
  const title = (name) => [...titles.get(name).childNodes].map((node) => node.cloneNode(true));
  const said = (words) => data.said[page.language()][words];
  const isKnown = (value) => value !== null && value !== undefined;
  let opener = null;

  const entry = (name, value, className = "") => {
    const unknown = element("em", "", ...title("unknown"));
    return element("div", className, element("dt", "", ...title(name)), element("dd", "", isKnown(value) ? value : unknown));
  };
  const group = (name, lines) => [element("h3", "", ...title(name)), element("dl", `sheet-${name}`, ...lines)];
  const due = (id) => {
    const found = tasks.get(id) ?? [];
    if (!found.length) return [];
    return [element("h3", "", ...title("due")), element("ul", "sheet-due", ...found.map(([task, day]) => element("li", "", element("b", "", said(day)), ` ${called("task", task)}`)))];
  };
  const fill = (index) => {
    const row = Object.fromEntries(columns.map((column, place) => [column, rows[index][place]]));
    const id = details[index].ultimate_parent_id;
    const written = (name) => (!isKnown(row[name]) ? null : name === "last_contact_date" ? said(row[name]) : number(row[name]));
    const results = steps.filter((_, place) => place % 2 === 0);
    const more = element("div", "sheet",
      ...due(id),
      ...group("steps", steps.map((step) => entry(step, written(step), results.includes(step) ? "result" : ""))),
      ...group("care", [
        entry("area", isKnown(row.owner_area) ? said(row.owner_area) : null), entry("region", row.region),
        ...care.map((name) => entry(name, written(name))),
      ]));
    card.append(more);
  };

  document.addEventListener("opened", ({ detail: index }) => {
    fill(index);
    const { ultimate_parent_id: id } = details[index];
    const now = address.read().get("customer");
    if (now !== id) {
      if (now === null) opener = document.activeElement;
      address.write({ customer: id }, now === null);
    }
    if (!card.contains(document.activeElement)) card.querySelector(".close").focus({ preventScroll: true });
  });
  document.addEventListener("closed", () => {
    if (address.read().has("customer")) address.write({ customer: undefined });
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  });
  const follow = () => {
    const index = byId.get(address.read().get("customer"));
    if (index !== undefined) page.open(index);
    else if (!card.hidden) page.close();
  };
  addEventListener("popstate", follow);
  follow();
})();
