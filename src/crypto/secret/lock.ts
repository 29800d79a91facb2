/** The lock of one device: its storage key, sealed for each of the secrets that open it. */
import { type Bytes, equal } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { decodeFrame, encodeFrame } from '../../protocol/field.ts';
import { type Dev, idBytes, idOf } from '../../protocol/ids.ts';
import { type LockSlot, lockSlot } from '../../protocol/lock.ts';
import { encodeWayParams, type WayParams } from '../../protocol/way.ts';
import { ascii } from '../../lib/bytes.ts';
import { H, K } from '../hash.ts';
import { DERIVE, HASH } from '../label.ts';
import type { Primitives } from '../primitives.ts';

/** Bound to what stands beside it, and to nothing of the other slots: damage to one leaves the others usable. */
function bound(p: Primitives, slot: Pick<LockSlot, 'slot' | 'kind' | 'params'>): Bytes {
  return H(p, HASH.aadLockSlot, idBytes(slot.slot), ascii(slot.kind), slot.params);
}

/** `secret`: 32 bytes of Argon2id or of a passkey. */
export function makeLockSlot(
  p: Primitives,
  secret: Bytes,
  storageKey: Bytes,
  params: WayParams & { readonly kind: LockSlot['kind'] },
): Bytes {
  const nonce = p.random(24);
  const head = {
    slot: idOf<Dev>(p.random(16)),
    kind: params.kind,
    params: encodeWayParams(params),
  };
  const key = K(p, secret, DERIVE.lockSlot);
  const sealedKey = p.encrypt(key, nonce, storageKey, bound(p, head));
  p.wipe(key);
  const check = K(p, secret, DERIVE.lockCheck);
  return encodeFrame(lockSlot.write({ ...head, check, nonce, sealedKey }));
}

/** A damaged slot is left out; the others go on. */
export function readLockSlots(slots: readonly Bytes[]): readonly LockSlot[] {
  return slots.flatMap((bytes) => {
    const slot = decodeFrame(bytes, (value) => lockSlot.read(value));
    return slot.ok ? [slot.value] : [];
  });
}

/** The storage key. A wrong secret is answered by the check; nothing is decrypted then, and every slot is looked at. */
export function openLockSlot(
  p: Primitives,
  slots: readonly LockSlot[],
  secret: Bytes,
): Outcome<Bytes> {
  const check = K(p, secret, DERIVE.lockCheck);
  const [slot] = slots.filter((one) => equal(one.check, check));
  if (slot === undefined) return fail('E_AUTH', 'it does not open the lock');
  const key = K(p, secret, DERIVE.lockSlot);
  const storageKey = p.decrypt(key, slot.nonce, slot.sealedKey, bound(p, slot));
  p.wipe(key);
  return storageKey?.length === 32 ? ok(storageKey) : fail('E_AEAD', 'the lock is damaged');
}
