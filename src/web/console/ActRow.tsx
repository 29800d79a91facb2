/** One entry of the log: what was done in a sentence, what it changed below, and taking it back where that is possible. */
import type { TFunction } from 'i18next';
import { Undo2 } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActView, GroupView, LogLine } from '../../client/view.ts';
import { Isolated, isolate, nameOf } from '../parts/isolate.tsx';
import { knownAs, logText } from '../parts/logText.ts';
import { PersonAvatar } from '../parts/Person.tsx';
import { timeOfDay } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { actDetails, lineDetails } from './actDetails.ts';
import type { Undo } from './undo.ts';

export function ActRow({
  act,
  group,
  now,
  undo = null,
}: {
  readonly act: ActView;
  readonly group: GroupView;
  readonly now: number;
  readonly undo?: Undo | null;
}) {
  const { t } = useTranslation();
  return (
    <article
      aria-label={t('activity.entry', { number: act.seq })}
      className="grid grid-cols-[34px_minmax(0,1fr)_auto] items-start gap-x-3 px-6 py-2.5 max-tablet:px-4"
    >
      <PersonAvatar person={act.actor} />
      <div className="min-w-0 pt-0.5">
        {act.lines.map((line, place) => (
          <Fragment key={`${line.what}${String(place)}`}>
            <p className="text-pretty [overflow-wrap:anywhere]">
              <Isolated text={sentenceOf(line, act, group, t)} />
            </p>
            <Details lines={lineDetails(line, now, t)} />
          </Fragment>
        ))}
        <Details lines={actDetails(act, t)} />
        {act.reason !== null && (
          <p className="mt-1 border-s-2 border-edge ps-2.5 text-small text-ink-2 [overflow-wrap:anywhere]">
            <Isolated text={t('activity.reason', { text: isolate(act.reason) })} />
          </p>
        )}
        <p className="num text-tiny text-ink-3">
          {timeOfDay(act.at)} · {t('activity.entry', { number: act.seq })}
        </p>
      </div>
      {undo !== null && (
        <Button size="small" refused={undo.refused} onClick={undo.run} aria-label={undo.label}>
          <Undo2 size={15} aria-hidden className="rtl:-scale-x-100" />
          <span className="max-tablet:hidden">{undo.short}</span>
        </Button>
      )}
    </article>
  );
}

/** A new key is everybody's in the talk; here it is said whose doing it was. */
function sentenceOf(line: LogLine, act: ActView, group: GroupView, t: TFunction): string {
  if (line.what !== 'rotated') return logText(line, act.actor, group, t);
  const actor = isolate(nameOf(knownAs(act.actor, group)));
  return line.reason === 'manual'
    ? t('activity.rotated', { actor })
    : t('activity.rotatedItself', { actor });
}

function Details({ lines }: { readonly lines: readonly string[] }) {
  return lines.map((line) => (
    <p key={line} className="text-small text-ink-2 text-pretty [overflow-wrap:anywhere]">
      <Isolated text={line} />
    </p>
  ));
}
