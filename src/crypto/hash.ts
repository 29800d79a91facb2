/** Framed hashes, keyed derivation, and the hashes that name things. */
import { type Bytes, ascii, concat } from '../lib/bytes.ts';
import { u16, u32, u64, u8 } from '../protocol/codec.ts';
import {
  type Dev,
  type Gid,
  type Hash,
  idBytes,
  idOf,
  type LinkPk,
  type Pid,
} from '../protocol/ids.ts';
import type { Circle, Role } from '../protocol/role.ts';
import { type DeriveLabel, HASH, type HashLabel } from './label.ts';
import type { Primitives } from './primitives.ts';

/** The first bytes of each frame: a label with its length. */
const heads = new Map<string, Bytes>();

function headOf(label: HashLabel | DeriveLabel): Bytes {
  const known = heads.get(label);
  if (known !== undefined) return known;
  const tag = ascii(label);
  const head = concat(u8(tag.length), tag);
  heads.set(label, head);
  return head;
}

function frame(label: HashLabel | DeriveLabel, parts: readonly Uint8Array[]): Bytes {
  const framed: Uint8Array[] = [headOf(label)];
  for (const part of parts) framed.push(u32(part.length), part);
  return concat(...framed);
}

/** H(tag, ...): BLAKE2b-256 over length-framed parts. */
export function H(p: Primitives, label: HashLabel, ...parts: readonly Uint8Array[]): Bytes {
  return p.hash(32, frame(label, parts));
}

/** K(key, tag, ...): the same framing under a 32-byte key. */
export function K(
  p: Primitives,
  key: Uint8Array,
  label: DeriveLabel,
  ...parts: readonly Uint8Array[]
): Bytes {
  return p.keyedHash(32, key, frame(label, parts));
}

/** Bytes of a longer hash over the same framing, for codes of many digits. */
export function hashLong(
  p: Primitives,
  length: number,
  label: HashLabel,
  ...parts: readonly Uint8Array[]
): Bytes {
  return p.hash(length, frame(label, parts));
}

export const entryHash = (p: Primitives, entry: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.entry, entry));
export const gidOf = (p: Primitives, spawn: Uint8Array): Gid => idOf<Gid>(H(p, HASH.entry, spawn));
export const pidOf = (p: Primitives, cardBody0: Uint8Array): Pid =>
  idOf<Pid>(H(p, HASH.pid, cardBody0));
export const cardHash = (p: Primitives, card: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.cardHash, card));
export const devOf = (p: Primitives, signPk: Uint8Array): Dev => idOf<Dev>(p.hash(16, signPk));
export const boxesHash = (p: Primitives, boxes: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.boxes, boxes));
export const sealedHash = (p: Primitives, sealed: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.sealed, sealed));
export const profileCommit = (p: Primitives, padded: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.profileCommit, padded));
export const staffCommit = (p: Primitives, padded: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.staffCommit, padded));
export const itemHash = (p: Primitives, header: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.item, header));
export const bodyHash = (p: Primitives, body: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.body, body));
export const blobHash = (p: Primitives, blob: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.blob, blob));
/** The same, of a blob that comes part by part; its length is known before. */
export function blobHashing(
  p: Primitives,
  length: number,
): { readonly add: (part: Uint8Array) => void; readonly end: () => Hash } {
  const hashing = p.hashing(32);
  hashing.add(concat(headOf(HASH.blob), u32(length)));
  return { add: hashing.add, end: () => idOf<Hash>(hashing.end()) };
}
export const previewHash = (p: Primitives, preview: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.preview, preview));
export const introHash = (p: Primitives, intro: Uint8Array): Hash =>
  idOf<Hash>(H(p, HASH.intro, intro));
export const linkId = (p: Primitives, gid: Gid, pk: LinkPk): Bytes =>
  H(p, HASH.linkId, idBytes(gid), idBytes(pk));

/** T_0: the running timeline hash of an empty timeline. */
export const firstT = (p: Primitives, gid: Gid): Hash => idOf<Hash>(H(p, HASH.T0, idBytes(gid)));
/** T after item number t. */
export const nextT = (p: Primitives, T: Hash, t: number, item: Hash): Hash =>
  idOf<Hash>(H(p, HASH.T, idBytes(T), u64(t), idBytes(item)));

export interface RosterLine {
  readonly pid: Pid;
  readonly role: Role;
  readonly cardHash: Hash;
}

/** roster_hash of a circle; `members` are that circle's members ascending by pid. */
export function rosterHash(
  p: Primitives,
  gid: Gid,
  circle: Circle,
  members: readonly RosterLine[],
): Hash {
  const lines = members.map((member) =>
    concat(idBytes(member.pid), u8(member.role), idBytes(member.cardHash)),
  );
  return idOf<Hash>(
    H(p, HASH.roster, idBytes(gid), u8(circle), concat(u16(members.length), ...lines)),
  );
}

/** Where a moderator stands in the turn order after a head: ascending. */
export const turnOf = (p: Primitives, head: Hash, pid: Pid): Hash =>
  idOf<Hash>(H(p, HASH.turn, idBytes(head), idBytes(pid)));
