/** Name, size and key of the group; the way to its people and to running it. */
import { useNavigate } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import {
  ArrowLeft,
  DoorOpen,
  EllipsisVertical,
  Eye,
  Search,
  SlidersHorizontal,
  Users,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GroupAvatar } from '../parts/GroupAvatar.tsx';
import { paths } from '../paths.ts';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { useChangePreferences } from '../queries/preferences.ts';
import { shortWhen, whenInWords } from '../text/when.ts';
import { buttonClasses, IconButton } from '../ui/Button.tsx';
import { useLostFocus } from '../ui/lostFocus.ts';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/Menu.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView } from '../../client/view.ts';
import { isStaff, ROLE } from '../../protocol/role.ts';
import { LeaveDialog } from './LeaveDialog.tsx';
import { OwnerLeaveDialog } from './OwnerLeaveDialog.tsx';
import { PinsMenu } from './PinsMenu.tsx';

const LOUDNESS = ['all', 'mentions', 'none'] as const;

export function TalkHeader({ group, wide }: { readonly group: GroupView; readonly wide: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useClient();
  const summary = useQuery({
    ...groupsQuery(client),
    select: (groups) => groups.find((other) => other.gid === group.gid),
  });
  const change = useChangePreferences();
  const heading = useLostFocus();
  const [leaving, setLeaving] = useState(false);
  const name = group.name ?? t('group.unnamed');
  const requests = group.standing === 'member' ? (summary.data?.requests ?? 0) : 0;
  const inside = group.standing === 'member';
  return (
    <header className="flex h-[60px] shrink-0 items-center gap-3 border-b border-line ps-5 pe-3 max-tablet:gap-2 max-tablet:px-2">
      <Link
        to={paths.home()}
        aria-label={t('app.back')}
        className={buttonClasses('ghost', 'icon', 'tablet:hidden')}
      >
        <ArrowLeft size={19} aria-hidden className="rtl:-scale-x-100" />
      </Link>
      <GroupAvatar group={group} />
      <div className="min-w-0 flex-1">
        <h2
          ref={heading}
          tabIndex={-1}
          id="group-name"
          className="outline-none clip text-[1rem] leading-5 font-[620] tracking-[-0.01em]"
        >
          <bdi>{name}</bdi>
        </h2>
        <p className="num clip text-tiny text-ink-3">
          {t('chat.members', { count: group.members.length })}
          {inside && (
            <>
              {' · '}
              <KeyLine group={group} />
            </>
          )}
        </p>
      </div>
      {isStaff(group.role) && (inside || group.standing === 'closed') && (
        <Link
          to={manageFirst(group, requests)}
          aria-label={
            requests > 0 ? t('chat.manageWaiting', { count: requests }) : t('chat.manage')
          }
          className={buttonClasses('plain', 'normal', 'max-tablet:px-2.5')}
        >
          <SlidersHorizontal size={17} aria-hidden className="tablet:hidden" />
          <span className="max-tablet:hidden">{t('chat.manage')}</span>
          {requests > 0 && (
            <span
              aria-hidden
              className="num inline-grid h-5 min-w-5 place-items-center rounded-full bg-accent-soft px-1.5 text-tiny font-[620] text-accent"
            >
              {requests > 99 ? '99+' : requests}
            </span>
          )}
        </Link>
      )}
      <Link
        to={paths.groupSearch(group.gid)}
        aria-label={t('search.menu')}
        title={t('search.menu')}
        className={buttonClasses('ghost', 'icon', 'max-tablet:hidden')}
      >
        <Search size={18} aria-hidden />
      </Link>
      {inside && <PinsMenu gid={group.gid} />}
      {!wide && (
        <IconButton
          label={t('chat.membersPanel')}
          className="max-tablet:hidden"
          onClick={() => void navigate({ to: paths.groupMembers(group.gid) })}
        >
          <Users size={18} aria-hidden />
        </IconButton>
      )}
      <Menu
        trigger={
          <IconButtonBare label={t('chat.options')}>
            <EllipsisVertical size={18} aria-hidden />
          </IconButtonBare>
        }
      >
        {!wide && (
          <MenuItem
            icon={<Users size={17} aria-hidden />}
            onChoose={() => void navigate({ to: paths.groupMembers(group.gid) })}
          >
            {t('chat.membersPanel')}
          </MenuItem>
        )}
        <MenuItem
          icon={<Search size={17} aria-hidden />}
          onChoose={() => void navigate({ to: paths.groupSearch(group.gid) })}
        >
          {t('search.menu')}
        </MenuItem>
        <MenuItem
          icon={<Eye size={17} aria-hidden />}
          onChoose={() => void navigate({ to: paths.privacy() })}
        >
          {t('shell.privacy')}
        </MenuItem>
        {inside && (
          <>
            <MenuLine />
            <MenuChoice
              label={t('chat.loudness')}
              value={summary.data?.loudness ?? 'all'}
              choices={LOUDNESS.map((value) => ({ value, label: t(`chat.loudnesses.${value}`) }))}
              onChoose={(loudness) => void change.run({ group: { gid: group.gid, loudness } })}
            />
            <MenuLine />
          </>
        )}
        {inside && (
          <MenuItem
            danger
            icon={<DoorOpen size={17} aria-hidden />}
            onChoose={() => setLeaving(true)}
          >
            {t('chat.leave')}
          </MenuItem>
        )}
      </Menu>
      {group.role === ROLE.owner ? (
        <OwnerLeaveDialog group={group} open={leaving} onClose={() => setLeaving(false)} />
      ) : (
        <LeaveDialog group={group} open={leaving} onClose={() => setLeaving(false)} />
      )}
    </header>
  );
}

/** Where running the group begins: with who waits, else with how things stand. */
function manageFirst(group: GroupView, waiting: number): string {
  if (group.standing !== 'member') return paths.manageSettings(group.gid);
  return waiting > 0 ? paths.manageRequests(group.gid) : paths.manageOverview(group.gid);
}

/** A menu's button brings its own hint: the menu. */
function IconButtonBare({
  label,
  children,
  ...rest
}: { readonly label: string } & React.ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      className={buttonClasses('ghost', 'icon', 'data-[popup-open]:bg-hover')}
    >
      {children}
    </button>
  );
}

function KeyLine({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const { key } = group;
  switch (key.state) {
    case 'secured':
      return (
        <Sized
          long={t('chat.securedSince', { when: whenInWords(key.since, now) })}
          short={t('chat.securedShort', { when: shortWhen(key.since, now) })}
        />
      );
    case 'pending':
      return (
        <span className="text-warn">
          <Sized
            long={key.reason === 'leave' ? t('chat.pendingLeave') : t('chat.pendingCard')}
            short={t('chat.pendingShort')}
          />
        </span>
      );
    case 'missing':
      return <span className="text-warn">{t('chat.missing')}</span>;
  }
}

/** A phone has room for half of it. */
function Sized({ long, short }: { readonly long: string; readonly short: string }) {
  return (
    <>
      <span className="max-tablet:hidden">{long}</span>
      <span className="tablet:hidden">{short}</span>
    </>
  );
}
