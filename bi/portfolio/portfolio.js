/* The portfolio page's behaviour: language, the two charts, the card of a customer. Numbers and codes come in #payload;
   everything a company wrote goes into the page as text, and into Plotly only through plain(). */
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("payload").textContent);
  const root = document.documentElement;
  const card = document.getElementById("card");
  /* The colours of the charts are the style's, light or dark: read anew whenever they are drawn. */
  const COLOURS = {}, TINTS = {}, TITLES = {};
  let LOSS, LEAD, INK, SOFT, GRID, PAPER, ACCENT, VEIL, LOST;
  const probe = document.body.appendChild(document.createElement("i"));
  probe.hidden = true;
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const mix = () => {
    for (const zone of ["protection", "development", "maintain", "withdrawal"]) [COLOURS[zone], TINTS[zone], TITLES[zone]] = [zone, `${zone}-tint`, `${zone}-title`].map(colour);
    [LOSS, LEAD, INK, SOFT, GRID, PAPER, ACCENT, VEIL, LOST] = ["loss", "lead", "ink", "soft", "line", "paper", "accent", "veil", "lost"].map(colour);
  };
  const FONT = '"Segoe UI", "Helvetica Neue", Arial, sans-serif';
  const CONFIG = { displayModeBar: false, displaylogo: false, showTips: false, typesetMath: false, responsive: false, doubleClick: "reset" };
  let language = root.lang;
  let printing = false;
  let shown = null;

  const text = (key) => {
    const words = data.texts[language][key];
    if (words === undefined) throw new Error(`no words for ${key}`);
    return words;
  };
  const say = (key, parts = {}) => text(key).replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  /* What is said of a customer comes as text: the script states nothing itself. */
  const said = (detail, what) => (detail[what] === undefined ? "" : data.said[language][detail[what]]);
  /* As the server's side writes them: rounded half away from zero, always grouped, and what rounds to 0 has no sign. */
  const written = (value, options) =>
    new Intl.NumberFormat(data.languages[language], { useGrouping: "always", signDisplay: "negative", ...options }).format(value);
  const number = (value, digits = 0) => written(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const short = (value) => written(value, { notation: "compact", maximumSignificantDigits: 3 });
  const money = (value) => (value === undefined ? "–" : `${number(value)}\u00a0${data.currency}`);
  const points = (value) => number(value, Number.isInteger(value) ? 0 : 1);
  /* Plotly reads a small HTML dialect in every text; a name is never markup. */
  const plain = (words) =>
    String(words).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
  const element = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  const details = data.details.map((row) => Object.fromEntries(row.flatMap((value, column) => (value === null ? [] : [[data.columns[column], value]]))));
  const drawn = details.map((detail, index) => ({ detail, index }))
    .filter(({ detail }) => detail.drawn_number !== undefined)
    .sort((one, other) => one.detail.drawn_number - other.detail.drawn_number);
  /* Those the bar has chosen; sizes are compared with all of them. */
  let customers = [], leads = [];
  const choose = (isChosen) => {
    const of = (type) => drawn.filter(({ detail }) => detail.relationship_type === type && isChosen(detail.ultimate_parent_id));
    [customers, leads] = [of("customer"), of("lead")];
  };
  choose(() => true);
  /* A circle is as large as what the customer earns us; where nobody knows, as what it buys. */
  const area = (detail) => Math.abs(detail.customer_contribution ?? detail.net_revenue);
  const largest = customers.reduce((most, { detail }) => Math.max(most, area(detail)), 1);
  const places = new Map();
  for (const { detail, index } of drawn) {
    const place = `${detail.attractiveness_score}|${detail.potential_score}`;
    places.set(place, [...(places.get(place) ?? []), index]);
  }

  /* ---- the card ---- */
  const line = (list, key, ...value) => list.append(element("dt", "", text(key)), element("dd", "", ...value));
  const partRow = ([, criterion, , weight, got, imputed]) => {
    const fill = element("i", "");
    fill.style.width = `${(100 * got) / weight}%`;
    const name = element("span", "", data.criteria[criterion][language], imputed ? element("em", "", text("page.card.missing")) : null);
    return element("div", imputed ? "part imputed" : "part", name, element("div", "meter", fill),
      element("span", "", `${points(got)} ${text("page.card.of")} ${points(weight)}`));
  };
  const axisRows = (detail, axis) => {
    const score = detail[`${axis}_score`], low = detail[`${axis}_score_low`], high = detail[`${axis}_score_high`];
    if (score === undefined) return [];
    const range = low === high ? null : element("small", "", ` ${text("page.card.range")} ${points(low)}–${points(high)}`);
    return [element("div", "axis", text(`axis.${axis}`), element("span", "", points(score), range)),
      ...detail.parts.filter(([of]) => of === axis).map(partRow)];
  };
  const fillCard = (index) => {
    const detail = details[index];
    const facts = element("dl", "");
    const low = detail.contribution_4_low;
    if (detail.customer_contribution !== undefined) line(facts, "page.card.contribution", money(detail.customer_contribution), low !== undefined && low !== detail.customer_contribution ? ` (${text("page.card.contribution_low")} ${money(low)})` : "");
    line(facts, "page.card.revenue", money(detail.net_revenue));
    if (detail.achievable_gap !== undefined) line(facts, "page.card.gap", money(detail.achievable_gap), detail.next_product_group ? `, ${text("page.card.next")} ${detail.next_product_group}` : "");
    if (detail.customer_value_score !== undefined) line(facts, "page.card.value", number(detail.customer_value_score, 1), detail.rank_customer_value ? `, ${text("page.card.rank")} ${number(detail.rank_customer_value)}` : "");
    if (detail.effort_value_index !== undefined) line(facts, "page.card.effort", number(detail.effort_value_index, 2));
    if (detail.abc_class) line(facts, "page.card.abc", detail.abc_class);
    if (detail.type !== undefined) line(facts, "page.card.type", said(detail, "type"));
    const close = element("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", text("page.card.close"));
    close.addEventListener("click", hideCard);
    const twins = (places.get(`${detail.attractiveness_score}|${detail.potential_score}`) ?? []).filter((other) => other !== index && detail.drawn_number !== undefined);
    const remark = said(detail, "remarks");
    card.replaceChildren(
      close,
      element("h2", "", detail.customer_name),
      element("p", "note", `${detail.ultimate_parent_id} · ${said(detail, "status")}`),
      element("div", "do", element("b", "", `${text("page.card.what_to_do")}: ${said(detail, "action")}`), `${text("page.card.why")}: ${said(detail, "reason")}`),
      facts, ...axisRows(detail, "potential"), ...axisRows(detail, "attractiveness"),
      ...(remark ? [element("p", "more", remark)] : []),
      ...(twins.length ? [element("p", "more", `${text("page.card.same_place")}: ${twins.slice(0, 6).map((other) => details[other].customer_name).join(", ")}${twins.length > 6 ? " …" : ""}`)] : []),
    );
    card.setAttribute("aria-label", detail.customer_name);
  };
  const showCard = (index, x, y, pinned) => {
    fillCard(index);
    card.hidden = false;
    card.classList.toggle("pinned", pinned);
    shown = { index, x, y, pinned };
    const { width, height } = card.getBoundingClientRect();
    const left = x + 18 + width < innerWidth ? x + 18 : Math.max(8, x - width - 18);
    card.style.left = `${left}px`;
    card.style.top = `${Math.max(8, Math.min(y - 40, innerHeight - height - 8))}px`;
    if (pinned) document.dispatchEvent(new CustomEvent("opened", { detail: index }));
  };
  function hideCard() {
    const wasPinned = shown?.pinned;
    card.hidden = true;
    shown = null;
    if (wasPinned) document.dispatchEvent(new Event("closed"));
  }

  /* ---- the matrix ---- */
  const matrixTraces = (width) => {
    const diameter = Math.min(84, Math.max(40, width / 13));
    const loss = ({ detail }) => detail.customer_contribution < 0;
    const provisional = ({ detail }) => detail.zone_status === "provisional";
    return [
      {
        type: "scatter", mode: "markers", name: "customers", hoverinfo: "none", cliponaxis: false,
        x: customers.map(({ detail }) => detail.attractiveness_score),
        y: customers.map(({ detail }) => detail.potential_score),
        customdata: customers.map(({ index }) => index),
        ids: customers.map(({ detail }) => detail.ultimate_parent_id),
        marker: {
          symbol: customers.map((one) => `circle${provisional(one) ? "-cross" : ""}${loss(one) ? "-open" : ""}`),
          size: customers.map(({ detail }) => area(detail)),
          sizemode: "area", sizeref: (2 * largest) / diameter ** 2, sizemin: 3.5,
          color: customers.map((one) => (loss(one) ? LOSS : COLOURS[one.detail.zone] ?? SOFT)),
          opacity: customers.map((one) => (loss(one) ? 0.95 : 0.72)),
          line: { color: customers.map((one) => (loss(one) ? LOSS : provisional(one) ? INK : PAPER)), width: customers.map((one) => (loss(one) ? 1.8 : 1)) },
        },
      },
      {
        type: "scatter", mode: "markers", name: "leads", hoverinfo: "none", cliponaxis: false,
        x: leads.map(({ detail }) => detail.attractiveness_score),
        y: leads.map(({ detail }) => detail.potential_score),
        customdata: leads.map(({ index }) => index),
        ids: leads.map(({ detail }) => detail.ultimate_parent_id),
        marker: {
          symbol: leads.map((one) => (provisional(one) ? "diamond-cross" : "diamond")), size: 10, color: LEAD,
          line: { color: leads.map((one) => (provisional(one) ? INK : PAPER)), width: 1 },
        },
      },
    ];
  };
  const RANGE = [-6, 106], Y_RANGE = [-11, 111];
  const quadrants = (narrow) => {
    const cut = data.threshold;
    const corners = {
      development: [RANGE[0], cut, cut, Y_RANGE[1], "left", "top"], protection: [cut, RANGE[1], cut, Y_RANGE[1], "right", "top"],
      withdrawal: [RANGE[0], cut, Y_RANGE[0], cut, "left", "bottom"], maintain: [cut, RANGE[1], Y_RANGE[0], cut, "right", "bottom"],
    };
    const shapes = [], annotations = [];
    for (const [zone, [x0, x1, y0, y1, side, edge]] of Object.entries(corners)) {
      shapes.push({ type: "rect", layer: "below", x0, x1, y0, y1, fillcolor: TINTS[zone], line: { width: 0 } });
      annotations.push({
        x: side === "left" ? x0 : x1, y: edge === "top" ? y1 : y0, xanchor: side, yanchor: edge, showarrow: false, name: "quadrant",
        text: plain(text(`zone.${zone}.short`)), font: { size: narrow ? 13 : 15, color: TITLES[zone], weight: 600 },
        xshift: side === "left" ? 4 : -4, yshift: edge === "top" ? -2 : 2,
      });
    }
    shapes.push({ type: "line", layer: "below", x0: cut, x1: cut, y0: Y_RANGE[0], y1: Y_RANGE[1], line: { color: PAPER, width: 3 } });
    shapes.push({ type: "line", layer: "below", x0: RANGE[0], x1: RANGE[1], y0: cut, y1: cut, line: { color: PAPER, width: 3 } });
    return { shapes, annotations };
  };
  /* The largest are named where there is room, some with a line to their circle. A name never touches another name, a
     quadrant's title or the edge; of the free places it takes the one that hides least. */
  const names = (width, height, margin, diameter) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `12px ${FONT}`;
    const w = width - margin.l - margin.r, h = height - margin.t - margin.b;
    const px = (x) => ((x - RANGE[0]) / (RANGE[1] - RANGE[0])) * w;
    const py = (y) => h - ((y - Y_RANGE[0]) / (Y_RANGE[1] - Y_RANGE[0])) * h;
    const circles = [
      ...customers.map(({ detail }) => [detail, Math.max(3.5, (diameter / 2) * Math.sqrt(area(detail) / largest))]),
      ...leads.map(({ detail }) => [detail, 6]),
    ].map(([detail, r]) => ({ detail, r, x: px(detail.attractiveness_score), y: py(detail.potential_score) }));
    const hidden = ([x0, y0, x1, y1]) => circles.reduce((sum, { x, y, r }) => {
      const dx = Math.min(x + r, x1) - Math.max(x - r, x0), dy = Math.min(y + r, y1) - Math.max(y - r, y0);
      return dx > 0 && dy > 0 ? sum + dx * dy : sum;
    }, 0);
    const taken = [[0, 0, w * 0.2, 28], [w * 0.8, 0, w, 28], [0, h - 28, w * 0.2, h], [w * 0.8, h - 28, w, h]];
    const found = [];
    for (const circle of circles.slice(0, Math.min(8, customers.length))) {
      const name = circle.detail.customer_name;
      const words = name.length > 28 ? `${name.slice(0, 27).trimEnd()}…` : name;
      const wide = pen.measureText(words).width + 8, tall = 18;
      let best = null;
      for (const away of [2, 22, 44, 70, 100]) {
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, -1], [0, 1], [0.8, -0.8], [-0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]]) {
          const cx = circle.x + dx * (circle.r + away + wide / 2), cy = circle.y + dy * (circle.r + away + tall / 2);
          const box = [cx - wide / 2, cy - tall / 2, cx + wide / 2, cy + tall / 2];
          if (box[0] < 3 || box[2] > w - 3 || box[1] < 3 || box[3] > h - 3) continue;
          if (taken.some((other) => box[2] > other[0] - 3 && box[0] < other[2] + 3 && box[3] > other[1] - 2 && box[1] < other[3] + 2)) continue;
          const cost = hidden(box) + away * 3;
          if (best === null || cost < best.cost) best = { cost, box, cx, cy, away };
        }
      }
      if (best === null || best.cost > 900) continue;
      taken.push(best.box);
      found.push({
        x: circle.detail.attractiveness_score, y: circle.detail.potential_score, name: "customer", text: plain(words), showarrow: true,
        ax: best.cx - circle.x, ay: best.cy - circle.y, arrowhead: 0, arrowwidth: 1, standoff: circle.r * 0.6,
        arrowcolor: best.away > 2 ? SOFT : "rgba(0,0,0,0)", bgcolor: VEIL, borderpad: 1, font: { size: 12, color: INK },
      });
    }
    return found;
  };
  const axisStyle = () => ({ zeroline: false, gridcolor: PAPER, linecolor: GRID, tickcolor: GRID, ticks: "outside", ticklen: 4, tickvals: [0, 25, 50, 75, 100] });
  const drawMatrix = (host, width, height) => {
    const narrow = width < 620;
    const margin = narrow ? { l: 44, r: 6, t: 6, b: 46 } : { l: 58, r: 8, t: 6, b: 52 };
    const { shapes, annotations } = quadrants(narrow);
    const traces = matrixTraces(width);
    const diameter = Math.min(84, Math.max(40, width / 13));
    return Plotly.react(host, traces, {
      width, height, margin, shapes, annotations: [...annotations, ...window.movement.arrows(data.moves, [...customers, ...leads], INK), ...(narrow ? [] : names(width, height, margin, diameter))],
      showlegend: false, dragmode: narrow || printing ? false : "zoom", hovermode: "closest", hoverdistance: 12, plot_bgcolor: PAPER, paper_bgcolor: PAPER,
      font: { family: FONT, size: 12, color: SOFT },
      xaxis: { ...axisStyle(), range: RANGE, fixedrange: narrow, title: { text: plain(text("page.chart.attractiveness")), standoff: 8, font: { size: 13, color: INK } } },
      yaxis: { ...axisStyle(), range: Y_RANGE, fixedrange: narrow, title: { text: plain(text("page.chart.potential")), standoff: 6, font: { size: 13, color: INK } } },
    }, CONFIG);
  };

  /* ---- the whale curve ---- */
  const steps = (low, high, count) => {
    const rough = (high - low) / count || 1;
    const scale = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((factor) => factor * scale).find((candidate) => candidate >= rough);
    const values = [];
    for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) values.push(Math.round(value * 100) / 100);
    return values;
  };
  const drawWhale = (host, width, height) => {
    const facts = data.whaleFacts, curve = data.whale;
    const narrow = width < 520;
    const low = Math.min(0, facts.total, ...curve.map((point) => point[1])), high = Math.max(0, facts.peak);
    const span = high - low || 1;
    const range = [low - 0.04 * span, high + 0.1 * span];
    const values = steps(low, high, 5);
    const xs = steps(0, facts.customers, narrow ? 4 : 6).filter((value) => value > 0 && Number.isInteger(value));
    const margin = { l: narrow ? 62 : 74, r: 16, t: 8, b: 46 };
    const drop = (height - margin.t - margin.b) / (range[1] - range[0]);
    const below = (value, wanted) => Math.min(wanted, (value - range[0]) * drop - 14);
    const label = (x, y, words, ax, ay, colour, name) => ({
      x, y, text: plain(words), name, ax, ay, xanchor: "right", showarrow: true, arrowhead: 0, arrowwidth: 1, arrowcolor: colour, standoff: 5,
      bgcolor: VEIL, bordercolor: colour, borderpad: 3, font: { size: 12, color: colour },
    });
    return Plotly.react(host, [
      {
        type: "scatter", mode: "lines", name: "curve", x: [0, ...curve.map((point) => point[0])], y: [0, ...curve.map((point) => point[1])],
        line: { color: ACCENT, width: 2.4 }, fill: "tozeroy", fillcolor: colour("shade"), hoverinfo: "text",
        text: ["", ...curve.map(([rank, total, own, name]) =>
          `<b>${plain(say("page.chart.rank", { rank: number(rank), name }))}</b><br>${plain(say("page.chart.own", { amount: money(own) }))}<br>${plain(say("page.chart.added_up", { amount: money(total) }))}`)],
      },
      {
        type: "scatter", mode: "markers", name: "marks", hoverinfo: "skip", x: [facts.peakRank, facts.customers], y: [facts.peak, facts.total],
        marker: { size: 10, symbol: ["triangle-up", "circle"], color: [ACCENT, INK], line: { color: PAPER, width: 1 } }, cliponaxis: false,
      },
    ], {
      width, height, margin, showlegend: false, dragmode: false, hovermode: "x", plot_bgcolor: PAPER, paper_bgcolor: PAPER,
      font: { family: FONT, size: 12, color: SOFT }, hoverlabel: { bgcolor: PAPER, bordercolor: SOFT, align: "left", font: { color: INK, size: 12, family: FONT } },
      shapes: facts.destroyed > 0 ? [
        { type: "rect", layer: "below", x0: facts.peakRank, x1: facts.customers, y0: range[0], y1: range[1], fillcolor: LOST, line: { width: 0 } },
        { type: "line", layer: "below", x0: facts.peakRank, x1: facts.customers, y0: facts.peak, y1: facts.peak, line: { color: LOSS, width: 1, dash: "dot" } },
      ] : [],
      annotations: [
        label(facts.peakRank, facts.peak, say("page.chart.peak", { amount: short(facts.peak) }), -14, below(facts.peak, 52), ACCENT, "peak"),
        ...(facts.destroyed > 0 ? [label(facts.customers, facts.total, say("page.chart.taken_back", { amount: short(facts.destroyed) }), -6, below(facts.total, 104), LOSS, "tail")] : []),
      ],
      xaxis: { range: [0, facts.customers * 1.01 || 1], fixedrange: true, showgrid: false, zeroline: false, linecolor: GRID, ticks: "outside", ticklen: 4, tickcolor: GRID, tickvals: xs, ticktext: xs.map((value) => number(value)), title: { text: plain(text("page.chart.whale_x")), standoff: 6, font: { size: 13, color: INK } } },
      yaxis: { range, fixedrange: true, automargin: true, gridcolor: GRID, zeroline: true, zerolinecolor: SOFT, tickvals: values, ticktext: values.map((value) => short(value)), title: { text: plain(say("page.chart.whale_y", { currency: data.currency })), standoff: 4, font: { size: 12, color: INK } } },
    }, CONFIG);
  };

  /* The library that draws is as large as the page of a small company and takes seconds to start: it lies there as text until a chart is
     about to be seen. Its hash is the policy's, whoever starts it. */
  const startLibrary = () => {
    const lying = document.getElementById("plotly");
    if (lying.type !== "text/plain") return;
    const started = document.createElement("script");
    [started.id, started.textContent] = [lying.id, lying.textContent];
    lying.replaceWith(started);
  };
  const matrix = document.getElementById("matrix");
  const CHARTS = [[matrix, drawMatrix, [900, 580]], [document.getElementById("whale"), drawWhale, [640, 280]]].filter(([host]) => host);
  const seen = new Set();
  const draw = () => {
    const near = CHARTS.filter(([host]) => seen.has(host) || printing);
    if (!near.length) return;
    mix();
    for (const [host, chart, printed] of near) {
      try {
        startLibrary();
        const width = printing ? printed[0] : host.clientWidth;
        const height = printing ? printed[1] : host.clientHeight;
        chart(host, width, height);
        for (const svg of host.querySelectorAll(".svg-container > .main-svg")) {
          if (printing) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
          else svg.removeAttribute("viewBox");
        }
        const box = host.querySelector(".svg-container");
        if (box) box.style.aspectRatio = printing ? `${width} / ${height}` : "";
        host.setAttribute("aria-label", text(host.dataset.label));
      } catch (error) {
        host.replaceChildren(element("p", "notice", text("page.chart_failed")));
        console.error(error);
      }
    }
  };
  const speak = (chosen) => {
    language = chosen;
    root.lang = chosen;
    const company = document.querySelector(".company");
    document.title = company ? `${text("page.title")} · ${company.textContent}` : text("page.title");
    for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === chosen));
    draw();
    document.dispatchEvent(new Event("spoken"));
    if (shown) showCard(shown.index, shown.x, shown.y, shown.pinned);
  };

  document.getElementById("arrows")?.addEventListener("change", draw);
  for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => speak(button.dataset.language));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-detail]");
    if (button) {
      const { right, top } = button.getBoundingClientRect();
      showCard(Number(button.dataset.detail), Math.min(right, innerWidth), top, true);
    } else if (shown?.pinned && !card.contains(event.target) && !event.target.closest(".js-plotly-plot")) hideCard();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideCard();
  });
  const base = (tag) => tag.toLowerCase().split(/[-_]/)[0];
  const wanted = navigator.languages.map((tag) => Object.keys(data.languages).find((known) => base(known) === base(tag)));
  speak(wanted.find((known) => known !== undefined) ?? root.lang);
  const listen = () => {
    const at = (event) => [event.event?.clientX ?? innerWidth / 2, event.event?.clientY ?? innerHeight / 2];
    matrix.on("plotly_hover", (event) => {
      if (!shown?.pinned) showCard(event.points[0].customdata, ...at(event), false);
    });
    matrix.on("plotly_unhover", () => {
      if (!shown?.pinned) hideCard();
    });
    matrix.on("plotly_click", (event) => showCard(event.points[0].customdata, ...at(event), true));
  };
  /* Half a screen ahead of the reader. */
  const ahead = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) {
      ahead.unobserve(target);
      seen.add(target);
      draw();
      if (target === matrix && matrix.on) listen();
    }
  }, { rootMargin: "50%" });
  for (const [host] of CHARTS) ahead.observe(host);
  /* One section after the other, whenever nothing else is to be done: who searches or copies the page finds all of it. */
  const whenIdle = window.requestIdleCallback ?? setTimeout;
  const layOut = () => {
    const next = document.querySelector("main > section:not(.laid-out)");
    if (!next) return;
    next.classList.add("laid-out");
    whenIdle(layOut);
  };
  addEventListener("load", () => whenIdle(layOut));
  let wide = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === wide || printing) return;
    wide = innerWidth;
    draw();
  });
  const printed = (now) => {
    if (printing === now) return;
    printing = now;
    root.classList.toggle("printed", now);
    draw();
  };
  addEventListener("beforeprint", () => printed(true));
  addEventListener("afterprint", () => printed(false));

  /* What the page's other scripts stand on. The document says "spoken" after a change of the language, "opened" and "closed" of a card
     that stays. */
  window.kundenwert = {
    data, text, say, number, element, percent: (value) => written(value, { style: "percent" }),
    language: () => language, details,
    open: (index) => showCard(index, innerWidth, 0, true),
    close: hideCard, draw,
    choose: (isChosen) => {
      choose(isChosen);
      draw();
    },
  };
})();
