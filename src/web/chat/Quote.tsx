/** The beginning of the message that is answered. Choosing it leads there. */
import { CornerUpLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import { beginningOf } from '../parts/inShort.ts';
import type { QuoteView } from '../../client/view.ts';

export function Quote({
  quote,
  onJump,
}: {
  readonly quote: QuoteView;
  readonly onJump: ((t: number) => void) | null;
}) {
  const { t } = useTranslation();
  const place = quote.t;
  const name = quote.author === null ? t('person.unknown') : nameOf(quote.author);
  const { text, isName } = quote;
  const words = text === null ? t('chat.quoteGone') : beginningOf({ text, isName });
  const inside = (
    <>
      <CornerUpLeft size={13} aria-hidden className="mt-0.5 shrink-0 rtl:-scale-x-100" />
      <span className="min-w-0">
        <bdi className="font-[550]">{name}</bdi>{' '}
        <span dir="auto" className={text === null ? 'italic' : ''}>
          {words}
        </span>
      </span>
    </>
  );
  const look =
    'mb-1 flex max-w-[60ch] gap-1.5 border-s-2 border-edge ps-2 text-start text-small text-ink-2 [&>span]:line-clamp-2';
  return place === null || onJump === null ? (
    <p className={look}>{inside}</p>
  ) : (
    <button
      type="button"
      onClick={() => onJump(place)}
      className={`${look} rounded-e-sm hover:border-accent hover:text-ink`}
    >
      <span className="sr-only">{t('chat.jumpToQuote')}</span>
      {inside}
    </button>
  );
}
