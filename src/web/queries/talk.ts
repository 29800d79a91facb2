/** What is said about messages, and what is typed and not sent. */
import { queryOptions } from '@tanstack/react-query';
import type { Client, MessageWishes } from '../../client/client.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { type Act, useAct } from './useAct.ts';

export const detailsQuery = (client: Client, gid: Gid, item: Hash) =>
  queryOptions({
    queryKey: ['details', gid, item],
    queryFn: () => valueOf(client.messageDetails(gid, item)),
    // It changes with every edit and is read rarely.
    staleTime: 0,
    gcTime: 0,
  });

export interface Written {
  readonly text: string;
  readonly about: MessageWishes;
}

export function useEdit(gid: Gid): Act<Written & { readonly item: Hash }, void> {
  return useAct((client, { item, text, about }) => client.editMessage(gid, item, text, about));
}

export function useDelete(gid: Gid): Act<Hash, void> {
  return useAct((client, item) => client.deleteMessage(gid, item));
}

export interface Hiding {
  readonly item: Hash;
  readonly hidden: boolean;
  readonly reason: string;
}

export function useHide(gid: Gid): Act<Hiding, void> {
  return useAct((client, { item, hidden, reason }) =>
    client.hideMessage(gid, item, hidden, reason),
  );
}

export interface Reacting {
  readonly item: Hash;
  readonly emoji: string;
  readonly on: boolean;
}

export function useReact(gid: Gid): Act<Reacting, void> {
  return useAct((client, { item, emoji, on }) => client.reactTo(gid, item, emoji, on));
}

export function usePin(gid: Gid): Act<{ readonly item: Hash; readonly on: boolean }, void> {
  return useAct((client, { item, on }) => client.pinMessage(gid, item, on));
}
