// The examples: which are drawn, how each looks, and the boxes that choose them.

const CHOSEN_WIDTH = 2.8;
const WIDTH = 1.6;
const DENSE = 250; // points of a line: more are drawn thinner, and dashes would be noise
const selected = new Set(data.first);
let chosen = null; // { row, example }: of the table; either may be missing
let now = null; // s: where the cursor is

const keyOf = (keys) => JSON.stringify(['case', 'seed', 'cell', 'sample'].map((one) => keys[one] ?? null));
const byKey = new Map(data.examples.map((one, number) => [keyOf(one.keys), number]));
const baseByKey = new Map((data.base || []).map((one) => [keyOf(one.keys), one]));

/** The numbers of the examples that are drawn, the chosen one last: on top. */
function visible() {
  const numbers = [...selected].filter((one) => one !== chosen?.example).sort((a, b) => a - b);
  return chosen?.example === undefined || chosen.example === null
    ? numbers : [...numbers, chosen.example];
}

/** An example of one side; the base may not have it. */
function of(side, number) {
  const one = data.examples[number];
  return side === 'base' ? baseByKey.get(keyOf(one.keys)) : one;
}

// Those that are drawn at first differ most.
const ranks = [...data.first, ...data.examples.keys()].filter((one, at, all) => all.indexOf(one) === at);
const styleOf = (number) => ranks.indexOf(number) % data.styles.length;

/** A short line as an example is drawn. */
const swatchOf = (number) => swatch(data.styles[styleOf(number)], styleOf(number));

function look(number) {
  const { color, dash } = data.styles[styleOf(number)];
  return { color, dash, width: number === chosen?.example ? CHOSEN_WIDTH : WIDTH };
}

/** Draw paths, signals and the cursor again: another example, another choice. */
function redraw() {
  document.body.removeAttribute('data-drawn');
  for (const one of plots.values()) {
    const kind = one.element.getAttribute('data-chart');
    if (kind === 'path' || kind === 'signal') queue(one);
  }
  for (const box of $('examples').querySelectorAll('input')) {
    const number = Number(box.getAttribute('data-example'));
    box.checked = selected.has(number) || number === chosen?.example;
  }
  cursor();
}

function choices() {
  $('no-examples').hidden = data.examples.length > 0;
  for (const id of ['examples', 'paths', 'signals']) $(id).hidden = !data.examples.length;
  data.examples.forEach((one, number) => {
    const box = make('input', { type: 'checkbox', 'data-example': number });
    box.addEventListener('change', () => {
      if (box.checked) selected.add(number);
      else selected.delete(number);
      if (!box.checked && chosen?.example === number) chosen.example = null;
      redraw();
    });
    const text = make('span', { title: [one.name, ...one.why].join('\n') }, one.name, ' ',
      make('span', { class: 'faint' }, one.why.join(', ')));
    $('examples').lastElementChild.append(make('label', {}, box, swatchOf(number), text));
  });
  const has = (what) => data.examples.some((one) => one[what]);
  const many = Math.max(0, ...data.examples.map((one) => one.samples));
  const key = [];
  if (has('reference')) key.push('dotted grey: the reference');
  if (has('history')) key.push('dash-dotted grey: where it came from');
  if (many > 1) {
    const likely = data.examples.some((one) => one.likely);
    key.push(`strong: ${likely ? 'the most likely' : 'the first'} of ${many} samples, faint: the others`);
  }
  if (data.base) key.push('thin and dotted over time: the base');
  $('path-key').append(...key.map((one) => make('span', {}, one)));
  for (const about of data.signals) {
    const figure = make('figure', { 'data-signal': about.id },
      make('figcaption', {}, make('strong', {}, about.title), ' ', make('span', { class: 'faint' }, about.unit,
        about.limits.length ? ` · ${[...new Set(about.limits.map((one) => one.label))].join(' · ')}` : '')),
      make('div', { class: 'chart', 'data-chart': 'signal', 'data-signal': about.id, role: 'img',
        'aria-label': `${about.title} over time` }));
    $('signals').append(figure);
    signal(figure.lastElementChild, about);
  }
  $('time').addEventListener('input', () => setNow(Number($('time').value)));
}
