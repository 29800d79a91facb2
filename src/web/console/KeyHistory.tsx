/** Every key the group had: when, by whom and why it came, and what it means for newcomers. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GenerationView, GroupView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { Failed } from '../parts/Failed.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { logText } from '../parts/logText.ts';
import { useClient } from '../queries/clientContext.ts';
import { generationsQuery } from '../queries/running.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import { Panel } from './Panel.tsx';

const AT_FIRST = 6;
const STEP = 50;

export function KeyHistory({ gid, group }: { readonly gid: Gid; readonly group: GroupView }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(AT_FIRST);
  const keys = useQuery(generationsQuery(useClient(), gid));
  return (
    <Panel title={t('keyHistory.title')}>
      {keys.isPending && <Skeleton className="h-16 w-full" />}
      {keys.isError && <Failed error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isSuccess && (
        <>
          <ol className="border-s border-edge">
            {keys.data.slice(0, shown).map((key) => (
              <KeyItem key={key.number} item={key} group={group} />
            ))}
          </ol>
          {keys.data.length > shown && (
            <Button size="small" className="mt-2" onClick={() => setShown(shown + STEP)}>
              {t('keyHistory.more', { count: keys.data.length - shown })}
            </Button>
          )}
        </>
      )}
    </Panel>
  );
}

function KeyItem({ item, group }: { readonly item: GenerationView; readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const current = item.number === group.generation;
  const lines = item.lines.filter((line) => line.what !== 'rotated');
  return (
    <li className="relative pb-4 ps-5 last:pb-0">
      <span
        aria-hidden
        className={`absolute -start-[5px] top-[7px] size-[9px] rounded-full ${current ? 'bg-good' : 'bg-edge'}`}
      />
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="num font-[580]">{t('keyHistory.number', { number: item.number })}</span>
        <span className="num text-small text-ink-3">{whenInWords(item.at, now)}</span>
      </p>
      <p className="text-small text-ink-2 text-pretty">
        <Isolated
          text={t('keyHistory.by', {
            name: isolate(nameOf(item.by)),
            cause: t(`keyHistory.cause.${item.cause}`),
          })}
        />
      </p>
      {lines.map((line, place) => (
        <p key={`${line.what}${String(place)}`} className="text-small text-ink-3 text-pretty">
          <Isolated text={logText(line, item.by, group, t)} />
        </p>
      ))}
      {item.reason !== null && (
        <p className="text-small text-ink-2 [overflow-wrap:anywhere]">
          <Isolated text={t('activity.reason', { text: isolate(item.reason) })} />
        </p>
      )}
      <p className="text-small text-ink-3">
        {item.shareable ? t('keyHistory.shareable') : t('keyHistory.notShareable')}
        {item.history !== 'none' && ` ${t(`keyHistory.history.${item.history}`)}`}
      </p>
    </li>
  );
}
