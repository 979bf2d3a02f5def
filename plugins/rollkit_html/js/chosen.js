// The chosen case: in the table, in every distribution, in the plots, and in full beside them.

/** Choose a row: in the table, in every distribution, in the plots. */
function choose(row, focus = false) {
  chosen = { row, example: exampleOf(row) };
  state.page = Math.floor(Math.max(0, state.order.indexOf(row)) / PAGE);
  render(focus);
  describe(nameOf(row), keysOf(row));
  for (const one of plots.values()) {
    if (one.element.getAttribute('data-chart') === 'distribution' && one.element.clientWidth) refill(one);
  }
  redraw();
}

/** What the chosen case has of a metric. */
function chosenValue(id) {
  if (!chosen) return NaN;
  if (chosen.row !== null && numbers[id]) return numbers[id][chosen.row];
  return chosen.example === null ? NaN : plain(data.examples[chosen.example].values[id]);
}

/** Everything that is known of the chosen case. */
function describe(name, own) {
  const panel = $('chosen');
  panel.setAttribute('data-case', name);
  const parts = [make('p', {}, make('strong', {}, name))];
  const one = chosen.example === null ? null : data.examples[chosen.example];
  if (table.verdicts && chosen.row !== null) parts[0].append(` ${VERDICTS[table.verdicts[chosen.row]]}`);
  if (one) {
    parts[0].append(make('span', { class: 'faint' }, ` ${one.why.join(', ')}`));
  } else if (data.examples.length) {
    parts.push(make('p', { class: 'faint' }, 'Its trajectory is not in this file.'));
  }
  const known = data.metrics.map((metric) => [metric, chosenValue(metric.id)]);
  parts.push(make('dl', {}, ...known.filter(([metric]) => shownColumns.has(metric.id)).map(([metric, value]) => make('div', {},
    make('dt', {}, metric.name), make('dd', {}, `${say(value)} ${metric.unit}`)))));
  const again = one?.again ?? againOf(own);
  if (again) parts.push(command(again, one ? 'do it again' : 'to see it'));
  panel.replaceChildren(...parts);
}

/** The command that draws a rollout or a case which is not in this file. */
function againOf(own) {
  const parts = table.again[Number(own.cell ?? 0)];
  return parts ? parts.join(own.seed ?? quoted(own.case)) : null;
}

/** A word as a shell takes it. */
const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);

/** Choose a case by its keys, wherever it is. */
function chooseKeys(own) {
  const row = (() => {
    for (let at = 0; at < count; at += 1) {
      if (Object.entries(own).every(([name, value]) => String(table.keys[name]?.[at]) === value)) return at;
    }
    return null;
  })();
  if (row !== null) {
    if (!state.order.includes(row)) clear();
    choose(row);
  } else {
    chosen = { row: null, example: byKey.get(keyOf(own)) ?? null };
    render();
    describe(own.case ?? `seed ${own.seed}`, own);
    redraw();
  }
  $('explore').scrollIntoView();
  $('cases').querySelector('[aria-selected="true"]')?.focus({ preventScroll: true });
}
