/** Words of the page through i18next. */
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { type NameOrder, nameOrderIn, numberIn, numbersOf } from './inLocale.ts';
import { type Language, LANGUAGES, localeOf } from './languages.ts';

export const i18n = createInstance();

/** Called once by main.ts before the first draw. English ships with the page: it is there where another language cannot be loaded. */
export function startText(): void {
  void i18n
    .use(initReactI18next)
    .use(numbersOf(locale))
    .init({
      lng: 'en',
      fallbackLng: 'en',
      resources: { en: { translation: en } },
      // React escapes what it draws.
      interpolation: { escapeValue: false, alwaysFormat: true },
      returnNull: false,
      initAsync: false,
    });
}

/** Loads the words of a language and shows them. Rejects where they cannot be loaded; what was shown stays. */
export async function showLanguage(language: Language): Promise<void> {
  const { dir, load } = LANGUAGES[language];
  if (!i18n.hasResourceBundle(language, 'translation'))
    i18n.addResourceBundle(language, 'translation', await load());
  document.documentElement.lang = language;
  document.documentElement.dir = dir;
  await i18n.changeLanguage(language);
}

/** How times, numbers and lists are written now. */
export function locale(): string {
  return localeOf(i18n.language as Language, navigator.languages);
}

export function numberText(value: number): string {
  return numberIn(locale(), value);
}

/** How names are ordered now. */
export function nameOrder(): NameOrder {
  return nameOrderIn(locale());
}
