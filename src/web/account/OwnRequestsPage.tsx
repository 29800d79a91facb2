/** The person's own requests, kept over reloads. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { ownRequestsQuery } from '../queries/joining.ts';
import { whenInWords } from '../text/when.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { buttonClasses } from '../ui/Button.tsx';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { OwnRequestView } from '../../client/view.ts';
import { Room } from '../parts/Room.tsx';

const TONES: Readonly<Record<OwnRequestView['state'], Tone>> = {
  sending: 'plain',
  waiting: 'accent',
  admitted: 'good',
  rejected: 'bad',
  expired: 'warn',
  withdrawn: 'plain',
};

export function OwnRequestsPage() {
  const { t } = useTranslation();
  const requests = useQuery(ownRequestsQuery(useClient()));
  const now = useNow();
  return (
    <Room title={t('requests.title')}>
      {requests.isPending && <SkeletonRows count={3} label={t('app.loading')} />}
      {requests.isError && (
        <Failed error={requests.error} onRetry={() => void requests.refetch()} />
      )}
      {requests.isSuccess && requests.data.length === 0 && (
        <Empty
          icon={<Inbox size={22} aria-hidden />}
          title={t('requests.empty')}
          action={
            <Link to={paths.join()} className={buttonClasses()}>
              {t('shell.openLink')}
            </Link>
          }
        >
          {t('requests.emptyBody')}
        </Empty>
      )}
      {requests.isSuccess && requests.data.length > 0 && (
        <>
          <p className="px-6 pt-5 pb-2 text-small text-ink-2 max-tablet:px-4">
            {t('requests.lead')}
          </p>
          <ul aria-label={t('requests.title')}>
            {requests.data.map((request) => (
              <li key={`${request.gid}${request.joinId}`} className="border-b border-line">
                <Link
                  to={
                    request.state === 'admitted'
                      ? paths.group(request.gid)
                      : paths.joining(request.joinId)
                  }
                  className="flex items-center gap-3 px-6 py-3 hover:bg-hover focus-visible:-outline-offset-2 max-tablet:px-4"
                >
                  <Avatar id={request.gid} name={request.name} size="l" />
                  <span className="min-w-0 flex-1">
                    <bdi className="clip block font-[580]">{request.name}</bdi>
                    <span className="num clip block text-small text-ink-2">
                      {t('join.askedAt', { when: whenInWords(request.askedAt, now) })}
                      {request.note !== null && ` · ${t('app.quoted', { text: request.note })}`}
                    </span>
                  </span>
                  <Chip tone={TONES[request.state]}>{t(`requests.state.${request.state}`)}</Chip>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </Room>
  );
}
