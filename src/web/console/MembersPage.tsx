/** Everybody in the group: a table on a desk, cards on a phone; roles, removing, adding, and who is blocked. */
import { useQuery } from '@tanstack/react-query';
import { Search, SearchX, UserPlus } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotDecide, whyNotRemove } from '../may.ts';
import { Failed } from '../parts/Failed.tsx';
import { nameOf } from '../parts/isolate.tsx';
import { SafetyDialog } from '../parts/SafetyDialog.tsx';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { tasksQuery } from '../queries/tasks.ts';
import { readViews, USUAL_VIEW, type MemberFilter } from '../stores/memberViews.ts';
import { nameOrder } from '../text/i18n.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox, SearchField } from '../ui/Field.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { Rows, type RowsHandle } from '../ui/Rows.tsx';
import { Cell, Table } from '../ui/Table.tsx';
import { useKeys } from '../ui/useKeys.ts';
import { useNow } from '../ui/useNow.ts';
import { TABLET, useMedia } from '../ui/useMedia.ts';
import type { GroupView, MemberView } from '../../client/view.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { ROLE } from '../../protocol/role.ts';
import { AddDirectDialog } from './AddDirectDialog.tsx';
import { BannedList } from './BannedList.tsx';
import { findMembers, sharedNames } from './findMembers.ts';
import { KeysHelp } from './KeysHelp.tsx';
import { COLUMNS, MemberRow } from './MemberRow.tsx';
import { MemberViewsMenu } from './MemberViewsMenu.tsx';
import { OfflineNote } from './OfflineNote.tsx';
import { pendingActs } from './pendingActs.ts';
import { RemoveDialog } from './RemoveDialog.tsx';
import { RoleDialog, type RoleDraft } from './RoleDialog.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { extend, neighbour, nothingSelected, type Selection, toggle } from './selection.ts';
import { useReason } from './useReason.ts';

const keyOf = (member: MemberView): Pid => member.pid;

export function MembersPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  if (group.isError)
    return (
      <>
        <SectionHeader title={t('table.title')} />
        <Failed error={group.error} onRetry={() => void group.refetch()} />
      </>
    );
  if (group.isPending)
    return (
      <>
        <SectionHeader title={t('table.title')} />
        <SkeletonRows count={6} label={t('app.loading')} />
      </>
    );
  return <Members group={group.data} asOf={group.dataUpdatedAt} />;
}

function Members({ group, asOf }: { readonly group: GroupView; readonly asOf: number }) {
  const { t } = useTranslation();
  const reason = useReason();
  const table = useMedia(TABLET);
  const now = useNow();
  const tasks = useQuery(tasksQuery(useClient())).data;
  const [find, setFind] = useState('');
  const [filter, setFilter] = useState<MemberFilter>(USUAL_VIEW);
  const [chosen, setChosen] = useState<Pid | null>(null);
  const [selection, setSelection] = useState<Selection<Pid>>(nothingSelected);
  const [removing, setRemoving] = useState<readonly MemberView[]>([]);
  const [draft, setDraft] = useState<RoleDraft | null>(null);
  const [compared, setCompared] = useState<MemberView | null>(null);
  const [adding, setAdding] = useState(false);
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const rows = useRef<RowsHandle>(null);
  useEffect(readViews, []);

  const byName = nameOrder();
  const shown = useMemo(
    () => findMembers(group, find, filter, byName),
    [group, find, filter, byName],
  );
  const order = useMemo(() => shown.map(keyOf), [shown]);
  const twice = useMemo(() => sharedNames(group.members), [group.members]);
  const pending = useMemo(() => pendingActs(tasks ?? [], group.gid), [tasks, group.gid]);
  const selected = shown.filter((member) => selection.marked.has(member.pid));
  const refused = reason(whyNotDecide(group));
  const clear = (): void => setSelection(nothingSelected);

  const mark = useCallback(
    (pid: Pid, range: boolean): void =>
      setSelection((before) => (range ? extend(before, order, pid) : toggle(before, pid))),
    [order],
  );
  const askRemove = useCallback((member: MemberView): void => setRemoving([member]), []);
  const askRole = useCallback(
    (member: MemberView, to: 0 | 1 | 2): void => setDraft({ members: [member], to }),
    [],
  );
  const step = (to: 1 | -1, range: boolean): void => {
    const next = neighbour(order, chosen, to);
    if (next === null) return;
    if (range) setSelection((before) => extend(before, order, next));
    setChosen(next);
    rows.current?.focus(order.indexOf(next));
  };
  useKeys({
    j: () => step(1, false),
    k: () => step(-1, false),
    J: () => step(1, true),
    K: () => step(-1, true),
    x: () => {
      if (chosen !== null) mark(chosen, false);
    },
    X: () => {
      if (chosen !== null) mark(chosen, true);
    },
    Escape: clear,
    '/': () => search.current?.focus(),
    '?': () => setHelp(true),
  });

  const list = (
    <Rows
      ref={rows}
      kind={table ? 'table' : 'list'}
      label={t('table.list')}
      rows={shown}
      keyOf={keyOf}
      foot={<BannedList group={group} pending={pending} />}
    >
      {(member, index) => (
        <MemberRow
          group={group}
          member={member}
          table={table}
          now={now}
          chosen={member.pid === chosen}
          marked={selection.marked.has(member.pid)}
          reachable={
            order.length <= 50 ||
            (chosen === null || !order.includes(chosen) ? index === 0 : member.pid === chosen)
          }
          twice={twice.has(nameOf(member))}
          pending={pending.get(member.pid)?.kind ?? null}
          onMark={mark}
          onCompare={setCompared}
          onRole={askRole}
          onRemove={askRemove}
        />
      )}
    </Rows>
  );

  return (
    <>
      <SectionHeader title={t('table.title')}>
        <Button refused={refused} onClick={() => setAdding(true)}>
          <UserPlus size={17} aria-hidden />
          {t('addDirect.button')}
        </Button>
        <MemberViewsMenu filter={filter} onFilter={setFilter} />
        <SearchField
          ref={search}
          label={t('table.find')}
          value={find}
          onChange={setFind}
          icon={<Search size={16} aria-hidden />}
          className="w-56 max-tablet:w-full"
        />
      </SectionHeader>
      <OfflineNote asOf={asOf} />
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 border-b border-line px-6 py-1 text-small text-ink-2 max-tablet:px-4">
        <Checkbox
          label={t('table.selectAll', { count: shown.length })}
          checked={selected.length > 0 && selected.length === shown.length}
          mixed={selected.length > 0 && selected.length < shown.length}
          onChange={(on) => (on ? setSelection({ marked: new Set(order), from: null }) : clear())}
        />
        <span className="flex-1" />
        {filter !== USUAL_VIEW && (
          <Button look="ghost" size="small" onClick={() => setFilter(USUAL_VIEW)}>
            {t('table.everybody')}
          </Button>
        )}
      </div>
      {shown.length === 0 ? (
        <Empty
          icon={<SearchX size={22} aria-hidden />}
          title={t('table.noMatch')}
          action={
            <Button
              onClick={() => {
                setFind('');
                setFilter(USUAL_VIEW);
              }}
            >
              {t('table.everybody')}
            </Button>
          }
        >
          {t('table.noMatchBody')}
        </Empty>
      ) : table ? (
        <Table label={t('table.list')} size={shown.length} head={<TableHead />}>
          {list}
        </Table>
      ) : (
        list
      )}
      {selected.length > 0 && (
        <section
          aria-label={t('queue.selected', { count: selected.length })}
          className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-surface px-6 py-3 shadow-[0_-8px_24px_oklch(0.2_0.02_260/0.05)] max-tablet:px-4"
        >
          <p className="num flex-1 font-[620]">{t('queue.selected', { count: selected.length })}</p>
          <Button
            refused={refused}
            onClick={() => setDraft({ members: selected, to: ROLE.observer })}
          >
            {t('table.makeMany.observer')}
          </Button>
          <Button
            refused={refused}
            onClick={() => setDraft({ members: selected, to: ROLE.member })}
          >
            {t('table.makeMany.member')}
          </Button>
          <Button
            look="danger"
            refused={
              refused ??
              (selected.some((member) => whyNotRemove(group, member) === null)
                ? null
                : t('table.nobodyLeft'))
            }
            onClick={() => setRemoving(selected)}
          >
            {t('table.removeMany', { count: selected.length })}
          </Button>
        </section>
      )}
      <RemoveDialog
        group={group}
        members={removing}
        onClose={() => setRemoving([])}
        onStarted={clear}
      />
      <RoleDialog group={group} draft={draft} onClose={() => setDraft(null)} onStarted={clear} />
      <AddDirectDialog group={group} open={adding} onClose={() => setAdding(false)} />
      <SafetyDialog person={compared} onClose={() => setCompared(null)} />
      <KeysHelp
        open={help}
        onClose={() => setHelp(false)}
        keys={[
          { keys: ['j', 'k'], does: t('keys.move') },
          { keys: ['x'], does: t('keys.select') },
          { keys: ['⇧ x', '⇧ j', '⇧ k'], does: t('keys.range') },
          { keys: ['/'], does: t('keys.find') },
          { keys: ['Esc'], does: t('keys.leave') },
        ]}
      />
    </>
  );
}

function TableHead() {
  const { t } = useTranslation();
  return (
    <div className={`${COLUMNS} border-b border-line py-2 text-tiny font-[550] text-ink-3`}>
      <Cell kind="head">
        <span className="sr-only">{t('table.selected')}</span>
      </Cell>
      <Cell kind="head">{t('table.name')}</Cell>
      <Cell kind="head">{t('table.role')}</Cell>
      <Cell kind="head">{t('table.joined')}</Cell>
      <Cell kind="head" className="max-desktop:hidden">
        {t('table.added')}
      </Cell>
      <Cell kind="head">{t('table.key')}</Cell>
      <Cell kind="head">
        <span className="sr-only">{t('app.more')}</span>
      </Cell>
    </div>
  );
}
