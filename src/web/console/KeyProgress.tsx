/** How a new key gets around: signed, with so many of the members, with all of them. */
import { Check, KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classes } from '../ui/classes.ts';
import type { GroupView } from '../../client/view.ts';

export function holdersOf(group: GroupView, generation: number): number {
  return group.members.filter(
    (member) => member.openedGeneration !== null && member.openedGeneration >= generation,
  ).length;
}

export function KeyProgress({
  group,
  generation,
}: {
  readonly group: GroupView;
  /** Null while the entry is not signed yet. */
  readonly generation: number | null;
}) {
  const { t } = useTranslation();
  const total = group.members.length;
  const have = generation === null ? 0 : holdersOf(group, generation);
  const all = generation !== null && have === total;
  return (
    <div className="grid min-w-48 flex-1 gap-1.5 text-small">
      <p className="num flex items-center gap-2 text-ink-2">
        {all ? (
          <Check size={15} aria-hidden className="shrink-0 text-good" />
        ) : (
          <KeyRound size={15} aria-hidden className="shrink-0" />
        )}
        <span className={classes(all && 'text-good')}>
          {generation === null
            ? t('keyWay.waiting')
            : all
              ? t('keyWay.all', { count: total })
              : t('keyWay.some', { count: have, total })}
        </span>
      </p>
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
        <div
          className="h-full rounded-full bg-good transition-[inline-size] duration-150"
          style={{ inlineSize: `${String(total === 0 ? 0 : (have / total) * 100)}%` }}
        />
      </div>
    </div>
  );
}
