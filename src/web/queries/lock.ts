/** The lock of this device: how it stands, setting it, unlocking. Secrets go to the caller's client and are kept nowhere. */
import { queryOptions } from '@tanstack/react-query';
import { utf8 } from '../../lib/bytes.ts';
import type { Client } from '../../client/client.ts';
import type { LockSecret, PassphraseSecret } from '../../client/secret.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import type { Dev } from '../../protocol/ids.ts';
import type { IdleMinutes } from '../../protocol/lock.ts';
import { type Act, useAct } from './useAct.ts';

export const LOCK_KEY = ['lock'] as const;

export const lockQuery = (client: Client) =>
  queryOptions({ queryKey: LOCK_KEY, queryFn: () => client.lock() });

/** What was typed, as bytes; null where it is no text. */
export function passphraseOf(typed: string): PassphraseSecret | null {
  const passphrase = utf8(typed.normalize('NFKC'));
  return passphrase === null ? null : { kind: 'passphrase', passphrase };
}

/** The door closes behind a device that was locked, at times before the answer is through. */
const gone = (): Outcome<void> => ({ ok: true, value: undefined });

/** What is said where the person typed it. */
const SAID_THERE: readonly string[] = ['E_AUTH', 'E_LIMIT', 'E_FORMAT', 'E_AEAD'];

export function useUnlock(): Act<LockSecret, void> {
  return useAct(
    (client, secret) => client.unlock(secret),
    undefined,
    (failure) => SAID_THERE.includes(failure.name),
  );
}

export function useAddLock(done: () => void): Act<LockSecret | null, void> {
  return useAct(
    (client, secret) =>
      secret === null
        ? Promise.resolve(fail('E_FORMAT', 'not text'))
        : client.addLock(secret).catch(gone),
    done,
    (failure) => SAID_THERE.includes(failure.name),
  );
}

export function useRemoveLock(): Act<Dev, void> {
  return useAct((client, slot) => client.removeLock(slot));
}

export function useSetIdle(): Act<IdleMinutes, void> {
  return useAct((client, minutes) => client.setIdle(minutes));
}

export function useLockNow(): Act<void, void> {
  return useAct((client) => client.lockNow().catch(gone));
}
