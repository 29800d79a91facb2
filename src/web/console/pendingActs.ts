/** Acts of the tray that have not ended, by what they are about: rows show that something is on its way for them. */
import type { TaskAct, TaskView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { keysOf } from './taskText.ts';

export interface Pending {
  readonly kind: TaskAct['kind'];
  readonly task: TaskView;
}

export function pendingActs(tasks: readonly TaskView[], gid: Gid): ReadonlyMap<string, Pending> {
  return new Map(
    tasks
      .filter((task) => task.gid === gid && task.state !== 'done' && task.state !== 'failed')
      .flatMap((task) => keysOf(task).map((key) => [key, { kind: task.act.kind, task }] as const)),
  );
}
