/** The queue as it is worked down: one list, what is chosen and selected in it, and the windows that decide. */
import { Link } from '@tanstack/react-router';
import { Inbox, Search, SearchX, X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotDecide, whyNotLinks } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { useStartTask } from '../queries/tasks.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Checkbox, SearchField } from '../ui/Field.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { focusIsLost } from '../ui/lostFocus.ts';
import { Empty } from '../ui/Notice.tsx';
import { Rows, type RowsHandle } from '../ui/Rows.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { useKeys } from '../ui/useKeys.ts';
import { DESKTOP, useMedia } from '../ui/useMedia.ts';
import type { GroupView, LinkView, RequestView, TaskView } from '../../client/view.ts';
import type { Gid, Hash, LinkPk } from '../../protocol/ids.ts';
import { type ApprovalDraft, ApprovalSheet } from './ApprovalSheet.tsx';
import { findRequests } from './findRequests.ts';
import { KeysHelp } from './KeysHelp.tsx';
import { OfflineNote } from './OfflineNote.tsx';
import { pendingActs } from './pendingActs.ts';
import { RecentApproval, recentApproval } from './RecentApproval.tsx';
import { RejectDialog } from './RejectDialog.tsx';
import { RequestActs, RequestDetails } from './RequestDetails.tsx';
import { RequestRow } from './RequestRow.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { extend, neighbour, nothingSelected, type Selection, toggle } from './selection.ts';
import { useReason } from './useReason.ts';
import { WaveAlert } from './WaveAlert.tsx';

type State = RequestView['state'];
const STATES: readonly State[] = ['waiting', 'rejected', 'expired'];
const keyOf = (request: RequestView): Hash => request.hash;

export function Queue({
  group,
  requests,
  links,
  tasks,
  asOf,
}: {
  readonly group: GroupView;
  readonly requests: readonly RequestView[];
  readonly links: readonly LinkView[];
  readonly tasks: readonly TaskView[];
  readonly asOf: number;
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const wide = useMedia(DESKTOP);
  const [state, setState] = useState<State>('waiting');
  const [find, setFind] = useState('');
  const [wave, setWave] = useState<LinkPk | null>(null);
  const [chosen, setChosen] = useState<Hash | null>(null);
  const [selection, setSelection] = useState<Selection<Hash>>(nothingSelected);
  const [rejecting, setRejecting] = useState<readonly RequestView[]>([]);
  const [draft, setDraft] = useState<ApprovalDraft | null>(null);
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const part = useRef<HTMLDivElement>(null);
  const rows = useRef<RowsHandle>(null);

  const shown = useMemo(
    () => findRequests(requests, { state, find, wave }),
    [requests, state, find, wave],
  );
  const order = useMemo(() => shown.map(keyOf), [shown]);
  const pending = useMemo(() => pendingActs(tasks, group.gid), [tasks, group.gid]);
  const current = shown.find((request) => request.hash === chosen) ?? null;
  // What left the list meanwhile (decided elsewhere) is no longer selected; what is on its way is not decided twice.
  const selected = shown.filter(
    (request) => selection.marked.has(request.hash) && !pending.has(request.hash),
  );
  const refused = reason(whyNotDecide(group));
  const recent = recentApproval(tasks, group);
  const paused = links.filter((link) => link.state === 'paused' && link.burst !== null);

  function choose(hash: Hash | null): void {
    setChosen(hash);
    if (hash !== null) rows.current?.focus(order.indexOf(hash));
  }

  /** After a decision the next request is chosen, so that the queue is worked down without the pointer. */
  function moveOn(decided: readonly Hash[]): void {
    const place = chosen === null ? -1 : order.indexOf(chosen);
    const open = (hash: Hash): boolean => !decided.includes(hash) && !pending.has(hash);
    const next = order.slice(Math.max(place, 0)).find(open) ?? order.findLast(open) ?? null;
    setSelection(nothingSelected);
    if (chosen === null || !wide) setChosen(null);
    else choose(next);
  }

  const start = useStartTask(group.gid);

  /** One that nobody rejected is admitted as asked: what that means stands beside it. Everything else is looked at first. */
  function admit(request: RequestView): void {
    if (request.state === 'rejected') return setDraft({ requests: [request], role: 'link' });
    void start
      .run({ act: { kind: 'approve', requests: [request.hash], role: 'link', history: true } })
      .then((outcome) => {
        if (outcome?.ok === true) moveOn([request.hash]);
      });
  }

  const mark = useCallback(
    (hash: Hash, range: boolean): void => {
      setSelection((before) => (range ? extend(before, order, hash) : toggle(before, hash)));
    },
    [order],
  );

  const step = (to: 1 | -1, range: boolean): void => {
    const next = neighbour(order, chosen, to);
    if (next === null) return;
    if (range)
      setSelection((before) =>
        extend(
          before.from === null && chosen !== null ? toggle(before, chosen) : before,
          order,
          next,
        ),
      );
    choose(next);
  };

  /** Whether the person is at work in the list: a key that decides counts nowhere else, and not on a page that just came up. */
  const atWork = (): boolean => part.current?.contains(document.activeElement) === true;

  const open = current !== null && !pending.has(current.hash) ? current : null;

  useKeys({
    j: () => step(1, false),
    k: () => step(-1, false),
    J: () => step(1, true),
    K: () => step(-1, true),
    x: () => {
      if (current !== null && state !== 'expired') mark(current.hash, false);
    },
    X: () => {
      if (current !== null && state !== 'expired') mark(current.hash, true);
    },
    a: () => {
      if (refused !== null || start.busy || !atWork() || state === 'expired') return;
      if (selected.length > 0) setDraft({ requests: selected, role: 'link' });
      else if (open !== null && open.blocked === null) admit(open);
    },
    r: () => {
      if (refused !== null || !atWork() || state !== 'waiting') return;
      if (selected.length > 0) setRejecting(selected);
      else if (open !== null) setRejecting([open]);
    },
    Escape: () => {
      if (selection.marked.size > 0) setSelection(nothingSelected);
      else setChosen(null);
    },
    '/': () => search.current?.focus(),
    '?': () => setHelp(true),
  });

  // The row or the button that had the focus goes away with what was decided.
  useEffect(() => {
    if (!focusIsLost()) return;
    const next = ['[aria-pressed=true]', '[data-start]'].flatMap(
      (place) => part.current?.querySelector<HTMLElement>(place) ?? [],
    );
    (next[0] ?? document.querySelector<HTMLElement>('h1'))?.focus();
  }, [requests, chosen]);

  function look(at: { state?: State; wave?: LinkPk | null }): void {
    setState(at.state ?? state);
    setWave(at.wave ?? null);
    setChosen(null);
    setSelection(nothingSelected);
  }

  const acts = current !== null && (
    <RequestActs
      request={current}
      refused={refused ?? (open === null ? t('queue.onItsWay') : null)}
      busy={start.busy}
      onApprove={() => admit(current)}
      onDraft={(role) => setDraft({ requests: [current], role })}
      onReject={() => setRejecting([current])}
    />
  );
  const waveLink = links.find((link) => link.pk === wave);

  return (
    <>
      <SectionHeader title={t('queue.title')}>
        <SearchField
          ref={search}
          label={t('queue.find')}
          value={find}
          onChange={setFind}
          icon={<Search size={16} aria-hidden />}
          className="w-64 max-tablet:w-full"
        />
      </SectionHeader>
      <div ref={part} className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <OfflineNote asOf={asOf} />
          {paused.length > 0 && (
            <div className="grid shrink-0 gap-2 px-6 pt-3 max-tablet:px-4">
              {paused.map((link) => {
                const through = findRequests(requests, {
                  state: 'waiting',
                  find: '',
                  wave: link.pk,
                });
                return (
                  <WaveAlert
                    key={link.pk}
                    group={group}
                    link={link}
                    waiting={through.length}
                    refused={refused}
                    linkRefused={reason(whyNotLinks(group))}
                    onReview={() => look({ state: 'waiting', wave: link.pk })}
                    onReject={() => setRejecting(through)}
                  />
                );
              })}
            </div>
          )}
          <Tabs
            label={t('queue.tabs')}
            value={state}
            onChoose={(next) => look({ state: next })}
            tabs={STATES.map((value) => ({
              value,
              label: t(`queue.${value}`),
              count: requests.filter((request) => request.state === value).length,
            }))}
          >
            {recent !== null && state === 'waiting' && (
              <RecentApproval group={group} task={recent} />
            )}
            {(shown.length > 0 || wave !== null) && (
              <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-6 py-1 text-small text-ink-2 max-tablet:px-4">
                {state !== 'expired' && shown.length > 0 && (
                  <Checkbox
                    label={t('queue.selectAll', { count: shown.length })}
                    checked={selected.length === shown.length}
                    mixed={selected.length > 0 && selected.length < shown.length}
                    onChange={(on) =>
                      setSelection(on ? { marked: new Set(order), from: null } : nothingSelected)
                    }
                  />
                )}
                <span className="flex-1" />
                {wave !== null && (
                  <Button size="small" onClick={() => setWave(null)}>
                    {t('wave.only', {
                      label:
                        waveLink === undefined || waveLink.label === ''
                          ? t('links.noLabel')
                          : waveLink.label,
                    })}
                    <X size={14} aria-hidden />
                  </Button>
                )}
              </div>
            )}
            {shown.length === 0 ? (
              <Nothing state={state} find={find} onClear={() => setFind('')} gid={group.gid} />
            ) : (
              <Rows ref={rows} label={t('queue.list')} rows={shown} keyOf={keyOf}>
                {(request, index) => (
                  <RequestRow
                    request={request}
                    chosen={request.hash === chosen}
                    marked={selection.marked.has(request.hash)}
                    reachable={current === null ? index === 0 : request.hash === chosen}
                    pending={pending.get(request.hash)?.kind ?? null}
                    onChoose={setChosen}
                    onMark={state === 'expired' ? null : mark}
                  />
                )}
              </Rows>
            )}
            {selected.length > 0 && (
              <section
                aria-label={t('queue.selected', { count: selected.length })}
                className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-surface px-6 py-3 shadow-[0_-8px_24px_oklch(0.2_0.02_260/0.05)] max-tablet:px-4 max-tablet:pb-[max(0.75rem,env(safe-area-inset-bottom))]"
              >
                <p className="num flex-1">
                  <strong className="font-[620]">
                    {t('queue.selected', { count: selected.length })}
                  </strong>{' '}
                  <span className="text-small text-ink-2 max-tablet:hidden">
                    {t('queue.oneAct')}
                  </span>
                </p>
                {state === 'waiting' && (
                  <Button
                    look="dangerPlain"
                    refused={refused}
                    onClick={() => setRejecting(selected)}
                  >
                    {t('queue.rejectMore')}
                  </Button>
                )}
                <Button
                  look="primary"
                  refused={refused}
                  onClick={() => setDraft({ requests: selected, role: 'link' })}
                >
                  {t('queue.approveMany', { count: selected.length })}
                </Button>
              </section>
            )}
          </Tabs>
        </div>
        {wide ? (
          <aside
            aria-label={
              current === null
                ? t('queue.choose')
                : t('queue.details', { name: nameOf(current.person) })
            }
            className="flex w-[380px] shrink-0 flex-col border-s border-line"
          >
            {current === null ? (
              <Empty title={t('queue.choose')}>{t('queue.chooseBody')}</Empty>
            ) : (
              <>
                <div className="min-h-0 flex-1 overflow-y-auto p-5">
                  <RequestDetails request={current} group={group} />
                </div>
                <footer className="border-t border-line p-5 py-4">
                  {acts}
                  <p className="mt-2.5 text-tiny text-ink-3">{t('queue.keys')}</p>
                </footer>
              </>
            )}
          </aside>
        ) : (
          <Dialog
            shape="sheet"
            open={current !== null && rejecting.length === 0 && draft === null}
            onClose={() => setChosen(null)}
            title={current === null ? '' : t('queue.details', { name: nameOf(current.person) })}
            closeLabel={t('app.close')}
            foot={acts}
          >
            {current !== null && <RequestDetails request={current} group={group} />}
          </Dialog>
        )}
      </div>
      <ApprovalSheet
        group={group}
        draft={draft}
        onClose={() => setDraft(null)}
        onStarted={(hashes) => {
          setDraft(null);
          moveOn(hashes);
        }}
      />
      <RejectDialog
        gid={group.gid}
        requests={rejecting}
        onClose={() => setRejecting([])}
        onRejected={moveOn}
      />
      <KeysHelp
        open={help}
        onClose={() => setHelp(false)}
        keys={[
          { keys: ['j', 'k'], does: t('keys.move') },
          { keys: ['x'], does: t('keys.select') },
          { keys: ['⇧ x', '⇧ j', '⇧ k'], does: t('keys.range') },
          { keys: ['a'], does: t('keys.approve') },
          { keys: ['r'], does: t('keys.reject') },
          { keys: ['/'], does: t('keys.find') },
          { keys: ['Esc'], does: t('keys.leave') },
        ]}
      />
    </>
  );
}

function Nothing({
  state,
  find,
  onClear,
  gid,
}: {
  readonly state: State;
  readonly find: string;
  readonly onClear: () => void;
  readonly gid: Gid;
}) {
  const { t } = useTranslation();
  if (find.trim() !== '')
    return (
      <Empty
        icon={<SearchX size={22} aria-hidden />}
        title={t('queue.noMatch')}
        action={<Button onClick={onClear}>{t('queue.clear')}</Button>}
      >
        {t('queue.noMatchBody', { text: find.trim() })}
      </Empty>
    );
  return (
    <Empty
      icon={<Inbox size={22} aria-hidden />}
      title={t(`queue.empty.${state}`)}
      action={
        state === 'waiting' && (
          <Link to={paths.manageLinks(gid)} className={buttonClasses()}>
            {t('queue.toLinks')}
          </Link>
        )
      }
    >
      {t(`queue.emptyBody.${state}`)}
    </Empty>
  );
}
