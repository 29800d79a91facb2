/** Reads on where a talk is near the edge of what is held: earlier lines above, later ones below where it is cut. */
import { useState } from 'react';
import type { VListHandle } from 'virtua';
import type { TimelinePage } from '../../client/view.ts';
import { type Talk, useNewer, useOlder } from '../queries/timeline.ts';
import type { Act } from '../queries/useAct.ts';
import type { Gid } from '../../protocol/ids.ts';

const NEAR_PX = 600;

interface Edges {
  readonly older: Act<number, TimelinePage>;
  /** Older lines could not be read; the person tries again, not a timer. */
  readonly stuck: boolean;
  readonly readOlder: () => void;
  readonly readEdges: (view: VListHandle) => void;
}

export function useEdges(gid: Gid, page: Talk): Edges {
  const older = useOlder(gid);
  const newer = useNewer(gid);
  const [stuck, setStuck] = useState(false);

  const readOlder = (): void => {
    setStuck(false);
    void older.run(page.before).then((outcome) => setStuck(outcome?.ok !== true));
  };
  const readEdges = ({ scrollSize, viewportSize, scrollOffset }: VListHandle): void => {
    const below = scrollSize - viewportSize - scrollOffset;
    if (page.cut !== null && below < NEAR_PX && !newer.busy) void newer.run(page.cut);
    if (scrollOffset < NEAR_PX && page.more && !older.busy && !stuck) readOlder();
  };
  return { older, stuck, readOlder, readEdges };
}
