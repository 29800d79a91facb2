/** The talk of a group: pages from the engine and news, merged into one ascending list. */
import { queryOptions, replaceEqualDeep, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Client } from '../../client/client.ts';
import type { TimelineItem, TimelinePage } from '../../client/view.ts';
import { ok } from '../../lib/result.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Gid } from '../../protocol/ids.ts';
import { valueOf } from './outcome.ts';
import { jumpTo } from '../stores/jump.ts';
import type { Written } from './talk.ts';
import { type Act, useAct } from './useAct.ts';

export const TALKS = 'timeline';
export const timelineKey = (gid: Gid) => [TALKS, gid] as const;

/** A talk as screens hold it: one part of it without gaps, usually up to its end. */
export interface Talk extends TimelinePage {
  /** Lines are held up to this position, exclusive, and later ones are not; null where the end is held. */
  readonly cut: number | null;
}

/**
 * Whether this was read before anything of the talk had come in, as somebody who was just admitted can be ahead of it: how far
 * back it reaches is not known yet.
 */
export const isUnbegun = ({ items, before }: TimelinePage): boolean =>
  before > 0 && items.every(({ kind }) => kind === 'outgoing');

const toItsEnd = (page: TimelinePage): Talk => ({ ...page, cut: null });

export const timelineQuery = (client: Client, gid: Gid) =>
  queryOptions({
    queryKey: timelineKey(gid),
    queryFn: async () => toItsEnd(await valueOf(client.timeline(gid, null))),
    // Of lists the cache compares what stands at the same place: lines in front would make copies of all that follow.
    structuralSharing: (before, now) => keptLines(before as Talk | undefined, now as Talk),
  });

/** The talk as it is now, with every line that did not change as the one that is drawn. */
function keptLines(before: Talk | undefined, now: Talk): Talk {
  if (before === undefined || isGrown(before.items, now.items)) return now;
  const drawn = new Map(before.items.map((item) => [item.key, item]));
  const items = now.items.map((item) => replaceEqualDeep(drawn.get(item.key), item));
  const isSame =
    items.length === before.items.length && items.every((item, at) => item === before.items[at]);
  if (!isSame) return { ...now, items };
  const { more, before: from, cut } = before;
  return more === now.more && from === now.before && cut === now.cut
    ? before
    : { ...now, items: before.items };
}

/** Whether these are the same lines with others in front or behind: so a talk grows while one reads back. */
function isGrown(before: readonly TimelineItem[], now: readonly TimelineItem[]): boolean {
  const [first] = before;
  if (first === undefined || now.length === before.length) return false;
  const from = now.indexOf(first);
  return from >= 0 && before.every((item, at) => item === now[from + at]);
}

export function useOlder(gid: Gid): Act<number, TimelinePage> {
  const cache = useQueryClient();
  return useAct(
    (client, before) => client.timeline(gid, before),
    (page) => {
      cache.setQueryData<Talk>(timelineKey(gid), (known) =>
        known === undefined
          ? toItsEnd(page)
          : {
              ...known,
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

/** Positions read at a time, below a message that was jumped to and below what is held. */
const BELOW = 30;
const NEWER = 60;

/** Some lines up to `until`, with the newest ones where both meet. */
async function upTo(client: Client, gid: Gid, until: number): Promise<Outcome<Talk>> {
  const part = await client.timeline(gid, until);
  if (!part.ok) return part;
  const newest = await client.timeline(gid, null);
  return newest.ok ? ok(joined(part.value, until, newest.value)) : newest;
}

/** Lines up to `until` and the newest page: a talk to its end where they meet, else cut there. */
export function joined(part: TimelinePage, until: number, newest: TimelinePage): Talk {
  return newest.before <= until
    ? { ...part, items: mergeItems(part.items, newest.items, []), cut: null }
    : { ...part, cut: until };
}

/** Lines above a position that are read with it. */
const ABOVE = 25;

/** Whether a talk can be opened at a position: it is held, and so much above it that nothing has to be put there at once. */
export const opensAt = ({ more, before, cut }: Talk, t: number): boolean =>
  (!more || before <= t - ABOVE) && (cut === null || t < cut);

/** The lines around a position. */
export const readAround = (client: Client, gid: Gid, t: number): Promise<Outcome<Talk>> =>
  upTo(client, gid, t + BELOW);

/** Reads the lines around a position far above, in place of what is held, so that nothing between has to be read. */
export function useAround(gid: Gid): Act<number, Talk> {
  const cache = useQueryClient();
  return useAct(
    (client, t) => readAround(client, gid, t),
    (talk, t) => {
      if (holds(talk.items, t)) cache.setQueryData<Talk>(timelineKey(gid), talk);
    },
  );
}

export const holds = (items: readonly TimelineItem[], t: number): boolean =>
  items.some((item) => placeOf(item) === t);

/** Reads on below where the talk is cut. */
export function useNewer(gid: Gid): Act<number, Talk> {
  const cache = useQueryClient();
  return useAct(
    (client, cut) => upTo(client, gid, cut + NEWER),
    (below, cut) =>
      cache.setQueryData<Talk>(timelineKey(gid), (known) => known && continued(known, below, cut)),
    () => true,
  );
}

/** The talk with what was read from where it was cut; unchanged where it is not cut there any more. */
export function continued(known: Talk, below: Talk, cut: number): Talk {
  if (known.cut !== cut) return known;
  const later = below.items.filter((item) => placeOf(item) >= cut);
  return { ...known, items: mergeItems(known.items, later, []), cut: below.cut };
}

/** Lets go of what is held and reads the newest lines; resolves once they are there. */
export function useNewest(gid: Gid): () => Promise<void> {
  const cache = useQueryClient();
  return useCallback(() => cache.refetchQueries({ queryKey: timelineKey(gid) }), [cache, gid]);
}

/** Answers what lets go of older lines, for whoever reads at the end. */
export function useShorten(gid: Gid): () => void {
  const cache = useQueryClient();
  return useCallback(
    () => cache.setQueryData<Talk>(timelineKey(gid), (known) => known && shortened(known)),
    [cache, gid],
  );
}

export function useSend(gid: Gid): Act<Written, string> {
  return useAct(
    (client, { text, about }) => client.sendMessage(gid, text, about),
    // What one writes stands at the end.
    () => jumpTo(gid, null),
  );
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
  if (gone.length === 0 && isAbove(fresh, known)) return [...mergeItems([], fresh, []), ...known];
  const byKey = new Map(known.map((item) => [item.key, item]));
  for (const item of fresh) byKey.set(item.key, item);
  for (const key of gone) byKey.delete(key);
  return [...byKey.values()].toSorted((one, other) => {
    const place = placeOf(one) - placeOf(other);
    if (place !== 0 && !Number.isNaN(place)) return place;
    return one.kind === 'outgoing' && other.kind === 'outgoing' ? one.at - other.at : 0;
  });
}

/** Whether all of these stand above stored lines alone, as an older page does: a long talk is not sorted anew for it. */
function isAbove(fresh: readonly TimelineItem[], known: readonly TimelineItem[]): boolean {
  const [first] = known;
  if (first === undefined || known.at(-1)?.kind === 'outgoing') return false;
  return fresh.every((item) => placeOf(item) < placeOf(first));
}

/** News for a talk; where it is cut, only for the lines it holds. */
export function withNews(
  known: Talk,
  items: readonly TimelineItem[],
  gone: readonly string[],
): Talk {
  const { cut } = known;
  const held = cut === null ? items : items.filter((item) => placeOf(item) < cut);
  return { ...known, items: mergeItems(known.items, held, gone) };
}

/**
 * The newest page anew: in place of what is known where a part between them is missing, else after the older lines. A talk
 * that is cut stays where somebody reads it.
 */
export function withNewest(known: Talk, newest: TimelinePage): Talk {
  if (known.cut !== null) return known;
  const stored = known.items.filter((item) => item.kind !== 'outgoing');
  const older = stored.filter((item) => item.t < newest.before);
  if (older.length === 0 || older.length === stored.length) return toItsEnd(newest);
  return { ...known, items: mergeItems(older, newest.items, []) };
}

/** Beyond this many lines a talk that is read at its end lets go of its older ones; scrolling up reads them again. */
const LINES_HELD = 1000;
const LINES_KEPT = 400;

/** The page without its older lines where it holds very many. Lines of one position stay together. */
export function shortened(page: Talk): Talk {
  if (page.cut !== null || page.items.length <= LINES_HELD) return page;
  const first = page.items.at(-LINES_KEPT);
  if (first === undefined || first.kind === 'outgoing') return page;
  const items = page.items.filter((item) => placeOf(item) >= first.t);
  return { items, more: true, before: first.t, cut: null };
}

function placeOf(item: TimelineItem): number {
  return item.kind === 'outgoing' ? Number.POSITIVE_INFINITY : item.t;
}
