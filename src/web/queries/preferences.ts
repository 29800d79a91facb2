/** What the person chose for this device. */
import { queryOptions } from '@tanstack/react-query';
import type { Client, PreferencesChange } from '../../client/client.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

export const preferencesQuery = (client: Client) =>
  queryOptions({ queryKey: ['preferences'], queryFn: () => client.preferences() });

export function useChangePreferences(done?: () => void): Act<PreferencesChange, void> {
  return useAct((client, change) => client.changePreferences(change), done);
}

/** The conversation with one person; it is made where there is none. */
export function useOpenPair(done: (gid: Gid) => void): Act<Pid, Gid> {
  return useAct((client, pid) => client.openPair(pid), done);
}

/** Asked when the list is opened: what is pinned changes with messages of anybody. */
export const pinnedQuery = (client: Client, gid: Gid) =>
  queryOptions({
    queryKey: ['pinned', gid],
    queryFn: () => valueOf(client.pinned(gid)),
    staleTime: 0,
    gcTime: 0,
  });
