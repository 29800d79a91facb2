/** Session keys: one per generation and circle, committed to, boxed for each member, and what is derived from them. */
import { type Bytes, concat, isZero, toHex } from '../../lib/bytes.ts';
import { u32, u8 } from '../../protocol/codec.ts';
import { type Dev, type Gid, type Hash, idBytes, idOf, type Pid } from '../../protocol/ids.ts';
import type { KeyBatch } from '../../protocol/keyUpdate.ts';
import { SIZE } from '../../protocol/limits.ts';
import { CIRCLE, type Circle } from '../../protocol/role.ts';
import { H, K } from '../hash.ts';
import { DERIVE, HASH } from '../label.ts';
import type { KeyPair, Primitives } from '../primitives.ts';

/** A session key with the place it belongs to. */
export interface SessionKey {
  readonly gid: Gid;
  readonly generation: number;
  readonly circle: Circle;
  readonly kc: Hash;
  readonly secret: Bytes;
}

type Place = Pick<SessionKey, 'gid' | 'generation' | 'circle'>;

function place(at: Place): readonly Bytes[] {
  return [idBytes(at.gid), u32(at.generation), u8(at.circle)];
}

/** kc: the commitment in the signed entry. It pins key, generation, circle, roster and author to one another. */
export function keyCommitment(
  p: Primitives,
  secret: Uint8Array,
  at: Place,
  rosterHash: Hash,
  author: Pid,
): Hash {
  return idOf<Hash>(K(p, secret, DERIVE.kc, ...place(at), idBytes(rosterHash), idBytes(author)));
}

/** The boxes of a batch: one ephemeral key derived from the session key, so every holder can rebuild them byte for byte. */
export function buildBoxes(
  p: Primitives,
  secret: Uint8Array,
  at: Place,
  sealPks: readonly Uint8Array[],
): Bytes {
  const eph = p.boxKeys(K(p, secret, DERIVE.eph, ...place(at)));
  const boxes = sealPks.map((pk) =>
    p.box(secret, p.hash(24, concat(eph.publicKey, pk)), pk, eph.secretKey),
  );
  p.wipe(eph.secretKey);
  return concat(eph.publicKey, ...boxes);
}

/** Opens the own box (eph_pk | box, 80 bytes). Null where it does not open or gives a key no one may use. */
export function openBox(p: Primitives, box: Uint8Array, sealing: KeyPair): Bytes | null {
  if (box.length !== 32 + SIZE.box) return null;
  const secret = p.openSealed(box, sealing);
  return secret?.length === 32 && !isZero(secret) ? secret : null;
}

/** The own box out of a whole batch. */
export function pickBox(boxes: Uint8Array, index: number): Bytes {
  return concat(
    boxes.subarray(0, 32),
    boxes.subarray(32 + index * SIZE.box, 32 + (index + 1) * SIZE.box),
  );
}

/** Seals the previous generation's key under this one, for newcomers. */
export function wrapPrevious(p: Primitives, key: SessionKey, previous: SessionKey): Bytes {
  const nonce = p.random(24);
  const sealed = p.encrypt(
    K(p, key.secret, DERIVE.wrap, ...place(key)),
    nonce,
    previous.secret,
    wrapBound(p, previous),
  );
  return concat(nonce, sealed);
}

function wrapBound(
  p: Primitives,
  previous: Pick<SessionKey, 'gid' | 'generation' | 'circle' | 'kc'>,
): Bytes {
  return H(
    p,
    HASH.aadHistory,
    idBytes(previous.gid),
    u32(previous.generation + 1),
    u8(previous.circle),
    idBytes(previous.kc),
  );
}

/** The previous generation's key out of a wrap, checked against its own commitment; null where it does not fit. */
export function unwrapPrevious(
  p: Primitives,
  key: SessionKey,
  wrap: Uint8Array,
  previous: Pick<KeyBatch, 'generation' | 'circle' | 'kc' | 'rosterHash'>,
  author: Pid,
): SessionKey | null {
  const at = { gid: key.gid, generation: previous.generation, circle: previous.circle };
  const bound = wrapBound(p, { ...at, kc: previous.kc });
  const secret = p.decrypt(
    K(p, key.secret, DERIVE.wrap, ...place(key)),
    wrap.subarray(0, 24),
    wrap.subarray(24),
    bound,
  );
  if (secret?.length !== 32) return null;
  return keyCommitment(p, secret, at, previous.rosterHash, author) === previous.kc
    ? { ...at, kc: previous.kc, secret }
    : null;
}

/** A fresh key that is none of the earlier ones. */
export function freshSecret(p: Primitives, seen: ReadonlySet<string>): Bytes {
  for (;;) {
    const secret = p.random(32);
    if (!isZero(secret) && !seen.has(fingerprint(p, secret))) return secret;
  }
}

/** A name for a key under which reuse is noticed without keeping the key in yet another place. */
export function fingerprint(p: Primitives, secret: Uint8Array): string {
  return toHex(p.hash(32, secret));
}

export function messageKey(p: Primitives, key: SessionKey, author: Pid, dev: Dev): Bytes {
  return K(p, key.secret, DERIVE.message, ...place(key), idBytes(author), idBytes(dev));
}

export function profileKey(p: Primitives, key: SessionKey): Bytes {
  return K(p, key.secret, DERIVE.profile, ...place(key));
}

/** For farewell notes; derived from the everyone circle. */
export function leaveKey(p: Primitives, key: SessionKey): Bytes {
  return K(p, key.secret, DERIVE.leave, ...place({ ...key, circle: CIRCLE.everyone }));
}

export function memberKey(p: Primitives, key: SessionKey, pid: Pid): Bytes {
  return K(
    p,
    key.secret,
    DERIVE.member,
    ...place({ ...key, circle: CIRCLE.everyone }),
    idBytes(pid),
  );
}

/** For signs of life of one device; derived from the everyone circle. */
export function signalKey(p: Primitives, key: SessionKey, author: Pid, dev: Dev): Bytes {
  return K(
    p,
    key.secret,
    DERIVE.signal,
    ...place({ ...key, circle: CIRCLE.everyone }),
    idBytes(author),
    idBytes(dev),
  );
}
