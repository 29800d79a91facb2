import { describe, expect, it } from 'vitest';
import { de } from '../text/de.ts';
import { en } from '../text/en.ts';
import { mirrored } from '../text/mirrored.ts';
import { asks, readQuery } from './searchQuery.ts';

const day = (year: number, month: number, date: number): number =>
  new Date(year, month - 1, date).getTime();

describe('what is typed to search', () => {
  it('takes filters out of the words, in any order and case', () => {
    expect(readQuery('raised From:bob beds has:link before:2026-11-02')).toEqual({
      text: 'raised beds',
      from: 'bob',
      has: 'link',
      before: day(2026, 11, 2),
    });
    expect(readQuery('from:"Carol Ann" after:2026-1-9')).toEqual({
      text: '',
      from: 'Carol Ann',
      since: day(2026, 1, 9),
    });
  });

  it('searches for what is no filter', () => {
    expect(readQuery('has:time before:lunch 2026-13-40').text).toBe(
      'has:time before:lunch 2026-13-40',
    );
    expect(readQuery('before:2026-02-30').text).toBe('before:2026-02-30');
    expect(readQuery('has:__proto__').has).toBeUndefined();
  });

  it('takes the words of the language of the page, and the English ones beside them', () => {
    const german = de.search.words;
    const found = { text: 'Beete', from: 'Carol Ann', has: 'picture', before: day(2026, 12, 31) };
    expect(readQuery('Von:"Carol Ann" hat:Bild vor:31.12.2026 Beete', german)).toEqual(found);
    expect(readQuery('from:"Carol Ann" has:image before:2026-12-31 Beete', german)).toEqual(found);
    expect(readQuery('nach:1.2.2026 hat:datei', german)).toEqual({
      text: '',
      has: 'file',
      since: day(2026, 2, 1),
    });
    expect(readQuery('von:bob hat:datei').text).toBe('von:bob hat:datei');
    expect(readQuery('from:bob', mirrored(en).search.words).from).toBe('bob');
    expect(readQuery('vor:30.2.2026 https://a.example/vor:x', german).text).toBe(
      'vor:30.2.2026 https://a.example/vor:x',
    );
  });

  it.each([
    ['English', en],
    ['German', de],
  ])('%s says below the field what is understood there', (_, { search }) => {
    const told = search.how.match(/\p{L}+:[\p{L}\d.-]+(?=[,.] )/gu) ?? [];
    expect(told).toHaveLength(6);
    expect(readQuery(told.join(' '), search.words)).toEqual({
      text: '',
      from: 'name',
      has: 'link',
      before: day(2026, 12, 31),
      since: day(2026, 1, 1),
    });
  });

  it('asks for nothing where nothing was typed', () => {
    expect(asks(readQuery('   '))).toBe(false);
    expect(asks(readQuery('has:file'))).toBe(true);
  });
});
