/** The work tray: a quiet button that counts what is not finished, and the acts behind it. */
import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../queries/clientContext.ts';
import { tasksQuery } from '../queries/tasks.ts';
import { showTray, useTray } from '../stores/tray.ts';
import { Button } from '../ui/Button.tsx';
import { Count } from '../ui/Chip.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Notice.tsx';
import type { TaskView } from '../../client/view.ts';
import { TaskCard } from './TaskCard.tsx';
import { TaskNews } from './TaskNews.tsx';

const ended = (task: TaskView): boolean => task.state === 'done' || task.state === 'failed';

export function WorkTray() {
  const { t } = useTranslation();
  const open = useTray((tray) => tray.open);
  const tasks = useQuery(tasksQuery(useClient())).data ?? [];
  const unfinished = tasks.filter((task) => !ended(task));
  return (
    <>
      <Button
        look="ghost"
        aria-label={
          unfinished.length === 0 ? t('tray.title') : t('tray.button', { count: unfinished.length })
        }
        onClick={() => showTray(true)}
      >
        <ListChecks size={18} aria-hidden />
        <span className="max-tablet:hidden">{t('tray.title')}</span>
        {unfinished.length > 0 && <Count value={unfinished.length} label="" />}
      </Button>
      <Dialog
        shape="sheet"
        open={open}
        onClose={() => showTray(false)}
        title={t('tray.title')}
        lead={t('tray.lead')}
        closeLabel={t('app.close')}
      >
        {tasks.length === 0 ? (
          <Empty icon={<ListChecks size={22} aria-hidden />} title={t('tray.empty')}>
            {t('tray.emptyBody')}
          </Empty>
        ) : (
          <>
            <Part title={t('tray.unfinished')} tasks={unfinished} />
            <Part title={t('tray.ended')} tasks={tasks.filter(ended).toReversed()} />
          </>
        )}
      </Dialog>
      <TaskNews tasks={tasks} />
    </>
  );
}

function Part({ title, tasks }: { readonly title: string; readonly tasks: readonly TaskView[] }) {
  if (tasks.length === 0) return null;
  return (
    <section aria-label={title} className="pb-4">
      <h2 className="border-b border-line pb-1.5 text-small font-[580] text-ink-2">{title}</h2>
      {tasks.map((task) => (
        <TaskCard key={task.id} task={task} />
      ))}
    </section>
  );
}
