/** The log in words, keys, notes and reports of a group, and what is done about them. */
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Client, GroupInfo, NoteAbout, ReportWishes } from '../../client/client.ts';
import type { ActivityWishes } from '../../client/view.ts';
import type { Gid, Hash, Pid } from '../../protocol/ids.ts';
import type { PolicyName } from '../../protocol/policy.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

export type LogChoice = Omit<ActivityWishes, 'before'>;

export const activityQuery = (client: Client, gid: Gid, choice: LogChoice) =>
  infiniteQueryOptions({
    queryKey: ['activity', gid, choice],
    queryFn: ({ pageParam }) =>
      valueOf(client.activity(gid, pageParam === null ? choice : { ...choice, before: pageParam })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.before,
  });

/** The newest few acts, for a glance. */
export const recentQuery = (client: Client, gid: Gid) =>
  queryOptions({
    queryKey: ['activity', gid, 'recent'],
    queryFn: () => valueOf(client.activity(gid, {})),
  });

export const generationsQuery = (client: Client, gid: Gid) =>
  queryOptions({ queryKey: ['generations', gid], queryFn: () => valueOf(client.generations(gid)) });

export const notesQuery = (client: Client, gid: Gid) =>
  queryOptions({ queryKey: ['notes', gid], queryFn: () => valueOf(client.notes(gid)) });

export const reportsQuery = (client: Client, gid: Gid) =>
  queryOptions({ queryKey: ['reports', gid], queryFn: () => valueOf(client.reports(gid)) });

/** A picture never changes under its hash. */
export const imageQuery = (client: Client, gid: Gid, image: Hash | null) =>
  queryOptions({
    queryKey: ['image', gid, image],
    queryFn: () => valueOf(client.groupImage(gid)),
    enabled: image !== null,
    staleTime: Infinity,
    retry: 1,
  });

export function useAddNote(gid: Gid, about: NoteAbout, done?: () => void): Act<string, void> {
  return useAct((client, text) => client.addNote(gid, about, text), done);
}

export function useReport(gid: Gid, done: () => void): Act<ReportWishes, void> {
  return useAct((client, wishes) => client.reportMessage(gid, wishes), done);
}

export function useHandleReport(gid: Gid): Act<Hash, void> {
  return useAct((client, report) => client.handleReport(gid, report));
}

export function useEditInfo(gid: Gid, done: () => void): Act<Partial<GroupInfo>, void> {
  return useAct((client, info) => client.editGroupInfo(gid, info), done);
}

export function useSetPolicy(
  gid: Gid,
  done?: () => void,
): Act<Readonly<Partial<Record<PolicyName, boolean>>>, void> {
  return useAct((client, policy) => client.setPolicy(gid, policy), done);
}

/** What newcomers may read is declared with each key, so another rule holds from the next key on: it comes at once. */
export function useSetHistory(gid: Gid, done: () => void): Act<boolean, void> {
  return useAct(async (client, shareableDefault) => {
    const set = await client.setPolicy(gid, { shareableDefault });
    return set.ok ? client.rotateSessionKey(gid) : set;
  }, done);
}

export function useRotateFor(gid: Gid, done: () => void): Act<string, void> {
  return useAct((client, reason) => client.rotateSessionKey(gid, reason), done);
}

export function useSetVerified(): Act<{ readonly pid: Pid; readonly on: boolean }, void> {
  return useAct((client, { pid, on }) => client.setVerified(pid, on));
}

export function useForgetGroup(gid: Gid, done: () => void): Act<void, void> {
  const cache = useQueryClient();
  return useAct(
    (client) => client.forgetGroup(gid),
    () => {
      done();
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[1] === gid });
    },
  );
}
