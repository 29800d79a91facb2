/** Ways back into the account: asked of the vault on the server, never guessed. Secrets go to the client and are kept nowhere. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { ReturnSecret, WaySecret } from '../../client/secret.ts';
import type { AccountView } from '../../client/view.ts';
import { fail } from '../../protocol/failure.ts';
import type { Dev } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

const WAYS_KEY = ['ways'] as const;

/** Another device may have changed them: asked whenever they are shown. */
export const waysQuery = (client: Client) =>
  queryOptions({ queryKey: WAYS_KEY, queryFn: () => valueOf(client.ways()), staleTime: 0 });

const SAID_THERE: readonly string[] = ['E_FORMAT', 'E_LIMIT', 'E_PENDING', 'E_AUTH', 'E_AEAD'];

export function useAddWay(done: () => void): Act<WaySecret | null, void> {
  const cache = useQueryClient();
  return useAct(
    (client, secret) =>
      secret === null ? Promise.resolve(fail('E_FORMAT', 'not text')) : client.addWay(secret),
    () => {
      void cache.invalidateQueries({ queryKey: WAYS_KEY });
      done();
    },
    (failure) => SAID_THERE.includes(failure.name),
  );
}

export function useRemoveWay(): Act<Dev, void> {
  const cache = useQueryClient();
  return useAct(
    (client, slot) => client.removeWay(slot),
    () => void cache.invalidateQueries({ queryKey: WAYS_KEY }),
    (failure) => SAID_THERE.includes(failure.name),
  );
}

export function useRestoreByWay(
  done: (account: AccountView) => void,
): Act<ReturnSecret, AccountView> {
  const cache = useQueryClient();
  return useAct(
    (client, secret) => client.restoreByWay(secret),
    (account) => {
      cache.setQueryData(['account'], account);
      done(account);
    },
    (failure) => SAID_THERE.includes(failure.name),
  );
}
