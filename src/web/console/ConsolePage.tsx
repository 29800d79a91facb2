/** The room of those who run a group: its parts at the side, one of them open. */
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { ArrowLeft, Lock } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { GroupAvatar } from '../parts/GroupAvatar.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { SignedOutBanner } from '../parts/SignedOutBanner.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { linksQuery } from '../queries/links.ts';
import { requestsQuery } from '../queries/requests.ts';
import { numberText } from '../text/i18n.ts';
import { whenInWords } from '../text/when.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Chip, Count } from '../ui/Chip.tsx';
import { Banner, Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { isStaff, roleName } from '../../protocol/role.ts';

export function ConsolePage({
  gid,
  section,
  children,
}: {
  readonly gid: Gid;
  readonly section: string;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  const [wasAllowed, setWasAllowed] = useState(false);
  if (group.isPending) return <SkeletonRows count={5} label={t('app.loading')} />;
  if (group.isError)
    return (
      <main className="flex h-full">
        <Failed error={group.error} onRetry={() => void group.refetch()} />
      </main>
    );
  const { role, standing } = group.data;
  const closed = standing === 'closed';
  const allowed = isStaff(role) && (standing === 'member' || closed);
  if (allowed && !wasAllowed) setWasAllowed(true);
  // Whoever loses the right at work keeps what is on the screen, and what was typed; every act says that it is refused.
  const stays = wasAllowed && standing === 'member';
  // What is left of a closed group is opening one that continues it.
  if (allowed && closed && section !== 'settings')
    return <Navigate to={paths.manageSettings(gid)} replace />;
  return (
    <div className="grid h-full grid-rows-[auto_minmax(0,1fr)] tablet:grid-cols-[232px_minmax(0,1fr)] tablet:grid-rows-1">
      <Side group={group.data} allowed={allowed} />
      <main className="flex min-h-0 min-w-0 flex-col bg-surface">
        <div className="grid shrink-0 px-5 not-empty:pt-3 max-tablet:px-3">
          <SignedOutBanner />
          {!allowed && stays && <Turned group={group.data} />}
        </div>
        {allowed || stays ? children : <NotStaff group={group.data} />}
      </main>
    </div>
  );
}

/** Said in place, to who was demoted while at work. */
function Turned({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const { turned, role } = group;
  return (
    <Banner tone="warn" role="alert" icon={<Lock size={17} aria-hidden />}>
      <Isolated
        text={
          turned === null
            ? t('console.turnedNobody')
            : t('console.turned', {
                who: isolate(nameOf(turned.by)),
                role: t(`chat.roleIn.${roleName(role)}`),
                when: whenInWords(turned.at, now),
              })
        }
      />
    </Banner>
  );
}

function NotStaff({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <Empty
      icon={<Lock size={22} aria-hidden />}
      title={t('console.noPermission')}
      action={
        <Link to={paths.group(group.gid)} className={buttonClasses('primary')}>
          {t('console.back')}
        </Link>
      }
    >
      {group.standing === 'member' || group.turned === null ? (
        t('console.noPermissionBody', { role: t(`role.${roleName(group.role)}`) })
      ) : (
        <Isolated
          text={t('outside.removedBy', {
            who: isolate(nameOf(group.turned.by)),
            when: whenInWords(group.turned.at, now),
          })}
        />
      )}
    </Empty>
  );
}

function Side({ group, allowed }: { readonly group: GroupView; readonly allowed: boolean }) {
  const { t } = useTranslation();
  const client = useClient();
  const running = allowed && group.standing === 'member';
  const requests = useQuery({ ...requestsQuery(client, group.gid), enabled: running });
  const links = useQuery({ ...linksQuery(client, group.gid), enabled: running });
  const waiting = requests.data?.filter((request) => request.state === 'waiting').length ?? 0;
  const live = links.data?.filter((link) => link.state === 'live').length ?? 0;
  const name = group.name ?? t('group.unnamed');
  return (
    <nav
      aria-label={t('console.nav')}
      className="flex min-w-0 flex-col border-line bg-sunken max-tablet:border-b tablet:border-e"
    >
      <div className="flex items-center gap-2.5 px-4 pt-[14px] pb-4 max-tablet:px-2 max-tablet:pt-2 max-tablet:pb-1">
        <Link
          to={paths.group(group.gid)}
          aria-label={t('console.back')}
          className={buttonClasses('ghost', 'icon', 'tablet:hidden')}
        >
          <ArrowLeft size={19} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        <GroupAvatar group={group} />
        <div className="min-w-0">
          <p className="clip font-[620]">
            <bdi>{name}</bdi>
          </p>
          <p className="text-tiny text-ink-3">{t(`console.youAre.${roleName(group.role)}`)}</p>
        </div>
      </div>
      <div
        ref={showCurrent}
        className="grid gap-0.5 px-3 max-tablet:flex max-tablet:overflow-x-auto max-tablet:px-2 max-tablet:pb-2"
      >
        {group.standing !== 'closed' && (
          <>
            <SideLink to={paths.manageOverview(group.gid)} label={t('console.overview')} />
            <SideLink to={paths.manageRequests(group.gid)} label={t('console.requests')}>
              {waiting > 0 && (
                <Count value={waiting} label={t('shell.waiting', { count: waiting })} />
              )}
            </SideLink>
            <SideLink to={paths.manageLinks(group.gid)} label={t('console.links')}>
              {live > 0 && (
                <span className="num text-tiny text-ink-3 max-tablet:hidden">
                  {t('console.live', { count: live })}
                </span>
              )}
            </SideLink>
            <SideLink to={paths.manageMembers(group.gid)} label={t('console.members')}>
              <span className="num text-tiny text-ink-3 max-tablet:hidden">
                {numberText(group.members.length)}
              </span>
            </SideLink>
            <SideLink to={paths.manageActivity(group.gid)} label={t('console.activity')} />
            <SideLink to={paths.manageSecurity(group.gid)} label={t('console.security')}>
              {group.key.state === 'secured' ? (
                <span className="max-tablet:hidden">
                  <Chip tone="good">{t('console.secured')}</Chip>
                </span>
              ) : (
                <Chip tone="warn">{t('console.notSecured')}</Chip>
              )}
            </SideLink>
          </>
        )}
        <SideLink to={paths.manageSettings(group.gid)} label={t('console.settings')} />
      </div>
      <span className="flex-1 max-tablet:hidden" />
      <Link
        to={paths.group(group.gid)}
        className={buttonClasses('ghost', 'normal', 'mx-3 mb-3 justify-start max-tablet:hidden')}
      >
        <ArrowLeft size={17} aria-hidden className="rtl:-scale-x-100" />
        {t('console.back')}
      </Link>
    </nav>
  );
}

/** On a phone the parts stand in one line that scrolls: the open one is brought into sight. */
function showCurrent(line: HTMLElement | null): void {
  line?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'end' });
}

function SideLink({
  to,
  label,
  children,
}: {
  readonly to: string;
  readonly label: string;
  readonly children?: ReactNode;
}) {
  return (
    <Link
      to={to}
      activeProps={{ 'aria-current': 'page' }}
      className="flex min-h-9 shrink-0 items-center justify-between gap-3 rounded-sm px-3 py-1.5 font-[540] text-ink-2 hover:bg-hover focus-visible:-outline-offset-2 aria-[current=page]:bg-surface aria-[current=page]:text-ink aria-[current=page]:shadow-lift dark:aria-[current=page]:bg-raised touch:min-h-11"
    >
      {label}
      {children}
    </Link>
  );
}
