/** Carrying out one kept act: what somebody else has done already is left, the rest goes into one entry, and each gets its answer. */
import type { Client } from '../client/client.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { Ops } from '../protocol/ops.ts';
import type { ErrorName, Failure, Outcome } from '../protocol/failure.ts';
import type { Hash, Pid } from '../protocol/ids.ts';
import { CIRCLE } from '../protocol/role.ts';
import { editMember } from './acts.ts';
import type { Context } from './context.ts';
import { type Hidden, hideSome } from './hiding.ts';
import { enqueue } from './outbox.ts';
import { person } from './person.ts';
import type { Room } from './rooms.ts';
import { actOf, type StoredRow, type StoredTask } from './taskRecord.ts';

interface Done {
  readonly rows: readonly StoredRow[];
  readonly generation: number | null;
  /** Messages it did some of; the rest is done in further rounds. */
  readonly hidden: Hidden | null;
}

export type TaskRun = (
  task: StoredTask,
) => Promise<
  | { readonly ok: true; readonly value: Done }
  | { readonly ok: false; readonly error: Failure; readonly by: Pid | null }
>;

/** What the log says was done to somebody, newest first. */
function lastActOn(room: Room, concerns: (act: VerifiedAct) => boolean): Pid | null {
  return room.replica.acts.findLast(concerns)?.entry.author ?? null;
}

const opsOfAct = ({ action }: VerifiedAct): Ops | null =>
  action.kind === 'MemberOps' || action.kind === 'InitGroup' ? action.ops : null;

export interface TaskOutside {
  readonly room: (gid: StoredTask['gid']) => Room | null;
  /** Asks for the queue as it stands now; false where it could not be had. */
  readonly refreshQueue: (gid: StoredTask['gid']) => Promise<boolean>;
  readonly verbs: Pick<
    Client,
    'approve' | 'reject' | 'changeLink' | 'revokeLink' | 'rotateSessionKey'
  >;
}

export function createTaskRun(ctx: Context, outside: TaskOutside): TaskRun {
  const row = (
    room: Room,
    pid: Pid,
    outcome: StoredRow['outcome'],
    rest: Partial<StoredRow> = {},
  ): StoredRow => ({
    key: pid,
    pid,
    name: person(room.replica, pid).name,
    outcome,
    by: outcome === 'done' ? ctx.identity().pid : null,
    why: null,
    ...rest,
  });

  /** Acts on people: `open` are those for whom something is left to do, the others were served by whom `doneBy` says. */
  const people = async (
    room: Room,
    pids: readonly Pid[],
    isDone: (pid: Pid) => boolean,
    doneBy: (pid: Pid) => Pid | null,
    act: (open: readonly Pid[]) => Promise<Outcome<void>>,
  ): Promise<Outcome<readonly StoredRow[]>> => {
    const me = ctx.identity().pid;
    const rows = new Map<Pid, StoredRow>();
    for (let attempt = 0; ; attempt++) {
      const open = pids.filter((pid) => rows.get(pid)?.outcome !== 'done' && !isDone(pid));
      for (const pid of pids) {
        if (rows.has(pid) || open.includes(pid)) continue;
        const by = doneBy(pid);
        rows.set(pid, row(room, pid, by === me ? 'done' : 'already', { by }));
      }
      if (open.length === 0) break;
      const done = await act(open);
      if (!done.ok) {
        // Somebody was faster for one of them: the others are tried again without that one.
        if (attempt < 3 && open.some(isDone)) continue;
        return done;
      }
      for (const pid of open) rows.set(pid, row(room, pid, 'done'));
      break;
    }
    return { ok: true, value: pids.flatMap((pid) => rows.get(pid) ?? []) };
  };

  const approve = async (task: StoredTask): Promise<Outcome<readonly StoredRow[]>> => {
    const act = actOf(task.act);
    if (act.kind !== 'approve') return { ok: true, value: [] };
    const rows = new Map<Hash, StoredRow>();
    let left: readonly Hash[] = act.requests;
    while (left.length > 0) {
      const done = await outside.verbs.approve(task.gid, left, act);
      if (!done.ok) return rows.size > 0 ? { ok: true, value: [...rows.values()] } : done;
      for (const one of done.value)
        rows.set(one.request, {
          key: one.request,
          pid: one.person?.pid ?? null,
          name: one.person?.name ?? null,
          outcome: one.by?.pid === ctx.identity().pid ? 'done' : one.outcome,
          by: one.by?.pid ?? null,
          why: one.why?.name ?? null,
        });
      // What did not fit one entry goes into the next.
      const admitted = done.value.some((one) => one.outcome === 'done');
      left = admitted
        ? done.value.flatMap((one) => (one.why?.name === 'E_LIMIT' ? [one.request] : []))
        : [];
    }
    return { ok: true, value: [...rows.values()] };
  };

  const reject = async (room: Room, task: StoredTask): Promise<Outcome<readonly StoredRow[]>> => {
    const act = actOf(task.act);
    if (act.kind !== 'reject') return { ok: true, value: [] };
    const rows: StoredRow[] = [];
    for (const request of act.requests) {
      const one = room.waiting.find((waiting) => waiting.request.hash === request);
      const pid = one?.request.pid ?? null;
      const base = { key: request, pid, name: one?.name?.name ?? null, why: null };
      const admitted = room.replica.acts.findLast((made) =>
        made.admissions.some((admission) => admission.request === request),
      );
      if (admitted !== undefined)
        rows.push({ ...base, outcome: 'already', by: admitted.entry.author });
      else if (one === undefined)
        rows.push({ ...base, outcome: 'leftOut', by: null, why: 'E_REQ' });
      else if (one.rejectedBy !== null)
        rows.push({
          ...base,
          outcome: one.rejectedBy === ctx.identity().pid ? 'done' : 'already',
          by: one.rejectedBy,
        });
      else {
        const done = await outside.verbs.reject(task.gid, request, act);
        if (!done.ok) return done;
        rows.push({ ...base, outcome: 'done', by: ctx.identity().pid });
      }
    }
    return { ok: true, value: rows };
  };

  /** Requests are judged by the queue as it is now: after a restart none is held. */
  const withQueue = async (
    task: StoredTask,
    act: () => Promise<Outcome<readonly StoredRow[]>>,
  ): Promise<Outcome<readonly StoredRow[]>> =>
    (await outside.refreshQueue(task.gid))
      ? act()
      : { ok: false, error: { name: 'E_OFFLINE', note: 'the queue could not be asked for' } };

  const remove = (
    room: Room,
    pids: readonly Pid[],
    ban: boolean,
    reason: string,
  ): Promise<Outcome<readonly StoredRow[]>> => {
    const { replica } = room;
    return people(
      room,
      pids,
      (pid) => !replica.state.members.has(pid) && (!ban || replica.state.banned.has(pid)),
      (pid) =>
        lastActOn(room, (act) =>
          act.action.kind === 'LeaveGroup'
            ? act.entry.author === pid
            : opsOfAct(act)?.remove.some((op) => op.pid === pid) === true,
        ),
      async (open) => {
        const done = await editMember(ctx, replica, ban ? { ban: open } : { remove: open });
        if (!done.ok || reason.trim() === '') return done;
        for (const about of open)
          await enqueue(
            ctx,
            replica,
            { type: 'note', about, text: reason.trim().slice(0, 4000) },
            CIRCLE.staff,
            true,
          );
        room.pump();
        return done;
      },
    );
  };

  const onLinks = async (
    task: StoredTask,
    act: (pk: StoredTask['act']['links'][number]) => Promise<Outcome<void>>,
  ): Promise<Outcome<readonly StoredRow[]>> => {
    const rows: StoredRow[] = [];
    for (const pk of task.act.links) {
      const done = await act(pk);
      if (!done.ok && done.error.name !== 'E_LINK') return done;
      const why: ErrorName | null = done.ok ? null : done.error.name;
      const by = done.ok ? ctx.identity().pid : null;
      rows.push({ key: pk, pid: null, name: null, outcome: done.ok ? 'done' : 'leftOut', by, why });
    }
    return { ok: true, value: rows };
  };

  const carryOut = (room: Room, task: StoredTask): Promise<Outcome<readonly StoredRow[]>> => {
    const { replica } = room;
    const act = actOf(task.act);
    const { state } = replica;
    switch (act.kind) {
      case 'approve':
        return withQueue(task, () => approve(task));
      case 'reject':
        return withQueue(task, () => reject(room, task));
      case 'remove':
        return remove(room, act.people, act.ban, act.reason);
      case 'role':
        return people(
          room,
          act.people,
          (pid) => replica.state.members.get(pid)?.role === act.role,
          (pid) =>
            lastActOn(room, (one) => opsOfAct(one)?.setRole.some((op) => op.pid === pid) === true),
          (open) =>
            editMember(ctx, replica, { set_role: open.map((pid) => [pid, act.role] as const) }),
        );
      case 'unban':
        return people(
          room,
          act.people,
          (pid) => !replica.state.banned.has(pid),
          (pid) => lastActOn(room, (one) => opsOfAct(one)?.unban.includes(pid) === true),
          (open) => editMember(ctx, replica, { unban: open }),
        );
      case 'add':
        return people(
          room,
          act.people,
          (pid) => replica.state.members.has(pid),
          (pid) => lastActOn(room, (one) => one.admissions.some((added) => added.pid === pid)),
          (open) => editMember(ctx, replica, { add: open }),
        );
      case 'revoke':
        return onLinks(task, (pk) => outside.verbs.revokeLink(task.gid, pk));
      case 'pause':
        return onLinks(task, (pk) =>
          outside.verbs.changeLink(task.gid, pk, { paused: act.paused }),
        );
      case 'rotate':
        // Done after a crash in between, or by somebody else meanwhile: there is a new key.
        return state.generation > task.from
          ? Promise.resolve({ ok: true, value: [] })
          : nothing(outside.verbs.rotateSessionKey(task.gid));
      case 'hide':
      case 'show':
        // Carried out in rounds (below).
        return Promise.resolve({ ok: true, value: [] });
    }
  };

  return async (task) => {
    const room = outside.room(task.gid);
    if (room === null) return { ok: false, error: { name: 'E_NOT_FOUND' }, by: null };
    const before = room.replica.state.generation;
    const act = actOf(task.act);
    const hidden =
      act.kind === 'hide' || act.kind === 'show' ? await hideSome(ctx, room, act) : null;
    const done = hidden?.ok === false ? hidden : await carryOut(room, task);
    const me = ctx.identity().pid;
    if (!done.ok) {
      const demoted = done.error.name === 'E_ROLE' || done.error.name === 'E_NOT_MEMBER';
      const concernsMe = (act: VerifiedAct): boolean => {
        const ops = opsOfAct(act);
        return [...(ops?.setRole ?? []), ...(ops?.remove ?? [])].some((op) => op.pid === me);
      };
      return { ok: false, error: done.error, by: demoted ? lastActOn(room, concernsMe) : null };
    }
    const { generation, keys } = room.replica.state;
    const began = generation > before && keys?.author === me;
    return {
      ok: true,
      value: {
        rows: done.value,
        generation: began ? generation : null,
        hidden: hidden?.ok === true ? hidden.value : null,
      },
    };
  };
}

async function nothing(work: Promise<Outcome<void>>): Promise<Outcome<readonly StoredRow[]>> {
  const done = await work;
  return done.ok ? { ok: true, value: [] } : done;
}
