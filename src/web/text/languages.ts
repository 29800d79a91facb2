/** The languages of the page. Another one is a file of `Texts` and a line here. */
import { en } from './en.ts';
import type { Texts } from './texts.ts';

interface LanguageOf {
  /** In its own words. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** Whether it may be shown because the system speaks it. */
  readonly spoken: boolean;
  readonly load: () => Promise<Texts>;
}

const TABLE = {
  en: { name: 'English', dir: 'ltr', spoken: true, load: () => Promise.resolve(en) },
  de: {
    name: 'Deutsch',
    dir: 'ltr',
    spoken: true,
    load: async () => (await import('./de.ts')).de,
  },
  'en-XB': {
    name: 'English, right to left (for testing)',
    dir: 'rtl',
    spoken: false,
    load: async () => (await import('./mirrored.ts')).mirrored(en),
  },
} as const satisfies Readonly<Record<string, LanguageOf>>;

export type Language = keyof typeof TABLE;

export const LANGUAGES: Readonly<Record<Language, LanguageOf>> = TABLE;

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text);
}

const baseOf = (locale: string): string => locale.split('-')[0] ?? locale;

/** The first language the person reads that there is; English for everybody else. */
export function languageOf(wanted: readonly string[]): Language {
  for (const locale of wanted) {
    const base = baseOf(locale);
    if (isLanguage(base) && LANGUAGES[base].spoken) return base;
  }
  return 'en';
}

/** How times and lists are written beside texts of this language: as the person's system does where it speaks it too. */
export function localeOf(language: Language, wanted: readonly string[]): string {
  return wanted.find((locale) => baseOf(locale) === baseOf(language)) ?? baseOf(language);
}
