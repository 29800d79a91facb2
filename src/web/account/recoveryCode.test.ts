import { describe, expect, it } from 'vitest';
import { groupsOf, lengthOf, signsOf, twoPlaces } from './recoveryCode.ts';

const CODE = 'A1B2C3D4E5F6G7H8J9K0M1N2P3';

describe('the recovery code in the hands of people', () => {
  it('is shown in four groups of five and one of six, and loses no sign', () => {
    const groups = groupsOf(CODE);
    expect(groups.map((group) => group.length)).toEqual([5, 5, 5, 5, 6]);
    expect(groups.map((_, place) => lengthOf(place))).toEqual([5, 5, 5, 5, 6]);
    expect(groups.join('')).toBe(CODE);
  });

  it('asks for two different groups, whatever chance says', () => {
    for (let first = 0; first < 1; first += 0.05)
      for (let second = 0; second < 1; second += 0.05) {
        const left = [first, second];
        const [one, other] = twoPlaces(() => left.shift() ?? 0);
        expect(one).toBeLessThan(other);
        expect(one).toBeGreaterThanOrEqual(0);
        expect(other).toBeLessThan(5);
      }
  });

  it('is taken however it is typed', () => {
    expect(signsOf(groupsOf(CODE).join('-'))).toBe(CODE);
    expect(signsOf(` ${CODE.toLowerCase()}\n`)).toBe(CODE);
    expect(signsOf('a1b2c – o1Il0')).toBe('A1B2C01110');
    expect(signsOf('ＡＢ１')).toBe('AB1');
  });
});
