/** Says when the list has come to rest after it was moved: while lines are measured, it stands for moments where it will not stay. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { VListHandle } from 'virtua';

/** Frames without a change. Lines are measured, and places corrected, from one to the next. */
const FRAMES = 3;

interface Movement {
  /** Whether it is under way: what is in sight means nothing yet. */
  readonly moving: RefObject<boolean>;
  /** Called with each movement. */
  readonly moved: () => void;
}

/** `rested` is called in a frame: not while the page is in the background, but once it is seen again. */
export function useMovement(list: RefObject<VListHandle | null>, rested: () => void): Movement {
  const moving = useRef(false);
  const frame = useRef(0);
  const latest = useRef(rested);
  useLayoutEffect(() => {
    latest.current = rested;
  });
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const moved = useCallback((): void => {
    cancelAnimationFrame(frame.current);
    moving.current = true;
    let before = '';
    let same = 0;
    const look = (): void => {
      const view = list.current;
      if (view === null) return;
      const now = [view.scrollOffset, view.scrollSize, view.viewportSize].join();
      same = now === before ? same + 1 : 0;
      before = now;
      if (same < FRAMES) {
        frame.current = requestAnimationFrame(look);
        return;
      }
      moving.current = false;
      latest.current();
    };
    frame.current = requestAnimationFrame(look);
  }, [list]);
  return { moving, moved };
}
