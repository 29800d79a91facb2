/** The groups of the person and what is done to one. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Client, GroupInfo } from '../../client/client.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Gid, LinkPk, Pid } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { serverTime } from './serverClock.ts';
import { type Act, useAct } from './useAct.ts';
import { usualLink } from './usualLink.ts';

export const groupsQuery = (client: Client) =>
  queryOptions({ queryKey: ['groups'], queryFn: () => client.groups() });

export const groupQuery = (client: Client, gid: Gid) =>
  queryOptions({ queryKey: ['group', gid], queryFn: () => valueOf(client.group(gid)) });

/** The text of a draft as it is stored. What is typed on this page stands in stores/draft. */
export const keptDraftQuery = (client: Client, gid: Gid) =>
  queryOptions({
    queryKey: ['draft', gid],
    queryFn: async () => (await valueOf(client.draft(gid))).text,
  });

export const safetyNumberQuery = (client: Client, pid: Pid) =>
  queryOptions({
    queryKey: ['safetyNumber', pid],
    queryFn: () => valueOf(client.safetyNumber(pid)),
    // It changes with the keys of either person, and is read rarely.
    staleTime: 0,
    gcTime: 0,
  });

export interface NewGroup {
  readonly gid: Gid;
  /** The first link as an address; null where it could not be made, which does not undo the group. */
  readonly link: { readonly pk: LinkPk; readonly address: string } | null;
}

/** Makes the group, then a usual first link with this label. */
async function createGroup(
  client: Client,
  input: { readonly info: GroupInfo; readonly linkLabel: string },
): Promise<Outcome<NewGroup>> {
  const spawned = await client.spawnGroup();
  if (!spawned.ok) return spawned;
  const gid = spawned.value;
  const started = await client.initGroup(gid, input.info, {});
  if (!started.ok) return started;
  const pk = await client.createLink(gid, usualLink(input.linkLabel, await serverTime(client)));
  if (!pk.ok) return { ok: true, value: { gid, link: null } };
  const address = await client.copyLink(gid, pk.value);
  const link = address.ok ? { pk: pk.value, address: address.value } : null;
  return { ok: true, value: { gid, link } };
}

export function useCreateGroup(): Act<
  { readonly info: GroupInfo; readonly linkLabel: string },
  NewGroup
> {
  return useAct(createGroup);
}

export function useLeaveGroup(gid: Gid, done?: () => void): Act<string, void> {
  return useAct((client, reason) => client.leaveGroup(gid, reason), done);
}

export function useAcceptInvitation(gid: Gid): Act<void, void> {
  return useAct((client) => client.acceptInvitation(gid));
}

export function useCloseGroup(gid: Gid, done: () => void): Act<void, void> {
  return useAct((client) => client.closeGroup(gid), done);
}

export function useOfferOwnership(gid: Gid, done: (to: Pid) => void): Act<Pid, void> {
  return useAct(
    (client, to) => client.offerOwnership(gid, to),
    (_, to) => done(to),
  );
}

export function useAcceptOwnership(gid: Gid, done: () => void): Act<void, void> {
  return useAct((client) => client.acceptOwnership(gid), done);
}

export function useOpenSuccessor(gid: Gid, done: (successor: Gid) => void): Act<void, Gid> {
  const cache = useQueryClient();
  return useAct(
    (client) => client.openSuccessor(gid),
    (successor) => {
      void cache.invalidateQueries({ queryKey: ['group', gid] });
      done(successor);
    },
  );
}

/** What is done happens in the other group; this one is asked anew, because it tells about it. */
export function useJoinSuccessor(gid: Gid): Act<void, void> {
  const cache = useQueryClient();
  return useAct(
    (client) => client.joinSuccessor(gid),
    () => void cache.invalidateQueries({ queryKey: ['group', gid] }),
  );
}
