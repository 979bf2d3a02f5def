// Everything is put together: the table first, which answers at once, then the plots.

columnChoices();
filterHelp();
for (const one of document.querySelectorAll('.verdicts')) one.hidden = !table.verdicts;
update();
$('filters').addEventListener('submit', (event) => event.preventDefault());
$('filter').addEventListener('input', () => update());
$('filter-verdict').addEventListener('change', () => update());
$('filter-reset').addEventListener('click', clear);
$('previous').addEventListener('click', () => { state.page -= 1; render(); });
$('next').addEventListener('click', () => { state.page += 1; render(); });
for (const button of document.querySelectorAll('button.case')) {
  const own = Object.fromEntries(['seed', 'cell', 'case']
    .map((one) => [one, button.getAttribute(`data-${one}`)]).filter(([, value]) => value !== null));
  button.addEventListener('click', () => chooseKeys(own));
}
document.body.setAttribute('data-ready', 'true');

choices();
const DRAWN = { distribution, interval, path };
for (const element of document.querySelectorAll('.chart')) {
  DRAWN[element.getAttribute('data-chart')]?.(element);
}
redraw();

const opened = [];
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll('#statistics details:not([open]), #provenance details:not([open])')) {
    one.open = true;
    opened.push(one);
  }
});
addEventListener('afterprint', () => {
  for (const one of opened.splice(0)) one.open = false;
});
document.addEventListener('pointerleave', () => tell(null, ''));
