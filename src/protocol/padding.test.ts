import { describe, expect, it } from 'vitest';
import type { Bytes } from '../lib/bytes.ts';
import { pad1024, pad256, unpad1024, unpad256 } from './padding.ts';

const fill = (length: number): Bytes => new Uint8Array(length).fill(0x80);

describe('padding after ISO 7816-4', () => {
  it.each([
    [0, 256],
    [1, 256],
    [255, 256],
    [256, 512],
    [4095, 4096],
    [4096, 8192],
    [8191, 8192],
    [8192, 16_384],
    [60 * 1024, 65_536],
    [65_535, 65_536],
    [65_536, 131_072],
  ])('pad256 makes %i bytes %i: to 256s up to 4096, then to powers of two', (length, padded) => {
    expect(pad256(fill(length))).toHaveLength(padded);
    expect(unpad256(pad256(fill(length)))).toEqual(fill(length));
  });

  it.each([
    [0, 1024],
    [1023, 1024],
    [1024, 2048],
    [8191, 8192],
  ])('pad1024 makes %i bytes %i', (length, padded) => {
    expect(pad1024(fill(length))).toHaveLength(padded);
    expect(unpad1024(pad1024(fill(length)))).toEqual(fill(length));
  });

  it('lengths up to 9000 come back, and its padded length tells it is canonical', () => {
    for (let length = 0; length <= 9000; length += 7) {
      const input = fill(length);
      expect(unpad256(pad256(input))?.length).toBe(length);
      expect(unpad1024(pad1024(input))?.length).toBe(length);
    }
  });

  it('P036: zeros only, no mark, a wrong mark, and a block too many are refused', () => {
    const extra = new Uint8Array(512);
    extra.set(pad256(fill(3)));
    const wrong = pad256(fill(0));
    wrong.fill(0x40, 0, 1);
    for (const padded of [
      new Uint8Array(),
      new Uint8Array(256),
      new Uint8Array(1024),
      extra,
      wrong,
      fill(255),
    ]) {
      expect(unpad256(padded)).toBeNull();
    }
    expect(unpad1024(pad256(fill(3)))).toBeNull();
    expect(unpad256(pad1024(fill(3)))).toBeNull();
  });
});
