/* From where a quarter ago to now: an arrow for each of the largest who moved and are drawn. Where they stood is in the table too. */
globalThis.movement = {
  MOST: 20,
  arrows(data, details) {
    if (document.getElementById("arrows")?.checked === false) return [];
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
    return data.moves.map(([number, potential, attractiveness]) => ({ detail: details[number], potential, attractiveness }))
      .filter(({ detail, potential, attractiveness }) => detail.drawn_number !== undefined
        && (detail.potential_score !== potential || detail.attractiveness_score !== attractiveness))
      .slice(0, this.MOST)
      .map(({ detail, potential, attractiveness }) => ({
        name: "moved", text: "", showarrow: true, x: detail.attractiveness_score, y: detail.potential_score, xref: "x", yref: "y",
        ax: attractiveness, ay: potential, axref: "x", ayref: "y", arrowhead: 2, arrowsize: 1, arrowwidth: 1.4, arrowcolor: colour, opacity: 0.75, standoff: 4,
      }));
  },
};
