/** How the group stands, at a glance: what wants attention first, then people, links, the key, and what was done lately. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, Check, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { ROLE, type Role, roleName } from '../../protocol/role.ts';
import { isolate, Isolated } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { recoveryQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { linksQuery } from '../queries/links.ts';
import { requestsQuery } from '../queries/requests.ts';
import { recentQuery } from '../queries/running.ts';
import { numberText } from '../text/i18n.ts';
import { lasting, whenInWords } from '../text/when.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Skeleton, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import { ActRow } from './ActRow.tsx';
import { Alerts, SOON_MS } from './Alerts.tsx';
import { Panel } from './Panel.tsx';
import { SectionHeader } from './SectionHeader.tsx';

const RECENT = 5;

export function OverviewPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  return (
    <>
      <SectionHeader title={t('overview.title')} />
      {group.data === undefined ? (
        <SkeletonRows count={4} label={t('app.loading')} />
      ) : (
        <Overview group={group.data} />
      )}
    </>
  );
}

function Overview({ group }: { readonly group: GroupView }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-6 max-tablet:p-4">
      <div className="grid max-w-[1000px] gap-4">
        <Alerts group={group} />
        <div className="grid grid-cols-2 gap-4 desktop:grid-cols-4 max-tablet:gap-3">
          <Waiting group={group} />
          <Members group={group} />
          <Links group={group} />
          <Key group={group} />
        </div>
        <div className="grid items-start gap-4 desktop:grid-cols-[minmax(0,1fr)_320px]">
          <Recent group={group} />
          <FirstSteps group={group} />
        </div>
      </div>
    </div>
  );
}

/** A card that leads to its page: a number or a state, and a line below. */
function Card({
  to,
  title,
  value,
  children,
}: {
  readonly to: string;
  readonly title: string;
  readonly value: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Link
      to={to}
      className="grid min-w-0 content-start gap-0.5 rounded-md border border-line p-4 hover:border-edge hover:bg-hover max-tablet:p-3.5"
    >
      <span className="text-small text-ink-2">{title}</span>
      <span className="num text-[1.5rem] leading-8 font-[620] tracking-[-0.01em]">{value}</span>
      <span className="text-small text-ink-3 text-pretty">{children}</span>
    </Link>
  );
}

const COMING = <Skeleton className="my-1.5 h-5 w-8" />;

function Waiting({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const requests = useQuery(requestsQuery(useClient(), group.gid));
  const waiting = requests.data?.filter((one) => one.state === 'waiting') ?? [];
  const oldest = Math.min(...waiting.map((one) => one.askedAt));
  return (
    <Card
      to={paths.manageRequests(group.gid)}
      title={t('console.requests')}
      value={requests.data === undefined ? COMING : waiting.length}
    >
      {waiting.length === 0
        ? t('overview.nobodyWaits')
        : t('overview.oldest', { time: lasting(Math.max(0, now - oldest)) })}
    </Card>
  );
}

const RANKS: readonly Role[] = [ROLE.owner, ROLE.moderator, ROLE.member, ROLE.observer];

function Members({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const parts = RANKS.flatMap((role) => {
    const count = group.members.filter((member) => member.role === role).length;
    return count === 0 || role === ROLE.owner
      ? []
      : [t(`overview.ranks.${roleName(role)}`, { count })];
  });
  return (
    <Card
      to={paths.manageMembers(group.gid)}
      title={t('console.members')}
      value={numberText(group.members.length)}
    >
      {parts.length === 0 ? t('overview.onlyYou') : parts.join(', ')}
    </Card>
  );
}

function Links({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const links = useQuery(linksQuery(useClient(), group.gid));
  const live = links.data?.filter((link) => link.state === 'live') ?? [];
  const soon = live.filter((link) => link.expires !== 0 && link.expires - now < SOON_MS).length;
  return (
    <Card
      to={paths.manageLinks(group.gid)}
      title={t('overview.liveLinks')}
      value={links.data === undefined ? COMING : live.length}
    >
      {live.length === 0
        ? t('overview.noLink')
        : soon > 0
          ? t('overview.soon', { count: soon })
          : t('overview.notSoon')}
    </Card>
  );
}

function Key({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const { key } = group;
  const total = group.members.length;
  const opened = Math.max(group.opened, key.state === 'missing' ? 0 : 1);
  return (
    <Card
      to={paths.manageSecurity(group.gid)}
      title={t('overview.key', { number: group.generation })}
      value={
        <span className={toneOf(key.state, opened >= total)}>
          {t('security.openedOf', { count: opened, total })}
        </span>
      }
    >
      {key.state === 'secured' ? (
        <>
          {t('overview.secured')} · {whenInWords(key.since, now)}
        </>
      ) : (
        t('console.notSecured')
      )}
    </Card>
  );
}

/** Green only once everybody is known to have it. */
function toneOf(state: GroupView['key']['state'], all: boolean): string {
  if (state !== 'secured') return 'text-warn';
  return all ? 'text-good' : '';
}

function Recent({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const recent = useQuery(recentQuery(useClient(), group.gid));
  return (
    <section
      aria-label={t('overview.recent')}
      className="min-w-0 rounded-md border border-line py-5"
    >
      <div className="flex flex-wrap items-center justify-between gap-2 px-5 pb-1">
        <h2 className="font-[620]">{t('overview.recent')}</h2>
        <Chip tone={group.halted === null ? 'good' : 'bad'}>
          <CircleCheck size={13} aria-hidden />
          <span className="num">{t('activity.verified', { number: group.seq })}</span>
        </Chip>
      </div>
      {recent.data === undefined ? (
        <SkeletonRows count={3} label={t('app.loading')} />
      ) : (
        <div className="-mx-1">
          {recent.data.acts.slice(0, RECENT).map((act) => (
            <ActRow key={act.key} act={act} group={group} now={now} />
          ))}
        </div>
      )}
      <Link
        to={paths.manageActivity(group.gid)}
        className={buttonClasses('ghost', 'small', 'ms-3 mt-1')}
      >
        {t('overview.all')}
        <ArrowRight size={15} aria-hidden className="rtl:-scale-x-100" />
      </Link>
    </section>
  );
}

interface Step {
  readonly key: 'moderator' | 'recovery' | 'history' | 'link' | 'rules';
  readonly done: boolean;
  readonly to: string;
}

/** What a new group wants once; it disappears when all of it is done. */
function FirstSteps({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const client = useClient();
  const recovery = useQuery(recoveryQuery(client));
  const links = useQuery(linksQuery(client, group.gid));
  const recent = useQuery({
    queryKey: ['activity', group.gid, 'policy'],
    queryFn: async () => {
      const page = await client.activity(group.gid, { what: 'group' });
      return page.ok && page.value.acts.some((act) => act.lines.some((l) => l.what === 'policy'));
    },
  });
  if (links.data === undefined || recovery.data === undefined) return null;
  const steps: readonly Step[] = [
    { key: 'link', done: links.data.length > 0, to: paths.manageLinks(group.gid) },
    { key: 'rules', done: group.rules !== '', to: paths.manageSettings(group.gid) },
    {
      key: 'moderator',
      done: group.members.some((member) => member.role === ROLE.moderator),
      to: paths.manageMembers(group.gid),
    },
    { key: 'history', done: recent.data === true, to: paths.manageSettings(group.gid) },
    { key: 'recovery', done: recovery.data.state === 'proved', to: paths.recovery() },
  ];
  const open = steps.filter((step) => !step.done).length;
  if (open === 0) return null;
  return (
    <Panel
      title={t('overview.first')}
      aside={
        <span className="num text-small text-ink-3">
          {t('security.openedOf', { count: steps.length - open, total: steps.length })}
        </span>
      }
    >
      <ul className="-mx-2 grid gap-0.5">
        {steps.map((step) => (
          <li key={step.key}>
            <Link
              to={step.to}
              className="flex items-start gap-2.5 rounded-sm px-2 py-2 hover:bg-hover"
            >
              <span
                className={`mt-0.5 grid size-[18px] shrink-0 place-items-center rounded-full ${step.done ? 'bg-good-soft text-good' : 'border border-edge'}`}
              >
                {step.done && <Check size={12} strokeWidth={3} aria-hidden />}
              </span>
              <span className={step.done ? 'text-ink-3' : ''}>
                <span className="block">
                  <Isolated
                    text={t(`overview.step.${step.key}`, { name: isolate(group.name ?? '') })}
                  />
                </span>
                {step.done && <span className="sr-only">{t('overview.stepDone')}</span>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
