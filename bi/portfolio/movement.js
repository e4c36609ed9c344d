/* From where a quarter ago to now: an arrow for each of the largest who moved and are shown. Where they stood is in the table too. */
window.movement = {
  MOST: 20,
  arrows(moves, shown, colour) {
    if (document.getElementById("arrows")?.checked === false) return [];
    const details = new Map(shown.map(({ detail, index }) => [index, detail]));
    return moves.map(([index, potential, attractiveness]) => ({ detail: details.get(index), potential, attractiveness }))
      .filter(({ detail, potential, attractiveness }) => detail && (detail.potential_score !== potential || detail.attractiveness_score !== attractiveness))
      .slice(0, this.MOST)
      .map(({ detail, potential, attractiveness }) => ({
        name: "moved", text: "", showarrow: true, x: detail.attractiveness_score, y: detail.potential_score, xref: "x", yref: "y",
        ax: attractiveness, ay: potential, axref: "x", ayref: "y", arrowhead: 2, arrowsize: 1, arrowwidth: 1.4, arrowcolor: colour, opacity: 0.75, standoff: 4,
      }));
  },
};
