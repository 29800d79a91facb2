/** Join links of a group, as its staff sees them. Pausing and revoking are acts of the work tray (tasks.ts). */
import { queryOptions } from '@tanstack/react-query';
import type { Client, LinkChange, LinkWishes } from '../../client/client.ts';
import type { Gid, LinkPk } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

export const linksQuery = (client: Client, gid: Gid) =>
  queryOptions({ queryKey: ['links', gid], queryFn: () => valueOf(client.links(gid)) });

/** Makes a link and answers its address. */
export function useCreateLink(gid: Gid, done: (address: string) => void): Act<LinkWishes, string> {
  return useAct(async (client, wishes) => {
    const made = await client.createLink(gid, wishes);
    return made.ok ? client.copyLink(gid, made.value) : made;
  }, done);
}

export function useCopyLink(gid: Gid): Act<LinkPk, string> {
  return useAct((client, pk) => client.copyLink(gid, pk));
}

export function useChangeLink(
  gid: Gid,
  done: () => void,
): Act<{ readonly pk: LinkPk; readonly change: LinkChange }, void> {
  return useAct((client, { pk, change }) => client.changeLink(gid, pk, change), done);
}
