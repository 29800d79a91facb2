/** Says when the list has come to rest after it was moved: while lines are measured, it stands for moments where it will not stay. */
import type { VListHandle } from 'virtua';

/** Frames without a change. Lines are measured, and places corrected, from one to the next. */
const FRAMES = 3;

interface Movement {
  /** Whether it is under way: what is in sight means nothing yet. */
  readonly underWay: () => boolean;
  /** Called with each movement. */
  readonly moved: () => void;
  readonly stop: () => void;
}

/** `rested` is called in a frame: not while the page is in the background, but once it is seen again. */
export function makeMovement(list: () => VListHandle | null, rested: () => void): Movement {
  let moving = false;
  let frame = 0;

  const stop = (): void => {
    cancelAnimationFrame(frame);
    moving = false;
  };
  const moved = (): void => {
    cancelAnimationFrame(frame);
    moving = true;
    let before = '';
    let same = 0;
    const look = (): void => {
      const view = list();
      if (view === null) return stop();
      const now = [view.scrollOffset, view.scrollSize, view.viewportSize].join();
      same = now === before ? same + 1 : 0;
      before = now;
      if (same < FRAMES) {
        frame = requestAnimationFrame(look);
        return;
      }
      moving = false;
      rested();
    };
    frame = requestAnimationFrame(look);
  };
  return { underWay: () => moving, moved, stop };
}
