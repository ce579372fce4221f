/** Draws one side: its bars below a ruler that both sides share. */
export function createChart(element, colourOf) {
  const bars = document.createElement('div');
  bars.className = 'bars';
  const drawn = new Map();

  const ruler = (scaleMs) => {
    for (const tick of element.querySelectorAll('.tick')) tick.remove();
    const step = [50, 100, 200, 250, 500, 1000, 2000].find((each) => scaleMs / each <= 6) ?? 5000;
    for (let at = 0; at < scaleMs * 0.9; at += step) {
      const tick = document.createElement('div');
      tick.className = 'tick';
      tick.style.left = `${(at / scaleMs) * 100}%`;
      tick.textContent = at === 0 ? '0' : `${at} ms`;
      element.prepend(tick);
    }
  };

  const elementOf = (bar) => {
    let item = drawn.get(bar);
    if (!item) {
      item = document.createElement('div');
      item.className = bar.whole ? 'bar whole' : `bar backend-${colourOf(bar.backend)}`;
      const text = document.createElement('span');
      text.textContent = bar.label;
      item.append(text);
      drawn.set(bar, item);
      bars.append(item);
    }
    return item;
  };

  return {
    clear() {
      drawn.clear();
      bars.replaceChildren();
      element.replaceChildren(bars);
    },
    /** Draws the bars as they stand now. */
    draw(all, scaleMs, nowMs) {
      ruler(scaleMs);
      const many = all.length > 16;
      element.style.setProperty('--height', many ? '7px' : '14px');
      for (const bar of all) {
        const item = elementOf(bar);
        const endMs = bar.endMs ?? nowMs;
        item.style.setProperty('--start', `${(bar.startMs / scaleMs) * 100}%`);
        item.style.setProperty('--length', `${((endMs - bar.startMs) / scaleMs) * 100}%`);
        item.classList.toggle('hollow', bar.cached);
        item.classList.toggle('failed', bar.failed);
        const [from, to] = [bar.startMs / scaleMs, endMs / scaleMs];
        item.classList.toggle('left', to > 0.55 && from > 0.4);
        item.classList.toggle('inside', to > 0.55 && from <= 0.4);
        item.firstChild.hidden = many && !bar.whole;
        item.title = `${bar.backend} ${bar.label}: ${Math.round(endMs - bar.startMs)} ms`;
      }
    },
  };
}

/** Fills the table that says the same in words. */
export function fillTable(table, bars) {
  const row = (cells, kind) => {
    const line = document.createElement('tr');
    for (const [index, text] of cells.entries()) {
      const cell = document.createElement(kind);
      cell.textContent = text;
      if (index > 1) cell.className = 'number';
      line.append(cell);
    }
    return line;
  };
  table.replaceChildren(
    row(['backend', 'call', 'began (ms)', 'took (ms)'], 'th'),
    ...bars.map(({ backend, label, startMs, endMs, cached }) =>
      row(
        [
          backend,
          cached ? `${label} (cached)` : label,
          Math.round(startMs),
          Math.round((endMs ?? startMs) - startMs),
        ],
        'td',
      ),
    ),
  );
}
