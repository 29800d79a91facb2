/** The lines of a talk as the rows that are drawn now. */
import { useLayoutEffect, useMemo, useState } from 'react';
import type { Talk } from '../queries/timeline.ts';
import { dayOf } from '../text/when.ts';
import type { TimelineItem } from '../../client/view.ts';
import { type Drawn, drawnNext, type Row, rowsOf, type RowWishes } from './rows.ts';

interface Rows {
  readonly rows: readonly Row[];
  /** Whether they differ from those before by rows in front; virtua then keeps the place. */
  readonly above: boolean;
}

type Wishes = Pick<RowWishes, 'newFrom' | 'blocked' | 'joinedT'>;

export function useRows(page: Talk, { newFrom, blocked, joinedT }: Wishes): Rows {
  const { lines, above } = useDrawn(page.items);
  const { more, before } = page;
  const rows = useMemo(() => {
    const isHeld = newFrom !== null && (!more || before <= newFrom);
    return rowsOf(lines, { dayOf, more, blocked, joinedT, newFrom: isHeld ? newFrom : null });
  }, [lines, more, before, newFrom, blocked, joinedT]);
  return { rows, above };
}

function useDrawn(items: readonly TimelineItem[]): Drawn {
  // `of`: the lines these are drawn for.
  const [before, setDrawn] = useState({ of: items, lines: items, above: false });
  // Rows are made of the next lines at once: those of the ones before would be thrown away.
  const drawn = before.of === items ? before : { of: items, ...drawnNext(before.lines, items) };
  if (drawn !== before) setDrawn(drawn);
  const waits = drawn.lines !== items;
  useLayoutEffect(() => {
    // Two draws on purpose: the list takes what came in front before what came at the end.
    // oxlint-disable-next-line react/set-state-in-effect
    if (waits) setDrawn({ of: items, lines: items, above: false });
  }, [waits, items]);
  return drawn;
}
