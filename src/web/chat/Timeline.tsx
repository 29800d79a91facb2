/** The talk: a virtual list that stays at its end while one reads there, and grows upwards without a jump. */
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, MessageSquareText } from 'lucide-react';
import { startTransition, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { VList } from 'virtua';
import { inShort } from '../parts/inShort.ts';
import { Failed } from '../parts/Failed.tsx';
import { nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { preferencesQuery } from '../queries/preferences.ts';
import { type Talk, timelineQuery } from '../queries/timeline.ts';
import { Afterwards } from '../ui/Afterwards.tsx';
import { Button } from '../ui/Button.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, TimelineItem } from '../../client/view.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { MessageMenu } from './MessageMenu.tsx';
import { type OpenMenu, OpenMenuContext } from './MessageActs.tsx';
import { StillContext } from './OnceStill.tsx';
import { TalkRow } from './TalkRow.tsx';
import { useEdges } from './useEdges.ts';
import { useLowerEdge } from './useLowerEdge.ts';
import { useOpening } from './useOpening.ts';
import { useReading } from './useReading.ts';
import { useRows } from './useRows.ts';
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
  const now = useNow();
  const section = useRef<HTMLElement>(null);
  /** Where "New" stands. */
  const [newFrom, setNewFrom] = useState(from);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [still, setStill] = useState(true);
  /** Somebody goes through the lines by keyboard: there each has its buttons, however it moves. */
  const byKeys = useRef(false);
  const preferences = useQuery(preferencesQuery(useClient())).data;
  const blocked = useMemo(
    () => new Set(preferences?.blocked.map(({ pid }) => pid)),
    [preferences?.blocked],
  );
  const joinedT = group.history?.shared?.joinedT ?? null;
  const { rows, above } = useRows(page, { newFrom, blocked, joinedT });
  const { older, stuck, readOlder, readEdges } = useEdges(gid, page);
  const drawn = { gid, page, rows, blocked, newFrom, setNewFrom, readEdges };
  const { reading, away, jump } = useReading({ ...drawn, firstUnread, older: older.run });
  const { take, touch } = reading;
  const keepLowerEdge = useLowerEdge(reading);
  const last = page.items.at(-1);

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
          onClick={readOlder}
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
              ref={take}
              data={rows}
              shift={above}
              onScroll={() => {
                if (!byKeys.current) setStill(false);
                reading.settle();
              }}
              onScrollEnd={() => startTransition(() => setStill(true))}
              onResize={() => {
                keepLowerEdge();
                reading.settle();
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
            reading.goToEnd();
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
  const heard = useMemo(
    () =>
      item?.kind === 'message' &&
      !item.mine &&
      !blocked.has(item.author.pid) &&
      item.key !== openedWith
        ? t('chat.heard', { name: nameOf(item.author), text: inShort(item) })
        : '',
    [item, blocked, openedWith, t],
  );
  return (
    <p className="sr-only" aria-live="polite">
      {heard}
    </p>
  );
}
