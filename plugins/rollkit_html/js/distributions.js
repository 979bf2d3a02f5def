// How the values of each metric are spread, where its limits are, and how two sides differ.

/** The bars of a metric, what is beyond a limit in another colour; parted where the limit is. */
function bars(metric) {
  const { edges, counts } = metric;
  const [mine] = counts;
  const total = mine.reduce((a, b) => a + b, 0);
  const scale = counts.length > 1 ? 100 / Math.max(1, total) : 1;
  const low = metric.low ?? -Infinity;
  const high = metric.high ?? Infinity;
  const rows = [];
  mine.forEach((count, at) => {
    if (!count) return;
    const [from, to] = [edges[at], edges[at + 1]];
    const inside = [low, high].filter((one) => one > from && one < to && !metric.single);
    const cuts = [from, ...inside, to];
    for (let part = 0; part + 1 < cuts.length; part += 1) {
      const middle = (cuts[part] + cuts[part + 1]) / 2;
      const color = middle > high || middle < low ? '#d98a5b' : '#7f9db9';
      rows.push({ lo: cuts[part], hi: cuts[part + 1], n: count * scale, color, from, to, count, total });
    }
  });
  return rows;
}

/** The other side's outline, as steps. */
function outline(metric) {
  const counts = metric.counts[1];
  if (!counts) return [];
  const total = counts.reduce((a, b) => a + b, 0);
  const share = counts.map((one) => (100 * one) / Math.max(1, total));
  const { edges } = metric;
  return [{ x: edges[0], n: 0 }, ...share.map((n, at) => ({ x: edges[at], n })),
    { x: edges[share.length], n: share.at(-1) }, { x: edges[share.length], n: 0 }]
    .map((one, i) => ({ ...one, i }));
}

function distribution(element) {
  const metric = data.metrics.find((one) => one.id === element.getAttribute('data-metric'));
  element.hidden = !metric.edges;
  if (!metric.edges) return;
  const alike = metric.edges.length === 2; // all the same: limits are near whatever the scale
  const { from, to } = around(metric.edges[0], metric.edges.at(-1), metric.limits, alike ? 100 : 1);
  const rows = bars(metric);
  const steps = outline(metric);
  const top = Math.max(1e-9, ...rows.map((one) => one.n), ...steps.map((one) => one.n));
  const limits = metric.limits.slice(0, 12).map((one, at) => {
    const x = Math.min(to, Math.max(from, one.at));
    const arrow = one.at < from ? '← ' : '';
    const after = one.at > to ? ' →' : '';
    const left = (x - from) / (to - from) < 0.5;
    return {
      x, color: one.holds ? INK : BAD, y: -5 - 11 * (at % 2), align: left ? 'left' : 'right',
      label: at < 2 ? `${arrow}${one.label}${after}` : '', shown: at < 2,
    };
  });
  const fill = (view) => {
    ends(view, [from, to], [0, top * 1.04]);
    view.data('bars', rows).data('outline', steps).data('limits', limits);
    view.data('marks', metric.marks.filter((one) => one >= from && one <= to).map((x) => ({ x })));
    const value = chosenValue(metric.id);
    const inside = Number.isFinite(value) && value >= from && value <= to;
    view.data('chosen', inside ? [{ x: value }] : []);
    return 84;
  };
  const tip = (datum) => {
    if (datum.from === undefined) return '';
    const share = say((100 * datum.count) / datum.total, 3);
    return `${say(datum.from)} to ${say(datum.to)} ${metric.unit}: ${counted(datum.count)} (${share} %)`;
  };
  const ready = (view) => view.addEventListener('click', (event, item) => {
    const datum = item?.datum;
    if (datum?.from !== undefined) between(metric, datum.from, datum.to);
  });
  plot(element, fill, { tip, ready });
}

function interval(element) {
  const one = data.intervals[element.getAttribute('data-metric')];
  if (!one || one.difference === null) return;
  const numbers = [one.difference, one.low ?? 0, one.high ?? 0, one.tolerance, 0].map(Math.abs);
  const most = Math.max(...numbers) * 1.1 || 1;
  plot(element, (view) => {
    ends(view, [-most, most]);
    view.data('tolerance', one.tolerance ? [{ lo: -one.tolerance, hi: one.tolerance }] : []);
    view.data('zero', [{ x: 0 }]).data('difference', [{ x: one.difference }]);
    view.data('interval', one.low === null || one.high === null ? [] : [{ lo: one.low, hi: one.high }]);
    return 18;
  });
}
