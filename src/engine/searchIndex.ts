/**
 * The search index: for each page of the timeline a filter of the three-letter pieces in its texts, kept sealed beside the
 * page and written with it. It says which pages cannot hold a word, so that only the others are read.
 */
import { fold } from '../lib/fold.ts';
import type { Bytes } from '../lib/bytes.ts';
import { bytes } from '../protocol/field.ts';
import { decodePayload, type Payload } from '../protocol/text.ts';
import type { StoredItem } from './timeline.ts';

/** 32,768 bits: a page of messages of usual length fills a small part of them, and of long ones still less than half. */
const FILTER_BYTES = 4096;
const BITS = FILTER_BYTES * 8;
const PIECE = 3;

export const filterField = bytes(FILTER_BYTES, true);

/** What can be found of a payload: what was said in it, and what a file is called. */
export function searchedText(payload: Payload): string | null {
  switch (payload.type) {
    case 'text':
    case 'edit':
      return payload.text;
    case 'file':
      return `${payload.name} ${payload.text}`;
    default:
      return null;
  }
}

/** FNV-1a over the piece: spread matters here, secrecy does not, for the filter lies sealed. */
function bitOf(text: string, at: number): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = at; i < at + PIECE; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01_00_01_93);
  return (hash >>> 0) % BITS;
}

const held = new WeakMap<StoredItem, Uint16Array>();

function bitsOf(item: StoredItem): Uint16Array {
  const known = held.get(item);
  if (known !== undefined) return known;
  const payload = item.message?.payload ?? null;
  const read = payload === null ? null : decodePayload(payload);
  const said = read?.ok === true ? searchedText(read.value) : null;
  const text = said === null ? '' : fold(said);
  const bits = new Set<number>();
  for (let at = 0; at + PIECE <= text.length; at++) bits.add(bitOf(text, at));
  const found = Uint16Array.from(bits);
  held.set(item, found);
  return found;
}

export function filterOf(items: readonly StoredItem[]): Bytes {
  const filter = new Uint8Array(FILTER_BYTES);
  for (const item of items)
    for (const bit of bitsOf(item)) filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
  return filter;
}

/** False where the page certainly holds no text with all of these folded words. Words under three letters say nothing. */
export function mayHold(filter: Bytes, wanted: readonly string[]): boolean {
  return wanted.every((word) => {
    for (let at = 0; at + PIECE <= word.length; at++) {
      const bit = bitOf(word, at);
      if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  });
}
