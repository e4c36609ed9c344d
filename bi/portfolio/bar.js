/* The bar: whom the lists, the matrix and the table show. Belongs here: search and filters, their place in the address, how many are
   shown. Not here: the full table (table), drawing (portfolio). After a change the document says "chosen". */
(() => {
  "use strict";
  const page = window.kundenwert;
  const { data, text, say, number, element, address } = page;
  const bar = document.getElementById("bar");
  const search = document.getElementById("bar-search");
  const selects = [...bar.querySelectorAll("select")];
  const { choices, columns, rows } = data.everybody;
  const ALL = "all";

  /* Letters are letters, whatever their case and accents. */
  const folded = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const everybody = rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place]])));
  for (const one of everybody) one.found = folded(`${one.customer_name} ${one.ultimate_parent_id}`);
  const byId = new Map(everybody.map((one) => [one.ultimate_parent_id, one]));
  const called = (filter, place) => {
    const [value, words] = choices[filter][place];
    return words === null ? value : data.said[page.language()][words];
  };

  /* ---- what is chosen: words to search for, and per filter the place of its value, or nothing ---- */
  const chosen = { words: [] };
  const isSearched = (found) => chosen.words.every((word) => found.includes(word));
  const isOf = (one, filter) => chosen[filter] === undefined || one[filter] === chosen[filter];
  const hasTask = (one) => chosen.task === undefined || one.tasks.some(([task]) => task === chosen.task);
  const isWho = (one) => isSearched(one.found) && ["region", "area", "zone", "type"].every((filter) => isOf(one, filter));
  const isAnything = () => chosen.words.length > 0 || selects.some((select) => chosen[select.dataset.filter] !== undefined);
  const ids = new Set();
  let isDrawnInPart = false;

  /* ---- the address ---- */
  const read = () => {
    const wanted = address.read();
    search.value = wanted.get("search") ?? "";
    chosen.words = folded(search.value).split(/\s+/).filter(Boolean);
    for (const { dataset: { filter } } of selects) {
      const value = wanted.has(filter) ? wanted.get(filter) || null : undefined;
      const place = choices[filter].findIndex(([known]) => known === value);
      chosen[filter] = place < 0 ? undefined : place;
    }
  };
  const write = () => address.write({
    search: search.value.trim() || undefined,
    ...Object.fromEntries(selects.map(({ dataset: { filter } }) => [filter, chosen[filter] === undefined ? undefined : choices[filter][chosen[filter]][0] ?? ""])),
  });

  /* ---- what is shown ---- */
  /* A task may be of an own company, which is no customer: of it the work list knows the name and the area. */
  const isTaskOf = (row) => {
    const { id, area, task } = row.dataset;
    if (chosen.task !== undefined && choices.task[chosen.task][0] !== task) return false;
    const one = byId.get(id);
    if (one) return isWho(one);
    const others = ["region", "zone", "type"].every((filter) => chosen[filter] === undefined);
    return others && (chosen.area === undefined || choices.area[chosen.area][0] === (area || null)) && isSearched(folded(`${row.querySelector("th").textContent}`));
  };
  /* The page holds the first tasks of each area only: their number is counted where all are known. */
  const countTasks = () => {
    const [area, task] = ["area", "task"].map((filter) => chosen[filter] === undefined ? undefined : choices[filter][chosen[filter]][0]);
    if (!chosen.words.length && ["region", "zone", "type"].every((filter) => chosen[filter] === undefined)) {
      return data.worklist.counts.reduce((sum, [of, what, tasks]) => sum + ((area === undefined || of === (area ?? "")) && (task === undefined || what === task) ? tasks : 0), 0);
    }
    return everybody.filter(isWho).reduce((sum, one) => sum + one.tasks.filter(([what]) => chosen.task === undefined || what === chosen.task).length, 0);
  };
  const showTasks = () => {
    let found = 0;
    for (const row of document.querySelectorAll("#todo-table tbody tr")) {
      const isHit = isTaskOf(row);
      if (isHit) found += 1;
      row.hidden = !isHit || found > data.worklist.shown;
      row.toggleAttribute("data-hit", isHit);
    }
    const words = document.getElementById("todo-count");
    if (words) words.textContent = say("page.todo.shown", { shown: number(Math.min(found, data.worklist.shown)), count: number(countTasks()) });
  };
  const showLists = () => {
    for (const list of document.querySelectorAll("main table:not(#todo-table):has(tr[data-id])")) {
      const entries = [...list.querySelectorAll("tr[data-id]")];
      for (const row of entries) row.hidden = !ids.has(row.dataset.id);
      const isEmpty = entries.every((row) => row.hidden);
      list.hidden = isEmpty;
      if (!list.nextElementSibling?.matches(".nobody")) list.after(element("p", "note nobody"));
      list.nextElementSibling.hidden = !isEmpty;
      list.nextElementSibling.textContent = text("page.chosen.nobody");
    }
  };
  const showCount = () => {
    document.getElementById("bar-count").textContent = say("page.chosen.shown", { count: number(isAnything() ? ids.size : data.everybody.of), of: number(data.everybody.of) });
    const active = selects.filter(({ dataset: { filter } }) => chosen[filter] !== undefined).length;
    document.getElementById("bar-active").textContent = active ? number(active) : "";
    document.getElementById("bar-clear").disabled = !isAnything();
  };
  const show = () => {
    ids.clear();
    for (const one of everybody) if (isWho(one) && hasTask(one)) ids.add(one.ultimate_parent_id);
    showTasks();
    showLists();
    showCount();
    /* Who is drawn has a card, and who has a card is among everybody. What was drawn of all already is not drawn again. */
    if (isAnything() || isDrawnInPart) page.choose((id) => ids.has(id));
    isDrawnInPart = isAnything();
    document.dispatchEvent(new Event("chosen"));
  };

  /* ---- the controls ---- */
  const speak = () => {
    for (const select of selects) {
      const { filter } = select.dataset;
      const option = (words, value) => {
        const made = element("option", "", words);
        made.value = value;
        return made;
      };
      select.replaceChildren(option(text("page.chosen.all"), ALL), ...choices[filter].map((_, place) => option(called(filter, place), place)));
      select.value = chosen[filter] ?? ALL;
    }
  };
  const changed = () => {
    write();
    show();
  };
  let waiting;
  search.addEventListener("input", () => {
    chosen.words = folded(search.value).split(/\s+/).filter(Boolean);
    clearTimeout(waiting);
    waiting = setTimeout(changed, 150);
  });
  for (const select of selects) {
    select.addEventListener("change", () => {
      chosen[select.dataset.filter] = select.value === ALL ? undefined : Number(select.value);
      changed();
    });
  }
  document.getElementById("bar-clear").addEventListener("click", () => {
    search.value = "";
    chosen.words = [];
    for (const { dataset: { filter } } of selects) chosen[filter] = undefined;
    speak();
    changed();
    search.focus();
  });
  const more = document.getElementById("bar-more");
  more.addEventListener("click", () => more.setAttribute("aria-expanded", String(more.getAttribute("aria-expanded") !== "true")));
  const readAgain = () => {
    read();
    speak();
    show();
  };
  addEventListener("hashchange", readAgain);
  document.addEventListener("spoken", () => {
    speak();
    showTasks();
    showLists();
    showCount();
  });
  page.everybody = everybody;
  page.called = called;
  page.isChosen = (id) => ids.has(id);
  bar.hidden = false;
  readAgain();
})();
