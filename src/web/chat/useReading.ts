/** Connects what decides about reading with what is drawn. */
import { useEffect, useLayoutEffect, useState } from 'react';
import type { TimelinePage } from '../../client/view.ts';
import type { Outcome } from '../../protocol/failure.ts';
import { useClient } from '../queries/clientContext.ts';
import { useAround, useNewest, useShorten } from '../queries/timeline.ts';
import { jumped, useTarget } from '../stores/jump.ts';
import { makeReading, type Reading, type Shown } from './reading.ts';
import { useJump } from './useJump.ts';

interface Reader extends Pick<
  Shown,
  'gid' | 'page' | 'rows' | 'blocked' | 'newFrom' | 'setNewFrom' | 'readEdges'
> {
  /** Position of the first unread message; null where there is none. */
  readonly firstUnread: number | null;
  readonly older: (before: number) => Promise<Outcome<TimelinePage> | null>;
}

interface Read {
  readonly reading: Reading;
  /** Whether the end is out of sight, or something there is not read. */
  readonly away: boolean;
  /** Leads to a message, which may have to be read first. */
  readonly jump: (t: number) => void;
}

export function useReading({ firstUnread, older, ...talk }: Reader): Read {
  const { gid, page, rows, blocked } = talk;
  const client = useClient();
  const around = useAround(gid);
  const toNewest = useNewest(gid);
  const shorten = useShorten(gid);
  const [away, setAway] = useState(false);
  const shown: Shown = {
    ...talk,
    setAway,
    // An engine that ended meanwhile says so elsewhere.
    markRead: (t) => void client.markRead(gid, t).catch(() => undefined),
    toNewest: () => void toNewest(),
    shorten,
  };
  const [reading] = useState(() => makeReading(shown));
  const jump = useJump({
    page,
    rows,
    older,
    around: around.run,
    leave: reading.letGo,
    show: reading.showRow,
  });

  useLayoutEffect(() => {
    const wanted = reading.drawn(shown);
    if (wanted !== null) jump(wanted);
  });
  useEffect(() => reading.came(), [page.items, page.cut, rows, blocked, reading]);
  useEffect(() => {
    if (firstUnread !== null) reading.readElsewhere(firstUnread);
  }, [firstUnread, reading]);
  useEffect(() => {
    document.addEventListener('visibilitychange', reading.seen);
    return () => {
      document.removeEventListener('visibilitychange', reading.seen);
      reading.stop();
    };
  }, [reading]);

  const target = useTarget((state) => state.target);
  useEffect(() => {
    if (target?.gid !== gid) return;
    if (target.t === null) reading.goToEnd();
    else jump(target.t);
    jumped();
  }, [target, gid, jump, reading]);

  return { reading, away, jump };
}
