/** Keeps what stands above the composer above it, however high the composer becomes. */
import { type RefObject, useEffect, useRef } from 'react';
import type { VListHandle } from 'virtua';

interface LowerEdge {
  readonly list: RefObject<VListHandle | null>;
  /** Whether the end is followed. */
  readonly atEnd: RefObject<boolean>;
  readonly toEnd: () => void;
}

/** What puts a whole text in the place of another, rather than letters. */
const REPLACES = /^(?:insertFrom|insertReplacement|history)/u;

/** Answers what is called when the list has another height, as by the keyboard of a phone or a longer text. */
export function useLowerEdge({ list, atEnd, toEnd }: LowerEdge): () => void {
  const height = useRef(0);
  // A text pasted over a long one takes that out first: for a moment the list is high, the browser moves it down to its end, and
  // when the frame is drawn it is as high as it was before and has moved.
  useEffect(() => {
    const keep = (event: Event): void => {
      const view = list.current;
      if (view === null || !(event instanceof InputEvent) || !REPLACES.test(event.inputType))
        return;
      // The list hears of such a movement with the next frame.
      const follows = atEnd.current;
      const offset = view.scrollOffset;
      requestAnimationFrame(() => {
        if (view !== list.current || view.scrollOffset >= offset) return;
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
    if (atEnd.current) toEnd();
    else if (lost !== 0) view.scrollBy(lost);
  };
}
