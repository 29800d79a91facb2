/** How the lock of a device lies on its disk. Never sent. */
import type { Bytes } from '../lib/bytes.ts';
import type { Outcome } from './failure.ts';
import {
  array,
  bytes,
  decodeFrame,
  encodeFrame,
  type FieldType,
  id,
  oneOf,
  record,
} from './field.ts';
import type { Dev } from './ids.ts';

/** Minutes without a sign of the person after which the device locks itself; 0: never. */
export const IDLE_MINUTES = [0, 1, 5, 15, 60] as const;
export type IdleMinutes = (typeof IDLE_MINUTES)[number];

export const LOCK_MAX_SLOTS = 4;

export const lockSlot = record({
  slot: id<Dev>(16),
  kind: oneOf('passphrase', 'passkey'),
  /** As in a slot of the vault (way.ts). */
  params: bytes(1024),
  check: bytes(32, true),
  nonce: bytes(24, true),
  /** The storage key under the slot key. */
  sealedKey: bytes(48, true),
});
export type LockSlot = FieldType<typeof lockSlot>;

const lock = record({
  /** Each slot by itself, so that a damaged one does not take the others with it. */
  slots: array(bytes(2048), LOCK_MAX_SLOTS),
  idleMinutes: oneOf(...IDLE_MINUTES),
});
export type Lock = FieldType<typeof lock>;

export function encodeLock(value: Lock): Bytes {
  return encodeFrame(lock.write(value));
}

export function decodeLock(input: Bytes): Outcome<Lock> {
  return decodeFrame(input, (value) => lock.read(value));
}
