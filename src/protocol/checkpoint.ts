/** Checkpoint: what the server signs about the log and the timeline it serves. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { decode, id, type Reader, u32, u64 } from './codec.ts';
import type { Outcome } from './failure.ts';
import type { Gid, Hash } from './ids.ts';

export interface CheckpointBody {
  readonly gid: Gid;
  readonly seq: number;
  readonly head: Hash;
  /** Number of timeline items; T is the running hash there. */
  readonly t: number;
  readonly T: Hash;
  readonly time: number;
}

export interface Checkpoint extends CheckpointBody {
  readonly signature: Bytes;
  readonly signed: Bytes;
  readonly bytes: Bytes;
}

export const CHECKPOINT_BYTES = 180;

export function encodeCheckpointBody(body: CheckpointBody): Bytes {
  return concat(
    id(body.gid),
    u32(body.seq),
    id(body.head),
    u64(body.t),
    id(body.T),
    u64(body.time),
  );
}

export function readCheckpoint(r: Reader): Checkpoint {
  const start = r.position();
  const body = {
    gid: r.id<Gid>(),
    seq: r.u32(),
    head: r.id<Hash>(),
    t: r.u64(),
    T: r.id<Hash>(),
    time: r.u64(),
  };
  const signed = r.since(start);
  const signature = r.bytes(64);
  return { ...body, signature, signed, bytes: r.since(start) };
}

export function decodeCheckpoint(bytes: Bytes): Outcome<Checkpoint> {
  return decode(bytes, readCheckpoint);
}
