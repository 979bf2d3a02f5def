// The table of cases: sorted, filtered, a page at a time; a chosen row is shown in every plot.

const PAGE = 50;
const table = data.table;
const keys = Object.keys(table.keys);
const count = keys.length ? table.keys[keys[0]].length : 0;
const each = data.run ? 'rollout' : 'case';
const several = (n) => `${counted(n)} ${each}${n === 1 ? '' : 's'}`;
const VERDICTS = { f: '✕ fails', u: '? undefined', p: '✓ passes' };

const numbers = Object.fromEntries(Object.entries(table.columns)
  .map(([id, column]) => [id, Float64Array.from(column, plain)]));

const columns = [
  ...keys.map((name) => ({ id: name, name, unit: '', key: true, get: (row) => table.keys[name][row] })),
  ...(table.verdicts ? [{ id: 'verdict', name: 'gates', unit: '', key: true,
    get: (row) => 'fup'.indexOf(table.verdicts[row]) }] : []),
  ...data.metrics.filter((one) => numbers[one.id]).map((one) => ({
    ...one, get: (row) => numbers[one.id][row] })),
];
const shownColumns = new Set([...keys, 'verdict', ...data.columns]);
const state = { order: [], page: 0, sort: null, down: false };

/** What a row is called. */
function nameOf(row) {
  const part = Object.fromEntries(keys.map((one) => [one, table.keys[one][row]]));
  if (part.case !== undefined) return part.sample === undefined ? part.case : `${part.case}#${part.sample}`;
  return `seed ${part.seed}${part.cell === undefined ? '' : ` of cell ${part.cell}`}`;
}

const wordsOf = (row) => {
  const cell = table.keys.cell ? ` ${table.cells[table.keys.cell[row]] ?? ''}` : '';
  return `${nameOf(row)}${cell}`.toLowerCase();
};

function keysOf(row) {
  return Object.fromEntries(keys.map((one) => [one, String(table.keys[one][row])]));
}

/** The number of the example that a row is; of a sample, that of its case will do. */
function exampleOf(row) {
  const own = keysOf(row);
  return byKey.get(keyOf(own)) ?? byKey.get(keyOf({ ...own, sample: null })) ?? null;
}

/** The rows that pass the filter, in their order. */
function arrange() {
  const problem = $('filter-problem');
  const said = parsed($('filter').value, columns, wordsOf);
  problem.textContent = said.problem || '';
  $('filter').setAttribute('aria-invalid', String(Boolean(said.problem)));
  const tests = said.tests || [];
  const verdict = $('filter-verdict').value;
  if (verdict) tests.push((row) => table.verdicts[row] === verdict);
  const order = [];
  for (let row = 0; row < count; row += 1) {
    if (tests.every((test) => test(row))) order.push(row);
  }
  const by = columns.find((one) => one.id === state.sort);
  if (by) order.sort((a, b) => compared(by.get(a), by.get(b), state.down) || a - b);
  state.order = order;
}

/** Undefined last, whichever way. */
function compared(a, b, down) {
  const [x, y] = [a !== a, b !== b];
  if (x || y) return x - y;
  const less = typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b, 'en', { numeric: true })
    : a < b ? -1 : a > b ? 1 : 0;
  return down ? -less : less;
}

function update({ page = 0, focus = false } = {}) {
  arrange();
  state.page = page;
  render(focus);
}

const pages = () => Math.max(1, Math.ceil(state.order.length / PAGE));

function render(focus = false) {
  state.page = Math.max(0, Math.min(state.page, pages() - 1));
  header();
  const first = state.page * PAGE;
  const rows = state.order.slice(first, first + PAGE);
  const body = $('cases').tBodies[0];
  body.replaceChildren(...rows.map((row, at) => rowOf(row, first + at)));
  $('cases').setAttribute('aria-rowcount', state.order.length + 1);
  if (!rows.length) {
    body.append(make('tr', {}, make('td', { colspan: columns.length, class: 'faint' },
      count ? 'nothing passes this filter' : `the values of single ${each}s are not in this file`)));
  }
  const current = body.querySelector('[aria-selected="true"]') || body.querySelector('tr[data-row]');
  if (current) current.tabIndex = 0;
  if (focus && current) current.focus();
  $('previous').disabled = state.page === 0;
  $('next').disabled = state.page >= pages() - 1;
  status(first, rows.length);
}

function status(first, length) {
  const by = columns.find((one) => one.id === state.sort);
  const sorted = by ? `sorted by ${by.name}, ${state.down ? 'highest' : 'lowest'} first` : 'the worst first';
  const range = length && state.order.length > PAGE ? `${counted(first + 1)} to ${counted(first + length)} of ` : '';
  const total = state.order.length < count ? ` (of ${counted(count)})` : '';
  $('status').textContent = `${range}${several(state.order.length)}${total}, ${sorted}`;
}

const visibleColumns = () => columns.filter((one) => shownColumns.has(one.id));

function header() {
  const cells = visibleColumns().map((one) => {
    const sorted = state.sort === one.id ? (state.down ? 'descending' : 'ascending') : 'none';
    const sign = sorted === 'none' ? '' : state.down ? ' ↓' : ' ↑';
    const button = make('button', { type: 'button', 'data-column': one.id }, ...wrapped(one.name), sign);
    if (one.unit) button.append(make('span', { class: 'faint' }, one.unit));
    button.addEventListener('click', () => sortBy(one));
    return make('th', { scope: 'col', 'aria-sort': sorted, class: one.key ? null : 'number' }, button);
  });
  $('cases').tHead.rows[0].replaceChildren(...cells);
}

function sortBy(one) {
  if (state.sort === one.id) {
    state.down = !state.down;
  } else {
    state.sort = one.id;
    state.down = !one.key && one.better !== 'higher';
  }
  update();
  $('cases').tHead.querySelector('[aria-sort$="ending"] button').focus();
}

function rowOf(row, place) {
  const number = exampleOf(row);
  const selectedRow = chosen?.row === row;
  const cells = visibleColumns().map((one, at) => {
    if (one.id === 'verdict') {
      const verdict = table.verdicts[row];
      return make('td', { class: { f: 'fails', p: 'passes' }[verdict] ?? 'faint' }, VERDICTS[verdict]);
    }
    const value = one.get(row);
    if (!one.key) return make('td', { class: 'number' }, say(value));
    const cell = one.id === 'cell' ? table.cells[value] : null;
    const text = make('td', { title: cell ?? String(value) }, cell ? `${value}: ${cell}` : String(value));
    if (at === 0 && data.examples.length) {
      const dot = make('span', { class: 'dot' });
      if (number !== null) dot.append(swatchOf(number));
      text.prepend(dot);
    }
    return text;
  });
  const said = { 'data-row': row, 'aria-rowindex': place + 2, 'aria-selected': String(selectedRow), tabindex: -1 };
  const one = make('tr', said, ...cells);
  one.addEventListener('click', () => choose(row));
  return one;
}

const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -Infinity, End: Infinity };

$('cases').addEventListener('keydown', (event) => {
  const focused = event.target.closest('tr[data-row]');
  if (!focused || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = Number(focused.getAttribute('data-row'));
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    choose(row, true);
  } else if (event.key in MOVES) {
    event.preventDefault();
    const at = state.order.indexOf(row) + MOVES[event.key];
    choose(state.order[Math.max(0, Math.min(at, state.order.length - 1))], true);
  }
});
