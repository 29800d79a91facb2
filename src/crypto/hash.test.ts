import { describe, expect, it } from 'vitest';
import { ascii, toHex } from '../lib/bytes.ts';
import { H, K } from './hash.ts';
import { DERIVE, HASH } from './label.ts';
import { loadSodium } from './sodium.ts';

const p = await loadSodium();
const key = new Uint8Array(32).fill(1);

describe('framed hashes (pitfall 25)', () => {
  it('where one part ends and the next begins is part of what is hashed', () => {
    const all = [
      H(p, HASH.pid, ascii('ab'), ascii('c')),
      H(p, HASH.pid, ascii('a'), ascii('bc')),
      H(p, HASH.pid, ascii('abc')),
      H(p, HASH.pid, ascii('abc'), ascii('')),
      H(p, HASH.pid, ascii(''), ascii('abc')),
      H(p, HASH.cardHash, ascii('abc')),
      H(p, HASH.pid),
    ].map(toHex);
    expect(new Set(all).size).toBe(all.length);
  });

  it('labels separate what is derived from one key, also from a hash under the same words', () => {
    const all = Object.values(DERIVE).map((label) => toHex(K(p, key, label, ascii('x'))));
    all.push(...Object.values(HASH).map((label) => toHex(H(p, label, ascii('x')))));
    expect(new Set(all).size).toBe(all.length);
  });
});
