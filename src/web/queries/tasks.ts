/** The work tray: acts that wait, run, and ended lately. */
import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { TaskAct } from '../../client/view.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { noteBegun } from '../stores/tray.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

export const tasksQuery = (client: Client) =>
  queryOptions({ queryKey: ['tasks'], queryFn: () => client.tasks() });

/** How many messages a hiding would hide, since each of these times. Asked anew each time: people go on writing. */
export const messageCountQuery = (
  client: Client,
  gid: Gid,
  people: readonly Pid[],
  since: readonly number[],
) =>
  queryOptions({
    queryKey: ['countMessages', gid, people, since],
    queryFn: () => valueOf(client.countMessages(gid, people, since)),
    staleTime: 0,
    gcTime: 0,
  });

export interface NewTask {
  readonly act: TaskAct;
  /** It can be taken back for so many ms, also with a connection. */
  readonly delay?: number;
}

/** Hands an act to the tray; it is kept from then on, and its end is told by TaskNews. */
export function useStartTask(gid: Gid, done?: (id: string) => void): Act<NewTask, string> {
  return useAct(
    (client, { act, delay }) => client.startTask(gid, act, delay),
    (id) => {
      noteBegun(id);
      done?.(id);
    },
  );
}

export function useCancelTask(done?: () => void): Act<string, void> {
  return useAct((client, id) => client.cancelTask(id), done);
}

export function useRetryTask(): Act<string, void> {
  return useAct(
    (client, id) => client.retryTask(id),
    (_, id) => noteBegun(id),
  );
}

export function useDismissTask(): Act<string, void> {
  return useAct((client, id) => client.dismissTask(id));
}
