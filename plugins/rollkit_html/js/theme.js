// Light or dark: as the system is, until the button says otherwise; remembered where that is allowed.

const REMEMBERED = 'rollkit-theme';

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // a file may not be allowed to remember
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)');

function show(theme) {
  document.documentElement.setAttribute('data-theme', theme);
  $('theme').textContent = theme === 'dark' ? 'Light' : 'Dark';
  $('theme').setAttribute('aria-pressed', String(theme === 'dark'));
}

function setTheme() {
  const said = remembered();
  show(said === 'dark' || said === 'light' ? said : dark.matches ? 'dark' : 'light');
}

$('theme').addEventListener('click', () => {
  const next = document.documentElement.getAttribute('data-theme') === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem(REMEMBERED, next);
  } catch {
    // shown all the same
  }
  show(next);
});
dark.addEventListener('change', setTheme);
setTheme();
