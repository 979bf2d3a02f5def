// What stands around the table: the filter and its example, and the columns to choose from.

/** Show only what lies in a bar of a distribution. */
function between(metric, from, to) {
  if (!numbers[metric.id]) return;
  const name = `"${metric.name}"`;
  $('filter').value = `${name} >= ${Number(from.toPrecision(5))}, ${name} <= ${Number(to.toPrecision(5))}`;
  update();
  $('explore').scrollIntoView();
}

function clear() {
  $('filter').value = '';
  $('filter-verdict').value = '';
  update();
}

/** What can be typed into the filter, by the example of this table. */
function filterHelp() {
  const metric = data.metrics.find((one) => numbers[one.id] && one.marks.length);
  if (!metric) return;
  const name = /[\s,"<>=!]/.test(metric.name) ? `"${metric.name}"` : metric.name;
  const above = `${name} > ${Number(metric.marks[0].toPrecision(3))}`;
  $('filter').placeholder = `text, or ${above}`;
  const first = count ? table.keys[keys[0]][0] : '';
  $('filter-help').append('Words and conditions, separated by commas: ',
    make('code', {}, `${above}, ${data.run ? `seed >= ${Math.min(100, count >> 1)}` : first}`));
}

function columnChoices() {
  const list = $('columns').querySelector('.choices');
  for (const one of columns) {
    const box = make('input', { type: 'checkbox', 'data-column': one.id });
    box.checked = shownColumns.has(one.id);
    box.addEventListener('change', () => {
      if (box.checked) shownColumns.add(one.id);
      else shownColumns.delete(one.id);
      render();
    });
    list.append(make('label', {}, box, ` ${one.name}`));
  }
  if (table.left_out) {
    list.append(make('p', { class: 'faint' }, `${table.left_out} more did not fit into this file`));
  }
}
