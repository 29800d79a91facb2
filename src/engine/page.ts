/** A page of the talk as screens ask for it: some sixty lines, and where to ask on. */
import type { TimelineItem, TimelinePage } from '../client/view.ts';
import type { Context } from './context.ts';
import { outgoingLines } from './messageLines.ts';
import { reachesBack } from './older.ts';
import type { Replica } from './replica.ts';
import { linesOf } from './views.ts';

const PAGE_LINES = 60;

export function linesIn(
  ctx: Context,
  replica: Replica,
  from: number,
  until: number,
): TimelineItem[] {
  return replica.timeline.range(from, until).flatMap((item) => linesOf(ctx, replica, item));
}

/** The lines before position `before`, or the newest ones with what is not stored yet. */
export function pageBefore(ctx: Context, replica: Replica, before: number | null): TimelinePage {
  const { timeline } = replica;
  const until = before ?? timeline.end();
  let from = until;
  let items: TimelineItem[] = [];
  while (from > timeline.first() && items.length < PAGE_LINES) {
    const start = Math.max(timeline.first(), from - PAGE_LINES);
    items = [...linesIn(ctx, replica, start, from), ...items];
    from = start;
  }
  const tail = before === null ? outgoingLines(ctx, replica) : [];
  return {
    items: [...items, ...tail],
    more: from > timeline.first() || reachesBack(replica),
    before: from,
  };
}
