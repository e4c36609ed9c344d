/* Text that lies on other text, is cut by its surroundings, or sticks out of the window. Returns sentences; none is good. */
() => {
  const boxes = [];
  const seen = (element) => {
    const style = getComputedStyle(element);
    return element.checkVisibility() && style.visibility !== "hidden" && style.opacity !== "0" && !element.closest(".unseen, #card, script, style, noscript");
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim() || !seen(node.parentElement) || node.parentElement.closest("svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    /* What the wide table holds beside its window is scrolled to. */
    const scrolled = node.parentElement.closest(".tabulator")?.getBoundingClientRect();
    for (const rect of range.getClientRects()) if (rect.width > 1 && !(scrolled && (rect.left < scrolled.left || rect.right > scrolled.right))) boxes.push({ rect, element: node.parentElement, words: node.textContent.trim().slice(0, 40) });
  }
  for (const element of document.querySelectorAll(".chart svg text")) {
    const rect = element.getBoundingClientRect();
    if (rect.width > 1 && element.textContent.trim() && seen(element)) boxes.push({ rect, element, words: element.textContent.trim().slice(0, 40) });
  }
  const found = [];
  const SLACK = 1.5;
  for (const { rect, element, words } of boxes) {
    const panel = element.closest(".panel, .tile, .apart, .quality, .keys > div");
    if (panel) {
      const frame = panel.getBoundingClientRect(), style = getComputedStyle(panel);
      if (rect.left < frame.left + parseFloat(style.paddingLeft) - SLACK || rect.right > frame.right - parseFloat(style.paddingRight) + SLACK) found.push(`out of its panel: ${words}`);
    }
    if (rect.left < -SLACK || rect.right > innerWidth + SLACK) found.push(`outside the window: ${words}`);
    for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
      if (getComputedStyle(around).overflow === "visible" || around.tagName === "g") continue;
      const frame = around.getBoundingClientRect();
      if (rect.left < frame.left - SLACK || rect.right > frame.right + SLACK || rect.top < frame.top - SLACK || rect.bottom > frame.bottom + SLACK) {
        found.push(`cut by <${around.tagName.toLowerCase()} class="${around.getAttribute("class") ?? ""}">: ${words}`);
      }
    }
  }
  boxes.sort((one, other) => one.rect.top - other.rect.top);
  for (let i = 0; i < boxes.length; i += 1) {
    const a = boxes[i].rect;
    for (let j = i + 1; j < boxes.length && boxes[j].rect.top < a.bottom; j += 1) {
      const b = boxes[j].rect;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > SLACK && tall > 2.5) found.push(`overlap: ${boxes[i].words} / ${boxes[j].words}`);
    }
  }
  return { found, texts: boxes.length };
}
