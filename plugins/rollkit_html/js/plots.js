// Plots: Vega draws each from its template once there is room for it, one after the other.

const INK = '#222222';
const BAD = '#D55E00';
const plots = new Map(); // by element: what is drawn in it
const waiting = [];
let drawing = false;

const tooltip = make('div', { id: 'tooltip', role: 'tooltip', hidden: '' });
document.body.append(tooltip);

/** Beside the pointer, as text. */
function tell(event, text) {
  tooltip.hidden = !text;
  if (!text) return;
  tooltip.textContent = text;
  tooltip.style.left = `${Math.min(event.clientX + 14, innerWidth - tooltip.offsetWidth - 8)}px`;
  tooltip.style.top = `${event.clientY + 16}px`;
}

/**
 * A plot in an element: `fill(view, width)` gives it its data and the ends of its axes whenever
 * these change or its width does, and returns its height.
 */
function plot(element, fill, { tip, ready } = {}) {
  const one = { element, fill, tip, ready, view: null, width: 0, queued: false };
  plots.set(element, one);
  sizes.observe(element);
  return one;
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const one = plots.get(target);
    if (target.clientWidth && target.clientWidth !== one.width) queue(one);
  }
});

function queue(one) {
  if (!one.queued) waiting.push(one);
  one.queued = true;
  if (!drawing) {
    drawing = true;
    setTimeout(draw);
  }
}

async function draw() {
  const started = performance.now();
  while (waiting.length && performance.now() - started < 40) {
    const one = waiting.shift();
    one.queued = false;
    await drawn(one);
  }
  if (waiting.length) {
    setTimeout(draw);
  } else {
    drawing = false;
    document.body.setAttribute('data-drawn', 'true');
  }
}

async function drawn(one) {
  const width = one.element.clientWidth;
  if (!width) return;
  const spec = data.charts[one.element.getAttribute('data-chart')];
  if (!one.view) {
    const options = {
      mode: 'vega', ast: true, renderer: 'svg', actions: false, defaultStyle: false,
      tooltip: (_, event, item) => tell(event, item && one.tip ? one.tip(item.datum) : ''),
    };
    one.view = (await vegaEmbed(one.element, spec, options)).view;
    if (one.ready) one.ready(one.view);
  }
  one.width = width;
  one.padding = spec.padding;
  refill(one);
  one.element.setAttribute('data-drawn', 'true');
}

/** Draw again what has changed. */
function refill(one) {
  if (!one.view) return;
  const { left, right, top, bottom } = one.padding;
  const inner = Math.max(40, one.width - left - right);
  const height = one.fill(one.view, inner) ?? one.view.height();
  one.view.width(inner).height(height);
  one.element.style.height = `${height + top + bottom}px`;
  one.view.run();
}

function ends(view, [x0, x1], [y0, y1] = []) {
  view.signal('x0', x0).signal('x1', x1);
  if (y0 !== undefined) view.signal('y0', y0).signal('y1', y1);
}

/** A range with the limits that are near it; the others stand at its edge, and say so. */
function around(low, high, limits, room = 1) {
  const span = high - low || Math.abs(high) * 0.1 || 1;
  const near = limits.filter((one) => one.at >= low - room * span && one.at <= high + room * span);
  let [from, to] = [low, high];
  for (const one of near) {
    from = Math.min(from, one.at - 0.04 * span);
    to = Math.max(to, one.at + 0.04 * span);
  }
  return { from, to, near, span };
}
