/** Keeps what stands above the composer above it, however high the composer becomes. */
import { useEffect, useRef } from 'react';
import type { Reading } from './reading.ts';

/** What puts a whole text in the place of another, rather than letters. */
const REPLACES = /^(?:insertFrom|insertReplacement|history)/u;

/** Answers what is called when the list has another height, as by the keyboard of a phone or a longer text. */
export function useLowerEdge(reading: Reading): () => void {
  const height = useRef(0);
  /** Where the list stood when something was typed just now, whatever the browser did to it since. */
  const typedAt = useRef<number | null>(null);
  // A text that is taken out makes the list high, and the browser moves it down to its end, before sizes are told. Where another is
  // put in the place of a long one, as by pasting, that lasts for a moment only: the list is as high as before, and has moved.
  useEffect(() => {
    const keep = (event: Event): void => {
      const view = reading.list();
      if (view === null || !(event instanceof InputEvent)) return;
      const follows = reading.atEnd();
      const offset = view.scrollOffset;
      typedAt.current = offset;
      // The list hears of its movement with the next frame, of its size after it.
      requestAnimationFrame(() => {
        requestAnimationFrame(() => {
          typedAt.current = null;
        });
        const isMoved = view === reading.list() && view.scrollOffset < offset;
        if (!isMoved || !REPLACES.test(event.inputType)) return;
        if (follows) reading.toEnd();
        else view.scrollTo(offset);
      });
    };
    document.addEventListener('input', keep);
    return () => document.removeEventListener('input', keep);
  }, [reading]);

  return () => {
    const view = reading.list();
    if (view === null) return;
    const lost = height.current === 0 ? 0 : height.current - view.viewportSize;
    height.current = view.viewportSize;
    if (reading.underWay()) return;
    if (reading.atEnd()) reading.toEnd();
    else if (lost !== 0) view.scrollTo((typedAt.current ?? view.scrollOffset) + lost);
  };
}
