/** Words of the page through i18next. */
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';

export const i18n = createInstance();

/** Called once by main.tsx before the first draw. Texts ship with the page, so nothing is waited for. */
export function startText(): void {
  void i18n.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes what it draws.
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  });
}
