/** The list of groups, with what waits in each. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { AtSign, BellOff, Plus, Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { beginningOf } from '../parts/inShort.ts';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { GroupAvatar } from '../parts/GroupAvatar.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery, keptDraftQuery } from '../queries/groups.ts';
import { ownRequestsQuery } from '../queries/joining.ts';
import { useDrafts } from '../stores/draft.ts';
import { openDialog } from '../stores/opened.ts';
import { shortWhen } from '../text/when.ts';
import { Afterwards } from '../ui/Afterwards.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Chip, Count } from '../ui/Chip.tsx';
import { SearchField } from '../ui/Field.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupSummary, OwnRequestView } from '../../client/view.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { ConnectionLine } from './ConnectionLine.tsx';

const FINDABLE = 7;

export function GroupRail() {
  const { t } = useTranslation();
  const client = useClient();
  const navigate = useNavigate();
  const groups = useQuery(groupsQuery(client));
  const requests = useQuery(ownRequestsQuery(client));
  const [find, setFind] = useState('');
  const now = useNow();

  const known = groups.data ?? [];
  const asked = (requests.data ?? []).filter(
    (request) =>
      ['sending', 'waiting'].includes(request.state) &&
      !known.some((group) => group.gid === request.gid && group.standing === 'member'),
  );
  const wanted = find.trim().toLocaleLowerCase();
  const matches = (name: string | null): boolean =>
    wanted === '' || (name ?? '').toLocaleLowerCase().includes(wanted);
  const rows = known
    .filter((group) => matches(group.name))
    .toSorted((one, other) => activity(other) - activity(one));
  const shownAsked = asked.filter((request) => matches(request.name));

  return (
    <nav
      aria-label={t('shell.groups')}
      className="flex h-full flex-col border-e border-line bg-sunken"
    >
      <header className="flex h-[60px] shrink-0 items-center ps-5 pe-3">
        <h1 className="flex-1 text-title font-[650] tracking-[-0.01em]">
          <Link to={paths.home()} className="rounded-sm">
            {t('app.name')}
          </Link>
        </h1>
        <IconButton label={t('search.title')} onClick={() => void navigate({ to: paths.search() })}>
          <Search size={18} aria-hidden />
        </IconButton>
        <IconButton label={t('shell.newGroup')} onClick={() => openDialog('createGroup')}>
          <Plus size={19} aria-hidden />
        </IconButton>
      </header>
      {known.length >= FINDABLE && (
        <SearchField
          label={t('shell.find')}
          value={find}
          onChange={setFind}
          icon={<Search size={16} aria-hidden />}
          className="mx-4 mb-3"
        />
      )}
      <div className="min-h-0 flex-1 overflow-y-auto pb-3">
        {groups.isPending && <SkeletonRows count={4} label={t('app.loading')} />}
        {groups.isSuccess && known.length === 0 && asked.length === 0 && (
          <div className="tablet:hidden">
            <Empty
              title={t('shell.empty')}
              action={
                <Button onClick={() => openDialog('createGroup')}>{t('start.create')}</Button>
              }
            >
              {t('shell.emptyBody')}
            </Empty>
          </div>
        )}
        {wanted !== '' && rows.length + shownAsked.length === 0 && (
          <p className="px-5 py-6 text-center text-small text-ink-3">{t('shell.noMatch')}</p>
        )}
        {groups.data !== undefined && (
          <Afterwards>
            <ul>
              {shownAsked.map((request) => (
                <AskedRow key={request.gid} request={request} now={now} />
              ))}
              {rows.map((group) => (
                <GroupRow key={group.gid} group={group} now={now} />
              ))}
            </ul>
          </Afterwards>
        )}
      </div>
      <ConnectionLine />
      <AccountMenu />
    </nav>
  );
}

function activity(group: GroupSummary): number {
  if (group.standing === 'invited') return Number.POSITIVE_INFINITY;
  return group.last?.at ?? 0;
}

const ROW =
  'mx-2 flex items-center gap-3 rounded-md px-3 py-[9px] text-start hover:bg-hover focus-visible:-outline-offset-2 aria-[current=page]:bg-surface aria-[current=page]:shadow-lift dark:aria-[current=page]:bg-raised';

function GroupRow({ group, now }: { readonly group: GroupSummary; readonly now: number }) {
  const { t } = useTranslation();
  const typed = useDrafts((state) => state.byGroup[group.gid]);
  const kept = useQuery({
    ...keptDraftQuery(useClient(), group.gid),
    enabled: typed === undefined && group.standing === 'member',
  });
  const name = group.name ?? t('group.unnamed');
  return (
    <li>
      <Link to={paths.group(group.gid)} className={ROW} activeProps={{ 'aria-current': 'page' }}>
        <GroupAvatar group={group} size="l" />
        <Lines
          name={name}
          when={group.last === null ? '' : shortWhen(group.last.at, now)}
          line={lineOf(group, typed ?? kept.data ?? '', t)}
          marks={<Marks group={group} />}
          strong={group.unread > 0}
        />
      </Link>
    </li>
  );
}

function AskedRow({ request, now }: { readonly request: OwnRequestView; readonly now: number }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link
        to={paths.joining(request.joinId)}
        className={ROW}
        activeProps={{ 'aria-current': 'page' }}
      >
        <Avatar id={request.gid} name={request.name} size="l" />
        <Lines
          name={request.name}
          when={shortWhen(request.askedAt, now)}
          line={t('shell.askedLine')}
          marks={null}
          strong={false}
        />
      </Link>
    </li>
  );
}

function Lines({
  name,
  when,
  line,
  marks,
  strong,
}: {
  readonly name: string;
  readonly when: string;
  readonly line: string;
  readonly marks: ReactNode;
  readonly strong: boolean;
}) {
  return (
    <span className="min-w-0 flex-1">
      <span className="flex items-baseline gap-2">
        <bdi className="clip flex-1 font-[580]">{name}</bdi>
        <span className="num shrink-0 text-tiny text-ink-3">{when}</span>
      </span>
      <span className="flex min-h-5 items-center gap-2">
        <span
          className={
            strong ? 'clip flex-1 text-small text-ink' : 'clip flex-1 text-small text-ink-2'
          }
        >
          <Isolated text={line} />
        </span>
        {marks}
      </span>
    </span>
  );
}

function Marks({ group }: { readonly group: GroupSummary }) {
  const { t } = useTranslation();
  if (group.standing === 'invited') return <Chip tone="accent">{t('shell.invited')}</Chip>;
  if (group.halted) return <Chip tone="bad">{t('shell.halted')}</Chip>;
  return (
    <>
      {group.requests > 0 && (
        <Chip tone="accent">
          <span className="num">{t('shell.waiting', { count: group.requests })}</span>
        </Chip>
      )}
      {group.loudness !== 'all' && (
        <span title={t(`chat.loudnesses.${group.loudness}`)} className="shrink-0 text-ink-3">
          <BellOff size={13} aria-hidden />
          <span className="sr-only">{t(`chat.loudnesses.${group.loudness}`)}</span>
        </span>
      )}
      {group.mentioned && group.loudness !== 'none' && (
        <span title={t('shell.mentioned')} className="shrink-0 text-accent">
          <AtSign size={15} aria-hidden />
          <span className="sr-only">{t('shell.mentioned')}</span>
        </span>
      )}
      {group.unread > 0 && (
        <Count
          value={group.unread}
          label={t('shell.unread', { count: group.unread })}
          soft={group.loudness !== 'all'}
        />
      )}
    </>
  );
}

function lineOf(group: GroupSummary, draft: string, t: TFunction): string {
  switch (group.standing) {
    case 'invited':
      return t('shell.invitedLine');
    case 'left':
    case 'removed':
    case 'closed':
      return t(`shell.${group.standing}`);
    case 'member':
      if (draft.trim() !== '') return t('shell.draft', { text: isolate(draft) });
      if (group.last === null) return t('shell.noMessages');
      return group.last.author === null
        ? beginningOf(group.last)
        : t('shell.lastBy', {
            name: isolate(nameOf(group.last.author)),
            text: isolate(beginningOf(group.last)),
          });
  }
}
