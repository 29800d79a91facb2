import { describe, expect, it } from 'vitest';
import { DERIVE, HASH, SIGN } from './label.ts';

const labels: readonly string[] = [SIGN, HASH, DERIVE].flatMap((group) => Object.values(group));

describe('labels', () => {
  it('no two are equal, across signatures, hashes and derived keys', () => {
    expect(labels.filter((label, i) => labels.indexOf(label) !== i)).toEqual([]);
  });

  it('each is ASCII under our prefix and short enough for its one-byte length', () => {
    for (const label of labels) {
      expect(label).toMatch(/^conclave1\/[A-Za-z0-9-]+$/);
      expect(label.length).toBeLessThan(256);
    }
  });
});
