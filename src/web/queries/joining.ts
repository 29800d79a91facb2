/** The way into a group: an opened link, and the person's own requests. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { JoinView, OwnRequestView } from '../../client/view.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Gid } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

export const joiningQuery = (client: Client, joinId: string) =>
  queryOptions({
    queryKey: ['joining', joinId],
    queryFn: () => valueOf(client.joining(joinId)),
    // What a link admits changes on the server without news to somebody who is not in the group.
    staleTime: 0,
    refetchOnWindowFocus: true,
  });

export const ownRequestsQuery = (client: Client) =>
  queryOptions({ queryKey: ['ownRequests'], queryFn: () => client.ownRequests() });

/** What the engine answers to a text that is no whole link of ours. */
export function isBadLink({ name }: Failure): boolean {
  return name === 'E_LINK' || name === 'E_FORMAT' || name === 'E_LIMIT';
}

export function useOpenLink(
  done: (view: JoinView) => void,
  quiet?: (failure: Failure) => boolean,
): Act<string, JoinView> {
  const cache = useQueryClient();
  return useAct(
    (client, link) => client.openLink(link),
    (view) => {
      cache.setQueryData(['joining', view.joinId], view);
      done(view);
    },
    quiet,
  );
}

export interface Asking {
  readonly joinId: string;
  /** Null where there is an account already. */
  readonly name: string | null;
  readonly note: string;
}

/** Makes the account where there is none and asks, in one step. */
export function useAskToJoin(): Act<Asking, OwnRequestView> {
  const cache = useQueryClient();
  return useAct(
    async (client, { joinId, name, note }) => {
      if (name !== null) {
        const account = await client.createAccount(name);
        if (!account.ok) return account;
        cache.setQueryData(['account'], account.value);
      }
      const asked = await client.requestToJoin(joinId, note);
      // Refused: what the link admits has changed, and the page says it in place of the form.
      if (!asked.ok) void cache.invalidateQueries({ queryKey: ['joining', joinId] });
      return asked;
    },
    (request) => {
      cache.setQueryData<readonly OwnRequestView[]>(['ownRequests'], (known) => [
        ...(known ?? []).filter((other) => other.gid !== request.gid),
        request,
      ]);
    },
    (failure) => failure.name === 'E_BANNED',
  );
}

export function useWithdraw(done?: () => void): Act<Gid, void> {
  return useAct((client, gid) => client.withdraw(gid), done);
}
