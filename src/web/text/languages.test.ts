import { describe, expect, expectTypeOf, it } from 'vitest';
import { en } from './en.ts';
import { isLanguage, languageOf, LANGUAGES, localeOf } from './languages.ts';
import { mirrored, mirroredText } from './mirrored.ts';
import type { Texts } from './texts.ts';

/** Every text with its path. */
function leaves(texts: unknown, path = ''): [string, string][] {
  if (typeof texts === 'string') return [[path, texts]];
  return Object.entries(texts as object).flatMap(([key, inner]) =>
    leaves(inner, path === '' ? key : `${path}.${key}`),
  );
}

const FORM = /_(?:zero|one|two|few|many|other)$/u;

/** What i18next fills, in an order that does not depend on the language. */
const places = (text: string): string[] =>
  (text.match(/\{\{[^}]*\}\}|<\/?\w+>|\$t\([^)]*\)/gu) ?? []).toSorted();

const formsOf = (other: string, paths: readonly string[]): string[] => {
  const base = other.replace(FORM, '_');
  return paths
    .filter((path) => path.replace(FORM, '_') === base)
    .map((path) => path.slice(base.length));
};

/** i18next takes a form for nothing at all in every language. */
const isForm = (path: string, needed: readonly string[]): boolean =>
  ['zero', ...needed].some((form) => path.endsWith(`_${form}`));

describe('languages', () => {
  it('the first one that a person reads is shown, English where there is none', () => {
    expect(languageOf(['en-GB', 'de'])).toBe('en');
    expect(languageOf(['fr', 'de-AT', 'en'])).toBe('de');
    expect(languageOf(['xx', 'en'])).toBe('en');
    expect(languageOf([])).toBe('en');
    expect(languageOf(['constructor'])).toBe('en');
  });

  it('the one for testing is never shown by itself', () => {
    expect(languageOf(['en-XB'])).toBe('en');
  });

  it('times are written as the system does where it speaks the language, else as the language does', () => {
    expect(localeOf('en', ['de-DE', 'en-GB'])).toBe('en-GB');
    expect(localeOf('en', ['de-DE'])).toBe('en');
    expect(localeOf('de', ['en', 'de-CH', 'de'])).toBe('de-CH');
    expect(localeOf('de', ['en'])).toBe('de');
    expect(localeOf('en-XB', ['de-DE', 'en-GB'])).toBe('en-GB');
  });

  it('a language without a key, or with another one, is a type error; more plural forms are not', () => {
    expectTypeOf<Omit<Texts, 'app'>>().not.toExtend<Texts>();
    expectTypeOf<Texts['app']>().toHaveProperty('reload');
    expectTypeOf<Texts['when']['days_few']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Texts['when']>().not.toHaveProperty('min_few');
  });

  it.each(Object.keys(LANGUAGES).filter(isLanguage))(
    '%s has every key, with the same places to fill and without an exclamation mark',
    async (language) => {
      const texts = new Map(leaves(await LANGUAGES[language].load()));
      const faults = leaves(en).flatMap(([path, english]) => {
        const text = texts.get(path);
        if (text === undefined) return [`${path} is missing`];
        if (text.includes('!')) return [`${path} shouts`];
        return places(text).join(' ') === places(english).join(' ') ? [] : [`${path}: ${text}`];
      });
      expect(faults).toEqual([]);
    },
  );

  it('each one has the plural forms its counting needs, and no others', async () => {
    for (const language of Object.keys(LANGUAGES).filter(isLanguage)) {
      const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const paths = leaves(await LANGUAGES[language].load()).map(([path]) => path);
      const counted = paths.filter((path) => path.endsWith('_other'));
      expect(counted.length).toBeGreaterThan(0);
      const short = counted.filter((path) => {
        const forms = formsOf(path, paths);
        return !needed.every((form) => forms.includes(form));
      });
      expect(short).toEqual([]);
      const strange = paths.filter((path) => FORM.test(path) && !isForm(path, needed));
      expect(strange).toEqual([]);
    }
  });
});

describe('English from right to left', () => {
  it('turns the words round and leaves alone what is put into them', () => {
    expect(mirroredText('Send')).toBe('\u202eSend\u202c');
    expect(mirroredText('{{name}} left')).toBe('\u200f{{name}}\u200f\u202e left\u202c');
    expect(mirroredText('a <0>b</0>')).toBe('\u202ea \u202c<0>\u202eb\u202c</0>');
  });

  it('turns every text', () => {
    expect(mirrored(en).app.reload).toBe('\u202eReload\u202c');
    expect(mirrored(en).failure.E_TIMEOUT.sentence).toMatch(/^\u202e.*\u202c$/u);
  });
});
