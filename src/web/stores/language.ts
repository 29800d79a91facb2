/** The language of the page: one that was chosen, or what the system wants. */
import { create } from 'zustand';
import { showLanguage } from '../text/i18n.ts';
import { isLanguage, type Language, languageOf } from '../text/languages.ts';

export type LanguageChoice = 'system' | Language;

interface Shown {
  readonly choice: LanguageChoice;
  readonly shown: Language;
}

const KEY = 'language';

function stored(): LanguageChoice {
  try {
    const found = localStorage.getItem(KEY) ?? '';
    return isLanguage(found) ? found : 'system';
  } catch {
    return 'system';
  }
}

const wantedBy = (choice: LanguageChoice): Language =>
  choice === 'system' ? languageOf(navigator.languages) : choice;

export const useLanguage = create<Shown>(() => ({ choice: stored(), shown: 'en' }));

async function show(): Promise<void> {
  const wanted = wantedBy(useLanguage.getState().choice);
  await showLanguage(wanted);
  // Something else may have been chosen meanwhile.
  if (wantedBy(useLanguage.getState().choice) === wanted) useLanguage.setState({ shown: wanted });
}

export function setLanguage(choice: LanguageChoice): void {
  useLanguage.setState({ choice });
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Storage may be forbidden; the choice then lasts until the page closes.
  }
  show().catch(() => undefined);
}

/** Called by page.tsx before the first draw; answers its undo. Where a language cannot be loaded, it is English. */
export async function followSystemLanguage(): Promise<() => void> {
  const follow = (): void => void show().catch(() => undefined);
  window.addEventListener('languagechange', follow);
  await show().catch(() => undefined);
  return () => window.removeEventListener('languagechange', follow);
}
