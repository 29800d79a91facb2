/** Key batches: the commitment to one generation's keys, one per circle. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { id, malformed, type Reader, u16, u32, u8 } from './codec.ts';
import type { Hash } from './ids.ts';
import { REPLAY, SIZE } from './limits.ts';
import { CIRCLE, type Circle } from './role.ts';

export interface KeyBatch {
  readonly generation: number;
  readonly circle: Circle;
  readonly rosterHash: Hash;
  /** Commitment to the session key, its generation, circle, roster and author. */
  readonly kc: Hash;
  readonly boxesHash: Hash;
  readonly boxes: number;
  /** Whether a later newcomer may be given this generation's key. */
  readonly shareable: boolean;
  /** The previous generation's key sealed under this one, 72 bytes. */
  readonly wrap: Bytes | null;
}

export interface KeyUpdate {
  readonly everyone: KeyBatch;
  readonly staff: KeyBatch;
  /** Zero: the author does not hold the text and did not seal it again. */
  readonly profileHash: Hash;
  readonly staffHash: Hash;
}

const WRAP = 1;
const SHAREABLE = 2;

function encodeKeyBatch(batch: KeyBatch): Bytes {
  const flags = (batch.wrap === null ? 0 : WRAP) | (batch.shareable ? SHAREABLE : 0);
  return concat(
    u32(batch.generation),
    u8(batch.circle),
    id(batch.rosterHash),
    id(batch.kc),
    id(batch.boxesHash),
    u16(batch.boxes),
    u8(flags),
    batch.wrap ?? new Uint8Array(),
  );
}

function readKeyBatch(r: Reader, circle: Circle): KeyBatch {
  const generation = r.u32();
  if (r.u8() !== circle) malformed('circle of a batch');
  const rosterHash = r.id<Hash>();
  const kc = r.id<Hash>();
  const boxesHash = r.id<Hash>();
  const boxes = r.u16();
  if (boxes > REPLAY.members) malformed('boxes over the limit', 'E_LIMIT');
  const flags = r.u8();
  if ((flags & ~(WRAP | SHAREABLE)) !== 0) malformed('batch flags');
  const wrap = (flags & WRAP) === 0 ? null : r.bytes(SIZE.wrap);
  return {
    generation,
    circle,
    rosterHash,
    kc,
    boxesHash,
    boxes,
    shareable: (flags & SHAREABLE) !== 0,
    wrap,
  };
}

export function encodeKeyUpdate(update: KeyUpdate): Bytes {
  return concat(
    encodeKeyBatch(update.everyone),
    encodeKeyBatch(update.staff),
    id(update.profileHash),
    id(update.staffHash),
  );
}

export function readKeyUpdate(r: Reader): KeyUpdate {
  return {
    everyone: readKeyBatch(r, CIRCLE.everyone),
    staff: readKeyBatch(r, CIRCLE.staff),
    profileHash: r.id<Hash>(),
    staffHash: r.id<Hash>(),
  };
}

export function batchOf(update: Pick<KeyUpdate, 'everyone' | 'staff'>, circle: Circle): KeyBatch {
  return circle === CIRCLE.everyone ? update.everyone : update.staff;
}
