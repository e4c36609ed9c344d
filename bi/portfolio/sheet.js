/* The sheet of a customer: the card that stays open, with the steps of the contribution, its months, its product groups, whom we know,
   care and what is due, under its own address (#customer=ID). Belongs here: filling and addressing it. Not here: the card (portfolio),
   figures (payload). */
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
  /* What is drawn and listed of everybody is read when the first sheet opens. */
  let read = null;
  const drawn = () => (read ??= JSON.parse(document.getElementById("drawn").textContent));
  const SVG = "http://www.w3.org/2000/svg";
  const shape = (tag, parts, ...children) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(parts)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const figure = (value, write = number) => (isKnown(value) ? write(value) : "–");
  const table = (className, heads, lines) => element("table", className,
    element("thead", "", element("tr", "", ...heads.map((name) => { const cell = element("th", "", ...title(name)); cell.scope = "col"; return cell; }))),
    element("tbody", "", ...lines.map(([head, ...cells]) => {
      const first = element("th", "", ...[head].flat());
      first.scope = "row";
      return element("tr", "", first, ...cells.map((cell) => element("td", "", cell)));
    })));
  /* Revenue wide and pale, contribution narrow in front of it, losses below the line; the same figures as a table for who cannot see it. */
  const chart = (revenue, contribution, names) => {
    const known = [...revenue, ...contribution].filter(isKnown);
    const high = Math.max(0, ...known), low = Math.min(0, ...known), span = high - low || 1, room = 100 / names.length;
    const bar = (value, place, wide, className) => shape("rect", { class: className, x: room * place + (room - wide) / 2, width: wide,
      y: ((high - Math.max(value, 0)) / span) * 100, height: (Math.abs(value) / span) * 100 });
    const month = (name, place) => shape("g", {},
      ...(isKnown(revenue[place]) ? [bar(revenue[place], place, room * 0.8, "pale")] : []),
      ...(isKnown(contribution[place]) ? [bar(contribution[place], place, room * 0.4, "full")] : []));
    const zero = (high / span) * 100;
    const ends = element("div", "ends", element("span", "", number(high)), element("span", "", number(low)));
    ends.setAttribute("aria-hidden", "true");
    return element("div", "by-month", ends, shape("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" },
      ...names.map(month), shape("line", { x1: 0, x2: 100, y1: zero, y2: zero })));
  };
  const months = ([revenue, contribution, visits]) => {
    const names = drawn().months[page.language()];
    const legend = element("p", "legend", element("i", "pale"), " ", ...title("net_revenue"), " ", element("i", "full"), " ", ...title("deepest"));
    const span = element("p", "span", element("span", "", names[0]), element("span", "", names.at(-1)));
    span.setAttribute("aria-hidden", "true");
    const has = visits.some(isKnown);
    const lines = names.map((name, place) => [name, figure(revenue[place]), figure(contribution[place]), ...(has ? [figure(visits[place])] : [])]).reverse();
    return [element("h3", "", ...title("months")), legend, chart(revenue, contribution, names), span,
      element("details", "", element("summary", "", ...title("as_table")), table("sheet-months", ["month", "net_revenue", "deepest", ...(has ? ["visits"] : [])], lines))];
  };
  const groups = (found) => {
    const gaps = found.some((group) => isKnown(group[4]));
    return [element("h3", "", ...title("wallet")), table("sheet-groups", ["group", "demand", "net_revenue", "share", ...(gaps ? ["gap"] : [])],
      found.map(([name, demand, revenue, share, gap, isNext]) => [
        [name, ...(isNext ? [element("b", "", " ▸ ", ...title("next"))] : [])], figure(demand), figure(revenue), figure(share, page.percent), ...(gaps ? [figure(gap)] : []),
      ]))];
  };
  const roles = (found) => {
    const names = drawn().roles[page.language()];
    return [element("h3", "", ...title("centre")), table("sheet-roles", ["role", "persons", "access"],
      found.map(([role, count, level]) => [names[role] ?? role, figure(count), count ? figure(level) : "–"]))];
  };
  const fill = (index) => {
    const row = Object.fromEntries(columns.map((column, place) => [column, rows[index][place]]));
    const id = details[index].ultimate_parent_id;
    const written = (name) => (!isKnown(row[name]) ? null : name === "last_contact_date" ? said(row[name]) : number(row[name]));
    const results = steps.filter((_, place) => place % 2 === 0);
    const [byMonth, wallet, centre] = drawn().rows[index];
    const more = element("div", "sheet",
      ...due(id),
      ...group("steps", steps.map((step) => entry(step, written(step), results.includes(step) ? "result" : ""))),
      ...(byMonth.length ? months(byMonth) : []),
      ...(wallet.length ? groups(wallet) : []),
      ...(centre.length ? roles(centre) : []),
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
