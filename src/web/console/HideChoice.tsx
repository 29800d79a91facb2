/** Whether what somebody wrote is hidden too when they are removed, and how far back. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useClient } from '../queries/clientContext.ts';
import { messageCountQuery } from '../queries/tasks.ts';
import { Choices } from '../ui/Field.tsx';
import type { MessageCount } from '../../client/view.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';

const HOUR_MS = 3_600_000;
const SPANS = ['hour', 'day', 'week', 'all'] as const;
type Span = (typeof SPANS)[number];
export type HideSpan = 'none' | Span;

const LENGTH_MS: Readonly<Record<Exclude<Span, 'all'>, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
};

/** The time a span reaches back to. */
export function sinceOf(span: Span, now: number): number {
  return span === 'all' ? 0 : now - LENGTH_MS[span];
}

export function HideChoice({
  gid,
  people,
  now,
  value,
  onChange,
}: {
  readonly gid: Gid;
  readonly people: readonly Pid[];
  /** The moment from which the spans are counted back. */
  readonly now: number;
  readonly value: HideSpan;
  readonly onChange: (value: HideSpan) => void;
}) {
  const { t } = useTranslation();
  const since = SPANS.map((span) => sinceOf(span, now));
  const { data } = useQuery(messageCountQuery(useClient(), gid, people, since));
  return (
    <div className="grid gap-1.5">
      <Choices
        label={t('hiding.label')}
        value={value}
        choices={[
          { value: 'none', label: t('hiding.span.none') },
          ...SPANS.map((span) => ({ value: span, label: t(`hiding.span.${span}`) })),
        ]}
        onChoose={onChange}
      />
      <output className="num text-small text-ink-2">{countText(value, data, t)}</output>
    </div>
  );
}

function countText(value: HideSpan, count: MessageCount | undefined, t: TFunction): string {
  if (value === 'none') return t('hiding.kept');
  const found = count?.since[SPANS.indexOf(value)];
  if (count === undefined || found === undefined) return t('hiding.counting');
  return t(count.all ? 'hiding.count' : 'hiding.countOrMore', { count: found });
}
