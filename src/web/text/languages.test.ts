import { describe, expect, expectTypeOf, it } from 'vitest';
import { en } from './en.ts';
import { languageOf, LANGUAGES, localeOf } from './languages.ts';
import { mirrored, mirroredText } from './mirrored.ts';
import type { Texts } from './texts.ts';

describe('languages', () => {
  it('the first one that a person reads is shown, English where there is none', () => {
    expect(languageOf(['en-GB', 'fr'])).toBe('en');
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
    expect(localeOf('en-XB', ['de-DE', 'en-GB'])).toBe('en-GB');
  });

  it('a language without a key, or with another one, is a type error; more plural forms are not', () => {
    expectTypeOf<Omit<Texts, 'app'>>().not.toExtend<Texts>();
    expectTypeOf<Texts['app']>().toHaveProperty('reload');
    expectTypeOf<Texts['when']['days_few']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Texts['when']>().not.toHaveProperty('min_few');
  });

  it('each one has every key', async () => {
    const keys = (texts: unknown, path: string): string[] =>
      typeof texts === 'string'
        ? [path]
        : Object.entries(texts as object).flatMap(([key, inner]) => keys(inner, `${path}.${key}`));
    for (const { load } of Object.values(LANGUAGES))
      expect(keys(await load(), '')).toEqual(expect.arrayContaining(keys(en, '')));
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
