/** Keeps what stands above the composer above it, however high the composer becomes. */
import { type RefObject, useEffect, useRef } from 'react';
import type { VListHandle } from 'virtua';

interface LowerEdge {
  readonly list: RefObject<VListHandle | null>;
  /** Whether the end is followed. */
  readonly atEnd: RefObject<boolean>;
  /** Whether the list is on its way somewhere, and looks after its place itself. */
  readonly moving: RefObject<boolean>;
  readonly toEnd: () => void;
}

/** What puts a whole text in the place of another, rather than letters. */
const REPLACES = /^(?:insertFrom|insertReplacement|history)/u;

/** Answers what is called when the list has another height, as by the keyboard of a phone or a longer text. */
export function useLowerEdge({ list, atEnd, moving, toEnd }: LowerEdge): () => void {
  const height = useRef(0);
  /** Where the list stood when something was typed just now, whatever the browser did to it since. */
  const typedAt = useRef<number | null>(null);
  // A text that is taken out makes the list high, and the browser moves it down to its end, before sizes are told. Where another is
  // put in the place of a long one, as by pasting, that lasts for a moment only: the list is as high as before, and has moved.
  useEffect(() => {
    const keep = (event: Event): void => {
      const view = list.current;
      if (view === null || !(event instanceof InputEvent)) return;
      const follows = atEnd.current;
      const offset = view.scrollOffset;
      typedAt.current = offset;
      // The list hears of its movement with the next frame, of its size after it.
      requestAnimationFrame(() => {
        requestAnimationFrame(() => {
          typedAt.current = null;
        });
        const isMoved = view === list.current && view.scrollOffset < offset;
        if (!isMoved || !REPLACES.test(event.inputType)) return;
        if (follows) toEnd();
        else view.scrollTo(offset);
      });
    };
    document.addEventListener('input', keep);
    return () => document.removeEventListener('input', keep);
  }, [list, atEnd, toEnd]);

  return () => {
    const view = list.current;
    if (view === null) return;
    const lost = height.current === 0 ? 0 : height.current - view.viewportSize;
    height.current = view.viewportSize;
    if (moving.current) return;
    if (atEnd.current) toEnd();
    else if (lost !== 0) view.scrollTo((typedAt.current ?? view.scrollOffset) + lost);
  };
}
