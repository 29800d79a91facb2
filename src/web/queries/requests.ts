/** Requests to join, as staff decides them. Deciding is an act of the work tray (tasks.ts). */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';

export const requestsQuery = (client: Client, gid: Gid) =>
  queryOptions({ queryKey: ['requests', gid], queryFn: () => valueOf(client.requests(gid)) });

/** What approving these would do to the group as it stands at this position of its log. */
export const approvalQuery = (client: Client, gid: Gid, requests: readonly Hash[], seq: number) =>
  queryOptions({
    queryKey: ['approval', gid, seq, requests],
    queryFn: () => valueOf(client.previewApproval(gid, requests)),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
