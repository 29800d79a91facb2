/** The talk of a group: pages from the engine and news, merged into one ascending list. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Client } from '../../client/client.ts';
import type { TimelineItem, TimelinePage } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import type { Written } from './talk.ts';
import { type Act, useAct } from './useAct.ts';

export const TALKS = 'timeline';
export const timelineKey = (gid: Gid) => [TALKS, gid] as const;

export const timelineQuery = (client: Client, gid: Gid) =>
  queryOptions({
    queryKey: timelineKey(gid),
    queryFn: () => valueOf(client.timeline(gid, null)),
  });

export function useOlder(gid: Gid): Act<number, TimelinePage> {
  const cache = useQueryClient();
  return useAct(
    (client, before) => client.timeline(gid, before),
    (page) => {
      cache.setQueryData<TimelinePage>(timelineKey(gid), (known) =>
        known === undefined
          ? page
          : {
              items: mergeItems(known.items, page.items, []),
              more: page.more,
              before: page.before,
            },
      );
    },
    // The list itself offers to try again.
    () => true,
  );
}

/** Answers what lets go of older lines, for whoever reads at the end. */
export function useShorten(gid: Gid): () => void {
  const cache = useQueryClient();
  return useCallback(
    () => cache.setQueryData<TimelinePage>(timelineKey(gid), (known) => known && shortened(known)),
    [cache, gid],
  );
}

export function useSend(gid: Gid): Act<Written, string> {
  return useAct((client, { text, about }) => client.sendMessage(gid, text, about));
}

export function useRetry(gid: Gid): Act<string, void> {
  return useAct((client, localId) => client.retryMessage(gid, localId));
}

/** Asks the server again for what it did not hand out. */
export function useLookAgain(gid: Gid): Act<void, void> {
  return useAct((client) => client.lookAgain(gid));
}

export function useDiscard(gid: Gid): Act<string, void> {
  return useAct((client, localId) => client.discardMessage(gid, localId));
}

/**
 * Puts changed and new lines into the known ones and takes the gone ones out. Lines stand by position; what is not stored yet
 * stands last, in the order it was written. Lines of one entry share a position and keep their order.
 */
export function mergeItems(
  known: readonly TimelineItem[],
  fresh: readonly TimelineItem[],
  gone: readonly string[],
): readonly TimelineItem[] {
  const byKey = new Map(known.map((item) => [item.key, item]));
  for (const item of fresh) byKey.set(item.key, item);
  for (const key of gone) byKey.delete(key);
  return [...byKey.values()].toSorted((one, other) => {
    const place = placeOf(one) - placeOf(other);
    if (place !== 0 && !Number.isNaN(place)) return place;
    return one.kind === 'outgoing' && other.kind === 'outgoing' ? one.at - other.at : 0;
  });
}

/** The newest page anew: in place of what is known where a part between them is missing, else after the older lines. */
export function withNewest(known: TimelinePage, newest: TimelinePage): TimelinePage {
  const stored = known.items.filter((item) => item.kind !== 'outgoing');
  const older = stored.filter((item) => item.t < newest.before);
  if (older.length === 0 || older.length === stored.length) return newest;
  return {
    items: mergeItems(older, newest.items, []),
    more: known.more,
    before: known.before,
  };
}

/** Beyond this many lines a talk that is read at its end lets go of its older ones; scrolling up reads them again. */
const LINES_HELD = 1000;
const LINES_KEPT = 400;

/** The page without its older lines where it holds very many. Lines of one position stay together. */
export function shortened(page: TimelinePage): TimelinePage {
  if (page.items.length <= LINES_HELD) return page;
  const first = page.items.at(-LINES_KEPT);
  if (first === undefined || first.kind === 'outgoing') return page;
  const items = page.items.filter((item) => placeOf(item) >= first.t);
  return { items, more: true, before: first.t };
}

function placeOf(item: TimelineItem): number {
  return item.kind === 'outgoing' ? Number.POSITIVE_INFINITY : item.t;
}
