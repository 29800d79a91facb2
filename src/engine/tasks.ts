/** The work tray: acts of the staff that are kept, carried out one after another as soon as they can be, and reported. */
import { toHex } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { createSerial } from '../lib/serial.ts';
import type { TaskAct, TaskRow, TaskView } from '../client/view.ts';
import { ERROR_NAMES, fail, type Failure, type Outcome } from '../protocol/failure.ts';
import {
  array,
  bool,
  type Field,
  type FieldType,
  id,
  nullable,
  oneOf,
  record,
  text,
  uint,
} from '../protocol/field.ts';
import type { Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { person } from './person.ts';
import type { TaskRun } from './taskRun.ts';

const KEY = 'tasks';
const TASKS_MAX = 200;
/** Ended tasks are kept until they are dismissed, the newest ones at most. */
const ENDED_MAX = 50;
const AGAIN_MS = 5_000;
const MANY = 2_000;

/** An act in one shape; what its kind does not use is empty. */
const actRecord = record({
  kind: oneOf('approve', 'reject', 'remove', 'role', 'unban', 'add', 'revoke', 'pause', 'rotate'),
  requests: array(id<Hash>(), MANY),
  people: array(id<Pid>(), MANY),
  links: array(id<LinkPk>(), MANY),
  enter: oneOf('link', 'observer', 'member'),
  role: oneOf(0, 1, 2),
  flag: bool,
  words: text(4000),
});

const rowRecord = record({
  key: text(64),
  pid: nullable(id<Pid>()),
  name: nullable(text(400)),
  outcome: oneOf('done', 'already', 'leftOut'),
  by: nullable(id<Pid>()),
  why: nullable(oneOf(...ERROR_NAMES)),
});

const taskRecord = record({
  id: text(32),
  gid: id<Gid>(),
  act: actRecord,
  startedAt: uint,
  notBefore: uint,
  /** The group's generation when it was started: a key changed since then has done what a rotation was asked for. */
  from: uint,
  ended: bool,
  failed: nullable(oneOf(...ERROR_NAMES)),
  by: nullable(id<Pid>()),
  rows: array(rowRecord, MANY),
  generation: nullable(uint),
});
export type StoredTask = FieldType<typeof taskRecord>;
export type StoredRow = FieldType<typeof rowRecord>;
const tasksField: Field<readonly StoredTask[]> = array(taskRecord, TASKS_MAX + ENDED_MAX);

const NO_ACT = {
  requests: [],
  people: [],
  links: [],
  enter: 'link',
  role: 1,
  flag: false,
  words: '',
} as const;

function store(act: TaskAct): StoredTask['act'] {
  switch (act.kind) {
    case 'approve':
      return { ...NO_ACT, ...act, enter: act.role, role: 1, flag: act.history };
    case 'reject':
      return { ...NO_ACT, ...act, words: act.note, flag: act.block };
    case 'remove':
      return { ...NO_ACT, ...act, words: act.reason, flag: act.ban };
    case 'pause':
      return { ...NO_ACT, ...act, flag: act.paused };
    default:
      return { ...NO_ACT, ...act };
  }
}

export function actOf(stored: StoredTask['act']): TaskAct {
  const { kind, requests, people, links, enter, role, flag, words } = stored;
  switch (kind) {
    case 'approve':
      return { kind, requests, role: enter, history: flag };
    case 'reject':
      return { kind, requests, note: words, block: flag };
    case 'remove':
      return { kind, people, ban: flag, reason: words };
    case 'role':
      return { kind, people, role };
    case 'unban':
    case 'add':
      return { kind, people };
    case 'revoke':
      return { kind, links };
    case 'pause':
      return { kind, links, paused: flag };
    case 'rotate':
      return { kind };
  }
}

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

export async function createTasks(ctx: Context, run: TaskRun, told: () => void): Promise<Tasks> {
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

  const due = (): StoredTask | undefined =>
    tasks.find((task) => !task.ended && task.notBefore <= ctx.clock.now());

  const look = (): void => {
    timer();
    if (stopped || ctx.session.state().kind !== 'online') return;
    if (due() !== undefined) ctx.tend(serial(carryOut));
    const next = Math.min(...tasks.filter((task) => !task.ended).map((task) => task.notBefore));
    const ms = next - ctx.clock.now();
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
    await change(task.id, after(task, done));
    look();
  };

  const after = (task: StoredTask, done: Awaited<ReturnType<TaskRun>>): Partial<StoredTask> => {
    if (done.ok) return { ended: true, failed: null, ...done.value };
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
      by: who(task.by),
      rows: task.rows.map((row): TaskRow => {
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
        act: store(act),
        startedAt: now,
        notBefore: now + Math.max(0, Math.round(delay)),
        from: replica.state.generation,
        ended: false,
        failed: null,
        by: null,
        rows: [],
        generation: null,
      };
      await keep([...tasks, task]);
      look();
      return ok(task.id);
    },
    async cancel(task) {
      const one = found(task);
      if (one === undefined) return fail('E_NOT_FOUND', 'no such act');
      if (one.ended || one.id === running) return fail('E_BUSY', 'it has begun');
      await keep(tasks.filter((other) => other.id !== task));
      return ok(undefined);
    },
    async retry(task) {
      if (found(task)?.ended !== true) return fail('E_NOT_FOUND', 'no such act');
      await change(task, { ended: false, failed: null, by: null, rows: [], notBefore: 0 });
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
