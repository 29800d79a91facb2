/** The server's own key: it signs what the server serves, and nothing else. */
import { present } from '../lib/assert.ts';
import { type Bytes, concat } from '../lib/bytes.ts';
import { SIGN } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { labelled } from '../crypto/verify.ts';
import { encodeCheckpointBody } from '../protocol/checkpoint.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import type { Clock } from './clock.ts';
import type { Storage } from './storage/port.ts';

/** A place in the log and the timeline of a group: what a checkpoint says. */
export interface Position {
  readonly seq: number;
  readonly head: Hash;
  /** Number of items; T is the running hash there. */
  readonly t: number;
  readonly T: Hash;
}

export interface Signer {
  readonly publicKey: Bytes;
  readonly checkpoint: (gid: Gid, position: Position) => Bytes;
}

const SEED = 'serverSeed';

/** A signature of the same position is given again while it is this young. */
const FRESH_MS = 10_000;

/** The key of this data folder, made at its first start. */
async function loadSeed(p: Primitives, storage: Storage): Promise<Bytes> {
  const known = await storage.meta(SEED);
  if (known !== null) return known;
  const outcome = await storage.commit([{ kind: 'meta', key: SEED, value: p.random(32) }]);
  if (outcome === 'failed') throw new Error('the data folder takes no writes');
  return present(await storage.meta(SEED), 'the seed was stored');
}

/** Rejects where the storage cannot be read or written. */
export async function createSigner(p: Primitives, storage: Storage, clock: Clock): Promise<Signer> {
  const keys = p.signKeys(await loadSeed(p, storage));
  const signed = new WeakMap<Position, { readonly time: number; readonly bytes: Bytes }>();
  return {
    publicKey: keys.publicKey,
    checkpoint(gid, position) {
      const time = clock();
      const known = signed.get(position);
      if (known !== undefined && time - known.time < FRESH_MS) return known.bytes;
      const { seq, head, t, T } = position;
      const body = encodeCheckpointBody({ gid, seq, head, t, T, time });
      const bytes = concat(body, p.sign(keys.secretKey, labelled(SIGN.checkpoint, body)));
      signed.set(position, { time, bytes });
      return bytes;
    },
  };
}
