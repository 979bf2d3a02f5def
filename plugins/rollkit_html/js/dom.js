// Elements by their ids, new ones made of text alone, and numbers as they are shown.

const $ = (id) => document.getElementById(id);

const data = JSON.parse($('data').textContent);

/** An element with attributes; what it holds is text or other elements, never markup. */
function make(tag, attributes = {}, ...children) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) one.setAttribute(name, value);
  }
  one.append(...children);
  return one;
}

/** Numbers as they were embedded: null is undefined, a text is infinite. */
const plain = (value) => (value === null || value === undefined ? NaN : Number(value));

/** A name that may be broken after its underscores. */
const wrapped = (name) => name.split(/(?<=_)/).flatMap((part) => [part, make('wbr')]);

/** Five digits, a true minus, a dash where there is nothing. */
function say(value, digits = 5) {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return counted(value).replace('-', '−');
  return String(Number(value.toPrecision(digits))).replaceAll('-', '−');
}

/** Thousands apart, the same in every country. */
const counted = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** A short line as an example is drawn. */
function swatch(style, number) {
  const svg = document.createElementNS(NAMESPACE, 'svg');
  const line = document.createElementNS(NAMESPACE, 'path');
  const said = { width: 26, height: 8, 'aria-hidden': 'true' };
  for (const [name, value] of Object.entries(said)) svg.setAttribute(name, value);
  line.setAttribute('class', 'swatch-line');
  line.setAttribute('d', 'M0,4H26');
  line.setAttribute('data-color', number % 6);
  line.setAttribute('stroke-dasharray', style.dash.join(' '));
  svg.append(line);
  return svg;
}

/** A command in full, and a button that copies it. */
function command(text, what) {
  const copy = make('button', { type: 'button', class: 'copy', 'data-copy': text }, 'Copy');
  return make('p', { class: 'command again' }, make('span', { class: 'faint' }, what),
    make('code', {}, text), copy);
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button.copy');
  if (!button) return;
  const text = button.getAttribute('data-copy');
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', {}, text);
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
});

// Of many numbers, which a spread would not take; `otherwise` of none.
const min = (some, otherwise) => some.reduce((a, b) => Math.min(a, b), some.length ? Infinity : otherwise);
const max = (some, otherwise) => some.reduce((a, b) => Math.max(a, b), some.length ? -Infinity : otherwise);
