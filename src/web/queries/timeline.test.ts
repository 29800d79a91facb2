import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../client/client.ts';
import { line, message, outgoing } from '../../client/testing/lines.ts';
import type { TimelineItem } from '../../client/view.ts';
import { ok } from '../../lib/result.ts';
import type { Gid } from '../../protocol/ids.ts';
import {
  continued,
  isUnbegun,
  joined,
  mergeItems,
  shortened,
  type Talk,
  timelineQuery,
  withNewest,
  withNews,
} from './timeline.ts';

const keys = (items: readonly TimelineItem[]) => items.map((item) => item.key);

describe('merging lines of the talk', () => {
  it('puts an older page before and news after what is known', () => {
    const known = [message('c', 3), message('d', 4)];
    expect(keys(mergeItems(known, [message('a', 1), message('b', 2)], []))).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(keys(mergeItems(known, [message('e', 5)], []))).toEqual(['c', 'd', 'e']);
  });

  it('replaces a sent message by its stored form without showing both', () => {
    const known = [message('a', 1), outgoing('l1', 10), outgoing('l2', 11)];
    expect(keys(mergeItems(known, [message('b', 2)], ['l1']))).toEqual(['a', 'b', 'l2']);
  });

  it('keeps what is not stored last, in the order it was written', () => {
    const known = [outgoing('l2', 11), outgoing('l1', 10)];
    expect(keys(mergeItems(known, [message('a', 99)], []))).toEqual(['a', 'l1', 'l2']);
  });

  it('keeps the order of lines that share a position', () => {
    expect(keys(mergeItems([], [line('x', 1), line('w', 1), message('a', 0)], []))).toEqual([
      'a',
      'x',
      'w',
    ]);
  });

  it('puts lines in front in their order, however they come', () => {
    const older = [message('b', 2), message('a', 1)];
    const stored = [message('c', 3), message('d', 4)];
    expect(keys(mergeItems(stored, older, []))).toEqual(['a', 'b', 'c', 'd']);
    const written = [message('c', 3), outgoing('l1', 10)];
    expect(keys(mergeItems(written, older, []))).toEqual(['a', 'b', 'c', 'l1']);
    expect(keys(mergeItems(stored, [], []))).toEqual(['c', 'd']);
  });

  it('takes a changed line in place', () => {
    const merged = mergeItems(
      [message('a', 1), message('b', 2)],
      [{ ...message('a', 1), at: 7 }],
      [],
    );
    expect(keys(merged)).toEqual(['a', 'b']);
    expect(merged[0]?.at).toBe(7);
  });

  it('keeps each line that did not change, whatever comes in front of it or is read again', async () => {
    const known = [message('b', 2), message('c', 3)];
    const cache = new QueryClient();
    const read = () => ({ items: [message('b', 2), message('c', 3)], more: true, before: 2 });
    const client = {
      timeline: () => Promise.resolve(ok({ ...read(), items: known })),
    } as Partial<Client> as Client;
    const query = timelineQuery(client, '1'.repeat(64) as Gid);
    const { queryKey } = query;
    await cache.fetchQuery(query);
    const talk = (): Talk | undefined => cache.getQueryData<Talk>(queryKey);
    const change = (to: (talk: Talk) => Talk) =>
      cache.setQueryData<Talk>(queryKey, (now) => now && to(now));

    change((now) => withNews(now, [message('a', 1)], []));
    expect(keys(talk()?.items ?? [])).toEqual(['a', 'b', 'c']);
    expect(talk()?.items[1]).toBe(known[0]);
    expect(talk()?.items[2]).toBe(known[1]);

    change((now) => withNews(now, [message('d', 4)], []));
    expect(talk()?.items[1]).toBe(known[0]);
    expect(keys(talk()?.items ?? [])).toEqual(['a', 'b', 'c', 'd']);
    change((now) => withNews(now, [], ['d']));
    expect(keys(talk()?.items ?? [])).toEqual(['a', 'b', 'c']);

    change((now) => withNews(now, [message('b', 2), { ...message('c', 3), at: 7 }], []));
    expect(talk()?.items[1]).toBe(known[0]);
    expect(talk()?.items[2]).toEqual({ ...message('c', 3), at: 7 });

    change(() => ({ ...read(), cut: null }));
    const again = talk();
    expect(again?.items[0]).toBe(known[0]);
    change(() => ({ ...read(), cut: null }));
    expect(talk()).toBe(again);
    change(() => ({ ...read(), more: false, cut: null }));
    expect(talk()).toMatchObject({ more: false, items: again?.items });
  });
});

describe('the newest page after a hand-over', () => {
  const newest = { items: [message('c', 3), message('d', 4)], more: true, before: 3 };

  it('keeps the older lines that were loaded, and drops what stood in the outbox', () => {
    const known = {
      items: [message('a', 1), message('b', 2), message('c', 3), outgoing('l1', 9)],
      more: false,
      before: 1,
      cut: null,
    };
    expect(withNewest(known, newest)).toEqual({
      items: [message('a', 1), message('b', 2), message('c', 3), message('d', 4)],
      more: false,
      before: 1,
      cut: null,
    });
  });

  it('stands alone where lines between are missing', () => {
    const known = { items: [message('a', 1)], more: false, before: 1, cut: null };
    expect(withNewest(known, newest)).toEqual({ ...newest, cut: null });
  });

  it('does not take a place from who reads far above the end', () => {
    const known = { items: [message('a', 1)], more: false, before: 1, cut: 2 };
    expect(withNewest(known, newest)).toBe(known);
  });
});

describe('a talk read at its end', () => {
  const many = Array.from({ length: 1200 }, (_, n) => message(`m${String(n)}`, n));

  it('lets go of older lines where it holds very many, and says that there are more', () => {
    const kept = shortened({ items: many, more: false, before: 0, cut: null });
    expect(kept).toEqual({ items: many.slice(800), more: true, before: 800, cut: null });
    const few = { items: many.slice(0, 1000), more: false, before: 0, cut: null };
    expect(shortened(few)).toBe(few);
  });

  it('does not part lines of one position, nor forget what waits', () => {
    const items = [
      ...many.slice(0, 799),
      line('x', 799),
      line('y', 799),
      ...many.slice(800, 1198),
      outgoing('l', 1),
    ];
    const kept = shortened({ items, more: false, before: 0, cut: null });
    expect(keys(kept.items).slice(0, 3)).toEqual(['x', 'y', 'm800']);
    expect(kept.items).toHaveLength(401);
    expect(kept.items.at(-1)?.key).toBe('l');
    expect(kept.before).toBe(799);
  });
});

describe('a talk of which nothing has come in yet', () => {
  it('AO-47: is asked again once something has, and not where it is new or holds lines', () => {
    const page = (before: number, items: readonly TimelineItem[]) => ({
      items,
      more: false,
      before,
    });
    expect(isUnbegun(page(6, []))).toBe(true);
    expect(isUnbegun(page(6, [outgoing('l', 1)]))).toBe(true);
    expect(isUnbegun(page(6, [line('x', 6)]))).toBe(false);
    expect(isUnbegun(page(0, []))).toBe(false);
  });
});

describe('a talk that is read far above its end', () => {
  const at = (from: number, until: number): TimelineItem[] =>
    Array.from({ length: until - from }, (_, n) => message(`m${String(from + n)}`, from + n));
  const newest = { items: at(90, 100), more: true, before: 90 };
  const far: Talk = joined({ items: at(10, 40), more: true, before: 10 }, 40, newest);

  it('is cut below, and takes news only for the lines it holds', () => {
    expect(far.cut).toBe(40);
    const edited = { ...message('m20', 20), at: 7 };
    const told = withNews(far, [edited, message('m100', 100), outgoing('l', 1)], []);
    expect(keys(told.items)).toEqual(keys(at(10, 40)));
    expect(told.items[10]?.at).toBe(7);
  });

  it('goes on below without a gap, until it meets the newest lines', () => {
    const on = continued(
      far,
      joined({ items: at(30, 80), more: true, before: 30 }, 80, newest),
      40,
    );
    expect([keys(on.items), on.cut]).toEqual([keys(at(10, 80)), 80]);
    const whole = continued(
      on,
      joined({ items: at(70, 100), more: true, before: 70 }, 110, newest),
      80,
    );
    expect([keys(whole.items), whole.cut]).toEqual([keys(at(10, 100)), null]);
    expect(whole.before).toBe(10);
  });

  it('ignores an answer for another place than where it is cut now', () => {
    const late = joined({ items: at(30, 80), more: true, before: 30 }, 80, newest);
    expect(continued({ ...far, cut: 45 }, late, 40)).toEqual({ ...far, cut: 45 });
  });
});
