/** Everything that was ever changed in the group, newest first, as this client verified it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  ChevronDown,
  CircleCheck,
  CloudOff,
  Download,
  OctagonAlert,
  ScrollText,
  Search,
  SearchX,
} from 'lucide-react';
import { type ReactNode, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { VList, type VListHandle } from 'virtua';
import type { ActKind, ActView, GroupView } from '../../client/view.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { Failed } from '../parts/Failed.tsx';
import { nameOf } from '../parts/isolate.tsx';
import { connectionQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { useExportLog } from '../queries/proofs.ts';
import { activityQuery, type LogChoice } from '../queries/running.ts';
import { dayInWords, dayOf, whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { SearchField } from '../ui/Field.tsx';
import { Menu, MenuChoice } from '../ui/Menu.tsx';
import { Banner, Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useKeys } from '../ui/useKeys.ts';
import { useNow } from '../ui/useNow.ts';
import { ActRow } from './ActRow.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { useUndo } from './undo.ts';

const DAY_MS = 24 * 3_600_000;
const KINDS: readonly ActKind[] = ['people', 'roles', 'links', 'keys', 'group'];
const SPANS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;
type Span = keyof typeof SPANS;
const ALL = 'all';
/** Rows from the end at which the next page is asked for. */
const AHEAD = 15;

interface Filter {
  readonly what: ActKind | typeof ALL;
  readonly who: Pid | typeof ALL;
  readonly whom: Pid | typeof ALL;
  readonly span: Span | typeof ALL;
}
const NOTHING_CHOSEN: Filter = { what: ALL, who: ALL, whom: ALL, span: ALL };

export function ActivityPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  return group.data === undefined ? (
    <SkeletonRows count={6} label={t('app.loading')} />
  ) : (
    <Activity group={group.data} />
  );
}

function Activity({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const [filter, setFilter] = useState<Filter>(NOTHING_CHOSEN);
  const field = useRef<HTMLInputElement>(null);
  const log = useExportLog(group.gid);
  // The clock would make another question of the same choice each minute: a day is fine enough.
  const today = useNow(DAY_MS / 24);
  const wanted = useDeferredValue(find.trim());
  const choice = useMemo((): LogChoice => choiceOf(filter, wanted, today), [filter, wanted, today]);
  const narrowed = wanted !== '' || Object.values(filter).some((value) => value !== ALL);
  const reset = (): void => {
    setFind('');
    setFilter(NOTHING_CHOSEN);
  };
  useKeys({ '/': () => field.current?.focus() });
  return (
    <>
      <SectionHeader title={t('activity.title')}>
        <Button busy={log.busy} onClick={() => void log.run()}>
          <Download size={16} aria-hidden />
          {t('signedLog.export')}
        </Button>
        <SearchField
          ref={field}
          label={t('activity.find')}
          value={find}
          onChange={setFind}
          icon={<Search size={16} aria-hidden />}
          className="w-64 max-tablet:w-full"
        />
      </SectionHeader>
      <Filters group={group} filter={filter} onChange={setFilter} />
      <Notices group={group} />
      <Acts group={group} choice={choice} narrowed={narrowed} onReset={reset} />
    </>
  );
}

function choiceOf(filter: Filter, find: string, now: number): LogChoice {
  return {
    ...(filter.what === ALL ? {} : { what: filter.what }),
    ...(filter.who === ALL ? {} : { who: filter.who }),
    ...(filter.whom === ALL ? {} : { whom: filter.whom }),
    ...(filter.span === ALL ? {} : { since: now - SPANS[filter.span] }),
    ...(find === '' ? {} : { find }),
  };
}

function Filters({
  group,
  filter,
  onChange,
}: {
  readonly group: GroupView;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}) {
  const { t } = useTranslation();
  const people = [...group.members, ...group.banned].map((one) => ({
    value: one.pid,
    label: nameOf(one),
  }));
  const everybody = { value: ALL, label: t('activity.everybody') } as const;
  return (
    <fieldset
      aria-label={t('activity.filters')}
      className="flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line px-6 py-2 max-tablet:px-4"
    >
      <FilterMenu
        label={t('activity.what')}
        value={filter.what}
        choices={[
          { value: ALL, label: t('activity.everything') },
          ...KINDS.map((kind) => ({ value: kind, label: t(`activity.kind.${kind}`) })),
        ]}
        onChoose={(what) => onChange({ ...filter, what })}
      />
      <FilterMenu
        label={t('activity.by')}
        value={filter.who}
        choices={[everybody, ...people]}
        onChoose={(who) => onChange({ ...filter, who })}
      />
      <FilterMenu
        label={t('activity.on')}
        value={filter.whom}
        choices={[everybody, ...people]}
        onChoose={(whom) => onChange({ ...filter, whom })}
      />
      <FilterMenu
        label={t('activity.when')}
        value={filter.span}
        choices={[
          { value: ALL, label: t('activity.anyTime') },
          ...(Object.keys(SPANS) as Span[]).map((span) => ({
            value: span,
            label: t(`activity.span.${span}`),
          })),
        ]}
        onChoose={(span) => onChange({ ...filter, span })}
      />
    </fieldset>
  );
}

function FilterMenu<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
}) {
  const chosen = choices.find((choice) => choice.value === value)?.label ?? '';
  const set = value !== ALL;
  return (
    <Menu
      align="start"
      trigger={
        <Button size="small" className={set ? 'border-accent bg-accent-soft text-accent' : ''}>
          <span className={set ? '' : 'text-ink-2'}>{label}</span>
          <span className="clip max-w-40">{chosen}</span>
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
    >
      <MenuChoice closes label={label} value={value} choices={choices} onChoose={onChoose} />
    </Menu>
  );
}

/** A broken log, and a list that may be old. */
function Notices({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const connection = useQuery(connectionQuery(useClient()));
  const offline = connection.data !== undefined && connection.data.state !== 'online';
  const at = group.checks.checkpoint?.at ?? null;
  return (
    <div className="grid shrink-0 gap-2 px-6 not-empty:pt-3 max-tablet:px-4">
      {group.halted !== null && (
        <Banner tone="bad" role="alert" icon={<OctagonAlert size={18} aria-hidden />}>
          <strong className="font-[620]">{t('activity.broken', { number: group.seq })}</strong>{' '}
          {t(`failure.${group.halted.name}.sentence`)} {t(`failure.${group.halted.name}.next`)}
        </Banner>
      )}
      {offline && (
        <Banner icon={<CloudOff size={17} aria-hidden />}>
          {at === null
            ? t('activity.offline')
            : t('activity.offlineSince', { when: whenInWords(at, now) })}
        </Banner>
      )}
    </div>
  );
}

function Acts({
  group,
  choice,
  narrowed,
  onReset,
}: {
  readonly group: GroupView;
  readonly choice: LogChoice;
  readonly narrowed: boolean;
  readonly onReset: () => void;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const list = useRef<VListHandle>(null);
  const acts = useInfiniteQuery(activityQuery(useClient(), group.gid, choice));
  const undo = useUndo(group);
  const rows = useMemo(
    () => rowsOf(acts.data?.pages.flatMap((page) => page.acts) ?? []),
    [acts.data],
  );
  if (acts.isPending)
    return (
      <div className="flex-1">
        <SkeletonRows count={6} label={t('app.loading')} />
      </div>
    );
  if (acts.isError) return <Failed error={acts.error} onRetry={() => void acts.refetch()} />;
  const more = (): void => {
    const seen = list.current?.findItemIndex(list.current.scrollOffset + list.current.viewportSize);
    if (seen !== undefined && seen > rows.length - AHEAD && acts.hasNextPage && !acts.isFetching)
      void acts.fetchNextPage();
  };
  const verified = acts.data.pages[0]?.verified ?? 0;
  if (rows.length === 0)
    return narrowed ? (
      <Empty
        icon={<SearchX size={22} aria-hidden />}
        title={t('activity.noMatch')}
        action={<Button onClick={onReset}>{t('activity.reset')}</Button>}
      >
        {t('activity.noMatchBody')}
      </Empty>
    ) : (
      <Empty icon={<ScrollText size={22} aria-hidden />} title={t('activity.empty')}>
        {t('activity.emptyBody')}
      </Empty>
    );
  return (
    <section aria-label={t('activity.list')} className="flex min-h-0 flex-1 flex-col">
      <VList
        ref={list}
        data={rows}
        onScroll={more}
        tabIndex={0}
        className="min-h-0 flex-1 focus-visible:-outline-offset-2"
      >
        {(row) =>
          row.kind === 'day' ? (
            <h2
              key={row.key}
              className="px-6 pt-5 pb-1 text-small font-[550] text-ink-3 max-tablet:px-4"
            >
              {dayInWords(row.at, now)}
            </h2>
          ) : (
            <ActRow key={row.key} act={row.act} group={group} now={now} undo={undo(row.act)} />
          )
        }
      </VList>
      <Foot verified={verified} halted={group.halted !== null}>
        {acts.isFetchingNextPage && (
          <span className="text-small text-ink-3">{t('app.loading')}</span>
        )}
      </Foot>
    </section>
  );
}

function Foot({
  verified,
  halted,
  children,
}: {
  readonly verified: number;
  readonly halted: boolean;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <footer className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-6 py-2 max-tablet:px-4">
      <Chip tone={halted ? 'bad' : 'good'}>
        {halted ? <OctagonAlert size={13} aria-hidden /> : <CircleCheck size={13} aria-hidden />}
        <span className="num">{t('activity.verified', { number: verified })}</span>
      </Chip>
      <span className="text-small text-ink-3 max-tablet:hidden">{t('activity.verifiedNote')}</span>
      {children}
    </footer>
  );
}

type ListRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'act'; readonly key: string; readonly act: ActView };

function rowsOf(acts: readonly ActView[]): readonly ListRow[] {
  let day = '';
  return acts.flatMap((act): ListRow[] => {
    const own: ListRow = { kind: 'act', key: act.key, act };
    if (dayOf(act.at) === day) return [own];
    day = dayOf(act.at);
    return [{ kind: 'day', key: `day:${day}`, at: act.at }, own];
  });
}
