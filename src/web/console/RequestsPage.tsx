/** The queue: who asks to come in, decided one by one or several in one act. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Inbox, Search, SearchX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { present } from '../../lib/assert.ts';
import { whyNotDecide } from '../may.ts';
import { Failed } from '../parts/Failed.tsx';
import { nameOf } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { requestsQuery, useApprove } from '../queries/requests.ts';
import { showToast } from '../stores/toast.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Checkbox, SearchField } from '../ui/Field.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { focusIsLost } from '../ui/lostFocus.ts';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { useKeys } from '../ui/useKeys.ts';
import { DESKTOP, useMedia } from '../ui/useMedia.ts';
import type { GroupView, RequestView } from '../../client/view.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { findRequests, neighbour } from './findRequests.ts';
import { RejectDialog } from './RejectDialog.tsx';
import { RequestActs, RequestDetails } from './RequestDetails.tsx';
import { RequestRow } from './RequestRow.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { useReason } from './useReason.ts';

type State = RequestView['state'];
const STATES: readonly State[] = ['waiting', 'rejected', 'expired'];

export function RequestsPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const client = useClient();
  const group = useQuery(groupQuery(client, gid));
  const requests = useQuery(requestsQuery(client, gid));
  if (requests.isError)
    return <Failed error={requests.error} onRetry={() => void requests.refetch()} />;
  if (requests.isPending || group.data === undefined)
    return (
      <>
        <SectionHeader title={t('queue.title')} />
        <SkeletonRows count={5} label={t('app.loading')} />
      </>
    );
  return <Queue group={group.data} requests={requests.data} />;
}

function Queue({
  group,
  requests,
}: {
  readonly group: GroupView;
  readonly requests: readonly RequestView[];
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const wide = useMedia(DESKTOP);
  const [state, setState] = useState<State>('waiting');
  const [find, setFind] = useState('');
  const [chosen, setChosen] = useState<Hash | null>(null);
  const [marked, setMarked] = useState<ReadonlySet<Hash>>(new Set());
  const [rejecting, setRejecting] = useState<readonly RequestView[]>([]);
  const search = useRef<HTMLInputElement>(null);
  const deciding = useRef('');
  const part = useRef<HTMLDivElement>(null);

  const shown = findRequests(requests, state, find);
  const current = shown.find((request) => request.hash === chosen) ?? null;
  // What left the list meanwhile (decided elsewhere) is no longer selected.
  const selected = shown.filter((request) => marked.has(request.hash));
  const refused = reason(whyNotDecide(group));

  /** After a decision the next request is chosen, so that the queue is worked down without the pointer. */
  function moveOn(decided: readonly Hash[]): void {
    const left = shown.filter((request) => !decided.includes(request.hash));
    const place = shown.findIndex((request) => request.hash === chosen);
    const next = left[Math.min(Math.max(place, 0), left.length - 1)];
    setChosen(wide && chosen !== null ? (next?.hash ?? null) : null);
    setMarked(new Set());
  }

  const approve = useApprove(group.gid, (hashes) => {
    showToast({
      sentence: t('queue.approved', {
        count: hashes.length,
        name: deciding.current,
      }),
    });
    moveOn(hashes);
  });

  /** The name is kept: the request is gone when the answer comes. */
  function admit(these: readonly RequestView[]): void {
    const [one] = these;
    deciding.current = one === undefined ? t('person.unknown') : nameOf(one.person);
    void approve.run(these.map((request) => request.hash));
  }

  function mark(hash: Hash, on: boolean): void {
    const next = new Set(marked);
    if (on) next.add(hash);
    else next.delete(hash);
    setMarked(next);
  }

  const approvable = (selected.length > 0 ? selected : current === null ? [] : [current]).filter(
    (request) => request.blocked === null && request.state !== 'expired',
  );
  const rejectable = (selected.length > 0 ? selected : current === null ? [] : [current]).filter(
    (request) => request.state === 'waiting',
  );

  useKeys({
    j: () => setChosen(neighbour(shown, chosen, 1)),
    k: () => setChosen(neighbour(shown, chosen, -1)),
    x: () => {
      if (current !== null) mark(current.hash, !marked.has(current.hash));
    },
    a: () => {
      if (approvable.length > 0 && refused === null && !approve.busy) admit(approvable);
    },
    r: () => {
      if (rejectable.length > 0 && refused === null) setRejecting(rejectable);
    },
    '/': () => search.current?.focus(),
  });

  // The row or the button that had the focus goes away with what was decided.
  useEffect(() => {
    if (!focusIsLost()) return;
    const next = ['[aria-pressed=true]', '[aria-pressed]', 'h1'].flatMap(
      (place) => part.current?.querySelector<HTMLElement>(place) ?? [],
    );
    next[0]?.focus();
  }, [requests, chosen]);

  const acts = current !== null && (
    <RequestActs
      request={current}
      refused={refused}
      busy={approve.busy}
      onApprove={() => admit([current])}
      onReject={() => setRejecting([current])}
    />
  );

  return (
    <div ref={part} className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
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
        <Tabs
          label={t('queue.tabs')}
          value={state}
          onChoose={(next) => {
            setState(next);
            setChosen(null);
            setMarked(new Set());
          }}
          tabs={STATES.map((value) => ({
            value,
            label: t(`queue.${value}`),
            count: requests.filter((request) => request.state === value).length,
          }))}
        >
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
            {shown.length === 0 ? (
              <Nothing state={state} find={find} onClear={() => setFind('')} gid={group.gid} />
            ) : (
              <ul aria-label={t('queue.list')}>
                {shown.map((request) => (
                  <RequestRow
                    key={request.hash}
                    request={request}
                    chosen={request.hash === chosen}
                    marked={marked.has(request.hash)}
                    onChoose={() => setChosen(request.hash)}
                    onMark={state === 'expired' ? null : (on) => mark(request.hash, on)}
                  />
                ))}
              </ul>
            )}
          </div>
          {selected.length > 0 && (
            <section
              aria-label={t('queue.selected', { count: selected.length })}
              className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-surface px-6 py-3 shadow-[0_-8px_24px_oklch(0.2_0.02_260/0.05)] max-tablet:px-4 max-tablet:pb-[max(0.75rem,env(safe-area-inset-bottom))]"
            >
              <Checkbox
                hideLabel
                label={t('queue.selectAll')}
                checked={selected.length === shown.length}
                mixed={selected.length < shown.length}
                onChange={(on) => setMarked(on ? new Set(shown.map((one) => one.hash)) : new Set())}
              />
              <p className="num flex-1">
                <strong className="font-[620]">
                  {t('queue.selected', { count: selected.length })}
                </strong>{' '}
                <span className="text-small text-ink-2 max-tablet:hidden">{t('queue.oneAct')}</span>
              </p>
              {state === 'waiting' && (
                <Button look="dangerPlain" refused={refused} onClick={() => setRejecting(selected)}>
                  {t('queue.rejectMore')}
                </Button>
              )}
              <Button
                look="primary"
                busy={approve.busy}
                refused={
                  refused ??
                  (approvable.length === 0
                    ? t(
                        `failure.${present(selected[0], 'some are selected').blocked?.name ?? 'E_REQ'}.sentence`,
                      )
                    : null)
                }
                onClick={() => admit(approvable)}
              >
                {t('queue.approveMany', { count: approvable.length })}
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
          open={current !== null && rejecting.length === 0}
          onClose={() => setChosen(null)}
          title={current === null ? '' : t('queue.details', { name: nameOf(current.person) })}
          closeLabel={t('app.close')}
          foot={acts}
        >
          {current !== null && <RequestDetails request={current} group={group} />}
        </Dialog>
      )}
      <RejectDialog
        gid={group.gid}
        requests={rejecting}
        onClose={() => setRejecting([])}
        onRejected={moveOn}
      />
    </div>
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
