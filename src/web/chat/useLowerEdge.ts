/** Keeps what stands above the composer above it, however high the composer becomes. */
import { type RefObject, useEffect, useRef } from 'react';
import type { VListHandle } from 'virtua';
import { useDrafts } from '../stores/draft.ts';
import type { Gid } from '../../protocol/ids.ts';

interface LowerEdge {
  readonly gid: Gid;
  readonly list: RefObject<VListHandle | null>;
  /** Whether the end is followed. */
  readonly atEnd: RefObject<boolean>;
  readonly toEnd: () => void;
}

/** Answers what is called when the list has another height, as by the keyboard of a phone or a longer text. */
export function useLowerEdge({ gid, list, atEnd, toEnd }: LowerEdge): () => void {
  const height = useRef(0);
  // A text pasted over a long one takes that out first: for a moment the list is high, the browser moves it down to its end, and
  // when the frame is drawn it is as high as it was before and has moved.
  useEffect(
    () =>
      useDrafts.subscribe((now, before) => {
        const view = list.current;
        if (view === null || now.byGroup[gid] === before.byGroup[gid]) return;
        // The list hears of such a movement with the next frame.
        const follows = atEnd.current;
        const offset = view.scrollOffset;
        requestAnimationFrame(() => {
          if (view.scrollOffset >= offset) return;
          if (follows) toEnd();
          else view.scrollTo(offset);
        });
      }),
    [gid, list, atEnd, toEnd],
  );

  return () => {
    const view = list.current;
    if (view === null) return;
    const lost = height.current === 0 ? 0 : height.current - view.viewportSize;
    height.current = view.viewportSize;
    if (atEnd.current) toEnd();
    else if (lost !== 0) view.scrollBy(lost);
  };
}
