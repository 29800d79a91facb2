/** One request in the queue. */
import type { TFunction } from 'i18next';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { useCompared } from '../stores/compared.ts';
import { lasting, whenInWords } from '../text/when.ts';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { classes } from '../ui/classes.ts';
import { Checkbox } from '../ui/Field.tsx';
import { useNow } from '../ui/useNow.ts';
import type { RequestFlag, RequestView, TaskAct } from '../../client/view.ts';
import type { Hash } from '../../protocol/ids.ts';

export const FLAG_TONES: Readonly<Record<RequestFlag, Tone>> = {
  askedBefore: 'warn',
  wasMember: 'warn',
  banned: 'bad',
  sameName: 'bad',
  introUnreadable: 'warn',
  burst: 'warn',
};

export interface RequestRowProps {
  readonly request: RequestView;
  readonly chosen: boolean;
  readonly marked: boolean;
  /** Tab stops at this row; the others are reached by j and k. */
  readonly reachable: boolean;
  /** What is on its way for it already. */
  readonly pending: TaskAct['kind'] | null;
  readonly onChoose: (hash: Hash) => void;
  /** Null where nothing can be done with several. */
  readonly onMark: ((hash: Hash, range: boolean) => void) | null;
}

export const RequestRow = memo(function RequestRow({
  request,
  chosen,
  marked,
  reachable,
  pending,
  onChoose,
  onMark,
}: RequestRowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const compared = useCompared((state) => state.requests.has(request.hash));
  const name = nameOf(request.person);
  const note = request.note === '' ? t('queue.noNote') : t('app.quoted', { text: request.note });
  const label = request.link.label === '' ? t('queue.noLabel') : request.link.label;
  const tabIndex = reachable ? 0 : -1;
  return (
    <div
      className={classes(
        'flex items-center gap-3.5 border-b border-line ps-6 max-tablet:ps-4',
        chosen ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      {onMark !== null && (
        <Checkbox
          hideLabel
          tabIndex={tabIndex}
          label={t('queue.select', { name })}
          checked={marked}
          onChange={(_, range) => onMark(request.hash, range)}
        />
      )}
      <button
        type="button"
        data-start
        data-hash={request.hash}
        tabIndex={tabIndex}
        aria-pressed={chosen}
        aria-label={t('queue.details', { name })}
        onClick={() => onChoose(request.hash)}
        className="grid min-w-0 flex-1 grid-cols-[34px_minmax(0,1fr)_auto] items-center gap-x-3.5 py-[11px] pe-6 text-start focus-visible:-outline-offset-2 max-tablet:pe-4 tablet:grid-cols-[34px_minmax(0,1.3fr)_minmax(0,0.8fr)_184px]"
      >
        <PersonAvatar person={request.person} />
        <span className="min-w-0">
          <span className="clip block font-[600]">
            <PersonName person={request.person} marked={request.flags.includes('sameName')} />
          </span>
          <span dir="auto" className="clip block text-small text-ink-2">
            {note}
          </span>
        </span>
        <span className="min-w-0 max-tablet:hidden">
          <span className="clip block text-small text-ink-2">{label}</span>
          {request.link.maker !== null && (
            <span className="clip block text-tiny text-ink-3">
              <Isolated text={t('queue.linkBy', { name: isolate(nameOf(request.link.maker)) })} />
            </span>
          )}
        </span>
        <span className="flex flex-col items-end gap-1 max-tablet:max-w-36">
          <span className="num text-tiny text-ink-3">{waited(request, now, t)}</span>
          <span className="flex flex-wrap justify-end gap-1">
            {pending !== null && (
              <Chip tone="accent">
                {t(pending === 'reject' ? 'queue.rejecting' : 'queue.approving')}
              </Chip>
            )}
            {compared && <Chip tone="good">{t('queue.codeOk')}</Chip>}
            {request.flags.map((flag) => (
              <Chip key={flag} tone={FLAG_TONES[flag]}>
                {t(`queue.flag.${flag}`)}
              </Chip>
            ))}
          </span>
        </span>
      </button>
    </div>
  );
});

const MINUTE_MS = 60_000;

function waited(request: RequestView, now: number, t: TFunction): string {
  if (request.state !== 'waiting')
    return t('queue.askedAt', { when: whenInWords(request.askedAt, now) });
  const time = now - request.askedAt;
  return time < MINUTE_MS ? t('queue.justAsked') : t('queue.waitedFor', { time: lasting(time) });
}
