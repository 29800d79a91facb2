/** Where an own message stands on its way; a failed one says why and can be sent again or deleted. */
import { Clock, Hand, KeyRound, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDiscard, useRetry } from '../queries/timeline.ts';
import { Button } from '../ui/Button.tsx';
import type { TimelineItem } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';

type Outgoing = Extract<TimelineItem, { kind: 'outgoing' }>;

export function SendMark({ item, gid }: { readonly item: Outgoing; readonly gid: Gid }) {
  const { t } = useTranslation();
  const retry = useRetry(gid);
  const discard = useDiscard(gid);
  switch (item.send.state) {
    case 'queued':
      return <Mark icon={<Clock size={12} aria-hidden />}>{t('chat.send.queued')}</Mark>;
    case 'securing':
      return <Mark icon={<KeyRound size={12} aria-hidden />}>{t('chat.send.securing')}</Mark>;
    case 'held':
      return <Mark icon={<Hand size={12} aria-hidden />}>{t('chat.send.held')}</Mark>;
    case 'uploading':
      return <Uploading item={item} gid={gid} />;
    case 'sending':
      return (
        <Mark icon={<LoaderCircle size={12} aria-hidden className="animate-spin" />}>
          {t('chat.send.sending')}
        </Mark>
      );
    case 'failed':
      return (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-x-2 gap-y-1 pt-1 text-small text-bad"
        >
          <TriangleAlert size={14} aria-hidden />
          <span>
            {item.about === null ? t('chat.send.failed') : t(`chat.send.failedAbout.${item.about}`)}{' '}
            {t(`failure.${item.send.reason.name}.sentence`)}
          </span>
          <Button size="small" busy={retry.busy} onClick={() => void retry.run(item.localId)}>
            {t('chat.retry')}
          </Button>
          <Button
            look="ghost"
            size="small"
            busy={discard.busy}
            onClick={() => void discard.run(item.localId)}
          >
            {t('chat.discard')}
          </Button>
        </div>
      );
  }
}

/** How much of the file is there, and a way to call it off. */
function Uploading({ item, gid }: { readonly item: Outgoing; readonly gid: Gid }) {
  const { t } = useTranslation();
  const discard = useDiscard(gid);
  if (item.send.state !== 'uploading') return null;
  const share = Math.floor((100 * item.send.sent) / Math.max(item.send.total, 1));
  return (
    <div className="flex items-center gap-2 pt-1 text-tiny text-ink-3">
      <progress
        max={100}
        value={share}
        aria-label={t('chat.send.uploadingFile', { name: item.file?.name ?? '' })}
        className="h-1 w-32 appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <span className="num">{t('chat.send.uploading', { share })}</span>
      <Button
        look="ghost"
        size="small"
        busy={discard.busy}
        onClick={() => void discard.run(item.localId)}
      >
        {t('app.cancel')}
      </Button>
    </div>
  );
}

function Mark({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <p className="flex items-center gap-1.5 pt-0.5 text-tiny text-ink-3">
      {icon}
      {children}
    </p>
  );
}
