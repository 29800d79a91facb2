/** Everything known about one request, and the two answers to it. */
import { useQuery } from '@tanstack/react-query';
import { BadgeCheck, ChevronDown, Eye, MessageSquare, SlidersHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { SixWords } from '../parts/SixWords.tsx';
import { useClient } from '../queries/clientContext.ts';
import { linksQuery } from '../queries/links.ts';
import { setCompared, useCompared } from '../stores/compared.ts';
import { whenInWords } from '../text/when.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { Banner } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, PastStep, RequestView } from '../../client/view.ts';
import { printId } from '../../protocol/ids.ts';
import { ROLE, roleName } from '../../protocol/role.ts';
import type { ApprovalDraft } from './ApprovalSheet.tsx';
import { FLAG_TONES } from './RequestRow.tsx';

export function RequestDetails({
  request,
  group,
}: {
  readonly request: RequestView;
  readonly group: GroupView;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const links = useQuery(linksQuery(useClient(), group.gid));
  const link = links.data?.find((other) => other.pk === request.link.pk);
  const compared = useCompared((state) => state.requests.has(request.hash));
  const label = request.link.label === '' ? t('queue.noLabel') : request.link.label;
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-3">
        <PersonAvatar person={request.person} size="l" />
        <div className="min-w-0">
          <h2 className="clip text-title leading-5 font-[620]">
            <PersonName person={request.person} marked />
          </h2>
          <p className="text-tiny text-ink-3">
            <Isolated
              text={`${t('queue.askedAt', { when: whenInWords(request.askedAt, now) })}, ${t('queue.through', { label: isolate(label) })}`}
            />
          </p>
        </div>
      </div>
      {request.note === '' ? (
        <p className="text-ink-3">{t('queue.noNote')}</p>
      ) : (
        <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {t('app.quoted', { text: request.note })}
        </p>
      )}
      {request.flags.map((flag) => (
        <Banner key={flag} tone={FLAG_TONES[flag] === 'bad' ? 'bad' : 'warn'}>
          {t(`queue.flagNote.${flag}`)}
        </Banner>
      ))}
      {request.blocked !== null && !request.flags.includes('banned') && (
        <Banner tone="warn">
          {t(`failure.${request.blocked.name}.sentence`)}{' '}
          {t(`failure.${request.blocked.name}.next`)}
        </Banner>
      )}
      <section className="grid gap-2 rounded-md border border-line p-4">
        <h3 className="text-small text-ink-2">{t('queue.codeTitle')}</h3>
        <SixWords code={request.code} label={t('queue.codeOf', { name: nameOf(request.person) })} />
        <div className="mt-1 flex min-h-9 items-center gap-2">
          {compared ? (
            <>
              <BadgeCheck size={18} aria-hidden className="shrink-0 text-good" />
              <output className="flex-1 text-small text-good">{t('queue.matched')}</output>
              <Button look="ghost" size="small" onClick={() => setCompared(request.hash, false)}>
                {t('queue.matchUndo')}
              </Button>
            </>
          ) : (
            <Button onClick={() => setCompared(request.hash, true)}>{t('queue.match')}</Button>
          )}
        </div>
      </section>
      <dl className="grid gap-2 rounded-md border border-line p-4">
        <Line name={t('queue.becomes')}>{t(`role.${roleName(link?.role ?? ROLE.member)}`)}</Line>
        <Line name={t('queue.canRead')}>
          {group.shareable ? t('queue.readShared') : t('queue.readNow')}
        </Line>
        {link !== undefined && (
          <Line name={t('queue.seats')}>
            {link.maxUses === 0
              ? t('queue.seatsFree')
              : t('queue.seatsOf', { used: link.uses, max: link.maxUses })}
          </Line>
        )}
        {request.link.maker !== null && (
          <Line name={t('queue.linkMaker')}>
            <bdi>{nameOf(request.link.maker)}</bdi>
          </Line>
        )}
        <Line name={t('queue.asksUntil')}>{whenInWords(request.expires, now)}</Line>
        <Line name={t('queue.fingerprint')}>
          <span title={printId(request.person.pid)} className="font-mono text-small">
            {short(printId(request.person.pid))}
          </span>
        </Line>
      </dl>
      {request.state === 'rejected' && request.rejectedBy !== null && (
        <p className="text-small text-ink-2">
          <Isolated text={t('queue.rejectedBy', { name: isolate(nameOf(request.rejectedBy)) })} />
        </p>
      )}
      <Past steps={request.past} now={now} />
    </div>
  );
}

/** Enough of the account's number to tell it from another at a glance. */
const short = (printed: string): string => `${printed.slice(0, 8)}…${printed.slice(-4)}`;

function Past({ steps, now }: { readonly steps: readonly PastStep[]; readonly now: number }) {
  const { t } = useTranslation();
  if (steps.length === 0) return null;
  return (
    <section className="grid gap-1.5">
      <h3 className="text-small text-ink-2">{t('queue.past')}</h3>
      <ol className="grid gap-1 text-small">
        {steps.map((step) => (
          <li key={`${step.what}${String(step.at)}`}>
            <span className="num text-ink-3">{whenInWords(step.at, now)}</span>{' '}
            <Isolated
              text={
                step.by === null
                  ? t(`queue.pastStep.${step.what}`)
                  : t(`queue.pastStepBy.${step.what}`, { name: isolate(nameOf(step.by)) })
              }
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-ink-2">{name}</dt>
      <dd className="num text-end font-[550]">{children}</dd>
    </div>
  );
}

export function RequestActs({
  request,
  refused,
  busy,
  onApprove,
  onDraft,
  onReject,
}: {
  readonly request: RequestView;
  readonly refused: string | null;
  readonly busy: boolean;
  readonly onApprove: () => void;
  /** Opens the preview with another role. */
  readonly onDraft: (role: ApprovalDraft['role']) => void;
  readonly onReject: () => void;
}) {
  const { t } = useTranslation();
  const over = request.state === 'expired' ? t('failure.E_REQ.sentence') : null;
  const blocked = request.blocked === null ? null : t(`failure.${request.blocked.name}.sentence`);
  const off = refused ?? over ?? blocked;
  return (
    <div className="flex w-full gap-2">
      <div className="flex flex-1">
        <Button
          look="primary"
          className="flex-1 rounded-e-none"
          busy={busy}
          refused={off}
          onClick={onApprove}
        >
          {request.state === 'rejected' ? t('queue.approveAfterAll') : t('queue.approve')}
        </Button>
        <Menu
          side="top"
          trigger={
            <button
              type="button"
              aria-label={t('queue.approveAs')}
              className={buttonClasses(
                'primary',
                'icon',
                'rounded-s-none border-s-(--accent-ink)/25! data-[popup-open]:bg-accent-strong',
              )}
            >
              <ChevronDown size={17} aria-hidden />
            </button>
          }
        >
          <MenuItem
            icon={<MessageSquare size={17} aria-hidden />}
            refused={off}
            onChoose={() => onDraft('member')}
          >
            {t('queue.asMember')}
          </MenuItem>
          <MenuItem
            icon={<Eye size={17} aria-hidden />}
            refused={off}
            onChoose={() => onDraft('observer')}
          >
            {t('queue.asObserver')}
          </MenuItem>
          <MenuItem
            icon={<SlidersHorizontal size={17} aria-hidden />}
            refused={off}
            onChoose={() => onDraft('link')}
          >
            {t('queue.lookFirst')}
          </MenuItem>
        </Menu>
      </div>
      {request.state === 'waiting' && (
        <Button className="flex-1" refused={refused} onClick={onReject}>
          {t('queue.reject')}
        </Button>
      )}
    </div>
  );
}
