/** What a page can ask of a locked device: how it is locked, to be let in, to erase everything. */
import type { Client } from '../client/client.ts';
import type { LockSecret } from '../client/secret.ts';
import type { LockView } from '../client/view.ts';
import { ok } from '../lib/result.ts';
import type { Outcome } from '../protocol/failure.ts';
import { CALL_NAMES } from './calls.ts';

/** The part of the device that is used; sdk/lockedDevice.ts has it. */
export interface LockedGate {
  readonly view: () => Promise<LockView>;
  /** Locked, and nobody has unlocked in this tab. */
  readonly isShut: () => Promise<boolean>;
  readonly unlock: (secret: LockSecret) => Promise<Outcome<void>>;
  readonly erase: () => Promise<void>;
}

/** `opened` and `erased` are told before the call is answered. Every other call is rejected: there is nothing to answer it from. */
export function createLockedClient(
  gate: LockedGate,
  hear: { readonly opened: () => void; readonly erased: () => void },
): Client {
  const refuse = (): Promise<never> => Promise.reject(new Error('this device is locked'));
  const refusals = Object.fromEntries(CALL_NAMES.map((name) => [name, refuse]));
  const answered: Pick<Client, 'lock' | 'unlock' | 'lockNow' | 'logOut' | 'listen' | 'close'> = {
    lock: gate.view,
    async unlock(secret) {
      const outcome = await gate.unlock(secret);
      if (outcome.ok) hear.opened();
      return outcome;
    },
    lockNow: () => Promise.resolve(ok(undefined)),
    async logOut() {
      await gate.erase();
      hear.erased();
      return ok(undefined);
    },
    listen: () => () => undefined,
    close: () => Promise.resolve(),
  };
  // Every name of the table is there; the type of fromEntries cannot say so.
  return { ...refusals, ...answered } as unknown as Client;
}
