/** One request in the queue. */
import type { TFunction } from 'i18next';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { useCompared } from '../stores/compared.ts';
import { lasting, whenInWords } from '../text/when.ts';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { classes } from '../ui/classes.ts';
import { Checkbox } from '../ui/Field.tsx';
import { useNow } from '../ui/useNow.ts';
import type { RequestFlag, RequestView } from '../../client/view.ts';

export const FLAG_TONES: Readonly<Record<RequestFlag, Tone>> = {
  askedBefore: 'warn',
  wasMember: 'warn',
  banned: 'bad',
  sameName: 'bad',
  introUnreadable: 'warn',
  burst: 'warn',
};

export function RequestRow({
  request,
  chosen,
  marked,
  onChoose,
  onMark,
}: {
  readonly request: RequestView;
  readonly chosen: boolean;
  readonly marked: boolean;
  readonly onChoose: () => void;
  /** Null where nothing can be done with several. */
  readonly onMark: ((on: boolean) => void) | null;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const compared = useCompared((state) => state.requests.has(request.hash));
  const row = useRef<HTMLLIElement>(null);
  const name = nameOf(request.person);
  const note = request.note === '' ? t('queue.noNote') : `“${request.note}”`;
  const label = request.link.label === '' ? t('queue.noLabel') : request.link.label;

  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  return (
    <li
      ref={row}
      className={classes(
        'flex items-center gap-3.5 border-b border-line ps-6 max-tablet:ps-4',
        chosen ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      {onMark !== null && (
        <Checkbox
          hideLabel
          label={t('queue.select', { name })}
          checked={marked}
          onChange={onMark}
        />
      )}
      <button
        type="button"
        aria-pressed={chosen}
        aria-label={t('queue.details', { name })}
        onClick={onChoose}
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
            {compared && <Chip tone="good">{t('queue.codeOk')}</Chip>}
            {request.flags.map((flag) => (
              <Chip key={flag} tone={FLAG_TONES[flag]}>
                {t(`queue.flag.${flag}`)}
              </Chip>
            ))}
          </span>
        </span>
      </button>
    </li>
  );
}

const MINUTE_MS = 60_000;

function waited(request: RequestView, now: number, t: TFunction): string {
  if (request.state !== 'waiting')
    return t('queue.askedAt', { when: whenInWords(request.askedAt, now) });
  const time = now - request.askedAt;
  return time < MINUTE_MS ? t('queue.justAsked') : t('queue.waitedFor', { time: lasting(time) });
}
