/**
 * One verified act applied to the state. Holds no secret, asks no clock, gives the same answer to everyone;
 * signatures, cards and hashes were checked before (ledger/replay.ts).
 */
import type { Action, ActionOf } from '../protocol/action.ts';
import type { Entry } from '../protocol/entry.ts';
import { type Hash, type LinkPk, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import type { KeyUpdate } from '../protocol/keyUpdate.ts';
import type { Ops } from '../protocol/ops.ts';
import { isStaff, ROLE, type Role } from '../protocol/role.ts';
import type { Generation, GroupState, Link, Member, PinnedCard, SealedRef } from './state.ts';

/** What the ledger found out about one added pid. */
export interface Admission {
  readonly pid: Pid;
  readonly card: PinnedCard;
  readonly role: Role;
  readonly link: LinkPk | null;
  readonly request: Hash | null;
}

export interface VerifiedAct {
  readonly entry: Entry;
  readonly hash: Hash;
  readonly action: Action;
  readonly admissions: readonly Admission[];
  /** The author's new card, for UpdateCard. */
  readonly card: PinnedCard | null;
}

type Draft = { -readonly [K in keyof GroupState]: GroupState[K] };

function revokeLinks(
  links: ReadonlyMap<LinkPk, Link>,
  which: (link: Link) => boolean,
): ReadonlyMap<LinkPk, Link> {
  return new Map(
    [...links].map(([pk, link]) => [pk, which(link) ? { ...link, revoked: true } : link]),
  );
}

/** R9: links of who left the staff, and every link that admits without review, end. */
function afterStaffLoss(draft: Draft, gone: ReadonlySet<Pid>): void {
  if (gone.size > 0)
    draft.links = revokeLinks(draft.links, (link) => link.auto || gone.has(link.maker));
}

function staffOf(members: ReadonlyMap<Pid, Member>): Set<Pid> {
  return new Set(
    [...members.values()].filter((member) => isStaff(member.role)).map((member) => member.pid),
  );
}

function applyOps(draft: Draft, act: VerifiedAct, ops: Ops): void {
  const { entry } = act;
  const members = new Map(draft.members);
  const cards = new Map(draft.cards);
  const banned = new Set(draft.banned);
  const links = new Map(draft.links);
  const used = new Set(draft.usedRequests);
  const staffBefore = staffOf(members);
  for (const op of ops.remove) {
    members.delete(op.pid);
    if (op.ban) banned.add(op.pid);
  }
  for (const admission of act.admissions) {
    const via =
      act.action.kind === 'InitGroup' ? 'start' : admission.request === null ? 'direct' : 'link';
    members.set(admission.pid, {
      pid: admission.pid,
      role: admission.role,
      via,
      link: admission.link,
      by: entry.author,
      seq: entry.seq,
      time: entry.time,
    });
    cards.set(admission.pid, admission.card);
    if (admission.request !== null) used.add(admission.request);
    const link = admission.link === null ? undefined : links.get(admission.link);
    if (link !== undefined) links.set(link.pk, { ...link, uses: link.uses + 1 });
  }
  for (const op of ops.setRole) {
    const member = members.get(op.pid);
    if (member !== undefined) members.set(op.pid, { ...member, role: op.role });
  }
  for (const pid of ops.unban) banned.delete(pid);
  draft.members = members;
  draft.cards = cards;
  draft.banned = banned;
  draft.links = links;
  draft.usedRequests = used;
  const staffAfter = staffOf(members);
  // Who was removed has left the staff, also where the same entry brings them back as a moderator.
  const removed = new Set(ops.remove.map((op) => op.pid));
  const gone = [...staffBefore].filter((pid) => !staffAfter.has(pid) || removed.has(pid));
  afterStaffLoss(draft, new Set(gone));
  if (ops.remove.some((op) => op.ban)) draft.links = revokeLinks(draft.links, (link) => link.auto);
}

function resealed(
  ref: SealedRef | null,
  hash: Hash,
  act: VerifiedAct,
  generation: number,
  commit = ref?.commit,
): SealedRef | null {
  if (commit === undefined) return null;
  if (hash === ZERO_HASH) return ref === null ? null : { ...ref, commit };
  return { hash, commit, generation, seq: act.entry.seq, author: act.entry.author };
}

function applyKeys(
  draft: Draft,
  act: VerifiedAct,
  keys: KeyUpdate,
  reason: Generation['reason'],
): void {
  const { entry } = act;
  draft.generation = keys.everyone.generation;
  draft.keys = {
    generation: keys.everyone.generation,
    seq: entry.seq,
    author: entry.author,
    time: entry.time,
    reason,
    everyone: keys.everyone,
    staff: keys.staff,
  };
  draft.pending = null;
  draft.profile = resealed(draft.profile, keys.profileHash, act, draft.generation);
  draft.staff = resealed(draft.staff, keys.staffHash, act, draft.generation);
}

function applyLinks(draft: Draft, act: VerifiedAct, action: ActionOf<'LinkOps'>): void {
  const links = new Map(draft.links);
  for (const terms of action.links.create) {
    const old = links.get(terms.pk);
    links.set(
      terms.pk,
      old === undefined
        ? { ...terms, uses: 0, maker: act.entry.author, revoked: false, seq: act.entry.seq }
        : {
            ...terms,
            role: old.role,
            uses: old.uses,
            maker: old.maker,
            revoked: false,
            seq: old.seq,
          },
    );
  }
  for (const pk of action.links.revoke) {
    const link = links.get(pk);
    if (link !== undefined) links.set(pk, { ...link, revoked: true });
  }
  draft.links = links;
  draft.staff = resealed(
    draft.staff,
    action.links.staffHash,
    act,
    draft.generation,
    action.links.staffCommit,
  );
}

function applyLeave(draft: Draft, author: Pid): void {
  const wasStaff = isStaff(draft.members.get(author)?.role ?? ROLE.observer);
  const members = new Map(draft.members);
  members.delete(author);
  draft.members = members;
  draft.pending = 'leave';
  if (wasStaff) afterStaffLoss(draft, new Set([author]));
}

function applyCard(draft: Draft, card: PinnedCard): void {
  const before = draft.cards.get(card.pid);
  draft.cards = new Map(draft.cards).set(card.pid, card);
  if (before?.sealGen !== card.sealGen) draft.pending = 'card';
}

function applyTransfer(draft: Draft, from: Pid, to: Pid): void {
  const members = new Map(draft.members);
  const former = members.get(from);
  const successor = members.get(to);
  if (former !== undefined) members.set(from, { ...former, role: ROLE.moderator });
  if (successor !== undefined) members.set(to, { ...successor, role: ROLE.owner });
  draft.members = members;
  draft.owner = to;
  draft.ownerEpoch += 1;
}

/** The state after the act. The entry's own position moves with it. */
export function reduce(state: GroupState, act: VerifiedAct): GroupState {
  const { action, entry } = act;
  const draft: Draft = { ...state, seq: entry.seq, head: act.hash, time: entry.time };
  switch (action.kind) {
    case 'InitGroup': {
      applyOps(draft, act, action.ops);
      const at = { generation: 1, seq: entry.seq, author: entry.author, hash: ZERO_HASH };
      draft.profile = { ...at, commit: action.profileCommit };
      draft.staff = { ...at, commit: action.staffCommit };
      applyKeys(draft, act, action.keys, 'start');
      return draft;
    }
    case 'EditGroupInfo':
      draft.profile = resealed(
        draft.profile,
        action.profileHash,
        act,
        draft.generation,
        action.profileCommit,
      );
      if (action.policy !== null) draft.policy = action.policy;
      return draft;
    case 'MemberOps':
      applyOps(draft, act, action.ops);
      if (action.keys !== null) applyKeys(draft, act, action.keys, 'members');
      return draft;
    case 'LeaveGroup':
      applyLeave(draft, entry.author);
      return draft;
    case 'RotateSessionKey':
      applyKeys(draft, act, action.keys, action.reason);
      return draft;
    case 'LinkOps':
      applyLinks(draft, act, action);
      return draft;
    case 'UpdateCard':
      if (act.card !== null) applyCard(draft, act.card);
      return draft;
    case 'TransferOwnership':
      applyTransfer(draft, entry.author, action.to);
      return draft;
    case 'CloseGroup':
      draft.closed = { successor: action.successor };
      return draft;
    case 'SpawnGroup':
    case 'RequestToJoin':
    case 'Complain':
    case 'RejectRequest':
    case 'WithdrawRequest':
    case 'Report':
      return draft;
  }
}

/** The state a verified SpawnGroup begins. */
export function begin(
  act: VerifiedAct,
  action: ActionOf<'SpawnGroup'>,
  card: PinnedCard,
  gid: GroupState['gid'],
): GroupState {
  const { entry } = act;
  const owner: Member = {
    pid: entry.author,
    role: ROLE.owner,
    via: 'start',
    link: null,
    by: entry.author,
    seq: 0,
    time: entry.time,
  };
  return {
    gid,
    seq: 0,
    head: act.hash,
    time: entry.time,
    policy: action.policy,
    serverPk: action.serverPk,
    predecessor: action.predecessor,
    owner: entry.author,
    ownerEpoch: 0,
    members: new Map([[owner.pid, owner]]),
    cards: new Map([[card.pid, card]]),
    banned: new Set(),
    links: new Map(),
    usedRequests: new Set(),
    generation: 0,
    keys: null,
    pending: null,
    profile: null,
    staff: null,
    closed: null,
  };
}
