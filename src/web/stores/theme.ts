/** Light, dark, or what the system wants; public/theme.js reads the same key before the first paint. */
import { create } from 'zustand';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'theme';
const darkness = window.matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return found === 'light' || found === 'dark' ? found : 'system';
  } catch {
    return 'system';
  }
}

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: stored() }));

function show(): void {
  const { theme } = useTheme.getState();
  const dark = theme === 'dark' || (theme === 'system' && darkness.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

export function setTheme(theme: Theme): void {
  useTheme.setState({ theme });
  show();
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts until the page closes.
  }
}

/** Keeps following the system; answers its undo. */
export function followSystemTheme(): () => void {
  show();
  darkness.addEventListener('change', show);
  return () => darkness.removeEventListener('change', show);
}
