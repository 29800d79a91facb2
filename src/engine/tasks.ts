/** The work tray: acts of the staff that are kept, carried out one after another as soon as they can be, and reported. */
import { toHex } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { createSerial } from '../lib/serial.ts';
import type { TaskAct, TaskRow, TaskView } from '../client/view.ts';
import { fail, type Failure, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash, Pid } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { person } from './person.ts';
import {
  actOf,
  actToStore,
  ENDED_MAX,
  type StoredTask,
  TASKS_MAX,
  tasksField,
} from './taskRecord.ts';
import type { TaskRun } from './taskRun.ts';

const KEY = 'tasks';
const AGAIN_MS = 5_000;

export interface Tasks {
  readonly views: () => readonly TaskView[];
  readonly start: (gid: Gid, act: TaskAct, delay: number) => Promise<Outcome<string>>;
  readonly cancel: (id: string) => Promise<Outcome<void>>;
  readonly retry: (id: string) => Promise<Outcome<void>>;
  readonly dismiss: (id: string) => Promise<Outcome<void>>;
  /** Looks what can be carried out now; called when the connection came. */
  readonly look: () => void;
  readonly stop: () => void;
}

/** Failures after which the same act may succeed without anybody doing anything. */
const PASSING: ReadonlySet<string> = new Set(['E_OFFLINE', 'E_TIMEOUT', 'E_BUSY', 'E_STORAGE']);

const takesRounds = ({ act }: StoredTask): boolean => act.kind === 'hide' || act.kind === 'show';

function removesFirst(other: StoredTask, task: StoredTask): boolean {
  return (
    other.act.kind === 'remove' &&
    other.gid === task.gid &&
    other.act.people.some((pid) => task.act.people.includes(pid))
  );
}

/** A hiding that has not begun, of exactly the people an earlier task removes: it was asked for together with that. */
function waitsFor(removal: StoredTask, task: StoredTask): boolean {
  const { people } = removal.act;
  return (
    task.act.kind === 'hide' &&
    !task.ended &&
    task.total === 0 &&
    task.startedAt >= removal.startedAt &&
    task.act.people.length === people.length &&
    removesFirst(removal, task) &&
    task.act.people.every((pid) => people.includes(pid))
  );
}

/** Who a hiding is about is named also when they are members no more. */
function rowsOf(task: StoredTask): StoredTask['rows'] {
  if (!takesRounds(task)) return task.rows;
  return task.act.people.map((pid) => {
    return { key: pid, pid, name: null, outcome: 'done', by: null, why: null } as const;
  });
}

/** What a hiding hid can be shown again. */
function undoOf(task: StoredTask): TaskAct | null {
  const { kind, people, since } = task.act;
  if (kind !== 'hide' || !task.ended || task.total === task.left) return null;
  return { kind: 'show', people, since, from: task.fromT };
}

/** Whom acts are about, and who has to know how they went. */
export interface TasksOutside {
  /** Who asks in these requests, as far as they are held. */
  readonly asked: (gid: Gid, requests: readonly Hash[]) => StoredTask['asked'];
  readonly told: () => void;
}

export async function createTasks(
  ctx: Context,
  run: TaskRun,
  { asked, told }: TasksOutside,
): Promise<Tasks> {
  let tasks: readonly StoredTask[] = (await ctx.records.read(KEY, tasksField)) ?? [];
  let running: string | null = null;
  let stopped = false;
  let timer: () => void = () => undefined;
  const serial = createSerial();

  const keep = async (next: readonly StoredTask[]): Promise<void> => {
    const ended = next.filter((task) => task.ended).slice(-ENDED_MAX);
    tasks = next.filter((task) => !task.ended || ended.includes(task));
    await ctx.records.write([ctx.records.put(KEY, tasksField, tasks)]);
    told();
  };
  const change = (task: string, changes: Partial<StoredTask>): Promise<void> =>
    keep(tasks.map((one) => (one.id === task ? { ...one, ...changes } : one)));

  /** The tasks where an act did not come about: nobody is hidden who was to be removed and was not. */
  const without = (
    act: StoredTask,
    failed: StoredTask['failed'],
    by: Pid | null,
  ): readonly StoredTask[] =>
    tasks.map((one) =>
      waitsFor(act, one) ? { ...one, ended: true, failed, by, unremoved: true } : one,
    );

  /** Hiding takes many messages: everything else goes first, and it waits for the removal of the people it is about. */
  const due = (): StoredTask | undefined => {
    const open = tasks.filter((task) => !task.ended);
    const ready = open.filter((task) => task.notBefore <= ctx.clock.now());
    return (
      ready.find((task) => !takesRounds(task)) ??
      ready.find((task) => !open.some((other) => removesFirst(other, task)))
    );
  };

  /** What was begun in what is the future by now, for the clock was turned back, waits its time from now on. */
  const turnBack = (): void => {
    const now = Math.round(ctx.clock.now());
    tasks = tasks.map((task) => {
      const ahead = task.startedAt - now;
      if (task.ended || ahead <= 0) return task;
      return { ...task, startedAt: now, notBefore: Math.max(task.notBefore - ahead, 0) };
    });
  };

  const look = (): void => {
    timer();
    turnBack();
    if (stopped || ctx.session.state().kind !== 'online') return;
    if (due() !== undefined) ctx.tend(serial(carryOut));
    const now = ctx.clock.now();
    const later = tasks.filter((task) => !task.ended && task.notBefore > now);
    const ms = Math.min(...later.map((task) => task.notBefore)) - now;
    if (Number.isFinite(ms) && ms > 0) timer = ctx.clock.after(ms, look);
  };

  const carryOut = async (): Promise<void> => {
    const task = due();
    if (task === undefined || stopped || ctx.session.state().kind !== 'online') return;
    running = task.id;
    told();
    const done = await run(task);
    running = null;
    if (stopped) return;
    const changes = after(task, done);
    if (!done.ok && changes.ended === true) tasks = without(task, done.error.name, done.by);
    await change(task.id, changes);
    look();
  };

  const after = (task: StoredTask, done: Awaited<ReturnType<TaskRun>>): Partial<StoredTask> => {
    if (done.ok) {
      const { rows, generation, hidden } = done.value;
      const ended = { ended: true, failed: null, rows, generation };
      if (hidden === null) return ended;
      const total = task.total - task.left + hidden.before;
      const counts = { left: hidden.left, total };
      return hidden.left > 0 ? counts : { ...ended, ...counts };
    }
    const { error, by } = done;
    const limited = error.name === 'E_LIMIT' && error.retryAt !== undefined;
    if (!limited && !PASSING.has(error.name)) return { ended: true, failed: error.name, by };
    const offset = ctx.session.clockOffset();
    const wait = limited ? Math.max((error.retryAt ?? 0) - offset, 0) : 0;
    return { notBefore: Math.max(wait, ctx.clock.now() + AGAIN_MS, task.notBefore) };
  };

  const view = (task: StoredTask): TaskView => {
    const replica = ctx.groups.get(task.gid) ?? null;
    const who = (pid: Pid | null) => (pid === null ? null : person(replica, pid));
    const failed: Failure | null = task.failed === null ? null : { name: task.failed };
    return {
      id: task.id,
      gid: task.gid,
      act: actOf(task.act),
      startedAt: task.startedAt,
      notBefore: task.notBefore,
      state: stateOf(task),
      reason: failed,
      unremoved: task.unremoved,
      by: who(task.by),
      rows: rowsOf(task).map((row): TaskRow => {
        const known = who(row.pid);
        return {
          key: row.key,
          person: known === null ? null : { ...known, name: known.name ?? row.name },
          outcome: row.outcome,
          by: who(row.by),
          why: row.why === null ? null : { name: row.why },
        };
      }),
      generation: task.generation,
      asked: task.asked.map(({ key, pid, name }) => {
        const known = person(replica, pid);
        return { request: key, person: { ...known, name: known.name ?? name } };
      }),
      progress: takesRounds(task) ? { done: task.total - task.left, total: task.total } : null,
      undo: undoOf(task),
    };
  };
  const stateOf = (task: StoredTask): TaskView['state'] => {
    if (task.id === running) return 'running';
    if (!task.ended) return 'waiting';
    return task.failed === null ? 'done' : 'failed';
  };

  const found = (task: string): StoredTask | undefined => tasks.find((one) => one.id === task);

  return {
    views: () => tasks.map(view),
    async start(gid, act, delay) {
      const replica = ctx.groups.get(gid);
      if (replica === undefined) return fail('E_NOT_FOUND', 'no such group here');
      if (tasks.filter((task) => !task.ended).length >= TASKS_MAX)
        return fail('E_LIMIT', 'acts that wait');
      const now = Math.round(ctx.clock.now());
      const task: StoredTask = {
        id: toHex(ctx.p.random(16)),
        gid,
        act: actToStore(act),
        startedAt: now,
        notBefore: now + Math.max(0, Math.round(delay)),
        from: replica.state.generation,
        fromT: replica.timeline.end(),
        left: 0,
        total: 0,
        unremoved: false,
        ended: false,
        failed: null,
        by: null,
        rows: [],
        generation: null,
        asked: asked(gid, 'requests' in act ? act.requests : []),
      };
      await keep([...tasks, task]);
      look();
      return ok(task.id);
    },
    async cancel(task) {
      const one = found(task);
      if (one === undefined) return fail('E_NOT_FOUND', 'no such act');
      // What takes many messages may be stopped on its way: what is done stays done.
      if (!one.ended && takesRounds(one) && (one.id === running || one.total > 0)) {
        await change(task, { ended: true });
        return ok(undefined);
      }
      if (one.ended || one.id === running) return fail('E_BUSY', 'it has begun');
      const rest = without(one, 'E_NOT_FOUND', null);
      await keep(rest.filter((other) => other.id !== task));
      return ok(undefined);
    },
    async retry(task) {
      if (found(task)?.ended !== true) return fail('E_NOT_FOUND', 'no such act');
      const again = { ended: false, failed: null, by: null, unremoved: false, rows: [] };
      await change(task, { ...again, notBefore: 0 });
      look();
      return ok(undefined);
    },
    async dismiss(task) {
      if (found(task)?.ended !== true) return fail('E_NOT_FOUND', 'no such act');
      await keep(tasks.filter((other) => other.id !== task));
      return ok(undefined);
    },
    look,
    stop() {
      stopped = true;
      timer();
    },
  };
}
