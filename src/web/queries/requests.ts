/** Requests to join, as staff decides them. */
import { queryOptions } from '@tanstack/react-query';
import type { Client, RejectWishes } from '../../client/client.ts';
import type { DecidedView } from '../../client/view.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

export const requestsQuery = (client: Client, gid: Gid) =>
  queryOptions({ queryKey: ['requests', gid], queryFn: () => valueOf(client.requests(gid)) });

export function useApprove(
  gid: Gid,
  done: (requests: readonly Hash[]) => void,
): Act<readonly Hash[], readonly DecidedView[]> {
  return useAct(
    (client, requests) => client.approve(gid, requests),
    (_, requests) => done(requests),
  );
}

export interface Rejection {
  readonly requests: readonly Hash[];
  readonly wishes: RejectWishes;
}

/** Each rejection is sealed to its own person, so they go one by one and stop at the first refusal. */
export function useReject(gid: Gid, done: (rejection: Rejection) => void): Act<Rejection, void> {
  return useAct(
    async (client, { requests, wishes }) => {
      for (const request of requests) {
        const outcome = await client.reject(gid, request, wishes);
        if (!outcome.ok) return outcome;
      }
      return { ok: true, value: undefined };
    },
    (_, rejection) => done(rejection),
  );
}
