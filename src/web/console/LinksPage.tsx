/** Join links: which exist, how they stand, new ones, changing and ending them. */
import { useQuery } from '@tanstack/react-query';
import { ListFilter, Link2, Plus, SearchX } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotLinks } from '../may.ts';
import { Failed } from '../parts/Failed.tsx';
import { nameOf } from '../parts/isolate.tsx';
import { ShareLink } from '../parts/ShareLink.tsx';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { linksQuery } from '../queries/links.ts';
import { tasksQuery, useStartTask } from '../queries/tasks.ts';
import { askFirst } from '../stores/confirm.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Field.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/Menu.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { Rows, type RowsHandle } from '../ui/Rows.tsx';
import { useKeys } from '../ui/useKeys.ts';
import type { GroupView, LinkState, LinkView } from '../../client/view.ts';
import type { Gid, LinkPk, Pid } from '../../protocol/ids.ts';
import { CreateLinkSheet } from './CreateLinkSheet.tsx';
import { findLinks, type LinkFilter, works } from './findLinks.ts';
import { LinkRow } from './LinkRow.tsx';
import { LinkSheet } from './LinkSheet.tsx';
import { labelOf } from './linkText.ts';
import { OfflineNote } from './OfflineNote.tsx';
import { pendingActs } from './pendingActs.ts';
import { SectionHeader } from './SectionHeader.tsx';
import { extend, neighbour, nothingSelected, type Selection, toggle } from './selection.ts';
import { useReason } from './useReason.ts';

const STATES: readonly (LinkState | 'all')[] = [
  'all',
  'live',
  'paused',
  'expired',
  'usedUp',
  'revoked',
];
const EVERYTHING: LinkFilter = { state: 'all', maker: 'all' };
const keyOf = (link: LinkView): LinkPk => link.pk;

export function LinksPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const client = useClient();
  const group = useQuery(groupQuery(client, gid));
  const links = useQuery(linksQuery(client, gid));
  if (links.isError)
    return (
      <>
        <SectionHeader title={t('links.title')} />
        <Failed error={links.error} onRetry={() => void links.refetch()} />
      </>
    );
  if (links.isPending || group.data === undefined)
    return (
      <>
        <SectionHeader title={t('links.title')} />
        <SkeletonRows count={4} label={t('app.loading')} />
      </>
    );
  return <Links group={group.data} links={links.data} asOf={links.dataUpdatedAt} />;
}

function Links({
  group,
  links,
  asOf,
}: {
  readonly group: GroupView;
  readonly links: readonly LinkView[];
  readonly asOf: number;
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const tasks = useQuery(tasksQuery(useClient())).data;
  const [creating, setCreating] = useState(false);
  const [shared, setShared] = useState<string | null>(null);
  const [opened, setOpened] = useState<LinkPk | null>(null);
  const [chosen, setChosen] = useState<LinkPk | null>(null);
  const [filter, setFilter] = useState<LinkFilter>(EVERYTHING);
  const [selection, setSelection] = useState<Selection<LinkPk>>(nothingSelected);
  const rows = useRef<RowsHandle>(null);
  const start = useStartTask(group.gid, () => {
    setSelection(nothingSelected);
    setOpened(null);
  });
  const shown = useMemo(() => findLinks(links, filter), [links, filter]);
  const order = useMemo(() => shown.map(keyOf), [shown]);
  const pending = useMemo(() => pendingActs(tasks ?? [], group.gid), [tasks, group.gid]);
  const selected = shown.filter(
    (link) => selection.marked.has(link.pk) && link.state !== 'revoked',
  );
  const refused = reason(whyNotLinks(group));
  const alive = links.filter((link) => link.state !== 'revoked');
  const makers = [...new Map(links.map((link) => [link.maker.pid, link.maker])).values()];
  const create = (
    <Button look="primary" refused={refused} onClick={() => setCreating(true)}>
      <Plus size={17} aria-hidden />
      {t('links.create')}
    </Button>
  );

  function revoke(these: readonly LinkView[]): void {
    const [first] = these;
    if (first === undefined) return;
    const waiting = these.reduce((sum, link) => sum + link.waiting, 0);
    const count = these.length;
    askFirst({
      title: t('links.revokeTitle', { count, label: labelOf(first, t) }),
      body: `${t('links.revokeBody', { count })} ${t('links.revokeWaiting', { count: waiting })}`,
      action: t('links.revokeAct', { count }),
      tone: 'danger',
      run: () => void start.run({ act: { kind: 'revoke', links: these.map((link) => link.pk) } }),
    });
  }

  const mark = useCallback(
    (pk: LinkPk, range: boolean): void =>
      setSelection((before) => (range ? extend(before, order, pk) : toggle(before, pk))),
    [order],
  );
  const step = (to: 1 | -1): void => {
    const next = neighbour(order, chosen, to);
    setChosen(next);
    if (next !== null) rows.current?.focus(order.indexOf(next));
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => {
      if (chosen !== null) mark(chosen, false);
    },
    X: () => {
      if (chosen !== null) mark(chosen, true);
    },
    Escape: () => setSelection(nothingSelected),
  });

  const one = links.find((link) => link.pk === opened) ?? null;
  const filtered = filter !== EVERYTHING;
  return (
    <>
      <SectionHeader title={t('links.title')}>
        {links.length > 0 && (
          <>
            <Menu
              trigger={
                <button
                  type="button"
                  aria-label={t('links.filter')}
                  className={buttonClasses('plain', 'icon')}
                >
                  <ListFilter size={17} aria-hidden />
                </button>
              }
            >
              <MenuChoice
                label={t('links.filterState')}
                value={filter.state}
                choices={STATES.map((value) => ({
                  value,
                  label: value === 'all' ? t('links.all') : t(`links.state.${value}`),
                }))}
                onChoose={(state) => setFilter({ ...filter, state })}
              />
              <MenuLine />
              <MenuChoice
                label={t('links.filterMaker')}
                value={filter.maker}
                choices={[
                  { value: 'all' as const, label: t('links.anybody') },
                  ...makers.map((maker) => ({ value: maker.pid, label: nameOf(maker) })),
                ]}
                onChoose={(maker: Pid | 'all') => setFilter({ ...filter, maker })}
              />
              <MenuLine />
              <MenuItem
                danger
                icon={<span className="block size-[17px]" />}
                refused={refused ?? (alive.length === 0 ? t('links.noneLive') : null)}
                onChoose={() => revoke(alive)}
              >
                {t('links.revokeAll')}
              </MenuItem>
            </Menu>
            {create}
          </>
        )}
      </SectionHeader>
      <OfflineNote asOf={asOf} />
      {links.length === 0 && (
        <Empty icon={<Link2 size={22} aria-hidden />} title={t('links.empty')} action={create}>
          {t('links.emptyBody')}
        </Empty>
      )}
      {links.length > 0 && (
        <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-6 py-1 text-small text-ink-2 max-tablet:px-4">
          <Checkbox
            label={t('links.selectAll', {
              count: shown.filter((link) => link.state !== 'revoked').length,
            })}
            checked={selected.length > 0 && selected.length === shown.filter(works).length}
            mixed={selected.length > 0 && selected.length !== shown.filter(works).length}
            onChange={(on) =>
              setSelection(
                on
                  ? {
                      marked: new Set(shown.filter((link) => link.state !== 'revoked').map(keyOf)),
                      from: null,
                    }
                  : nothingSelected,
              )
            }
          />
          <span className="flex-1" />
          {filtered && (
            <Button look="ghost" size="small" onClick={() => setFilter(EVERYTHING)}>
              {t('links.clearFilter')}
            </Button>
          )}
        </div>
      )}
      {links.length > 0 && shown.length === 0 && (
        <Empty
          icon={<SearchX size={22} aria-hidden />}
          title={t('links.noMatch')}
          action={<Button onClick={() => setFilter(EVERYTHING)}>{t('links.clearFilter')}</Button>}
        >
          {t('links.noMatchBody')}
        </Empty>
      )}
      {shown.length > 0 && (
        <Rows ref={rows} label={t('links.list')} rows={shown} keyOf={keyOf}>
          {(link, index) => (
            <LinkRow
              gid={group.gid}
              link={link}
              chosen={link.pk === chosen}
              marked={selection.marked.has(link.pk)}
              reachable={order.length <= 50 || (chosen === null ? index === 0 : link.pk === chosen)}
              pending={pending.get(link.pk)?.kind ?? null}
              onOpen={setOpened}
              onMark={mark}
              onShow={setShared}
            />
          )}
        </Rows>
      )}
      {selected.length > 0 && (
        <section
          aria-label={t('queue.selected', { count: selected.length })}
          className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-surface px-6 py-3 shadow-[0_-8px_24px_oklch(0.2_0.02_260/0.05)] max-tablet:px-4"
        >
          <p className="num flex-1 font-[620]">{t('queue.selected', { count: selected.length })}</p>
          <Button look="danger" refused={refused} onClick={() => revoke(selected)}>
            {t('links.revokeSelected', { count: selected.length })}
          </Button>
        </section>
      )}
      <LinkSheet
        group={group}
        link={one}
        refused={refused}
        onClose={() => setOpened(null)}
        onRevoke={(link) => revoke([link])}
      />
      <CreateLinkSheet group={group} open={creating} onClose={() => setCreating(false)} />
      <Dialog
        open={shared !== null}
        onClose={() => setShared(null)}
        title={t('share.link')}
        closeLabel={t('app.close')}
      >
        {shared !== null && <ShareLink address={shared} group={group.name} />}
      </Dialog>
    </>
  );
}
