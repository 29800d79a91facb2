/** Going to a message that may not be loaded yet: earlier pages are read until it is there, or those around it where it is far. */
import { useCallback, useLayoutEffect, useRef } from 'react';
import type { TimelinePage } from '../../client/view.ts';
import { holds, type Talk } from '../queries/timeline.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Row } from './rows.ts';

const rowAt = (rows: readonly Row[], t: number): number =>
  rows.findIndex(
    (row) =>
      (row.kind === 'spoken' && row.item.kind !== 'outgoing' && row.item.t === t) ||
      (row.kind === 'blocked' &&
        row.items.some((item) => item.kind !== 'outgoing' && item.t === t)),
  );

/** Positions that are read one page after the other, so that the talk stays in one piece up to its end. */
const NEAR = 300;

interface Shown {
  readonly page: Talk;
  readonly rows: readonly Row[];
  readonly older: (before: number) => Promise<Outcome<TimelinePage> | null>;
  /** Reads the lines around a position, in place of what is held. */
  readonly around: (t: number) => Promise<Outcome<Talk> | null>;
  /** The end is not followed any more. */
  readonly leave: () => void;
  readonly show: (row: number) => void;
}

export function useJump(shown: Shown): (t: number) => void {
  // What is drawn now, for a jump that reads pages meanwhile.
  const latest = useRef(shown);
  const wanted = useRef<number | null>(null);
  /** Shows the wanted line once it is drawn. */
  const arrive = useCallback((): void => {
    if (wanted.current === null) return;
    const row = rowAt(latest.current.rows, wanted.current);
    if (row < 0) return;
    wanted.current = null;
    requestAnimationFrame(() => latest.current.show(row));
  }, []);
  useLayoutEffect(() => {
    latest.current = shown;
    arrive();
  });

  return useCallback(
    (t: number) => {
      const reach = async (): Promise<void> => {
        const { page, around, leave } = latest.current;
        const isBelow = page.cut !== null && t >= page.cut;
        let { before, more } = page;
        if (isBelow || (more && before - t > NEAR)) {
          leave();
          const there = await around(t);
          if (there?.ok !== true) return;
          // What this device does not hold yet comes page by page from the server.
          if (holds(there.value.items, t)) ({ before, more } = there.value);
        }
        while (more && before > t) {
          const earlier = await latest.current.older(before);
          if (earlier?.ok !== true) return;
          ({ before, more } = earlier.value);
        }
        wanted.current = t;
        arrive();
      };
      void reach();
    },
    [arrive],
  );
}
