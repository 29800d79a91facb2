import { describe, expect, it } from 'vitest';
import { line, message, outgoing } from '../../client/testing/lines.ts';
import type { TimelineItem } from '../../client/view.ts';
import { mergeItems, withNewest } from './timeline.ts';

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

  it('takes a changed line in place', () => {
    const merged = mergeItems(
      [message('a', 1), message('b', 2)],
      [{ ...message('a', 1), at: 7 }],
      [],
    );
    expect(keys(merged)).toEqual(['a', 'b']);
    expect(merged[0]?.at).toBe(7);
  });
});

describe('the newest page after a hand-over', () => {
  const newest = { items: [message('c', 3), message('d', 4)], more: true, before: 3 };

  it('keeps the older lines that were loaded, and drops what stood in the outbox', () => {
    const known = {
      items: [message('a', 1), message('b', 2), message('c', 3), outgoing('l1', 9)],
      more: false,
      before: 1,
    };
    expect(withNewest(known, newest)).toEqual({
      items: [message('a', 1), message('b', 2), message('c', 3), message('d', 4)],
      more: false,
      before: 1,
    });
  });

  it('stands alone where lines between are missing', () => {
    const known = { items: [message('a', 1)], more: false, before: 1 };
    expect(withNewest(known, newest)).toEqual(newest);
  });
});
