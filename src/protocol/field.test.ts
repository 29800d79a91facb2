import { describe, expect, it } from 'vitest';
import { array, decodeFrame, encodeFrame, grown, record, text, uint } from './field.ts';

const first = record({ name: text(10) });
const later = grown({ name: text(10) }, { age: [uint, 7], tags: [array(text(5), 3), ['new']] });

describe('a stored record that grew', () => {
  it('reads what an earlier build stored, with the values for what came later', () => {
    const stored = encodeFrame(first.write({ name: 'Alice' }));
    const read = decodeFrame(stored, (value) => later.read(value));
    expect(read).toEqual({ ok: true, value: { name: 'Alice', age: 7, tags: ['new'] } });
  });

  it('reads what it wrote', () => {
    const value = { name: 'Bob', age: 1, tags: [] };
    const read = decodeFrame(encodeFrame(later.write(value)), (raw) => later.read(raw));
    expect(read).toEqual({ ok: true, value });
  });

  it('refuses a field too many, one too few of the first ones, and a wrong one', () => {
    for (const wrong of [[], ['A', 1, [], 0], ['A', 'x'], [1]])
      expect(decodeFrame(encodeFrame(wrong), (raw) => later.read(raw))).toMatchObject({
        ok: false,
        error: { name: 'E_FORMAT' },
      });
  });
});
