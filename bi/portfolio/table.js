/* The table of everybody: sorted, filtered by the bar, a page at a time; and what is shown as CSV. Belongs here: columns, their order,
   the file. Not here: whom the bar chooses (bar), what a customer's sheet holds. */
(() => {
  "use strict";
  const page = window.kundenwert;
  const { data, say, element, address, everybody, called } = page;
  const host = document.getElementById("everybody-table");
  const pages = document.getElementById("everybody-pages");
  const counter = document.getElementById("everybody-counter");
  const { choices } = data.everybody;
  const languages = [...document.querySelectorAll("[data-language]")].map((button) => button.dataset.language);
  const FIRST = "net_revenue.desc", ROWS = 25;
  const NUMBERS = { net_revenue: 2, customer_contribution: 2, achievable_gap: 2, sow_capped_ratio: 4, customer_value_score: 1 };
  const MONEY = ["net_revenue", "customer_contribution", "achievable_gap"];
  const CODED = ["type", "zone", "region", "area"];
  const isKnown = (value) => value !== null && value !== undefined;

  for (const one of everybody) {
    const [first] = one.tasks;
    one.task = first?.[0];
    one.due_on = first?.[2];
    one.due_words = first?.[1];
  }

  /* ---- a cell, in every language; the style shows one of them ---- */
  const spoken = (words) => {
    const said = languages.map(words);
    if (new Set(said).size === 1) return document.createTextNode(said[0]);
    const all = document.createDocumentFragment();
    said.forEach((one, place) => {
      const span = element("span", "", one);
      span.lang = languages[place];
      all.append(span);
    });
    return all;
  };
  const write = (value, language, options) => new Intl.NumberFormat(data.languages[language], { useGrouping: "always", signDisplay: "negative", ...options }).format(value);
  const shown = (column, value) => spoken((language) => {
    if (!isKnown(value)) return "–";
    if (column === "sow_capped_ratio") return write(value, language, { style: "percent" });
    const digits = column === "customer_value_score" ? 1 : 0;
    return write(value, language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  });
  const chosen = (filter, place) => {
    if (!isKnown(place)) return document.createTextNode("–");
    const [value, words] = choices[filter][place];
    return words === null ? document.createTextNode(value) : spoken((language) => data.said[language][words]);
  };
  const named = (one) => {
    if (!isKnown(one.detail_number)) return document.createTextNode(one.customer_name);
    const button = element("button", "name", one.customer_name);
    button.type = "button";
    button.dataset.detail = one.detail_number;
    return button;
  };
  const cell = (column, one) => {
    if (column === "customer_name") return named(one);
    if (column === "ultimate_parent_id") return document.createTextNode(one.ultimate_parent_id);
    if (column === "due_on") return isKnown(one.due_words) ? spoken((language) => data.said[language][one.due_words]) : document.createTextNode("–");
    return column in NUMBERS ? shown(column, one[column]) : chosen(column, one[column]);
  };

  /* ---- order: what is not known stands last, whichever way it is sorted ---- */
  const order = (column) => {
    const collator = new Intl.Collator(languages, { numeric: true });
    const isText = ["customer_name", "ultimate_parent_id", "due_on"].includes(column);
    return (a, b, _one, _other, _column, direction) => {
      if (!isKnown(a) || !isKnown(b)) return (isKnown(a) ? -1 : isKnown(b) ? 1 : 0) * (direction === "asc" ? 1 : -1);
      return isText ? collator.compare(a, b) : a - b;
    };
  };

  /* ---- CSV for spreadsheets in the reader's language: the decimal sign decides what stands between two cells ---- */
  const parts = () => {
    const decimal = new Intl.NumberFormat(data.languages[page.language()]).formatToParts(1.5).find(({ type }) => type === "decimal").value;
    return { decimal, between: decimal === "," ? ";" : "," };
  };
  /* A text a spreadsheet would compute gets an apostrophe, as in every file the project writes. */
  const guarded = (words) => ([...data.computed, "'"].some((sign) => words.startsWith(sign)) ? `'${words}` : words);
  const quoted = (words) => `"${words.replaceAll('"', '""')}"`;
  const file = (name, lines) => {
    const { decimal, between } = parts();
    const field = (value) => (typeof value === "object" && value ? value.number.replace(".", decimal) : quoted(guarded(value ?? "")));
    const words = `\ufeff${lines.map((line) => line.map(field).join(between)).join("\r\n")}\r\n`;
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([words], { type: "text/csv;charset=utf-8" }));
    link.download = `${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  const read = (node) => (node.querySelector(`[lang="${page.language()}"]`) ?? node).textContent.trim();
  const exact = (value, digits) => (isKnown(value) ? { number: value.toFixed(digits) } : "");
  const plainly = (column, one) => {
    if (column in NUMBERS) return exact(one[column], NUMBERS[column]);
    if (column === "task" || CODED.includes(column)) return isKnown(one[column]) ? called(column, one[column]) : "";
    return one[column] ?? "";
  };
  const EXPORTS = {
    everybody: () => file("kundenwert", [columns.map(({ name, title }) => (MONEY.includes(name) ? `${read(title)}, ${data.currency}` : read(title))), ...table.getData("active").map((one) => columns.map(({ name }) => plainly(name, one)))]),
    worklist: () => file("kundenwert_todo", [
      [...document.querySelectorAll("#todo-titles > span")].map(read),
      ...[...document.querySelectorAll("#todo-table tr[data-hit]")].map((row) => [
        row.dataset.due, read(row.querySelector(".task")), row.dataset.id, read(row.querySelector(".who")), ...["area", "happened", "next"].map((part) => read(row.querySelector(`.${part}`))),
        { number: row.dataset.exact }, read(row.querySelector(".kind")),
      ]),
    ]),
  };

  /* ---- the table ---- */
  const columns = [...document.querySelectorAll("#everybody-titles > span")].map((title) => ({ name: title.dataset.column, title }));
  const heading = (title) => {
    const button = element("button", "sort", ...[...title.childNodes].map((node) => node.cloneNode(true)));
    button.type = "button";
    return button;
  };
  /* The longest word of a title or a code fits, in the languages shipped. */
  const WIDTHS = { customer_name: 164, ultimate_parent_id: 82, type: 86, zone: 140, region: 76, area: 88, net_revenue: 90, customer_contribution: 126, achievable_gap: 116, sow_capped_ratio: 90, customer_value_score: 88, task: 96, due_on: 90 };
  const pager = (language) => {
    const text = (key) => data.texts[language][key];
    const [first, prev, next, last] = [text("page.pager.first"), text("page.pager.prev"), text("page.pager.next"), text("page.pager.last")];
    return { page_title: text("page.pager.page"), first, prev, next, last, first_title: first, prev_title: prev, next_title: next, last_title: last };
  };
  let table;
  const [column, direction] = (address.read().get("sort") ?? FIRST).split(".");
  const isSortable = columns.some(({ name }) => name === column);
  const build = () => {
    table = new Tabulator(host, {
      data: everybody, index: "ultimate_parent_id", layout: "fitColumns", renderVertical: "basic", headerSortTristate: false,
      /* A grid holds rows: what turns its pages stands beside it. */
      pagination: true, paginationSize: ROWS, paginationButtonCount: 3, paginationElement: pages, locale: page.language(), columnHeaderVertAlign: "bottom",
      langs: Object.fromEntries(languages.map((language) => [language, { pagination: pager(language) }])),
      initialSort: [{ column: isSortable ? column : "net_revenue", dir: direction === "asc" ? "asc" : "desc" }],
      columns: columns.map(({ name, title }) => ({
        title: name, field: name, titleFormatter: () => heading(title), formatter: (made) => cell(name, made.getData()), sorter: order(name),
        minWidth: WIDTHS[name], widthGrow: name === "customer_name" ? 3 : 1, frozen: name === "customer_name", resizable: false,
        hozAlign: name in NUMBERS ? "right" : "left", headerHozAlign: name in NUMBERS ? "right" : "left", headerSortStartingDir: name in NUMBERS ? "desc" : "asc",
      })),
    });
    table.on("renderComplete", () => {
      const of = table.getDataCount("active"), from = (table.getPage() - 1) * ROWS + 1;
      counter.textContent = say("page.pager.shown", { from: page.number(of ? from : 0), to: page.number(Math.min(from + ROWS - 1, of)), of: page.number(of) });
    });
    table.on("tableBuilt", () => {
      /* Its titles are a group of rows in a group of rows, which no reader expects. */
      host.querySelector(".tabulator-header").setAttribute("role", "presentation");
      /* What scrolls holds buttons, so that the keyboard gets there without it. */
      host.querySelector(".tabulator-tableholder").removeAttribute("tabindex");
      const choose = () => table.setFilter((one) => page.isChosen(one.ultimate_parent_id));
      choose();
      document.addEventListener("chosen", choose);
      document.addEventListener("spoken", () => {
        table.setLocale(page.language());
        table.setPage(table.getPage());
        table.redraw(true);
      });
      table.on("dataSorted", ([by]) => {
        const now = by && `${by.field}.${by.dir}`;
        address.write({ sort: now && now !== FIRST ? now : undefined });
      });
    });
  };
  if (host) {
    document.getElementById("everybody").hidden = false;
    build();
  }
  for (const button of document.querySelectorAll("[data-csv]")) {
    button.hidden = false;
    button.addEventListener("click", () => EXPORTS[button.dataset.csv]());
  }
})();
