/** Names of things. In memory an id is lower-case hex: it compares and sorts as its bytes do. */
import { fromHex, type Bytes, toBase64url, toHex } from '../lib/bytes.ts';
import { present } from '../lib/assert.ts';
import type { Brand } from '../lib/brand.ts';

/** Member id: hash of the first signed key card. */
export type Pid = Brand<string, 'pid'>;
/** Group id: hash of the first log entry. */
export type Gid = Brand<string, 'gid'>;
/** Device id, 16 bytes. */
export type Dev = Brand<string, 'dev'>;
/** Hash of an entry, a card, a sealed text, an item. */
export type Hash = Brand<string, 'hash'>;
/** Public key of a join link. */
export type LinkPk = Brand<string, 'linkPk'>;

export type Id = Pid | Gid | Dev | Hash | LinkPk;

const HEX64 = /^[0-9a-f]{64}$/;

export const ZERO_HASH = '0'.repeat(64) as Hash;

/** Names bytes as an id of the wanted kind; the caller has checked the length. */
export function idOf<T extends Id>(bytes: Uint8Array): T {
  return toHex(bytes) as T;
}

/** The bytes of an id. */
export function idBytes(id: Id): Bytes {
  return present(fromHex(id), 'an id is hex');
}

/** Reads a 32-byte id from foreign text (hex), else null. */
export function parseId<T extends Exclude<Id, Dev>>(text: string): T | null {
  return HEX64.test(text) ? (text as T) : null;
}

/** The form people and addresses see: 43 characters of base64url. */
export function printId(id: Id): string {
  return toBase64url(idBytes(id));
}
