import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VListHandle } from 'virtua';
import { message } from '../../client/testing/lines.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { makeReading, type Reading, type Shown } from './reading.ts';
import { rowsOf } from './rows.ts';

const GID = 'a'.repeat(64) as Gid;
const ROW_PX = 40;
const WINDOW_PX = 400;
const BLOCKED: ReadonlySet<Pid> = new Set();

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.splice(id - 1, 1, () => undefined));
});
afterEach(() => vi.unstubAllGlobals());

/** As many frames as a movement takes to come to rest. */
function rests(): void {
  for (let n = 0; n < 10; n++) for (const frame of frames.splice(0)) frame();
}

/** A list of rows that are all of one height. */
function listOf(count: () => number): VListHandle {
  let offset = 0;
  const size = (): number => count() * ROW_PX;
  const to = (wanted: number): void => {
    offset = Math.max(0, Math.min(wanted, size() - WINDOW_PX));
  };
  return {
    get scrollOffset() {
      return offset;
    },
    get scrollSize() {
      return size();
    },
    viewportSize: WINDOW_PX,
    findItemIndex: (at: number) => Math.floor(at / ROW_PX),
    getItemOffset: (row: number) => row * ROW_PX,
    getItemSize: () => ROW_PX,
    scrollTo: to,
    scrollBy: (by: number) => to(offset + by),
    scrollToIndex: (row: number, how?: { readonly align?: string }) =>
      to(how?.align === 'end' ? (row + 1) * ROW_PX - WINDOW_PX : row * ROW_PX),
  } as unknown as VListHandle;
}

interface Opened {
  readonly reading: Reading;
  readonly list: VListHandle;
  /** Positions that were said to be read, in order. */
  readonly read: number[];
  /** What the page shows beside the lines. */
  readonly beside: { away: boolean; newFrom: number | null };
  /** That many messages are held from now on. */
  readonly holds: (messages: number) => void;
}

/** A talk of so many messages of others at positions from 0, unread from `newFrom` on. */
function opened(messages: number, newFrom: number | null): Opened {
  const read: number[] = [];
  const beside = { away: false, newFrom };
  const shownOf = (many: number): Shown => {
    const items = Array.from({ length: many }, (_, t) => message(`m${String(t)}`, t));
    const wishes = { dayOf: () => 'a day', more: false, blocked: BLOCKED, joinedT: null };
    return {
      gid: GID,
      page: { items, more: false, before: 0, cut: null },
      rows: rowsOf(items, { ...wishes, newFrom: beside.newFrom }),
      blocked: BLOCKED,
      newFrom: beside.newFrom,
      setNewFrom: (t) => {
        beside.newFrom = t;
      },
      setAway: (away) => {
        beside.away = away;
      },
      markRead: (t) => read.push(t),
      toNewest: () => undefined,
      shorten: () => undefined,
      readEdges: () => undefined,
    };
  };
  let shown = shownOf(messages);
  const reading = makeReading(shown);
  const list = listOf(() => shown.rows.length);
  reading.take(list);
  reading.drawn(shown);
  const holds = (many: number): void => {
    shown = shownOf(many);
    reading.drawn(shown);
    reading.came();
  };
  return { reading, list, read, beside, holds };
}

describe('reading a talk', () => {
  it('begins at its end where nothing is unread, and reads each message that comes', () => {
    const { reading, read, beside, holds } = opened(50, null);
    expect(reading.atEnd()).toBe(true);
    expect(read).toEqual([49]);
    holds(51);
    rests();
    expect(read.at(-1)).toBe(50);
    expect(beside).toEqual({ away: false, newFrom: null });
  });

  it('begins where it was left, and reads nothing that is out of sight', () => {
    const { reading, read, beside } = opened(50, 20);
    rests();
    expect(reading.atEnd()).toBe(false);
    expect(read).toEqual([]);
    expect(beside.away).toBe(true);
  });

  it('reads what is new where all of it is in sight', () => {
    const { reading, read } = opened(50, 47);
    rests();
    expect(reading.atEnd()).toBe(true);
    expect(read).toEqual([49]);
  });

  it('stops at what is new where more comes at once than the window holds', () => {
    const { reading, list, read, beside, holds } = opened(50, null);
    holds(90);
    rests();
    expect(reading.atEnd()).toBe(false);
    expect(read).toEqual([49]);
    expect(beside).toEqual({ away: true, newFrom: 50 });
    // "New" is drawn with the next lines, and stands at the upper edge.
    holds(90);
    rests();
    expect(read).toEqual([49]);
    expect(list.scrollOffset / ROW_PX).toBe(2 + 50);
  });

  it('reads nothing while nobody sees the page', () => {
    const { read, beside, holds } = opened(50, null);
    vi.stubGlobal('document', { visibilityState: 'hidden' });
    holds(51);
    rests();
    expect(read).toEqual([49]);
    expect(beside.newFrom).toBe(50);
  });

  it('leaves somebody where they scroll to while more comes in', () => {
    const { reading, list, read, holds } = opened(50, null);
    reading.touch();
    list.scrollTo(0);
    reading.settle();
    expect(reading.atEnd()).toBe(false);
    holds(51);
    rests();
    expect(list.scrollOffset).toBe(0);
    expect(read).toEqual([49]);
  });

  it('is on its way nowhere once it is stopped, or its list is gone', () => {
    const stopped = opened(50, 20).reading;
    expect(stopped.underWay()).toBe(true);
    stopped.stop();
    expect(stopped.underWay()).toBe(false);
    const { reading } = opened(50, 20);
    reading.take(null);
    rests();
    expect(reading.underWay()).toBe(false);
  });
});
