/** Before an approval is signed: who comes in, who is left out and why, as what, with which history, and what it costs the others. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { approvalQuery } from '../queries/requests.ts';
import { useStartTask } from '../queries/tasks.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choices } from '../ui/Field.tsx';
import { Banner, Skeleton } from '../ui/Notice.tsx';
import type {
  ApprovalPreview,
  ApproveWishes,
  DecidedView,
  GroupView,
  RequestView,
} from '../../client/view.ts';
import type { Hash } from '../../protocol/ids.ts';
import { REPLAY } from '../../protocol/limits.ts';

export interface ApprovalDraft {
  readonly requests: readonly RequestView[];
  readonly role: ApproveWishes['role'];
}

export function ApprovalSheet({
  group,
  draft,
  onClose,
  onStarted,
}: {
  readonly group: GroupView;
  /** Null while nothing is asked. */
  readonly draft: ApprovalDraft | null;
  readonly onClose: () => void;
  readonly onStarted: (requests: readonly Hash[]) => void;
}) {
  const { t } = useTranslation();
  return draft === null ? null : (
    <Sheet
      key={`${draft.role}${draft.requests[0]?.hash ?? ''}`}
      group={group}
      draft={draft}
      title={t('approval.title', {
        count: draft.requests.length,
        name: draft.requests[0] === undefined ? '' : nameOf(draft.requests[0].person),
      })}
      onClose={onClose}
      onStarted={onStarted}
    />
  );
}

/** What does not fit one entry goes into the next; only a full group keeps people out for it. */
function admits(row: DecidedView, preview: ApprovalPreview): boolean {
  const later = row.why?.name === 'E_LIMIT' && preview.members < REPLAY.members;
  return row.outcome === 'done' || later;
}

function Sheet({
  group,
  draft,
  title,
  onClose,
  onStarted,
}: {
  readonly group: GroupView;
  readonly draft: ApprovalDraft;
  readonly title: string;
  readonly onClose: () => void;
  readonly onStarted: (requests: readonly Hash[]) => void;
}) {
  const { t } = useTranslation();
  const [role, setRole] = useState(draft.role);
  const [history, setHistory] = useState(true);
  const hashes = draft.requests.map((request) => request.hash);
  const asked = useQuery(approvalQuery(useClient(), group.gid, hashes, group.seq));
  const start = useStartTask(group.gid, () => onStarted(hashes));
  const preview = asked.data;
  const come = preview?.rows.filter((row) => admits(row, preview)).length ?? 0;
  const rejected = draft.requests.filter((request) => request.state === 'rejected');
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={title}
      closeLabel={t('app.close')}
      foot={
        <>
          <p className="num flex basis-full items-center gap-2 text-small text-ink-2">
            <KeyRound size={15} aria-hidden className="shrink-0" />
            {preview === undefined
              ? t('approval.counting')
              : t('approval.newKey', { count: preview.members })}
          </p>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button
            look="primary"
            busy={start.busy}
            refused={preview !== undefined && come > 0 ? null : t('approval.nobody')}
            onClick={() =>
              void start.run({ act: { kind: 'approve', requests: hashes, role, history } })
            }
          >
            {t('approval.submit', { count: come })}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        {rejected.length > 0 && <Banner tone="warn">{rejectedText(rejected, t)}</Banner>}
        <Choices
          label={t('approval.role')}
          value={role}
          choices={[
            { value: 'link', label: t('approval.asAsked') },
            { value: 'member', label: t('role.member') },
            { value: 'observer', label: t('role.observer') },
          ]}
          onChoose={setRole}
        />
        {preview?.history === true ? (
          <div className="grid gap-2">
            <Choices
              label={t('approval.history')}
              value={history}
              choices={[
                { value: true, label: t('approval.withHistory') },
                { value: false, label: t('approval.withoutHistory') },
              ]}
              onChoose={setHistory}
            />
            <p className="text-small text-ink-2">
              {t(history ? 'approval.withHistoryNote' : 'approval.withoutHistoryNote')}
            </p>
          </div>
        ) : (
          preview !== undefined && (
            <p className="text-small text-ink-2">{t('approval.noHistory')}</p>
          )
        )}
        {asked.isError && <Failed error={asked.error} onRetry={() => void asked.refetch()} />}
        {asked.isPending && <Skeleton className="h-24 w-full" />}
        {preview !== undefined && <Preview preview={preview} draft={draft} />}
      </div>
    </Dialog>
  );
}

function Preview({
  preview,
  draft,
}: {
  readonly preview: ApprovalPreview;
  readonly draft: ApprovalDraft;
}) {
  const { t } = useTranslation();
  const come = preview.rows.filter((row) => admits(row, preview));
  const out = preview.rows.filter((row) => !admits(row, preview));
  const first = preview.rows.filter((row) => row.outcome === 'done').length;
  return (
    <>
      <People title={t('approval.comeIn', { count: come.length })} rows={come} draft={draft} />
      {first < come.length && (
        <p className="num text-small text-ink-2">
          {t('approval.severalEntries', { count: first })}
        </p>
      )}
      {out.length > 0 && (
        <People
          title={t('approval.leftOut', { count: out.length })}
          rows={out}
          draft={draft}
          why={(row) => whyOut(row, t)}
        />
      )}
    </>
  );
}

const SHOWN = 8;

function People({
  title,
  rows,
  draft,
  why,
}: {
  readonly title: string;
  readonly rows: readonly DecidedView[];
  readonly draft: ApprovalDraft;
  readonly why?: (row: DecidedView) => string;
}) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const names = new Map(draft.requests.map((request) => [request.hash, request.person]));
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <section aria-label={title} className="grid gap-1.5">
      <h3 className="num text-small font-[580]">{title}</h3>
      <ul className="grid gap-1 text-small text-ink-2">
        {shown.map((row) => {
          const person = row.person ?? names.get(row.request);
          return (
            <li key={row.request}>
              <bdi className="text-ink">
                {person === undefined ? t('person.unknown') : nameOf(person)}
              </bdi>
              {why !== undefined && <Isolated text={`: ${why(row)}`} />}
            </li>
          );
        })}
      </ul>
      {rows.length > shown.length && (
        <Button look="ghost" size="small" className="-ms-3 w-fit" onClick={() => setAll(true)}>
          {t('tray.more', { count: rows.length - shown.length })}
        </Button>
      )}
    </section>
  );
}

function whyOut(row: DecidedView, t: TFunction): string {
  if (row.outcome === 'already')
    return row.by === null
      ? t('tray.row.alreadyNobody')
      : t('tray.row.already', { name: isolate(nameOf(row.by)) });
  return row.why === null ? '' : t(`failure.${row.why.name}.sentence`);
}

function rejectedText(rejected: readonly RequestView[], t: TFunction): string {
  const [one] = rejected;
  const by = one?.rejectedBy ?? null;
  return rejected.length === 1 && by !== null
    ? t('approval.rejectedBy', { name: nameOf(by) })
    : t('approval.rejectedBefore', { count: rejected.length });
}
