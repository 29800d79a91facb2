/** Groups beside the talk; on a phone one of the two at a time. */
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { useAskToKeep } from '../queries/kept.ts';
import { classes } from '../ui/classes.ts';
import { TABLET, useMedia } from '../ui/useMedia.ts';
import { Attention } from './Attention.tsx';
import { ConnectionLine } from './ConnectionLine.tsx';
import { GroupRail } from './GroupRail.tsx';

export function Shell({ children }: { readonly children: ReactNode }) {
  const home = useRouterState({ select: (state) => state.location.pathname === paths.home() });
  const groups = useQuery(groupsQuery(useClient()));
  const wide = useMedia(TABLET);
  useAskToKeep((groups.data?.length ?? 0) > 0);
  return (
    <div className="grid h-full grid-cols-1 tablet:grid-cols-[280px_minmax(0,1fr)] desktop:grid-cols-[288px_minmax(0,1fr)]">
      <Attention />
      <div className={classes('min-h-0 min-w-0', !home && 'max-tablet:hidden')}>
        <GroupRail />
      </div>
      <div
        className={classes('flex min-h-0 min-w-0 flex-col bg-surface', home && 'max-tablet:hidden')}
      >
        {children}
        {!wide && !home && <ConnectionLine />}
      </div>
    </div>
  );
}
