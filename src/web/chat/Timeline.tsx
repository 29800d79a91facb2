/** The talk: a virtual list that stays at its end while one reads there, and grows upwards without a jump. */
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, MessageSquareText } from 'lucide-react';
import {
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { VList, type VListHandle } from 'virtua';
import { inShort } from '../parts/inShort.ts';
import { Failed } from '../parts/Failed.tsx';
import { nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { preferencesQuery } from '../queries/preferences.ts';
import {
  type Talk,
  timelineQuery,
  useAround,
  useNewer,
  useNewest,
  useOlder,
  useShorten,
} from '../queries/timeline.ts';
import { jumped, useTarget } from '../stores/jump.ts';
import { dayOf } from '../text/when.ts';
import { Afterwards } from '../ui/Afterwards.tsx';
import { Button } from '../ui/Button.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, TimelineItem } from '../../client/view.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { setPlace, usePlaces } from '../stores/place.ts';
import { type Drawn, drawnNext, firstFrom, newestPosition, rowsOf } from './rows.ts';
import { MessageMenu } from './MessageMenu.tsx';
import { type OpenMenu, OpenMenuContext } from './MessageActs.tsx';
import { StillContext } from './OnceStill.tsx';
import { TalkRow } from './TalkRow.tsx';
import { useJump } from './useJump.ts';
import { useLowerEdge } from './useLowerEdge.ts';
import { useMovement } from './useMovement.ts';
import { useOpening } from './useOpening.ts';
import { WordsContext } from './words.ts';

interface TimelineProps {
  readonly gid: Gid;
  readonly group: GroupView;
  /** Unread messages. */
  readonly unread: number;
  /** Position of the first of them; null where there is none. */
  readonly firstUnread: number | null;
}

export function Timeline({ gid, group, unread, firstUnread }: TimelineProps) {
  const { t } = useTranslation();
  const timeline = useQuery(timelineQuery(useClient(), gid));
  const { comes, from } = useOpening(gid, firstUnread, timeline.data);
  if (timeline.isPending || comes)
    return (
      <div className="flex-1">
        <SkeletonRows count={5} label={t('app.loading')} />
      </div>
    );
  if (timeline.isError)
    return <Failed error={timeline.error} onRetry={() => void timeline.refetch()} />;
  return (
    <Afterwards meanwhile={<div className="flex-1" />}>
      <Lines
        group={group}
        unread={unread}
        firstUnread={firstUnread}
        from={from}
        page={timeline.data}
      />
    </Afterwards>
  );
}

/** Close enough to the end to count as reading there. */
const END_PX = 48;
const LOAD_PX = 600;

function Lines({
  group,
  unread,
  firstUnread,
  from,
  page,
}: Omit<TimelineProps, 'gid'> & {
  /** Where the unread messages began when the group was opened. */
  readonly from: number | null;
  readonly page: Talk;
}) {
  const { t } = useTranslation();
  const { gid } = group;
  const client = useClient();
  const now = useNow();
  const older = useOlder(gid);
  const newer = useNewer(gid);
  const around = useAround(gid);
  const toNewest = useNewest(gid);
  const shorten = useShorten(gid);
  const section = useRef<HTMLElement>(null);
  const list = useRef<VListHandle>(null);
  // Whether new lines pull the view along. Only the person's own scrolling lets go of the end: measuring lines scrolls too.
  const atEnd = useRef(true);
  const touched = useRef(false);
  /** The newest lines are being read in place of a talk that is cut. */
  const leadsToEnd = useRef(false);
  const [away, setAway] = useState(false);
  // Older lines could not be loaded; the person tries again, not a timer.
  const [stuck, setStuck] = useState(false);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [still, setStill] = useState(true);
  const { moving, moved } = useMovement(list, rest);
  /** Somebody goes through the lines by keyboard: there each has its buttons, however it moves. */
  const byKeys = useRef(false);
  /** Where "New" stands. */
  const [newFrom, setNewFrom] = useState(from);
  const toNew = useRef(false);
  /** What stands before this position was read here. */
  const readUpTo = useRef(from ?? (newestPosition(page.items) ?? -1) + 1);

  const joinedT = group.history?.shared?.joinedT ?? null;
  const preferences = useQuery(preferencesQuery(client)).data;
  const blocked = useMemo(
    () => new Set(preferences?.blocked.map(({ pid }) => pid)),
    [preferences?.blocked],
  );
  const drawn = useDrawn(page.items);
  const rows = useMemo(() => {
    const isHeld = newFrom !== null && (!page.more || page.before <= newFrom);
    const wishes = { dayOf, more: page.more, blocked, joinedT };
    return rowsOf(drawn.lines, { ...wishes, newFrom: isHeld ? newFrom : null });
  }, [drawn.lines, page.more, page.before, newFrom, blocked, joinedT]);
  const last = page.items.at(-1);

  const toEnd = useCallback((): void => {
    touched.current = false;
    atEnd.current = true;
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [rows.length]);

  const markRead = useCallback((): void => {
    const position = newestPosition(page.items);
    if (position === null || document.visibilityState !== 'visible') return;
    readUpTo.current = position + 1;
    // An engine that ended meanwhile says so elsewhere.
    client.markRead(gid, position).catch(() => undefined);
  }, [client, gid, page.items]);

  /** To the end, where one has read what is there. */
  const readOn = useCallback((): void => {
    toEnd();
    // Where all lines are in sight, nothing moves, and nobody else says so.
    setAway(false);
    setPlace(gid, null);
    markRead();
    shorten();
  }, [gid, toEnd, markRead, shorten]);

  const goToEnd = useCallback((): void => {
    if (page.cut === null) return readOn();
    leadsToEnd.current = true;
    void toNewest();
  }, [page.cut, readOn, toNewest]);

  const touch = (): void => {
    touched.current = true;
  };

  const goToNew = useCallback((): void => {
    const newRow = rows.findIndex((row) => row.kind === 'new');
    if (newRow < 0) return;
    toNew.current = false;
    list.current?.scrollToIndex(newRow, { align: 'start' });
    moved();
  }, [rows, moved]);

  const begun = useRef(false);
  useLayoutEffect(() => {
    if (begun.current || rows.length === 0) return;
    begun.current = true;
    const place = usePlaces.getState().byGroup[gid];
    const placeRow = rows.findIndex((row) => row.key === place?.row);
    if (from === null && placeRow < 0) return goToEnd();
    atEnd.current = false;
    if (placeRow < 0) {
      if (rows.some((row) => row.kind === 'new')) return goToNew();
      // The lines there could not be read, or were let go of: until they are there, it begins with the first that is held.
      setAway(true);
      list.current?.scrollToIndex(0);
      return jump(from ?? 0);
    }
    // Somebody who was reading earlier messages goes on there; what is new is counted below.
    list.current?.scrollToIndex(placeRow, { align: 'start', offset: place?.past ?? 0 });
    moved();
    // What came since is no reason to go there again.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [rows, goToEnd]);

  useLayoutEffect(() => {
    if (toNew.current) goToNew();
  }, [goToNew]);

  /** Follows the end as far as nothing unread is led out of sight: what is in sight once the lines are measured, decides. */
  const follow = useCallback((): void => {
    const first = firstFrom(page.items, readUpTo.current, blocked);
    if (first === null) return readOn();
    if (document.visibilityState !== 'visible') setNewFrom(first);
    const row = rows.findIndex(
      (one) => one.kind === 'spoken' && one.item.kind !== 'outgoing' && one.item.t >= first,
    );
    if (row < 0) return;
    touched.current = false;
    // Where there is no more below it than the window holds, this is the end.
    list.current?.scrollToIndex(row, { align: 'start' });
    moved();
  }, [page.items, blocked, rows, readOn, moved]);

  useEffect(() => {
    // Below a cut there is more, and its end is none to stay at.
    if (page.cut !== null) atEnd.current = false;
    else if (leadsToEnd.current) {
      leadsToEnd.current = false;
      readOn();
    } else if (atEnd.current) follow();
  }, [last, page.cut, readOn, follow]);

  useEffect(() => {
    // Another tab, or another device, has read.
    if (firstUnread !== null) readUpTo.current = Math.max(readUpTo.current, firstUnread);
  }, [firstUnread]);

  useEffect(() => {
    const look = (): void => {
      if (atEnd.current) follow();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [follow]);

  const letGo = (): void => {
    atEnd.current = false;
  };

  const jump = useJump({
    page,
    rows,
    older: older.run,
    around: around.run,
    leave: letGo,
    show: (row) => {
      letGo();
      touched.current = false;
      list.current?.scrollToIndex(row, { align: 'center' });
      moved();
    },
  });

  const target = useTarget((state) => state.target);
  useEffect(() => {
    if (target?.gid !== gid) return;
    if (target.t === null) goToEnd();
    else jump(target.t);
    jumped();
  }, [target, gid, jump, goToEnd]);

  const loadOlder = (): void => {
    setStuck(false);
    void older.run(page.before).then((outcome) => setStuck(outcome?.ok !== true));
  };

  const notePlace = (view: VListHandle): void => {
    const row = view.findItemIndex(view.scrollOffset);
    const key = rows[row]?.key;
    const past = view.scrollOffset - view.getItemOffset(row);
    setPlace(gid, atEnd.current || key === undefined ? null : { row: key, past });
  };

  const isEndInSight = (view: VListHandle): boolean =>
    page.cut === null && view.scrollSize - view.viewportSize - view.scrollOffset < END_PX;

  /** After each scroll and each measuring: is the end in sight, and is there enough above? */
  function settle(): void {
    const view = list.current;
    if (view === null || !begun.current || moving.current) return;
    if (isEndInSight(view) && (touched.current || atEnd.current)) {
      if (!atEnd.current) markRead();
      atEnd.current = true;
      setAway(false);
    } else if (touched.current) {
      letGo();
      setAway(true);
    }
    notePlace(view);
    const below = view.scrollSize - view.viewportSize - view.scrollOffset;
    if (page.cut !== null && below < LOAD_PX && !newer.busy) void newer.run(page.cut);
    if (view.scrollOffset < LOAD_PX && page.more && !older.busy && !stuck) loadOlder();
  }

  /** After a movement: what is unread and in sight up to the end is read; else reading stops where it begins. */
  function rest(): void {
    const view = list.current;
    if (view === null) return;
    const first = firstFrom(page.items, readUpTo.current, blocked);
    if (isEndInSight(view)) {
      atEnd.current = true;
      markRead();
    } else if (!atEnd.current || touched.current) {
      // Also where somebody scrolled meanwhile: that is where they want to be.
      letGo();
      setAway(true);
    } else if (first !== null) {
      atEnd.current = false;
      setAway(true);
      setNewFrom(first);
      toNew.current = first !== newFrom;
      if (!toNew.current) goToNew();
    }
    settle();
  }

  const keepLowerEdge = useLowerEdge({ list, atEnd, moving, toEnd });

  const isEmpty = page.items.length === 0 && !page.more;
  // The list goes without a word about the end of its movement.
  if (isEmpty && !still) setStill(true);
  if (isEmpty)
    return (
      <Empty icon={<MessageSquareText size={22} aria-hidden />} title={t('chat.noMessages')}>
        {t('chat.noMessagesBody')}
      </Empty>
    );

  return (
    <section
      ref={section}
      aria-label={t('chat.messages')}
      className="relative flex min-h-0 flex-1 flex-col"
    >
      {stuck && page.more && (
        <Button
          size="small"
          className="absolute inset-x-0 top-2 z-10 mx-auto w-fit shadow-lift"
          onClick={loadOlder}
        >
          {t('chat.earlierAgain')}
        </Button>
      )}
      {older.busy && (
        <output className="absolute inset-x-0 top-2 z-10 mx-auto w-fit rounded-full bg-raised px-3 py-1 text-tiny text-ink-2 shadow-lift">
          {t('chat.loadingEarlier')}
        </output>
      )}
      <WordsContext value={t}>
        <OpenMenuContext value={setMenu}>
          <StillContext value={still}>
            <VList
              ref={list}
              data={rows}
              shift={drawn.above}
              onScroll={() => {
                if (!byKeys.current) setStill(false);
                settle();
              }}
              onScrollEnd={() => startTransition(() => setStill(true))}
              onResize={() => {
                keepLowerEdge();
                settle();
              }}
              onFocus={({ target }) => {
                byKeys.current = target.matches(':focus-visible');
                if (byKeys.current) setStill(true);
              }}
              onBlur={() => {
                byKeys.current = false;
              }}
              onWheel={touch}
              onTouchMove={touch}
              onPointerDown={touch}
              onKeyDown={touch}
              // Focusable, so that the keyboard can scroll it.
              tabIndex={0}
              className="min-h-0 flex-1 focus-visible:-outline-offset-2 [overflow-anchor:none]"
            >
              {(row) => <TalkRow key={row.key} row={row} group={group} now={now} onJump={jump} />}
            </VList>
          </StillContext>
        </OpenMenuContext>
      </WordsContext>
      <MessageMenu group={group} open={menu} onOpen={setMenu} />
      {away && (
        <button
          type="button"
          // It goes away once one is there: whoever writes goes on writing, the keyboard goes on in the talk.
          onMouseDown={(event) => event.preventDefault()}
          onClick={({ currentTarget }) => {
            if (currentTarget === document.activeElement)
              section.current?.querySelector<HTMLElement>(':scope > [tabindex]')?.focus();
            goToEnd();
          }}
          aria-label={unread > 0 ? undefined : t('chat.toEnd')}
          className="absolute end-6 bottom-3 flex h-9 items-center gap-2 rounded-full border border-line bg-raised px-3 text-small font-[550] shadow-float hover:border-edge max-tablet:end-4 touch:h-11"
        >
          {unread > 0 && (
            <span className="num text-accent">{t('chat.newMessages', { count: unread })}</span>
          )}
          <ArrowDown size={16} aria-hidden />
        </button>
      )}
      <Heard item={page.cut === null ? last : undefined} blocked={blocked} />
    </section>
  );
}

/** The lines as they are drawn now, and whether they differ from those before by lines in front; virtua then keeps the place. */
function useDrawn(items: readonly TimelineItem[]): Drawn {
  // `of`: the lines these are drawn for.
  const [drawn, setDrawn] = useState({ of: items, lines: items, above: false });
  if (drawn.of !== items) setDrawn({ of: items, ...drawnNext(drawn.lines, items) });
  const waits = drawn.of === items && drawn.lines !== items;
  useLayoutEffect(() => {
    // Two draws on purpose: the list takes what came in front before what came at the end.
    // oxlint-disable-next-line react/set-state-in-effect
    if (waits) setDrawn({ of: items, lines: items, above: false });
  }, [waits, items]);
  return drawn;
}

/** Says the newest message of somebody else to screen readers, once. */
function Heard({
  item,
  blocked,
}: {
  readonly item: TimelineItem | undefined;
  readonly blocked: ReadonlySet<Pid>;
}) {
  const { t } = useTranslation();
  const [openedWith] = useState(item?.key);
  const heard =
    item?.kind === 'message' &&
    !item.mine &&
    !blocked.has(item.author.pid) &&
    item.key !== openedWith
      ? t('chat.heard', { name: nameOf(item.author), text: inShort(item) })
      : '';
  return (
    <p className="sr-only" aria-live="polite">
      {heard}
    </p>
  );
}
