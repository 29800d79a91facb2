import { describe, expect, it } from 'vitest';
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

  it('asks for nothing where nothing was typed', () => {
    expect(asks(readQuery('   '))).toBe(false);
    expect(asks(readQuery('has:file'))).toBe(true);
  });
});
