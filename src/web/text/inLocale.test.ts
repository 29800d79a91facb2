import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { nameOrderIn, numberIn, numbersOf } from './inLocale.ts';

describe('in the way of a language', () => {
  it('numbers are written', () => {
    expect(numberIn('en', 12_345.5)).toBe('12,345.5');
    expect(numberIn('de', 12_345.5)).toBe('12.345,5');
  });

  it('names are ordered', () => {
    const names = ['Zoe', 'Älva', 'Bob'];
    expect(names.toSorted(nameOrderIn('de'))).toEqual(['Älva', 'Bob', 'Zoe']);
    expect(names.toSorted(nameOrderIn('sv'))).toEqual(['Bob', 'Zoe', 'Älva']);
    expect(nameOrderIn('de')).toBe(nameOrderIn('de'));
  });

  it('numbers in texts follow, their plural form and other parts stay', () => {
    const texts = createInstance();
    void texts.use(numbersOf(() => 'de')).init({
      lng: 'de',
      initAsync: false,
      resources: {
        de: {
          translation: { n_one: '{{count}} Ding, {{name}}', n_other: '{{count}} Dinge, {{name}}' },
        },
      },
      interpolation: { escapeValue: false, alwaysFormat: true },
    });
    const say = texts.t as (key: string, parts: object) => string;
    expect(say('n', { count: 1, name: '1000' })).toBe('1 Ding, 1000');
    expect(say('n', { count: 2500, name: 'Bob' })).toBe('2.500 Dinge, Bob');
  });
});
