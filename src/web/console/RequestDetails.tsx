/** Everything known about one request, and the two answers to it. */
import { useQuery } from '@tanstack/react-query';
import { BadgeCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { SixWords } from '../parts/SixWords.tsx';
import { useClient } from '../queries/clientContext.ts';
import { linksQuery } from '../queries/links.ts';
import { setCompared, useCompared } from '../stores/compared.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Banner } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, RequestView } from '../../client/view.ts';
import { ROLE, roleName } from '../../protocol/role.ts';
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
          “{request.note}”
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
      </dl>
    </div>
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
  onReject,
}: {
  readonly request: RequestView;
  readonly refused: string | null;
  readonly busy: boolean;
  readonly onApprove: () => void;
  readonly onReject: () => void;
}) {
  const { t } = useTranslation();
  const over = request.state === 'expired' ? t('failure.E_REQ.sentence') : null;
  const blocked = request.blocked === null ? null : t(`failure.${request.blocked.name}.sentence`);
  return (
    <div className="flex w-full gap-2">
      <Button
        look="primary"
        className="flex-1"
        busy={busy}
        refused={refused ?? over ?? blocked}
        onClick={onApprove}
      >
        {t('queue.approve')}
      </Button>
      {request.state === 'waiting' && (
        <Button className="flex-1" refused={refused} onClick={onReject}>
          {t('queue.reject')}
        </Button>
      )}
    </div>
  );
}
