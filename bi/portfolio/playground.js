/* The weights to be tried: weighted sums and raw zones of everybody, computed anew with each move, in whole numbers only. The rule is
   the method's (dbt: points, int_scores__parent, int_zones__raw); a browser test holds both against each other. Nothing is stored. */
(() => {
  "use strict";
  const page = window.kundenwert;
  const host = document.getElementById("playground");
  const tried = page.data.playground;
  if (!host || !tried) return;
  const { say, text, number, element } = page;
  const LEVEL = 10_000_000_000, SCORE = 10_000, FULL = 100, NAMED = 12, OBSERVED = 1, DISQUALIFIED = 2;
  const result = document.getElementById("playground-result");
  const command = document.getElementById("playground-command");
  const reset = document.getElementById("playground-reset");

  /* weight x (level - 1) / 4 in units of a score, rounded half away from zero. At most 100 x 4 x 10^10: far below what a number of
     a script holds exactly, and the remainder of whole numbers is exact too. */
  const unit = (4 * LEVEL) / SCORE;
  const pointsOf = (weight, level) => {
    const doubled = 2 * weight * (level - LEVEL) + unit;
    return (doubled - (doubled % (2 * unit))) / (2 * unit);
  };

  const fields = [...host.querySelectorAll("fieldset")].map((set) => ({
    set,
    scorecard: set.dataset.scorecard,
    axis: set.dataset.axis,
    least: Number(set.dataset.least),
    sum: set.querySelector(".sum"),
    weights: [...set.querySelectorAll(".weight")].map((row) => {
      const [slider, typed] = row.querySelectorAll("input");
      return { row, slider, typed, id: slider.dataset.criterion, configured: Number(slider.dataset.weight), now: Number(slider.dataset.weight) };
    }),
  }));
  const all = fields.flatMap((field) => field.weights);
  const sumOf = (field) => field.weights.reduce((sum, weight) => sum + weight.now, 0);
  const inUse = (field) => field.weights.filter((weight) => weight.now > 0).length;
  const isWhole = (field) => sumOf(field) === FULL && inUse(field) >= field.least;

  /* An axis of everybody on a scorecard: what the known and the unknown levels add up to, and the weight of the known ones. */
  const axisOf = (card, axis) => {
    const field = fields.find((each) => each.scorecard === card.name && each.axis === axis);
    const score = new Array(card.ids.length).fill(0), coverage = new Array(card.ids.length).fill(0);
    for (const criterion of card.criteria) {
      if (criterion.axis !== axis) continue;
      const weight = field.weights.find((each) => each.id === criterion.id).now;
      const points = [pointsOf(weight, tried.missing), ...tried.levels.map((level) => pointsOf(weight, level))];
      criterion.levels.forEach((level, at) => {
        score[at] += points[level];
        if (level > 0) coverage[at] += weight;
      });
    }
    return { score, coverage };
  };
  const zonesOf = (card) => {
    const potential = axisOf(card, "potential"), attractiveness = axisOf(card, "attractiveness");
    const [both, first, second, none] = card.placed;
    const zones = card.ids.map((_, at) => {
      const unknown = potential.coverage[at] < tried.coverage || attractiveness.coverage[at] < tried.coverage;
      if (unknown && card.judged[at] !== OBSERVED) return tried.unrated;
      if (card.judged[at] === DISQUALIFIED) return none;
      const high = potential.score[at] >= tried.threshold;
      return attractiveness.score[at] >= tried.threshold ? (high ? both : second) : high ? first : none;
    });
    return { zones, potential: potential.score, attractiveness: attractiveness.score };
  };
  const compute = () => tried.scorecards.map((card) => ({ card, ...zonesOf(card) }));
  const configured = compute();
  const isAsPublished = configured.every(({ card, zones }) =>
    card.criteria.every((each) => each.levels.length === card.ids.length) && zones.every((zone, at) => zone === card.zones[at]));

  const size = (move) => Math.abs(move.contribution ?? move.revenue ?? 0);
  const movesOf = (computed) => computed.flatMap(({ card, zones, potential, attractiveness }, place) =>
    zones.flatMap((to, at) => (to === card.zones[at] ? [] : [{
      id: card.ids[at], name: card.names[at] ?? card.ids[at], from: card.zones[at], to, revenue: card.revenue[at], contribution: card.contribution[at],
      before: [configured[place].potential[at], configured[place].attractiveness[at]], after: [potential[at], attractiveness[at]],
    }]))).sort((one, other) => size(other) - size(one) || (one.id < other.id ? -1 : 1));
  const totals = (moves) => {
    const found = new Map();
    for (const move of moves) {
      const key = move.from * tried.zones.length + move.to;
      const total = found.get(key) ?? { key, from: move.from, to: move.to, count: 0, revenue: null, contribution: null };
      total.count += 1;
      for (const what of ["revenue", "contribution"]) if (move[what] !== null) total[what] = (total[what] ?? 0) + move[what];
      found.set(key, total);
    }
    return [...found.values()].sort((one, other) => one.key - other.key);
  };

  /* ---- what is said of it ---- */
  const zone = (place) => tried.zones[place].name[page.language()];
  const amount = (hundredths) => (hundredths === null ? "–" : number(hundredths / 100));
  const scores = ([potential, attractiveness]) => `${number(potential / SCORE, 1)} / ${number(attractiveness / SCORE, 1)}`;
  const cell = (key, kind, ...content) => element("td", kind, element("span", "label", text(key)), element("span", "content", ...content));
  const heading = (key, kind) => {
    const made = element("th", kind, text(key));
    made.scope = "col";
    return made;
  };
  const table = (id, columns, rows) => {
    const made = element("table", "stack", element("thead", "", element("tr", "", ...columns.map(([key, kind]) => heading(key, kind)))), element("tbody", "", ...rows));
    made.id = id;
    return made;
  };
  const numbers = new Map(page.details.map((detail, index) => [detail.ultimate_parent_id, index]));
  const named = (move) => {
    if (!numbers.has(move.id)) return move.name;
    const button = element("button", "name", move.name);
    button.type = "button";
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      page.open(numbers.get(move.id));
    });
    return button;
  };
  const rowHeading = (...content) => {
    const made = element("th", "", ...content);
    made.scope = "row";
    return made;
  };
  const totalRow = (total) => {
    const row = element("tr", "", rowHeading(`${zone(total.from)} → `, element("b", "", zone(total.to))),
      cell("page.tried.count", "number", number(total.count)), cell("page.tried.revenue", "number", amount(total.revenue)), cell("page.tried.contribution", "number", amount(total.contribution)));
    Object.assign(row.dataset, { from: tried.zones[total.from].code, to: tried.zones[total.to].code, count: total.count });
    return row;
  };
  const moveRow = (move) => {
    const row = element("tr", "", rowHeading(named(move), " ", element("span", "note", move.id)), cell("page.tried.from_to", "words", `${zone(move.from)} → `, element("b", "", zone(move.to))),
      cell("page.tried.scores", "group", `${scores(move.before)} → ${scores(move.after)}`), cell("page.tried.revenue", "number", amount(move.revenue)), cell("page.tried.contribution", "number", amount(move.contribution)));
    row.dataset.id = move.id;
    return row;
  };
  const answer = () => {
    if (!isAsPublished) return [element("p", "notice", text("page.tried.older"))];
    if (!fields.every(isWhole)) return [element("p", "notice", text("page.tried.open"))];
    if (all.every((weight) => weight.now === weight.configured)) return [element("p", "note", text("page.tried.unchanged"))];
    const moves = movesOf(compute());
    const everybody = tried.scorecards.reduce((sum, card) => sum + card.ids.length, 0);
    if (!moves.length) return [element("p", "answer", say("page.tried.nobody", { of: number(everybody) }))];
    return [
      element("p", "answer", say("page.tried.moved", { count: number(moves.length), of: number(everybody) })),
      table("tried-totals", [["page.tried.from_to", ""], ["page.tried.count", "number"], ["page.tried.revenue", "number"], ["page.tried.contribution", "number"]], totals(moves).map(totalRow)),
      element("p", "note", say("page.tried.largest", { shown: number(Math.min(NAMED, moves.length)), count: number(moves.length) })),
      table("tried-moves", [["page.tried.name", ""], ["page.tried.from_to", ""], ["page.tried.scores", ""], ["page.tried.revenue", "number"], ["page.tried.contribution", "number"]], moves.slice(0, NAMED).map(moveRow)),
    ];
  };
  const sumSaid = (field) => {
    const sum = sumOf(field);
    const parts = { sum: number(sum), full: number(FULL), left: number(Math.abs(FULL - sum)), least: number(field.least) };
    if (sum !== FULL) return say(sum < FULL ? "page.tried.sum_less" : "page.tried.sum_more", parts);
    return say(inUse(field) < field.least ? "page.tried.few" : "page.tried.sum", parts);
  };
  const settings = () => fields.flatMap((field) => field.weights.filter((weight) => weight.now !== weight.configured).map((weight) => {
    const path = field.scorecard === "customer" ? "weights" : `scorecards.${field.scorecard}`;
    return `--set ${path}.${field.axis}.${weight.id}=${weight.now || "null"}`;
  }));
  const write = (place, words) => {
    if (place.textContent !== words) place.textContent = words;
  };
  const show = () => {
    for (const field of fields) {
      write(field.sum, sumSaid(field));
      field.sum.classList.toggle("wrong", !isWhole(field));
      for (const weight of field.weights) weight.row.classList.toggle("moved", weight.now !== weight.configured);
    }
    for (const input of [reset, ...all.flatMap(({ slider, typed }) => [slider, typed])]) input.disabled = !isAsPublished;
    result.replaceChildren(...answer());
    const asked = settings();
    command.hidden = !isAsPublished || !asked.length || !fields.every(isWhole);
    command.querySelector("code").textContent = `kundenwert what-if ${asked.join(" ")}`;
  };
  const set = (weight, value) => {
    weight.now = Math.max(0, Math.min(FULL, Math.trunc(Number(value)) || 0));
    weight.slider.value = weight.now;
    if (document.activeElement !== weight.typed) weight.typed.value = weight.now;
  };
  for (const weight of all) {
    for (const input of [weight.slider, weight.typed]) {
      input.addEventListener("input", () => {
        set(weight, input.value);
        show();
      });
    }
    weight.typed.addEventListener("change", () => {
      weight.typed.value = weight.now;
    });
  }
  reset.addEventListener("click", () => {
    for (const weight of all) set(weight, weight.configured);
    show();
  });
  const copy = command.querySelector("button");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", () => navigator.clipboard.writeText(command.querySelector("code").textContent));
  host.hidden = false;
  document.addEventListener("spoken", show);
  /* Everybody's scores and raw zone at the weights now set: what the page's own numbers are held against the marts by. */
  page.tried = () => compute().flatMap(({ card, zones, potential, attractiveness }) =>
    card.ids.map((id, at) => [id, potential[at], attractiveness[at], tried.zones[zones[at]].code]));
  show();
})();
