/** Locking this device: what opens its storage key from one start to the next. */
import type { Bytes } from '../lib/bytes.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { createSerial } from '../lib/serial.ts';
import { type PassphraseUse, weaknessOf } from '../client/passphrase.ts';
import type { LockSecret, PassphraseSecret } from '../client/secret.ts';
import type { LockSlotView, LockView } from '../client/view.ts';
import { makeLockSlot, openLockSlot, readLockSlots } from '../crypto/secret/lock.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Dev } from '../protocol/ids.ts';
import {
  decodeLock,
  encodeLock,
  IDLE_MINUTES,
  type IdleMinutes,
  type Lock,
  LOCK_MAX_SLOTS,
  type LockSlot,
} from '../protocol/lock.ts';
import { CREDENTIAL_MAX_BYTES, decodeWayParams } from '../protocol/way.ts';
import type { KeyPlace, Ports, Stretch } from './ports.ts';
import type { Records } from './records.ts';

export interface Locking {
  readonly view: () => Promise<LockView>;
  readonly add: (secret: LockSecret) => Promise<Outcome<void>>;
  readonly remove: (slot: Dev) => Promise<Outcome<void>>;
  readonly setIdle: (minutes: IdleMinutes) => Promise<Outcome<void>>;
}

const NO_LOCK: Lock = { slots: [], idleMinutes: 0 };
const IMPOSSIBLE = fail('E_NOT_FOUND', 'this device cannot be locked');

/** Whether a passphrase is strong enough; the screen says it while it is typed, here it is decided. */
export function refuseWeak(secret: PassphraseSecret, use: PassphraseUse): Outcome<void> {
  const typed = fromUtf8(secret.passphrase);
  const weakness = typed === null ? 'short' : weaknessOf(typed, use);
  return weakness === null ? ok(undefined) : fail('E_FORMAT', `passphrase: ${weakness}`);
}

function slotsOf(lock: Lock): readonly LockSlot[] {
  return readLockSlots(lock.slots);
}

function slotView(slot: LockSlot): LockSlotView[] {
  const params = decodeWayParams(slot.kind, slot.params);
  if (!params.ok || params.value.made === null) return [];
  const { made } = params.value;
  return [
    {
      slot: slot.slot,
      kind: slot.kind,
      made,
      credential: params.value.kind === 'passkey' ? params.value.credential : null,
    },
  ];
}

/** What a screen may know of the lock; nothing of it is secret. A lock that does not read any more is still one. */
export function lockView(lock: Bytes | null, locked: boolean, waitUntil: number): LockView {
  const read = lock === null ? ok(NO_LOCK) : decodeLock(lock);
  const { slots, idleMinutes } = read.ok
    ? { slots: slotsOf(read.value).flatMap(slotView), idleMinutes: read.value.idleMinutes }
    : { slots: [], idleMinutes: 0 as const };
  return { locked, possible: true, slots, idleMinutes, waitUntil };
}

/**
 * The storage key, for who has no engine yet. A wrong secret costs what a right one costs, and nothing is decrypted for it.
 * E_AUTH: it does not open. E_STORAGE: the lock does not read.
 */
export async function openLock(
  p: Primitives,
  stretch: Stretch,
  lock: Bytes,
  secret: LockSecret,
): Promise<Outcome<Bytes>> {
  const read = decodeLock(lock);
  if (!read.ok) return fail('E_STORAGE', 'the lock is damaged');
  const slots = slotsOf(read.value);
  if (secret.kind === 'passkey') return openWith(p, slots, secret.prf);
  for (const slot of slots) {
    const params = decodeWayParams(slot.kind, slot.params);
    if (!params.ok || params.value.kind !== 'passphrase') continue;
    const stretched = await stretch(secret.passphrase, params.value.salt);
    return stretched.ok ? openWith(p, slots, stretched.value) : stretched;
  }
  return fail('E_AUTH', 'no passphrase opens this lock');
}

function openWith(p: Primitives, slots: readonly LockSlot[], secret: Bytes): Outcome<Bytes> {
  if (secret.length !== 32) return fail('E_FORMAT', 'a secret has 32 bytes');
  const opened = openLockSlot(p, slots, secret);
  p.wipe(secret);
  return opened;
}

export interface LockingOutside {
  /** A new lock took the place of everything that opened this device: the engine ends now. */
  readonly end: () => void;
  readonly told: (view: LockView) => void;
}

export function createLocking(
  ports: Pick<Ports, 'primitives' | 'keyPlace' | 'storageKey' | 'stretch' | 'clock'>,
  records: Records,
  outside: LockingOutside,
): Locking {
  const { primitives: p, keyPlace, storageKey, stretch, clock } = ports;
  const serial = createSerial();

  const view = async (): Promise<LockView> =>
    keyPlace === null
      ? { ...lockView(null, false, 0), possible: false }
      : lockView(await keyPlace.lock(), false, 0);

  const held = async (place: KeyPlace): Promise<Outcome<Lock>> => {
    const lock = await place.lock();
    return lock === null ? ok(NO_LOCK) : decodeLock(lock);
  };

  const change = (act: (place: KeyPlace, lock: Lock) => Promise<Outcome<void>>) =>
    serial(async (): Promise<Outcome<void>> => {
      if (keyPlace === null) return IMPOSSIBLE;
      const lock = await held(keyPlace);
      if (!lock.ok) return fail('E_STORAGE', 'the lock is damaged');
      const done = await act(keyPlace, lock.value);
      if (done.ok) outside.told(await view());
      return done;
    });

  /** The slot as bytes, and the key it opens. */
  const slotFor = async (secret: LockSecret, key: Bytes): Promise<Outcome<Bytes>> => {
    const made = Math.round(clock.now());
    if (secret.kind === 'passkey') {
      const { kind, credential, prf } = secret;
      if (prf.length !== 32 || credential.length > CREDENTIAL_MAX_BYTES)
        return fail('E_FORMAT', 'not of a passkey');
      const slot = makeLockSlot(p, prf, key, { kind, made, credential });
      p.wipe(prf);
      return ok(slot);
    }
    const salt = p.random(16);
    const stretched = await stretch(secret.passphrase, salt);
    if (!stretched.ok) return stretched;
    const slot = makeLockSlot(p, stretched.value, key, { kind: 'passphrase', made, salt });
    p.wipe(stretched.value);
    return ok(slot);
  };

  const add = async (secret: LockSecret): Promise<Outcome<void>> => {
    if (keyPlace === null) return IMPOSSIBLE;
    if (secret.kind === 'passphrase') {
      const strong = refuseWeak(secret, 'lock');
      if (!strong.ok) return strong;
    }
    return change(async (place, lock) => {
      const others = lock.slots.filter((bytes) =>
        readLockSlots([bytes]).every(
          (slot) => !(slot.kind === 'passphrase' && secret.kind === 'passphrase'),
        ),
      );
      if (others.length >= LOCK_MAX_SLOTS) return fail('E_LIMIT', 'ways to unlock');
      const first = others.length === 0;
      // What the old key lay under may stay in the browser's files for a while: the new lock guards a new key.
      const key = first ? p.random(32) : storageKey;
      const slot = await slotFor(secret, key);
      if (!slot.ok) return slot;
      const next = encodeLock({ ...lock, slots: [...others, slot.value] });
      await place.setLock(next, first ? await records.sealedUnder(key) : []);
      if (first) outside.end();
      return ok(undefined);
    });
  };

  return {
    view,
    add,
    remove: (slot) =>
      change(async (place, lock) => {
        const left = lock.slots.filter((bytes) =>
          readLockSlots([bytes]).every((one) => one.slot !== slot),
        );
        if (left.length === lock.slots.length) return fail('E_NOT_FOUND', 'no such way to unlock');
        // What does not read opens nothing: it must not be what is left.
        if (readLockSlots(left).length === 0) await place.unsetLock(storageKey);
        else await place.setLock(encodeLock({ ...lock, slots: left }), []);
        return ok(undefined);
      }),
    setIdle: (minutes) =>
      change(async (place, lock) => {
        if (!IDLE_MINUTES.includes(minutes)) return fail('E_FORMAT', 'no such time');
        if (lock.slots.length === 0) return fail('E_NOT_FOUND', 'there is no lock');
        await place.setLock(encodeLock({ ...lock, idleMinutes: minutes }), []);
        return ok(undefined);
      }),
  };
}
