/** After an approval: approved, the key with so many, joined. Stays until everybody has it or it is put away. */
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useDismissTask } from '../queries/tasks.ts';
import { Button } from '../ui/Button.tsx';
import type { GroupView, TaskView } from '../../client/view.ts';
import { holdersOf } from './KeyProgress.tsx';

/** The newest approval of this group that let somebody in and is still on its way. */
export function recentApproval(tasks: readonly TaskView[], group: GroupView): TaskView | null {
  const last = tasks.findLast(
    (task) =>
      task.gid === group.gid &&
      task.act.kind === 'approve' &&
      task.state === 'done' &&
      task.generation !== null,
  );
  return last ?? null;
}

export function RecentApproval({
  group,
  task,
}: {
  readonly group: GroupView;
  readonly task: TaskView;
}) {
  const { t } = useTranslation();
  const dismiss = useDismissTask();
  const generation = task.generation ?? 0;
  const people = new Set(
    task.rows.flatMap((row) =>
      row.outcome === 'done' && row.person !== null ? [row.person.pid] : [],
    ),
  );
  const joined = group.members.filter(
    (member) => people.has(member.pid) && member.openedGeneration !== null,
  ).length;
  const have = holdersOf(group, generation);
  const steps = [
    { done: true, text: t('after.approved', { count: people.size }) },
    {
      done: have === group.members.length,
      text: t('after.key', { count: have, total: group.members.length }),
    },
    {
      done: joined === people.size,
      text: t('after.joined', { count: joined, total: people.size }),
    },
  ];
  return (
    <section
      aria-label={t('after.title')}
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-sunken px-6 py-2 text-small max-tablet:px-4"
    >
      <ol className="num flex flex-1 flex-wrap gap-x-5 gap-y-1">
        {steps.map((step) => (
          <li
            key={step.text}
            className={`flex items-center gap-1.5 ${step.done ? 'text-good' : 'text-ink-2'}`}
          >
            {step.done ? (
              <Check size={14} aria-hidden />
            ) : (
              <span aria-hidden className="size-1.5 rounded-full bg-edge" />
            )}
            {step.text}
          </li>
        ))}
      </ol>
      <Button look="ghost" size="small" onClick={() => void dismiss.run(task.id)}>
        {t('app.dismiss')}
      </Button>
    </section>
  );
}
