import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extend, neighbour, nothingSelected, toggle } from './selection.ts';

const ROWS = ['a', 'b', 'c', 'd', 'e'];

describe('selecting rows', () => {
  it('x selects a row and takes it back', () => {
    const one = toggle(nothingSelected(), 'b');
    expect([...one.marked]).toEqual(['b']);
    expect([...toggle(one, 'b').marked]).toEqual([]);
  });

  it('a range goes from the last selected row, up or down, and keeps what was selected before', () => {
    const down = extend(toggle(nothingSelected(), 'b'), ROWS, 'd');
    expect([...down.marked].sort()).toEqual(['b', 'c', 'd']);
    expect([...extend(down, ROWS, 'a').marked].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('a range whose beginning left the list selects its end alone, and one to a row that left selects nothing', () => {
    const gone = toggle(nothingSelected<string>(), 'z');
    expect([...extend(gone, ROWS, 'c').marked].sort()).toEqual(['c', 'z']);
    expect([...extend(gone, ROWS, 'y').marked]).toEqual(['z']);
  });

  it('a range is the same from both ends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROWS), fc.constantFrom(...ROWS), (one, other) => {
        const there = extend(toggle(nothingSelected<string>(), one), ROWS, other).marked;
        const back = extend(toggle(nothingSelected<string>(), other), ROWS, one).marked;
        expect([...there].sort()).toEqual([...back].sort());
      }),
      { verbose: true },
    );
  });

  it('j and k stay within the list', () => {
    expect(neighbour(ROWS, null, 1)).toBe('a');
    expect(neighbour(ROWS, 'e', 1)).toBe('e');
    expect(neighbour(ROWS, 'a', -1)).toBe('a');
    expect(neighbour(ROWS, 'gone', 1)).toBe('a');
    expect(neighbour([], 'a', 1)).toBeNull();
  });
});
