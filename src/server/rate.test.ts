import { describe, expect, it } from 'vitest';
import { createRate } from './rate.ts';

describe('rate', () => {
  it('so many at once, then one each time a token has grown; each name has its own', () => {
    let now = 0;
    const rate = createRate(() => now, 2, 1 / 100);
    rate.take('a');
    rate.take('a');
    expect(rate.wait('a')).toBe(100);
    expect(rate.wait('b')).toBeNull();
    now = 60;
    expect(rate.wait('a')).toBe(100);
    now = 100;
    expect(rate.wait('a')).toBeNull();
    rate.take('a');
    expect(rate.wait('a')).toBe(200);
  });

  it('a clock that goes back gives no tokens and takes none', () => {
    let now = 1000;
    const rate = createRate(() => now, 1, 1 / 100);
    rate.take('a');
    now = 0;
    expect(rate.wait('a')).toBe(100);
    now = 99;
    expect(rate.wait('a')).toBe(100);
    now = 100;
    expect(rate.wait('a')).toBeNull();
  });
});
