/** Codes people compare: safety number, group code, request code. Source: docs/PROTOCOL.md, chapter 15. */
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { u32 } from '../protocol/codec.ts';
import { type Gid, type Hash, idBytes, type Pid } from '../protocol/ids.ts';
import { H, hashLong } from './hash.ts';
import { HASH } from './label.ts';
import type { Primitives } from './primitives.ts';

/** Twelve blocks of five digits from 60 bytes. */
function digits(bytes: Uint8Array): string {
  const blocks: string[] = [];
  for (let at = 0; at + 5 <= bytes.length; at += 5) {
    let value = 0n;
    for (const byte of bytes.subarray(at, at + 5)) value = (value << 8n) | BigInt(byte);
    blocks.push((value % 100_000n).toString().padStart(5, '0'));
  }
  return blocks.join(' ');
}

/** 60 digits for two people; the same whoever computes them. */
export function safetyNumber(p: Primitives, one: Pid, other: Pid): string {
  const [first, second] = one < other ? [one, other] : [other, one];
  return digits(hashLong(p, 60, HASH.safety, idBytes(first), idBytes(second)));
}

/** 60 digits for a group at one head: equal for all who see the same log and roster. */
export function groupCode(p: Primitives, gid: Gid, seq: number, head: Hash, roster: Hash): string {
  return digits(
    hashLong(p, 60, HASH.groupCode, idBytes(gid), u32(seq), idBytes(head), idBytes(roster)),
  );
}

/** Hash from which the request code is read. */
export function requestCodeHash(p: Primitives, request: Uint8Array): Uint8Array {
  return H(p, HASH.requestCode, request);
}

/** Six words of the BIP-39 English list from the first 66 bits, most significant first. */
export function requestCode(p: Primitives, request: Uint8Array): string {
  let bits = 0n;
  for (const byte of requestCodeHash(p, request).subarray(0, 9)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 6n;
  const words: string[] = [];
  for (let shift = 55n; shift >= 0n; shift -= 11n)
    words.push(wordlist[Number((bits >> shift) & 2047n)] ?? '');
  return words.join(' ');
}
