import { describe, expect, it } from 'vitest';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { present } from '../lib/assert.ts';
import { ascii, toHex } from '../lib/bytes.ts';
import type { Gid, Hash, Pid } from '../protocol/ids.ts';
import { groupCode, requestCode, requestCodeHash, safetyNumber } from './code.ts';
import { loadSodium } from './sodium.ts';

const p = await loadSodium();
const pid = (digit: string): Pid => digit.repeat(64) as Pid;
const SIXTY = /^\d{5}( \d{5}){11}$/;

describe('codes people compare', () => {
  it('the safety number is 60 digits, the same from both sides, another for other people', () => {
    const numbers = ['1', '2', '3'].map((digit) => safetyNumber(p, pid('a'), pid(digit)));
    for (const number of numbers) expect(number).toMatch(SIXTY);
    expect(new Set(numbers).size).toBe(3);
    expect(safetyNumber(p, pid('1'), pid('a'))).toBe(numbers[0]);
  });

  it('the group code changes with group, seq, head and roster', () => {
    const code = (gid: string, seq: number, head: string, roster: string): string =>
      groupCode(
        p,
        pid(gid) as string as Gid,
        seq,
        pid(head) as string as Hash,
        pid(roster) as string as Hash,
      );
    const codes = [
      code('1', 1, '2', '3'),
      code('2', 1, '2', '3'),
      code('1', 2, '2', '3'),
      code('1', 1, '3', '3'),
      code('1', 1, '2', '4'),
    ];
    for (const text of codes) expect(text).toMatch(SIXTY);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('the request code is six words that are the first 66 bits of its hash, highest first', () => {
    for (const text of ['one', 'two', 'three', 'four']) {
      const request = ascii(text);
      const bits = [...requestCodeHash(p, request)]
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('');
      const words = requestCode(p, request).split(' ');
      const read = words.map((word) => {
        const place = wordlist.indexOf(word);
        return present(place < 0 ? null : place, 'a word of the list')
          .toString(2)
          .padStart(11, '0');
      });
      expect(read.join('')).toBe(bits.slice(0, 66));
      expect(words).toHaveLength(6);
    }
  });

  it('one bit of the request gives another code (P072)', () => {
    const codes = new Set<string>();
    for (let bit = 0; bit < 64; bit++) {
      const request = new Uint8Array(8);
      request[bit >> 3] = 1 << (bit & 7);
      codes.add(requestCode(p, request));
      expect(toHex(requestCodeHash(p, request))).toHaveLength(64);
    }
    expect(codes.size).toBe(64);
  });
});
