/** One group: its talk, and beside it who is in it. */
import { usePrefetchQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { SafetyDialog } from '../parts/SafetyDialog.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery, groupsQuery } from '../queries/groups.ts';
import { preferencesQuery } from '../queries/preferences.ts';
import { timelineQuery } from '../queries/timeline.ts';
import { Afterwards } from '../ui/Afterwards.tsx';
import { buttonClasses } from '../ui/Button.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { DESKTOP, useMedia } from '../ui/useMedia.ts';
import type { MemberView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { Composer } from './Composer.tsx';
import { DropArea } from './DropArea.tsx';
import { GroupBanners } from './GroupBanners.tsx';
import { Invitation } from './Invitation.tsx';
import { MembersPanel, type MembersPanelProps } from './MembersPanel.tsx';
import { PictureViewer } from './PictureViewer.tsx';
import { TalkHeader } from './TalkHeader.tsx';
import { Timeline } from './Timeline.tsx';
import { TypingLine } from './TypingLine.tsx';
import { useAttend } from './useAttend.ts';

export function TalkPage({
  gid,
  showMembers,
}: {
  readonly gid: Gid;
  readonly showMembers: boolean;
}) {
  const client = useClient();
  const group = useQuery(groupQuery(client, gid));
  const summary = useQuery({
    ...groupsQuery(client),
    select: (groups) => {
      const found = groups.find((other) => other.gid === gid);
      return { unread: found?.unread ?? 0, firstUnread: found?.firstUnread ?? null };
    },
  });
  // Asked before what is inside is drawn, which would ask only then; not where one may not look yet.
  const mayLook = group.isSuccess && group.data.standing !== 'invited';
  useQuery({ ...timelineQuery(client, gid), enabled: mayLook, notifyOnChangeProps: [] });
  usePrefetchQuery(preferencesQuery(client));
  const [comes] = useState(group.isPending || summary.isPending);
  const wide = useMedia(DESKTOP);
  const [compared, setCompared] = useState<MemberView | null>(null);
  useAttend(gid);

  if (group.isPending || summary.isPending) return <Coming />;
  if (group.isError)
    return (
      <main className="flex min-h-0 flex-1">
        <Failed error={group.error} onRetry={() => void group.refetch()} />
      </main>
    );
  const view = group.data;
  if (view.standing === 'invited') return <Invitation group={view} />;
  const talk =
    showMembers && !wide ? (
      <MembersAlone group={view} onCompare={setCompared} />
    ) : (
      <div className="flex min-h-0 flex-1">
        <main className="flex min-w-0 flex-1 flex-col" aria-labelledby="group-name">
          <TalkHeader group={view} wide={wide} />
          <GroupBanners group={view} />
          <DropArea group={view}>
            <Timeline
              gid={gid}
              group={view}
              unread={summary.data?.unread ?? 0}
              firstUnread={summary.data?.firstUnread ?? null}
            />
            <TypingLine gid={gid} />
            <Composer group={view} />
          </DropArea>
          <PictureViewer gid={gid} />
        </main>
        {wide && (
          <aside className="flex w-80 shrink-0 flex-col border-s border-line">
            <Afterwards>
              <MembersPanel group={view} onCompare={setCompared} />
            </Afterwards>
          </aside>
        )}
      </div>
    );
  return (
    <>
      {/* What has been here before is there at once. */}
      {comes ? <Afterwards meanwhile={<Coming />}>{talk}</Afterwards> : talk}
      {/* It stays open where the page becomes narrower and the members beside the talk go. */}
      <SafetyDialog person={compared} onClose={() => setCompared(null)} />
    </>
  );
}

function MembersAlone({ group, onCompare }: MembersPanelProps) {
  const { t } = useTranslation();
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-[60px] shrink-0 items-center gap-1 border-b border-line px-2">
        <Link
          to={paths.group(group.gid)}
          aria-label={t('app.back')}
          className={buttonClasses('ghost', 'icon')}
        >
          <ArrowLeft size={19} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        <p className="clip text-title font-[620]">
          <bdi>{group.name ?? t('group.unnamed')}</bdi>
        </p>
      </header>
      <MembersPanel group={group} onCompare={onCompare} />
    </main>
  );
}

function Coming() {
  const { t } = useTranslation();
  return (
    <main className="flex min-h-0 flex-1 flex-col" aria-busy aria-label={t('app.loading')}>
      <div className="flex h-[60px] items-center gap-3 border-b border-line px-5">
        <Skeleton className="size-[34px] rounded-[10px]" />
        <span className="grid gap-2">
          <Skeleton className="h-3 w-40" />
          <Skeleton className="h-2.5 w-24" />
        </span>
      </div>
    </main>
  );
}
