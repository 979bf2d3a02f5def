// What is typed into the filter: conditions such as `max_abs_jerk > 4`, and words.

const CONDITION = /^(?:"([^"]*)"|(.+?))\s*(<=|>=|==|!=|=|<|>)\s*(\S+)$/;

const COMPARE = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** Terms between commas (or `and`), but for those in quotes. */
function terms(text) {
  const found = [''];
  let quoted = false;
  for (const part of text.split(/(,|"|&&|\sand\s)/)) {
    if (part === '"') quoted = !quoted;
    if (!quoted && /^(,|&&|\sand\s)$/.test(part)) found.push('');
    else found[found.length - 1] += part;
  }
  return found.map((one) => one.trim()).filter(Boolean);
}

/**
 * What a filter asks of a row: a list of functions of its number, or what is wrong with it.
 * `columns` have a name and get(row); words are looked for in text(row).
 */
function parsed(text, columns, words) {
  const tests = [];
  for (const term of terms(text)) {
    const found = CONDITION.exec(term);
    const [, quoted, bare, sign, said] = found || [];
    if (!found || (quoted === undefined && bare.startsWith('"'))) {
      const word = term.replace(/^"|"$/g, '').toLowerCase();
      tests.push((row) => words(row).includes(word));
      continue;
    }
    const name = (quoted ?? bare).trim();
    const lower = name.toLowerCase();
    const column = columns.find((one) => one.name === name)
      || columns.find((one) => one.name.toLowerCase() === lower);
    if (!column) {
      const near = nearest(lower, columns.map((one) => one.name));
      return { problem: `no column is called ${name}${near ? `; is it ${near}?` : ''}` };
    }
    const number = /^(nan|undefined)$/i.test(said) ? NaN : Number(said.replace('−', '-'));
    if (Number.isNaN(number) && !/^(nan|undefined)$/i.test(said)) {
      return { problem: `${term}: ${said} is no number` };
    }
    if (Number.isNaN(number)) {
      tests.push((row) => Number.isNaN(Number(column.get(row))) === (sign !== '!='));
    } else {
      tests.push((row) => COMPARE[sign](Number(column.get(row)), number));
    }
  }
  return { tests };
}

/** The name that shares the most pairs of letters; none where nothing is alike. */
function nearest(name, names) {
  const pairs = (text) => new Set(Array.from(text.slice(1), (one, at) => text[at] + one));
  const wanted = pairs(name);
  let [best, most] = [null, 0.4];
  for (const one of names) {
    const other = pairs(one.toLowerCase());
    const shared = [...wanted].filter((pair) => other.has(pair)).length;
    const alike = (2 * shared) / (wanted.size + other.size || 1);
    if (alike > most) [best, most] = [one, alike];
  }
  return best;
}
