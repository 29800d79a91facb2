/** The timeline of one group as this client holds it: items in pages, each page starting with the running hash T there. */
import { assert, present } from '../lib/assert.ts';
import { nextT } from '../crypto/hash.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { ERROR_NAMES, type ErrorName } from '../protocol/failure.ts';
import {
  array,
  bytes,
  type FieldType,
  id,
  nullable,
  oneOf,
  record,
  uint,
} from '../protocol/field.ts';
import type { Hash } from '../protocol/ids.ts';
import { ENTRY_MAX } from '../protocol/item.ts';
import { CLIENT, SIZE } from '../protocol/limits.ts';

const storedMessage = record({
  /** As it was served: a header of the wrong form is kept too, it enters T. */
  header: bytes(ENTRY_MAX),
  body: nullable(bytes(SIZE.messageBytes)),
  /** The opened payload; null where `failure` says why there is none. */
  payload: nullable(bytes(SIZE.payloadBytes)),
  failure: nullable(oneOf(...ERROR_NAMES)),
  /** The author's clock, from inside the encryption. */
  time: uint,
});
export type StoredMessage = FieldType<typeof storedMessage>;

const storedItem = record({
  t: uint,
  at: uint,
  item: id<Hash>(),
  /** The entry's seq, for entries. */
  seq: nullable(uint),
  message: nullable(storedMessage),
});
export type StoredItem = FieldType<typeof storedItem>;

export const storedPage = record({
  /** T before the first item of this page. */
  T: id<Hash>(),
  first: uint,
  items: array(storedItem, CLIENT.pageItems),
});
export type StoredPage = FieldType<typeof storedPage>;

/** A message kept as it is, with a failure in place of a payload. */
export function refused(
  message: Pick<StoredMessage, 'header' | 'body'>,
  failure: ErrorName,
): StoredMessage {
  return { ...message, payload: null, failure, time: 0 };
}

export interface Timeline {
  /** Items before this position are not held. */
  readonly first: () => number;
  /** Number of items so far; the next item gets this position. */
  readonly end: () => number;
  readonly T: () => Hash;
  /** The seq of the first entry held; null where only messages are. */
  readonly firstSeq: () => number | null;
  /** T at a position of what is held, else null. Takes up to a page of hashes. */
  readonly TAt: (t: number) => Hash | null;
  readonly item: (t: number) => StoredItem | null;
  /** The item with this hash, where it is held. */
  readonly find: (item: Hash) => StoredItem | null;
  /** Items from..until (exclusive) held in memory, ascending. */
  readonly range: (from: number, until: number) => readonly StoredItem[];
  /** Adds items at the end; answers the numbers of the pages that changed. */
  readonly append: (items: readonly StoredItem[]) => ReadonlySet<number>;
  /** Puts a changed item back in its place; answers its page. */
  readonly replace: (item: StoredItem) => number;
  /** Puts earlier items in front; `T` is the running hash before the first of them. Answers the pages that changed. */
  readonly prepend: (T: Hash, items: readonly StoredItem[]) => ReadonlySet<number>;
  readonly page: (n: number) => StoredPage;
  /** Rises when an item that was held reads otherwise, or earlier ones came in; not when items are appended. */
  readonly version: () => number;
  /** Whether the page changed since it was loaded: what the store holds for it may be behind. */
  readonly touched: (page: number) => boolean;
}

export const pageOf = (t: number): number => Math.floor(t / CLIENT.pageItems);

/** Builds the timeline over pages loaded from the store, or an empty one that starts at (t, T). */
export function createTimeline(
  p: Primitives,
  start: { readonly t: number; readonly T: Hash },
  pages: readonly StoredPage[],
): Timeline {
  const items = new Map<number, StoredItem>();
  const places = new Map<Hash, number>();
  /** T before the first item held of each page; those between are reckoned when they are asked for. */
  const starts = new Map<number, Hash>();
  /** T after the last item. */
  let last = start.T;
  /** The T that was reckoned last: whoever asks for one soon asks for the next. */
  let reckoned = start;
  let first = start.t;
  let end = start.t;
  let firstSeq: number | null = null;
  let version = 0;
  const touched = new Set<number>();

  const startOf = (page: number): number => Math.max(page * CLIENT.pageItems, first);
  const held = (t: number): StoredItem => present(items.get(t), 'items are contiguous');

  const between = (from: number, until: number): readonly StoredItem[] => {
    const out: StoredItem[] = [];
    for (let t = from; t < until; t++) out.push(held(t));
    return out;
  };

  const TAt = (t: number): Hash | null => {
    if (t < first || t > end) return null;
    if (t === end) return last;
    const page = pageOf(t);
    const from = startOf(page);
    const isNear = reckoned.t >= from && reckoned.t <= t;
    let T = isNear ? reckoned.T : present(starts.get(page), 'T of a page is held');
    for (let at = isNear ? reckoned.t : from; at < t; at++) T = nextT(p, T, at, held(at).item);
    reckoned = { t, T };
    return T;
  };

  const put = (item: StoredItem): void => {
    assert(item.t === end, 'items are appended in order');
    items.set(item.t, item);
    places.set(item.item, item.t);
    firstSeq ??= item.seq;
    end += 1;
  };

  const push = (item: StoredItem): void => {
    if (startOf(pageOf(end)) === end) starts.set(pageOf(end), last);
    put(item);
    last = nextT(p, last, item.t, item.item);
  };

  const ordered = [...pages].sort((a, b) => a.first - b.first);
  const head = ordered[0];
  if (head !== undefined) {
    first = head.first;
    end = head.first;
    for (const page of ordered) {
      starts.set(pageOf(page.first), page.T);
      page.items.forEach(put);
    }
    const tail = present(ordered.at(-1), 'there is a page');
    last = tail.items.reduce((T, item) => nextT(p, T, item.t, item.item), tail.T);
  }

  return {
    first: () => first,
    end: () => end,
    T: () => last,
    firstSeq: () => firstSeq,
    TAt,
    item: (t) => items.get(t) ?? null,
    find: (item) => items.get(places.get(item) ?? -1) ?? null,
    range: (from, until) => between(Math.max(from, first), Math.min(until, end)),
    append(added) {
      const changed = new Set<number>();
      for (const item of added) {
        push(item);
        changed.add(pageOf(item.t));
        touched.add(pageOf(item.t));
      }
      return changed;
    },
    replace(item) {
      assert(items.get(item.t)?.item === item.item, 'a replaced item keeps its place and name');
      items.set(item.t, item);
      touched.add(pageOf(item.t));
      version += 1;
      return pageOf(item.t);
    },
    prepend(T, added) {
      let running = T;
      const before = added.map(({ t, item }) => {
        const here = running;
        running = nextT(p, running, t, item);
        return here;
      });
      assert(running === TAt(first), 'earlier items lead to what is held');
      const changed = new Set<number>([pageOf(first)]);
      version += 1;
      for (const [i, item] of added.entries()) {
        if (i === 0 || item.t % CLIENT.pageItems === 0)
          starts.set(pageOf(item.t), present(before[i], 'T before each'));
        items.set(item.t, item);
        places.set(item.item, item.t);
        changed.add(pageOf(item.t));
      }
      first = added[0]?.t ?? first;
      firstSeq = added.find((item) => item.seq !== null)?.seq ?? firstSeq;
      for (const page of changed) touched.add(page);
      return changed;
    },
    version: () => version,
    touched: (page) => touched.has(page),
    page(n) {
      const from = startOf(n);
      const until = Math.min((n + 1) * CLIENT.pageItems, end);
      const T = present(TAt(from), 'T of a page is held');
      return { T, first: from, items: between(from, until) };
    },
  };
}
