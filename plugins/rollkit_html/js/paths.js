// The examples from above: paths, headings, references, and where each is at the cursor.

const rowsOf = ([x, y], k, more = {}) => x.map((one, i) => ({ k, i, x: one, y: y[i], ...more }));

/** What is to be seen from above, of one side. */
function seen(side) {
  const found = { lines: [], samples: [], reference: [], history: [], arrows: [], starts: [] };
  for (const number of visible()) {
    const one = of(side, number);
    if (!one) continue;
    const { color, dash, width } = look(number);
    one.paths.forEach((path, sample) => {
      if (sample === 0) found.lines.push(...rowsOf(path, number, { color, dash, width }));
      else found.samples.push(...rowsOf(path, `${number}.${sample}`, { color }));
    });
    if (one.reference) found.reference.push(...rowsOf(one.reference, number));
    if (one.history) found.history.push(...rowsOf(one.history, number));
    for (const [x, y, degrees] of one.arrows) found.arrows.push({ x, y, angle: -degrees, color });
    found.starts.push({ x: 0, y: 0 });
  }
  return found;
}

/** The ends of both axes and the height, such that a metre is as long in both directions. */
function toScale(rows, width) {
  const xs = rows.map((one) => one.x).filter(Number.isFinite);
  const ys = rows.map((one) => one.y).filter(Number.isFinite);
  let [x0, x1] = [min(xs, 0), max(xs, 1)];
  let [y0, y1] = [min(ys, -1), max(ys, 1)];
  const least = 2; // m: of what stands still, a scale is still to be seen
  const [dx, dy] = [Math.max(x1 - x0, least) * 1.06, Math.max(y1 - y0, least) * 1.1];
  const metre = Math.max(dx / width, dy / 420);
  const height = Math.min(420, Math.max(110, dy / metre));
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  [x0, x1] = [cx - (width * metre) / 2, cx + (width * metre) / 2];
  [y0, y1] = [cy - (height * metre) / 2, cy + (height * metre) / 2];
  return { x: [x0, x1], y: [y0, y1], height };
}

function path(element) {
  const side = element.getAttribute('data-side');
  plot(element, (view, width) => {
    const sides = data.base ? [seen('shown'), seen('base')] : [seen('shown')];
    const every = sides.flatMap((one) => [...one.lines, ...one.samples, ...one.reference, ...one.history]);
    const { x, y, height } = toScale(every, width);
    ends(view, x, y);
    for (const [name, rows] of Object.entries(sides[side === 'base' ? 1 : 0])) view.data(name, rows);
    view.data('cursor', places(side));
    return height;
  });
}

/** Where each example is at the cursor. */
function places(side) {
  if (now === null) return [];
  return visible().flatMap((number) => {
    const one = of(side, number);
    if (!one || now > one.t.at(-1) + 1e-9) return [];
    const at = nearestPlace(one.t, now);
    return [{ x: one.paths[0][0][at], y: one.paths[0][1][at], color: look(number).color }];
  });
}
