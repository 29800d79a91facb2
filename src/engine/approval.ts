/** Approving requests: who of them can be admitted now, who is left out and why, and the one entry that admits. */
import { ok } from '../lib/result.ts';
import { neutralise } from '../client/shownName.ts';
import type { ApprovalPreview, ApproveWishes, DecidedView } from '../client/view.ts';
import type { GroupState } from '../group/state.ts';
import { fail, type Failure, type Outcome } from '../protocol/failure.ts';
import type { Hash, LinkPk, Pid } from '../protocol/ids.ts';
import { batchOf } from '../protocol/keyUpdate.ts';
import { REPLAY } from '../protocol/limits.ts';
import { type AddOp, NO_OPS, type Ops, type SetRoleOp } from '../protocol/ops.ts';
import { CIRCLE, ROLE, type Role } from '../protocol/role.ts';
import { append } from './append.ts';
import { type Context, signingTime } from './context.ts';
import { person } from './person.ts';
import { planOps } from './plans.ts';
import { admitsByItself, blockedBy, linkAdmits, type Waiting } from './queue.ts';
import { keyOf, type Replica } from './replica.ts';

export const AS_ASKED: ApproveWishes = { role: 'link', history: true };

/** Requests carry their cards; together they must fit one entry beside the key update. */
const BATCH_BYTES = 160 * 1024;

interface Sorted {
  readonly admit: readonly Waiting[];
  readonly rows: readonly DecidedView[];
}

/** Who admitted this request, or brought this person in by another way. */
function admitter(replica: Replica, hash: Hash, pid: Pid | null): Pid | null {
  const act = replica.acts.findLast((one) =>
    one.admissions.some((admission) => admission.request === hash || admission.pid === pid),
  );
  return act?.entry.author ?? null;
}

/** Whom this request brought in. */
function admittedWith(replica: Replica, hash: Hash): Pid | null {
  const admissions = replica.acts.flatMap((act) => act.admissions);
  return admissions.find((admission) => admission.request === hash)?.pid ?? null;
}

/** Decides for each wanted request, in the order they were asked for. */
function sortRequests(
  ctx: Context,
  replica: Replica,
  waiting: readonly Waiting[],
  wanted: readonly Hash[],
  fits: (state: GroupState, one: Waiting, usesBefore: number) => boolean,
): Sorted {
  const { state } = replica;
  const now = signingTime(ctx, state.time);
  const admit: Waiting[] = [];
  const uses = new Map<LinkPk, number>();
  let bytes = 0;
  const refusal = (one: Waiting): Failure | null => {
    const blocked = blockedBy(state, one, now);
    if (blocked !== null) return blocked;
    if (admit.some((other) => other.request.pid === one.request.pid))
      return { name: 'E_REQ', note: 'asked twice' };
    if (!fits(state, one, uses.get(one.request.link) ?? 0)) return { name: 'E_LINK' };
    if (state.members.size + admit.length >= REPLAY.members)
      return { name: 'E_LIMIT', note: 'the group is full' };
    const full = admit.length >= REPLAY.opsPerList || bytes + one.entry.bytes.length > BATCH_BYTES;
    return full ? { name: 'E_LIMIT', note: 'the next entry' } : null;
  };
  const rows = [...new Set(wanted)].map((hash): DecidedView => {
    const one = waiting.find((candidate) => candidate.request.hash === hash);
    // Who was admitted meanwhile is not in the queue any more, and is named as a member.
    const pid = one?.request.pid ?? admittedWith(replica, hash);
    const known = pid === null ? null : person(replica, pid);
    const base = { request: hash, person: one === undefined ? known : applicant(replica, one) };
    if (state.usedRequests.has(hash) || (pid !== null && state.members.has(pid))) {
      const by = admitter(replica, hash, pid);
      return {
        ...base,
        outcome: 'already',
        by: by === null ? null : person(replica, by),
        why: null,
      };
    }
    const why: Failure | null =
      one === undefined ? { name: 'E_REQ', note: 'withdrawn or gone' } : refusal(one);
    if (one === undefined || why !== null) return { ...base, outcome: 'leftOut', by: null, why };
    admit.push(one);
    bytes += one.entry.bytes.length;
    uses.set(one.request.link, (uses.get(one.request.link) ?? 0) + 1);
    return { ...base, outcome: 'done', by: person(replica, ctx.identity().pid), why: null };
  });
  return { admit, rows };
}

/** The applicant under the name they gave with the request. */
function applicant(replica: Replica, one: Waiting) {
  const name = one.name === null ? null : neutralise(one.name.name);
  return { ...person(replica, one.request.pid), name };
}

/** The adds, and the roles that differ from those the adds give. A dead link is no hindrance: approval is direct then. */
function opsFor(
  replica: Replica,
  time: number,
  admit: readonly Waiting[],
  role: ApproveWishes['role'],
): Ops {
  const uses = new Map<LinkPk, number>();
  const setRole: SetRoleOp[] = [];
  const add = admit.map((one): AddOp => {
    const { pid, action, link } = one.request;
    const before = uses.get(link) ?? 0;
    const lives = linkAdmits(replica.state, one, time, before);
    const given: Role = lives ? (replica.state.links.get(link)?.role ?? ROLE.member) : ROLE.member;
    const wished: Role = role === 'link' ? given : ROLE[role];
    if (wished !== given) setRole.push({ pid, role: wished });
    if (!lives) return { pid, via: 'direct', chain: action.chain, source: action.chainBytes };
    uses.set(link, before + 1);
    return { pid, via: 'request', request: one.entry, source: one.entry.bytes };
  });
  return { ...NO_OPS, add, setRole };
}

/** Whether earlier messages can be passed on to who comes now: this generation was declared shareable, and its key is here. */
function canShare(replica: Replica): boolean {
  const { keys, generation } = replica.state;
  const shareable = keys !== null && batchOf(keys, CIRCLE.everyone).shareable;
  return shareable && keyOf(replica, generation, CIRCLE.everyone) !== null;
}

const BY_PERSON = (): boolean => true;

/** What approving would do now, without doing it. */
export function previewApproval(
  ctx: Context,
  replica: Replica,
  waiting: readonly Waiting[],
  wanted: readonly Hash[],
): ApprovalPreview {
  const { admit, rows } = sortRequests(ctx, replica, waiting, wanted, BY_PERSON);
  return {
    rows,
    members: replica.state.members.size + admit.length,
    generation: replica.state.generation + 1,
    history: canShare(replica),
  };
}

/**
 * Admits exactly the given waiting requests in one entry with one key change, and answers for each what came of it.
 * Who was admitted meanwhile, or cannot be, is left out; an error where nobody is admitted and nobody was.
 * `by`: a person who looked at them, who may admit through a dead link too; or the link alone, within its own terms.
 */
export async function approve(
  ctx: Context,
  replica: Replica,
  waiting: () => readonly Waiting[],
  wanted: readonly Hash[],
  wishes: ApproveWishes = AS_ASKED,
  by: 'person' | 'link' = 'person',
): Promise<Outcome<readonly DecidedView[]>> {
  // Kept from the first look: once an entry is on its way the queue forgets whom it decided.
  const known = waiting().filter((one) => wanted.includes(one.request.hash));
  const fits: Parameters<typeof sortRequests>[4] =
    by === 'person'
      ? BY_PERSON
      : (state, one, uses) => admitsByItself(state, one, signingTime(ctx, state.time), uses);
  let rows: readonly DecidedView[] = [];
  const done = await append(ctx, replica, () => {
    const sorted = sortRequests(ctx, replica, known, wanted, fits);
    ({ rows } = sorted);
    const refused = rows.find((row) => row.outcome === 'leftOut')?.why;
    if (sorted.admit.length === 0) {
      const nothing = refused === undefined || refused === null || by === 'link';
      return nothing || rows.some((row) => row.outcome === 'already')
        ? ok(null)
        : fail(refused.name, refused.note);
    }
    const time = signingTime(ctx, replica.state.time);
    const ops = opsFor(replica, time, sorted.admit, wishes.role);
    return planOps(ctx, replica, ops, true, wishes.history);
  });
  return done.ok ? ok(rows) : done;
}
