export type Theme = 'auto' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

const STORED = 'kervan.theme';

function isTheme(value: unknown): value is Theme {
  return THEMES.includes(value as Theme);
}

const systemDark = matchMedia('(prefers-color-scheme: dark)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

let theme = $state<Theme>('auto');
let systemIsDark = $state(systemDark.matches);

export function startSettings(): void {
  const stored = document.documentElement.dataset['theme'];
  if (isTheme(stored)) theme = stored;
  systemDark.addEventListener('change', (event) => {
    systemIsDark = event.matches;
  });
}

export function currentTheme(): Theme {
  return theme;
}

export function isDark(): boolean {
  return theme === 'dark' || (theme === 'auto' && systemIsDark);
}

export function setTheme(value: Theme): void {
  theme = value;
  if (value === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = value;
  try {
    localStorage.setItem(STORED, value);
  } catch {
    // Without storage the choice lasts for this visit.
  }
}

const KEYS_STORED = 'kervan.shortcuts';

function storedShortcuts(): boolean {
  try {
    return localStorage.getItem(KEYS_STORED) !== 'off';
  } catch {
    return true;
  }
}

let shortcuts = $state(storedShortcuts());

/** Whether keys of one letter do something (WCAG 2.1.4: they can be switched off). */
export function shortcutsOn(): boolean {
  return shortcuts;
}

export function setShortcuts(on: boolean): void {
  shortcuts = on;
  try {
    localStorage.setItem(KEYS_STORED, on ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts for this visit.
  }
}

export function wantsCalm(): boolean {
  return calm.matches;
}
