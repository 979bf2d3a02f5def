// The examples over time: one plot a signal, with its limits.

/** The instants of a series. */
function times(series) {
  if (series.t) return series.t;
  return series.v.map((_, i) => series.a[0] + i * series.d);
}

const lineOf = (series, k, more) => {
  const t = times(series);
  return series.v.map((y, i) => ({ k, i, t: t[i], y, ...more }));
};

function signal(element, about) {
  const figure = element.parentElement;
  plot(element, (view) => {
    const found = { lines: [], samples: [], reference: [], bases: [] };
    for (const number of visible()) {
      const one = data.examples[number];
      const { color, dash, width } = look(number);
      (one.signals[about.id] || []).forEach((series, sample) => {
        const dense = series.v.length > DENSE ? { dash: [1, 0], width: 0.6 * width } : { dash, width };
        if (sample === 0) found.lines.push(...lineOf(series, number, { color, ...dense }));
        else found.samples.push(...lineOf(series, `${number}.${sample}`, { color }));
      });
      const beside = one.reference_signals?.[about.id]?.[0];
      if (beside) found.reference.push(...lineOf(beside, number));
      const base = of('base', number)?.signals[about.id]?.[0];
      if (base) found.bases.push(...lineOf(base, number, { color }));
    }
    const ys = [found.lines, found.samples, found.bases].flat().map((one) => one.y).filter(Number.isFinite);
    found.reference = comparable(found.reference, ys);
    ys.push(...found.reference.map((one) => one.y).filter(Number.isFinite));
    const [low, high] = [min(ys, 0), max(ys, 1)];
    const { from, to, near } = around(low, high, about.limits, 0.8);
    const margin = 0.06 * (to - from || Math.abs(to) || 1);
    ends(view, [0, duration()], [from - margin, to + margin]);
    for (const [name, rows] of Object.entries(found)) view.data(name, rows);
    view.data('zero', from - margin < 0 && to + margin > 0 ? [{ y: 0 }] : []);
    view.data('limits', bounds(about.limits, near, from, to));
    view.data('time', now === null ? [] : [{ t: now }]);
    view.data('cursor', readings(about.id));
    return 92;
  }, {
    ready: (view) => {
      element.addEventListener('pointermove', (event) => {
        const box = element.getBoundingClientRect();
        const at = view.scale('x').invert(event.clientX - box.left - data.charts.signal.padding.left);
        setNow(Math.min(duration(), Math.max(0, at)));
      });
    },
  });
  figure.hidden = !data.examples.some((one) => one.signals[about.id]);
}

/** The reference without what is far from all that is drawn: the noise of differences would hide it. */
function comparable(reference, ys) {
  if (!ys.length) return reference;
  const [low, high] = [min(ys, 0), max(ys, 1)];
  const reach = high - low || Math.abs(high) || 1;
  return reference.map((one) => (one.y < low - reach || one.y > high + reach ? { ...one, y: null } : one));
}

/** Limits as they are drawn, where they are near: one a height, neighbours' numbers side by side. */
function bounds(limits, near, from, to) {
  const groups = new Map();
  for (const one of limits) groups.set(one.at, [...(groups.get(one.at) || []), one]);
  const inside = [...groups].filter(([, some]) => near.includes(some[0])).sort(([a], [b]) => a - b);
  return inside.map(([at, some], place) => ({
    y: at, label: say(at), color: some.every((one) => one.holds) ? INK : BAD,
    dy: at > (from + to) / 2 ? 8 : -7, place: 0.995 - 0.09 * (place % 2),
  }));
}

/** The last instant of what is drawn, s. */
function duration() {
  return max(visible().map((one) => data.examples[one].t.at(-1)), 1) || 1;
}

/** What a signal reads at the cursor, of each example that is drawn. */
function readings(id) {
  if (now === null) return [];
  return visible().flatMap((number) => {
    const series = data.examples[number].signals[id]?.[0];
    if (!series) return [];
    const t = times(series);
    const at = nearestPlace(t, now);
    return now > t.at(-1) + 1e-9 && now > data.examples[number].t.at(-1)
      ? [] : [{ t: t[at], y: series.v[at], color: look(number).color, number }];
  });
}
