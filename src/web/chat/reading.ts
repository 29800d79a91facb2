/**
 * What of a talk counts as read, and where somebody stands in it: at its end, which is followed as far as everything unread stays in
 * sight, or elsewhere, which is left alone. Made once for an opened talk, apart from how it is drawn: callbacks that each draw makes
 * anew would hold on to the lines of all draws before.
 */
import type { VListHandle } from 'virtua';
import { usePlaces, setPlace } from '../stores/place.ts';
import type { Talk } from '../queries/timeline.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { makeMovement } from './movement.ts';
import { firstFrom, newestPosition, type Row } from './rows.ts';

/** Close enough to the end to count as reading there. */
const END_PX = 48;

/** What is drawn now, and what can be asked of the page. */
export interface Shown {
  readonly gid: Gid;
  readonly page: Talk;
  readonly rows: readonly Row[];
  readonly blocked: ReadonlySet<Pid>;
  /** Position where "New" stands; null where nothing is new. */
  readonly newFrom: number | null;
  readonly setNewFrom: (t: number) => void;
  /** Whether there is a way down to show. */
  readonly setAway: (away: boolean) => void;
  readonly markRead: (t: number) => void;
  /** Reads the newest lines in place of those that are held. */
  readonly toNewest: () => void;
  /** Lets go of older lines where very many are held. */
  readonly shorten: () => void;
  /** Reads on where the list is near an edge of what is held. */
  readonly readEdges: (view: VListHandle) => void;
}

export interface Reading {
  /** Takes the list once it is drawn, null once it is gone. */
  readonly take: (drawn: VListHandle | null) => void;
  readonly list: () => VListHandle | null;
  /** Whether the end is followed. */
  readonly atEnd: () => boolean;
  /** Whether the list is on its way somewhere. */
  readonly underWay: () => boolean;
  /**
   * Called with each draw. The first lines begin where somebody left off; answers the position to lead to where that is not among
   * them, else null.
   */
  readonly drawn: (now: Shown) => number | null;
  /** Called with lines that came or went. */
  readonly came: () => void;
  /** Called when the page is seen or hidden. */
  readonly seen: () => void;
  /** Another tab, or another device, has read up to this position. */
  readonly readElsewhere: (t: number) => void;
  /** The person scrolls by themselves. */
  readonly touch: () => void;
  /** Called after each scroll and each measuring: is the end in sight, and is there enough at the edges? */
  readonly settle: () => void;
  readonly toEnd: () => void;
  /** To the end, whose lines are read where they are not held; what is there counts as read. */
  readonly goToEnd: () => void;
  /** The end is not followed any more. */
  readonly letGo: () => void;
  readonly showRow: (row: number) => void;
  readonly stop: () => void;
}

/** `first`: what is drawn first; "New" stands there where the unread messages began when the group was opened. */
export function makeReading(first: Shown): Reading {
  let list: VListHandle | null = null;
  const from = first.newFrom;
  const { moved, underWay, stop } = makeMovement(() => list, rest);
  let shown = first;
  let begun = false;
  // Whether new lines pull the view along. Only the person's own scrolling lets go of the end: measuring lines scrolls too.
  let atEnd = true;
  let touched = false;
  /** The newest lines are being read in place of a talk that is cut. */
  let leadsToEnd = false;
  /** "New" is drawn anew, and the list goes there. */
  let toNew = false;
  /** What stands before this position was read here. */
  let readUpTo = from ?? (newestPosition(first.page.items) ?? -1) + 1;

  function toEnd(): void {
    touched = false;
    atEnd = true;
    list?.scrollToIndex(shown.rows.length - 1, { align: 'end' });
  }

  function letGo(): void {
    atEnd = false;
  }

  function markRead(): void {
    const position = newestPosition(shown.page.items);
    if (position === null || document.visibilityState !== 'visible') return;
    readUpTo = position + 1;
    shown.markRead(position);
  }

  /** To the end, where one has read what is there. */
  function endRead(): void {
    toEnd();
    // Where all lines are in sight, nothing moves, and nobody else says so.
    shown.setAway(false);
    setPlace(shown.gid, null);
    markRead();
    shown.shorten();
  }

  function goToEnd(): void {
    if (shown.page.cut === null) return endRead();
    leadsToEnd = true;
    shown.toNewest();
  }

  function goToNew(): void {
    const row = shown.rows.findIndex(({ kind }) => kind === 'new');
    if (row < 0) return;
    toNew = false;
    list?.scrollToIndex(row, { align: 'start' });
    moved();
  }

  function begin(): number | null {
    const { rows, gid } = shown;
    if (rows.length === 0) return null;
    begun = true;
    const place = usePlaces.getState().byGroup[gid];
    const placeRow = rows.findIndex(({ key }) => key === place?.row);
    if (from === null && placeRow < 0) {
      goToEnd();
      return null;
    }
    letGo();
    if (placeRow >= 0) {
      // Somebody who was reading earlier messages goes on there; what is new is counted below.
      list?.scrollToIndex(placeRow, { align: 'start', offset: place?.past ?? 0 });
      moved();
      return null;
    }
    if (rows.some(({ kind }) => kind === 'new')) {
      goToNew();
      return null;
    }
    // The lines there could not be read, or were let go of: until they are there, it begins with the first that is held.
    shown.setAway(true);
    list?.scrollToIndex(0);
    return from ?? 0;
  }

  function drawn(now: Shown): number | null {
    const isNew = now.rows !== shown.rows;
    shown = now;
    if (!begun) return begin();
    if (isNew && toNew) goToNew();
    return null;
  }

  /** Follows the end as far as nothing unread is led out of sight: what is in sight once the lines are measured, decides. */
  function follow(): void {
    const { page, rows, blocked, setNewFrom } = shown;
    const first = firstFrom(page.items, readUpTo, blocked);
    if (first === null) return endRead();
    if (document.visibilityState !== 'visible') setNewFrom(first);
    const row = rows.findIndex(
      (one) => one.kind === 'spoken' && one.item.kind !== 'outgoing' && one.item.t >= first,
    );
    if (row < 0) return;
    touched = false;
    // Where there is no more below it than the window holds, this is the end.
    list?.scrollToIndex(row, { align: 'start' });
    moved();
  }

  function came(): void {
    // Below a cut there is more, and its end is none to stay at.
    if (shown.page.cut !== null) return letGo();
    if (leadsToEnd) {
      leadsToEnd = false;
      endRead();
    } else if (atEnd) follow();
  }

  function seen(): void {
    if (atEnd) follow();
  }

  const isEndInSight = (view: VListHandle): boolean =>
    shown.page.cut === null && view.scrollSize - view.viewportSize - view.scrollOffset < END_PX;

  function notePlace(view: VListHandle): void {
    const { gid, rows } = shown;
    const row = view.findItemIndex(view.scrollOffset);
    const key = rows[row]?.key;
    const past = view.scrollOffset - view.getItemOffset(row);
    setPlace(gid, atEnd || key === undefined ? null : { row: key, past });
  }

  function settle(): void {
    if (list === null || !begun || underWay()) return;
    if (isEndInSight(list) && (touched || atEnd)) {
      if (!atEnd) markRead();
      atEnd = true;
      shown.setAway(false);
    } else if (touched) {
      letGo();
      shown.setAway(true);
    }
    notePlace(list);
    shown.readEdges(list);
  }

  /** After a movement: what is unread and in sight up to the end is read; else reading stops where it begins. */
  function rest(): void {
    if (list === null) return;
    const { page, blocked, newFrom, setAway, setNewFrom } = shown;
    const first = firstFrom(page.items, readUpTo, blocked);
    if (isEndInSight(list)) {
      atEnd = true;
      markRead();
    } else if (!atEnd || touched) {
      // Also where somebody scrolled meanwhile: that is where they want to be.
      letGo();
      setAway(true);
    } else if (first !== null) {
      letGo();
      setAway(true);
      setNewFrom(first);
      toNew = first !== newFrom;
      if (!toNew) goToNew();
    }
    settle();
  }

  return {
    take: (drawn) => {
      list = drawn;
    },
    list: () => list,
    atEnd: () => atEnd,
    underWay,
    drawn,
    came,
    seen,
    readElsewhere: (t) => {
      readUpTo = Math.max(readUpTo, t);
    },
    touch: () => {
      touched = true;
    },
    settle,
    toEnd,
    goToEnd,
    letGo,
    showRow: (row) => {
      letGo();
      touched = false;
      list?.scrollToIndex(row, { align: 'center' });
      moved();
    },
    stop,
  };
}
