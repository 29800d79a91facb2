/** What each act of the log changed: found once by folding the verified acts, kept beside the replica, never stored. */
import { present } from '../lib/assert.ts';
import type { GenerationCause } from '../client/view.ts';
import { begin, reduce, type VerifiedAct } from '../group/reduce.ts';
import { roster } from '../group/select.ts';
import type { GroupState, Link } from '../group/state.ts';
import type { ActionOf } from '../protocol/action.ts';
import type { Pid } from '../protocol/ids.ts';
import { hasPolicy, POLICY, type PolicyName } from '../protocol/policy.ts';
import { CIRCLE, type Role, ROLE } from '../protocol/role.ts';
import type { Timeline } from './timeline.ts';

export type Fact =
  | { readonly what: 'created' | 'info' | 'card' | 'closed' }
  | { readonly what: 'started'; readonly added: readonly Pid[] }
  | { readonly what: 'added'; readonly who: readonly Pid[]; readonly via: 'direct' | 'link' }
  | { readonly what: 'removed'; readonly who: readonly Pid[]; readonly banned: boolean }
  | { readonly what: 'role'; readonly who: Pid; readonly before: Role; readonly role: Role }
  | { readonly what: 'unbanned'; readonly who: readonly Pid[] }
  | { readonly what: 'left' }
  | { readonly what: 'rotated'; readonly generation: number; readonly reason: GenerationCause }
  | {
      readonly what: 'policy';
      readonly changes: readonly { readonly name: PolicyName; readonly on: boolean }[];
    }
  | { readonly what: 'linkCreated' | 'linkPaused' | 'linkResumed'; readonly link: Link }
  | { readonly what: 'linkChanged'; readonly before: Link; readonly link: Link }
  | { readonly what: 'linkRevoked'; readonly links: readonly Link[] }
  | { readonly what: 'owner'; readonly who: Pid };

export interface Change {
  readonly facts: readonly Fact[];
  /** The generation this entry began. */
  readonly began: { readonly number: number; readonly cause: GenerationCause } | null;
  /** Links that ended by R9 alone. */
  readonly linksEnded: number;
}

/** The newest act of somebody else that changed a person's role or standing. */
export interface Turn {
  readonly seq: number;
  readonly what: 'role' | 'removed' | 'banned';
  readonly by: Pid;
  readonly before: Role;
  readonly now: Role | null;
}

/** What is derived from a replica and grows with it. */
export interface Past {
  state: GroupState | null;
  readonly changes: Change[];
  readonly turns: Map<Pid, Turn>;
  /** The staff of each generation, in roster order. */
  readonly staff: Map<number, readonly Pid[]>;
  /** Positions of what was written in the staff circle, over the part of the timeline that was looked through. */
  notes: {
    readonly timeline: Timeline;
    readonly first: number;
    readonly end: number;
    readonly at: readonly number[];
  } | null;
}

export function createPast(): Past {
  return {
    state: null,
    changes: [],
    turns: new Map(),
    staff: new Map(),
    notes: null,
  };
}

/** The past of a group up to its newest act. Only acts that came since the last call are folded. */
export function pastOf(replica: {
  readonly past: Past;
  readonly acts: readonly VerifiedAct[];
}): Past {
  const { past, acts } = replica;
  for (let seq = past.changes.length; seq < acts.length; seq++) {
    const act = present(acts[seq], 'acts are contiguous');
    const after = next(past.state, act);
    if (after === null) break;
    extendPast(past, act, after);
  }
  return past;
}

/** Adds the act that leads from the newest state of the past to `after`. */
export function extendPast(past: Past, act: VerifiedAct, after: GroupState): void {
  const before = past.state;
  past.changes.push(before === null ? FOUNDED : changeOf(before, after, act));
  if (before !== null) noteTurns(past.turns, before, after, act);
  if (after.keys !== null && after.generation !== before?.generation)
    past.staff.set(
      after.generation,
      roster(after, CIRCLE.staff).map((member) => member.pid),
    );
  past.state = after;
}

const FOUNDED: Change = { facts: [{ what: 'created' }], began: null, linksEnded: 0 };

function next(before: GroupState | null, act: VerifiedAct): GroupState | null {
  if (before !== null) return reduce(before, act);
  // The gid of a group is the hash of its first entry.
  return act.action.kind === 'SpawnGroup' && act.card !== null
    ? begin(act, act.action, act.card, act.hash as string as GroupState['gid'])
    : null;
}

function changeOf(before: GroupState, after: GroupState, act: VerifiedAct): Change {
  const began =
    after.keys !== null && after.generation !== before.generation
      ? { number: after.generation, cause: after.keys.reason }
      : null;
  const revoked = act.action.kind === 'LinkOps' ? new Set(act.action.links.revoke) : new Set();
  const linksEnded = [...after.links.values()].filter(
    (link) => link.revoked && before.links.get(link.pk)?.revoked === false && !revoked.has(link.pk),
  ).length;
  return { facts: factsOf(before, after, act), began, linksEnded };
}

function factsOf(before: GroupState, after: GroupState, act: VerifiedAct): Fact[] {
  const { action } = act;
  switch (action.kind) {
    case 'SpawnGroup':
      return [{ what: 'created' }];
    case 'InitGroup':
      return [{ what: 'started', added: action.ops.add.map((op) => op.pid) }];
    case 'EditGroupInfo':
      return infoFacts(before, action);
    case 'MemberOps':
      return opsFacts(before, act, action);
    case 'LeaveGroup':
      return [{ what: 'left' }];
    case 'RotateSessionKey':
      return [
        { what: 'rotated', generation: action.keys.everyone.generation, reason: action.reason },
      ];
    case 'LinkOps':
      return linkFacts(before, after, action);
    case 'UpdateCard':
      return [{ what: 'card' }];
    case 'TransferOwnership':
      return [{ what: 'owner', who: action.to }];
    case 'CloseGroup':
      return [{ what: 'closed' }];
    case 'RequestToJoin':
    case 'Complain':
    case 'RejectRequest':
    case 'WithdrawRequest':
    case 'Report':
      return [];
  }
}

const NAMES = Object.keys(POLICY) as PolicyName[];

function infoFacts(before: GroupState, action: ActionOf<'EditGroupInfo'>): Fact[] {
  const { policy } = action;
  if (policy === null) return [{ what: 'info' }];
  const changes = NAMES.filter(
    (name) => hasPolicy(policy, name) !== hasPolicy(before.policy, name),
  ).map((name) => ({ name, on: hasPolicy(policy, name) }));
  // Another name in the same entry shows as a renaming, also where the words were only sealed anew.
  return action.profileCommit === before.profile?.commit
    ? [{ what: 'policy', changes }]
    : [{ what: 'policy', changes }, { what: 'info' }];
}

function opsFacts(before: GroupState, act: VerifiedAct, { ops }: ActionOf<'MemberOps'>): Fact[] {
  const facts: Fact[] = [];
  for (const banned of [false, true]) {
    const who = ops.remove.filter((op) => op.ban === banned).map((op) => op.pid);
    if (who.length > 0) facts.push({ what: 'removed', who, banned });
  }
  for (const via of ['direct', 'link'] as const) {
    const who = act.admissions
      .filter((one) => (one.request !== null) === (via === 'link'))
      .map((one) => one.pid);
    if (who.length > 0) facts.push({ what: 'added', who, via });
  }
  for (const op of ops.setRole) {
    const admitted = act.admissions.find((one) => one.pid === op.pid)?.role;
    facts.push({
      what: 'role',
      who: op.pid,
      before: admitted ?? before.members.get(op.pid)?.role ?? ROLE.member,
      role: op.role,
    });
  }
  if (ops.unban.length > 0) facts.push({ what: 'unbanned', who: ops.unban });
  return facts;
}

function linkFacts(before: GroupState, after: GroupState, { links }: ActionOf<'LinkOps'>): Fact[] {
  const facts: Fact[] = [];
  const renewed: Fact[] = [];
  for (const { pk } of links.create) {
    const old = before.links.get(pk);
    const link = present(after.links.get(pk), 'a link that was made exists');
    if (old === undefined) facts.push({ what: 'linkCreated', link });
    else {
      if (!sameTerms(old, link)) facts.push({ what: 'linkChanged', before: old, link });
      if (old.paused !== link.paused)
        facts.push({ what: link.paused ? 'linkPaused' : 'linkResumed', link });
      if (sameTerms(old, link) && old.paused === link.paused)
        renewed.push({ what: 'linkChanged', before: old, link });
    }
  }
  const revoked = links.revoke.flatMap((pk) => after.links.get(pk) ?? []);
  if (revoked.length > 0) facts.push({ what: 'linkRevoked', links: revoked });
  // Beside another act the intake pairs of all links may be renewed: nobody needs a line for each.
  return facts.length > 0 ? facts : renewed.slice(0, 1);
}

function sameTerms(one: Link, other: Link): boolean {
  return one.expires === other.expires && one.maxUses === other.maxUses && one.auto === other.auto;
}

function noteTurns(
  turns: Map<Pid, Turn>,
  before: GroupState,
  after: GroupState,
  { entry, action }: VerifiedAct,
): void {
  if (action.kind === 'TransferOwnership') {
    turns.delete(action.to);
    return;
  }
  if (action.kind !== 'MemberOps') return;
  for (const pid of action.ops.add.map((op) => op.pid)) turns.delete(pid);
  const touched = [...action.ops.remove, ...action.ops.setRole].map((op) => op.pid);
  for (const pid of touched) {
    const was = before.members.get(pid)?.role;
    const now = after.members.get(pid)?.role ?? null;
    if (was === undefined || was === now || entry.author === pid) continue;
    const out = after.banned.has(pid) ? 'banned' : 'removed';
    turns.set(pid, {
      seq: entry.seq,
      what: now === null ? out : 'role',
      by: entry.author,
      before: was,
      now,
    });
  }
}
