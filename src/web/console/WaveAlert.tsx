/** A wave of requests paused a link: how many, since when, and what to do about it. */
import { Waves } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStartTask } from '../queries/tasks.ts';
import { askFirst } from '../stores/confirm.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Banner } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, LinkView } from '../../client/view.ts';

export function WaveAlert({
  group,
  link,
  waiting,
  refused,
  linkRefused,
  onReview,
  onReject,
}: {
  readonly group: GroupView;
  readonly link: LinkView;
  /** Requests of the wave that nobody has decided. */
  readonly waiting: number;
  readonly refused: string | null;
  readonly linkRefused: string | null;
  readonly onReview: () => void;
  readonly onReject: () => void;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const start = useStartTask(group.gid);
  if (link.burst === null) return null;
  const label = link.label === '' ? t('links.noLabel') : link.label;
  return (
    <Banner
      tone="warn"
      icon={<Waves size={18} aria-hidden />}
      action={
        <span className="flex flex-wrap gap-2">
          <Button size="small" onClick={onReview}>
            {t('wave.review')}
          </Button>
          {waiting > 0 && (
            <Button look="dangerPlain" size="small" refused={refused} onClick={onReject}>
              {t('wave.reject', { count: waiting })}
            </Button>
          )}
          <Button
            size="small"
            busy={start.busy}
            refused={linkRefused}
            onClick={() =>
              askFirst({
                title: t('wave.resumeTitle', { label }),
                body: t('wave.resumeBody'),
                action: t('links.resume'),
                tone: 'plain',
                run: () =>
                  void start.run({ act: { kind: 'pause', links: [link.pk], paused: false } }),
              })
            }
          >
            {t('wave.resume')}
          </Button>
        </span>
      }
    >
      <strong className="num font-[620]">
        {t('wave.title', {
          count: link.burst.requests,
          label,
          when: whenInWords(link.burst.since, now),
        })}
      </strong>{' '}
      {t('wave.body')}
    </Banner>
  );
}
