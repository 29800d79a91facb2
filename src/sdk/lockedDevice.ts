/** A device before somebody unlocks it: says how it is locked, tries what is typed, and can be erased. Holds no key until one fits. */
import type { LockSecret } from '../client/secret.ts';
import type { LockView } from '../client/view.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { lockView, openLock } from '../engine/lock.ts';
import type { Clock, Stretch } from '../engine/ports.ts';
import type { Bytes } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { createSerial } from '../lib/serial.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { LockedStore } from './adapters/indexedDb.ts';

export interface LockedDevice {
  readonly view: () => Promise<LockView>;
  /** Locked, and no key is in hand. */
  readonly isShut: () => Promise<boolean>;
  /** E_AUTH: it does not open, with the time of the next attempt. E_LIMIT: too early (`retryAt`), or not enough memory. */
  readonly unlock: (secret: LockSecret) => Promise<Outcome<void>>;
  readonly erase: () => Promise<void>;
  /** The storage key somebody unlocked, once. */
  readonly takeKey: () => Bytes | null;
}

/** Attempts that cost nothing; from then on each waits twice as long as the one before. */
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 300_000;

export function waitAfter(failed: number): number {
  return failed < FREE_TRIES
    ? 0
    : Math.min(FIRST_WAIT_MS * 2 ** (failed - FREE_TRIES), LONGEST_WAIT_MS);
}

export function createLockedDevice(
  store: LockedStore,
  stretch: Stretch,
  clock: Clock,
): LockedDevice {
  const serial = createSerial();
  let key: Bytes | null = null;

  const forget = (): void => {
    key?.fill(0);
    key = null;
  };

  const attempt = async (lock: Bytes, secret: LockSecret): Promise<Outcome<void>> => {
    const { failed, waitUntil } = await store.tries();
    if (waitUntil > clock.now())
      return { ok: false, error: { name: 'E_LIMIT', note: 'too early', retryAt: waitUntil } };
    const opened = await openLock(await loadSodium(), stretch, lock, secret);
    if (opened.ok) {
      await store.noteTries({ failed: 0, waitUntil: 0 });
      forget();
      key = opened.value;
      return ok(undefined);
    }
    if (opened.error.name !== 'E_AUTH') return opened;
    const wait = waitAfter(failed + 1);
    const retryAt = wait === 0 ? 0 : clock.now() + wait;
    await store.noteTries({ failed: failed + 1, waitUntil: retryAt });
    return wait === 0 ? opened : { ok: false, error: { ...opened.error, retryAt } };
  };

  return {
    async view() {
      const [lock, tries] = await Promise.all([store.lock(), store.tries()]);
      return lockView(lock, lock !== null, tries.waitUntil);
    },
    isShut: async () => key === null && (await store.lock()) !== null,
    unlock: (secret) =>
      serial(async () => {
        const lock = await store.lock();
        return lock === null ? fail('E_NOT_FOUND', 'there is no lock') : attempt(lock, secret);
      }),
    erase: () => store.erase(),
    takeKey() {
      const taken = key;
      key = null;
      return taken;
    },
  };
}
