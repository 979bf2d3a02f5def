// One cursor through all signals and paths: moved by the pointer or by the slider.

/** The place in sorted numbers that is nearest to one. */
function nearestPlace(sorted, value) {
  let [low, high] = [0, sorted.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle;
  }
  return value - sorted[low] <= sorted[high] - value ? low : high;
}

let asked = false;

function setNow(time) {
  now = time;
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    cursor();
  });
}

/** Move the cursor, in every plot at once. */
function cursor() {
  for (const one of plots.values()) {
    const kind = one.element.getAttribute('data-chart');
    if (!one.view || !(kind === 'signal' || kind === 'path')) continue;
    if (kind === 'signal') {
      one.view.data('time', now === null ? [] : [{ t: now }]);
      one.view.data('cursor', readings(one.element.getAttribute('data-signal')));
    } else {
      one.view.data('cursor', places(one.element.getAttribute('data-side')));
    }
    one.view.run();
  }
  $('time').max = duration();
  $('time').step = min(visible().map((one) => data.examples[one].dt), 0.1);
  if (now !== null) $('time').value = now;
  $('now').textContent = now === null ? '' : `${now.toFixed(2)} s`;
  readout();
}

function readout() {
  const head = $('readout').tHead;
  const body = $('readout').tBodies[0];
  const shown = data.signals.filter((one) => data.examples.some((e) => e.signals[one.id]));
  $('readout').hidden = now === null;
  if (now === null) return;
  head.replaceChildren(make('tr', {}, make('th', { scope: 'col' }, `at ${now.toFixed(2)} s`),
    ...shown.map((one) => make('th', { scope: 'col', class: 'number' }, `${one.title} ${one.unit}`))));
  const at = shown.map((one) => new Map(readings(one.id).map((r) => [r.number, r.y])));
  body.replaceChildren(...visible().map((number) => make('tr', {},
    make('th', { scope: 'row' }, swatchOf(number), ` ${data.examples[number].name}`),
    ...at.map((one) => make('td', { class: 'number' }, say(plain(one.get(number)), 4))))));
}
