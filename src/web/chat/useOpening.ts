/** Where a talk is opened. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../queries/clientContext.ts';
import { opensAt, readAround, type Talk, timelineKey } from '../queries/timeline.ts';
import { usePlaces } from '../stores/place.ts';
import type { Gid } from '../../protocol/ids.ts';

interface Opening {
  /** The lines are still being read. */
  readonly comes: boolean;
  /** Where the unread messages began when the group was opened; null where nothing was unread. */
  readonly from: number | null;
}

/**
 * Somebody comes back to where they stopped reading, once: where more is unread than the end of the talk holds, the lines there are
 * read first. A place in the talk that is kept goes before it.
 */
export function useOpening(gid: Gid, firstUnread: number | null, page: Talk | undefined): Opening {
  const client = useClient();
  const cache = useQueryClient();
  const [from] = useState(firstUnread);
  const [opened, setOpened] = useState(false);
  const comes =
    !opened &&
    from !== null &&
    page !== undefined &&
    !opensAt(page, from) &&
    usePlaces.getState().byGroup[gid] === undefined;
  if (!opened && !comes && page !== undefined) setOpened(true);
  useEffect(() => {
    if (!comes) return undefined;
    let wanted = true;
    const open = (): void => {
      if (wanted) setOpened(true);
    };
    readAround(client, gid, from).then((talk) => {
      if (wanted && talk.ok) cache.setQueryData<Talk>(timelineKey(gid), talk.value);
      open();
    }, open);
    return () => {
      wanted = false;
    };
  }, [comes, from, client, gid, cache]);
  return { comes, from };
}
