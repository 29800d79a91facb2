/** Going to a message that may not be loaded yet: earlier pages are read until it is there, then it is shown. */
import { useCallback, useLayoutEffect, useRef } from 'react';
import type { TimelinePage } from '../../client/view.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Row } from './rows.ts';

const rowAt = (rows: readonly Row[], t: number): number =>
  rows.findIndex(
    (row) =>
      (row.kind === 'spoken' && row.item.kind !== 'outgoing' && row.item.t === t) ||
      (row.kind === 'blocked' &&
        row.items.some((item) => item.kind !== 'outgoing' && item.t === t)),
  );

interface Shown {
  readonly page: TimelinePage;
  readonly rows: readonly Row[];
  readonly older: (before: number) => Promise<Outcome<TimelinePage> | null>;
  readonly show: (row: number) => void;
}

export function useJump(shown: Shown): (t: number) => void {
  // What is drawn now, for a jump that reads pages meanwhile.
  const latest = useRef(shown);
  useLayoutEffect(() => {
    latest.current = shown;
  });

  return useCallback((t: number) => {
    const reach = async (): Promise<void> => {
      let { page } = latest.current;
      while (page.more && page.before > t) {
        const earlier = await latest.current.older(page.before);
        if (earlier?.ok !== true) return;
        page = earlier.value;
      }
      // Rows that were just read are drawn first.
      requestAnimationFrame(() => {
        const row = rowAt(latest.current.rows, t);
        if (row >= 0) latest.current.show(row);
      });
    };
    void reach();
  }, []);
}
