/** One act of the work tray: how it stands, what came of it for each, and what can be done about it. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { connectionQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { linksQuery } from '../queries/links.ts';
import { requestsQuery } from '../queries/requests.ts';
import { useCancelTask, useDismissTask, useRetryTask, useStartTask } from '../queries/tasks.ts';
import { nameOf } from '../parts/isolate.tsx';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { classes } from '../ui/classes.ts';
import { useNow } from '../ui/useNow.ts';
import type { TaskView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { isStaff } from '../../protocol/role.ts';
import { KeyProgress } from './KeyProgress.tsx';
import { type Around, mayRetry, nameOfKey, rowText, titleOf } from './taskText.ts';

const SECOND_MS = 1000;
const ROWS_SHOWN = 5;

/** What is known of the group an act belongs to; nothing is asked for that only staff may know. */
export function useAround(gid: Gid): Around {
  const client = useClient();
  const group = useQuery(groupQuery(client, gid)).data;
  const enabled = group !== undefined && isStaff(group.role) && group.standing === 'member';
  const requests = useQuery({ ...requestsQuery(client, gid), enabled }).data;
  const links = useQuery({ ...linksQuery(client, gid), enabled }).data;
  return { group, requests, links };
}

/** `alone`: in a window of its own, which shows the way of the key itself and is not the place to put it away. */
export function TaskCard({
  task,
  alone = false,
}: {
  readonly task: TaskView;
  readonly alone?: boolean;
}) {
  const { t } = useTranslation();
  const around = useAround(task.gid);
  const cancel = useCancelTask();
  const retry = useRetryTask();
  const dismiss = useDismissTask();
  const start = useStartTask(task.gid);
  const now = useNow(SECOND_MS);
  const online = useQuery(connectionQuery(useClient())).data?.state === 'online';
  const title = titleOf(task, around, t);
  const ended = task.state === 'done' || task.state === 'failed';
  const { group } = around;
  return (
    <article
      aria-label={title}
      className={classes('grid gap-2', !alone && 'border-b border-line py-3.5')}
    >
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h3 className="font-[580] [overflow-wrap:anywhere]">
            <bdi>{title}</bdi>
          </h3>
          <p className="num text-small text-ink-2">{stateText(task, now, online, t)}</p>
        </div>
        <Chip tone={TONES[task.state]}>{t(`tray.state.${task.state}`)}</Chip>
      </div>
      {!alone && task.state === 'done' && task.generation !== null && group !== undefined && (
        <KeyProgress group={group} generation={task.generation} />
      )}
      {task.progress !== null && task.progress.total > 0 && <Progress {...task.progress} />}
      {ended && <TaskRows task={task} around={around} />}
      <div className="flex flex-wrap gap-2">
        {!ended && mayStop(task) && (
          <Button
            size="small"
            busy={cancel.busy}
            aria-label={t('tray.stopNamed', { act: title })}
            onClick={() => void cancel.run(task.id)}
          >
            {t('tray.stop')}
          </Button>
        )}
        {task.undo !== null && (
          <Button
            size="small"
            busy={start.busy}
            aria-label={t('tray.showAgainNamed', { act: title })}
            onClick={() => {
              if (task.undo !== null) void start.run({ act: task.undo });
            }}
          >
            {t('tray.showAgain')}
          </Button>
        )}
        {task.state === 'waiting' && !mayStop(task) && (
          <Button
            size="small"
            busy={cancel.busy}
            aria-label={t('tray.takeBackNamed', { act: title })}
            onClick={() => void cancel.run(task.id)}
          >
            {t('tray.takeBack')}
          </Button>
        )}
        {ended && mayRetry(task) && (
          <Button
            size="small"
            busy={retry.busy}
            aria-label={t('tray.retryNamed', { act: title })}
            onClick={() => void retry.run(task.id)}
          >
            {t('tray.retry')}
          </Button>
        )}
        {ended && !alone && (
          <Button
            look="ghost"
            size="small"
            busy={dismiss.busy}
            aria-label={t('tray.dismissNamed', { act: title })}
            onClick={() => void dismiss.run(task.id)}
          >
            {t('app.dismiss')}
          </Button>
        )}
      </div>
    </article>
  );
}

/** What takes many messages is stopped on its way, not taken back. */
const mayStop = ({ progress, state }: TaskView): boolean =>
  progress !== null && (state === 'running' || progress.total > 0);

function Progress({ done, total }: { readonly done: number; readonly total: number }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-1.5">
      <p className="num text-small text-ink-2">{t('tray.progress', { done, count: total })}</p>
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
        <div
          className="h-full rounded-full bg-accent transition-[inline-size] duration-150"
          style={{ inlineSize: `${String((done / total) * 100)}%` }}
        />
      </div>
    </div>
  );
}

const TONES: Readonly<Record<TaskView['state'], Tone>> = {
  waiting: 'plain',
  running: 'accent',
  done: 'good',
  failed: 'bad',
};

function stateText(task: TaskView, now: number, online: boolean, t: TFunction): string {
  const begun = t('tray.begun', { when: whenInWords(task.startedAt, now) });
  switch (task.state) {
    case 'running':
      return t('tray.running');
    case 'waiting': {
      const left = Math.max(0, Math.ceil((task.notBefore - now) / SECOND_MS));
      if (!online) return t('tray.offline');
      return left === 0 ? t('tray.soon') : t('tray.sentIn', { count: left });
    }
    case 'failed':
      if (task.reason === null) return begun;
      if (task.unremoved) return t('tray.unremoved');
      return task.by === null
        ? t(`failure.${task.reason.name}.sentence`)
        : t('tray.tookAway', { name: nameOf(task.by) });
    case 'done':
      return begun;
  }
}

/** Who was left out comes first: that is what somebody may want to do something about. */
function TaskRows({ task, around }: { readonly task: TaskView; readonly around: Around }) {
  const { t } = useTranslation();
  const told = task.rows.filter((row) => row.outcome !== 'done');
  const done = task.rows.length - told.length;
  if (task.rows.length < 2 && told.length === 0) return null;
  return (
    <ul className="grid gap-1 text-small text-ink-2">
      {told.slice(0, ROWS_SHOWN).map((row) => (
        <li key={row.key}>
          <bdi className="font-[550] text-ink">{nameOfKey(task, row.key, around, t)}</bdi>
          {': '}
          {rowText(row, t)}
        </li>
      ))}
      {told.length > ROWS_SHOWN && (
        <li>
          <details>
            <summary className="cursor-pointer py-0.5">
              {t('tray.more', { count: told.length - ROWS_SHOWN })}
            </summary>
            <ul className="grid gap-1 pt-1">
              {told.slice(ROWS_SHOWN).map((row) => (
                <li key={row.key}>
                  <bdi className="font-[550] text-ink">{nameOfKey(task, row.key, around, t)}</bdi>
                  {': '}
                  {rowText(row, t)}
                </li>
              ))}
            </ul>
          </details>
        </li>
      )}
      {done > 0 && <li className="num">{t('tray.doneFor', { count: done })}</li>}
    </ul>
  );
}
