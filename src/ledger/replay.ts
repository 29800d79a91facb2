/**
 * The one verifier: bytes -> decoded -> signatures, cards, rules and hashes checked -> the next state.
 * Pure and total; the same in engine, server and command line. The first failing check in the order R1, R2, ... names the error.
 */
import { never } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import { entryHash, gidOf, rosterHash } from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { verifySigned } from '../crypto/verify.ts';
import { type Admission, begin, reduce, type VerifiedAct } from '../group/reduce.ts';
import { refusedByRole } from '../group/rules.ts';
import { deviceKey, roster, rosterLines } from '../group/select.ts';
import type { GroupState, PinnedCard } from '../group/state.ts';
import { type Action, type ActionOf, decodeAction, encodeAcceptance } from '../protocol/action.ts';
import { decodeEntry, type Entry, isOffLog } from '../protocol/entry.ts';
import { fail, type Failure, type Outcome } from '../protocol/failure.ts';
import { type Dev, type LinkPk, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import { batchOf, type KeyUpdate } from '../protocol/keyUpdate.ts';
import { REPLAY } from '../protocol/limits.ts';
import type { Ops } from '../protocol/ops.ts';
import { CIRCLE, isStaff, ROLE, type Role } from '../protocol/role.ts';
import type { Bytes } from '../lib/bytes.ts';
import { extendCard, foldChain } from './cards.ts';
import { requestAdmits, type VerifiedRequest, verifyRequest } from './request.ts';

export interface Replayed {
  readonly state: GroupState;
  readonly act: VerifiedAct;
}

/** Applies one entry to a state (null before the first entry). Bad input leaves the given state as it is. */
export function replay(p: Primitives, state: GroupState | null, bytes: Bytes): Outcome<Replayed> {
  if (state !== null && state.closed !== null) return fail('E_CLOSED', 'the group is closed');
  const entry = decodeEntry(bytes);
  if (!entry.ok) return entry;
  if (isOffLog(entry.value.kind)) return fail('E_FORMAT', 'an off-log act');
  const action = decodeAction(entry.value.kind, entry.value.body);
  if (!action.ok) return action;
  if (state === null) return replaySpawn(p, entry.value, action.value);
  return replayNext(p, state, entry.value, action.value);
}

function replaySpawn(p: Primitives, entry: Entry, action: Action): Outcome<Replayed> {
  if (action.kind !== 'SpawnGroup' || entry.seq !== 0)
    return fail('E_SEQ', 'the first entry is SpawnGroup');
  if ((entry.gid as string) !== ZERO_HASH) return fail('E_GID', 'gid of SpawnGroup is zero');
  if (entry.prev !== ZERO_HASH) return fail('E_PREV', 'prev of SpawnGroup is zero');
  if (entry.view.t !== 0 || entry.view.T !== ZERO_HASH)
    return fail('E_FORMAT', 'view of SpawnGroup is zero');
  const card = foldChain(p, action.chain, entry.author);
  if (!card.ok) return card;
  const wrong = signedBy(p, entry, card.value);
  if (wrong !== null) return { ok: false, error: wrong };
  const act = { entry, hash: entryHash(p, entry.bytes), action, admissions: [], card: card.value };
  return ok({ state: begin(act, action, card.value, gidOf(p, entry.bytes)), act });
}

function replayNext(
  p: Primitives,
  state: GroupState,
  entry: Entry,
  action: Action,
): Outcome<Replayed> {
  const place = checkPlace(state, entry);
  if (place !== null) return { ok: false, error: place };
  if (action.kind === 'SpawnGroup') return fail('E_FORMAT', 'SpawnGroup is entry 0 only');
  const author = checkAuthor(p, state, entry, action);
  if (!author.ok) return author;
  const role = refusedByRole(state, entry.author, action);
  if (role !== null) return { ok: false, error: role };
  const ops = opsOf(action);
  const admissions = ops === null ? ok([]) : checkOps(p, state, entry, ops);
  if (!admissions.ok) return admissions;
  const act = {
    entry,
    hash: entryHash(p, entry.bytes),
    action,
    admissions: admissions.value,
    card: author.value,
  };
  const next = reduce(state, act);
  const rest = checkKeys(p, state, next, action) ?? checkRest(p, state, next, entry, action);
  return rest === null ? ok({ state: next, act }) : { ok: false, error: rest };
}

/** R1: the entry stands exactly at the head. */
function checkPlace(state: GroupState, entry: Entry): Failure | null {
  if (entry.gid !== state.gid) return { name: 'E_GID', note: 'entry of another group' };
  if (entry.seq !== state.seq + 1) return { name: 'E_SEQ', note: 'not the next entry' };
  if (entry.prev !== state.head) return { name: 'E_PREV', note: 'not on the head' };
  if (entry.time < state.time) return { name: 'E_TIME', note: 'before the previous entry' };
  return null;
}

function signedBy(p: Primitives, entry: Entry, card: PinnedCard): Failure | null {
  if (entry.card !== card.hash) return { name: 'E_CARD', note: 'not the pinned card' };
  const device = card.devices.find((candidate) => candidate.dev === entry.dev);
  if (device === undefined) return { name: 'E_DEVICE', note: 'device not in the card' };
  if (!verifySigned(p, SIGN.act, device.signPk, entry.signed, entry.signature))
    return { name: 'E_SIG', note: 'entry signature' };
  return null;
}

/** R2, and R7 for UpdateCard, whose card and device stand in the chain it carries. Answers that new card. */
function checkAuthor(
  p: Primitives,
  state: GroupState,
  entry: Entry,
  action: Action,
): Outcome<PinnedCard | null> {
  const pinned = state.cards.get(entry.author);
  if (!state.members.has(entry.author) || pinned === undefined)
    return fail('E_NOT_MEMBER', 'author is no member');
  if (action.kind !== 'UpdateCard') {
    const wrong = signedBy(p, entry, pinned);
    return wrong === null ? ok(null) : { ok: false, error: wrong };
  }
  const extended = extendCard(p, pinned, action.chain);
  if (!extended.ok) return extended;
  const wrong = signedBy(p, entry, extended.value);
  return wrong === null ? ok(extended.value) : { ok: false, error: wrong };
}

function opsOf(action: Action): Ops | null {
  return action.kind === 'InitGroup' || action.kind === 'MemberOps' ? action.ops : null;
}

/** R4 and R6: who goes, who comes and by what right. One violation voids the whole entry. */
function checkOps(p: Primitives, state: GroupState, entry: Entry, ops: Ops): Outcome<Admission[]> {
  const removed = checkRemovals(state, ops);
  if (removed !== null) return { ok: false, error: removed };
  const gone = new Set(ops.remove.map((op) => op.pid));
  const bannedNow = new Set(ops.remove.filter((op) => op.ban).map((op) => op.pid));
  const admissions: Admission[] = [];
  const requests: VerifiedRequest[] = [];
  for (const op of ops.add) {
    if (state.members.has(op.pid) && !gone.has(op.pid)) return fail('E_ROSTER', 'already a member');
    if (state.banned.has(op.pid) || bannedNow.has(op.pid)) return fail('E_BANNED', 'banned');
    if (op.via === 'direct') {
      const card = foldChain(p, op.chain, op.pid, state.cards.get(op.pid)?.hash ?? null);
      if (!card.ok) return card;
      admissions.push({
        pid: op.pid,
        card: card.value,
        role: ROLE.member,
        link: null,
        request: null,
      });
      continue;
    }
    const request = verifyRequest(p, state, op.request);
    if (!request.ok) return request;
    if (request.value.pid !== op.pid) return fail('E_CARD', 'request of another pid');
    requests.push(request.value);
    const link = state.links.get(request.value.link);
    admissions.push({
      pid: op.pid,
      card: request.value.card,
      role: link?.role ?? ROLE.member,
      link: request.value.link,
      request: request.value.hash,
    });
  }
  const roles = checkRoles(state, ops, gone, admissions);
  if (roles !== null) return { ok: false, error: roles };
  const size =
    state.members.size -
    ops.remove.filter((op) => state.members.has(op.pid)).length +
    ops.add.length;
  if (size > REPLAY.members) return fail('E_LIMIT', 'members of a group');
  const admitted = checkRequests(state, entry.time, requests);
  return admitted === null ? ok(admissions) : { ok: false, error: admitted };
}

/** The state's roster as it would be after ops by an author: what a new key is made for. Checks R4 and R6, nothing else. */
export function rosterAfter(
  p: Primitives,
  state: GroupState,
  author: Pid,
  time: number,
  ops: Ops,
): Outcome<GroupState> {
  const entry: Entry = {
    kind: 'MemberOps',
    gid: state.gid,
    author,
    dev: '' as Dev,
    card: ZERO_HASH,
    seq: state.seq + 1,
    prev: state.head,
    time,
    view: { t: 0, T: ZERO_HASH },
    body: new Uint8Array(),
    signature: new Uint8Array(),
    signed: new Uint8Array(),
    bytes: new Uint8Array(),
  };
  const admissions = checkOps(p, state, entry, ops);
  if (!admissions.ok) return admissions;
  const action: Action = { kind: 'MemberOps', ops, keys: null };
  return ok(
    reduce(state, { entry, hash: ZERO_HASH, action, admissions: admissions.value, card: null }),
  );
}

function checkRemovals(state: GroupState, ops: Ops): Failure | null {
  for (const op of ops.remove) {
    const member = state.members.has(op.pid);
    if (!member && !op.ban) return { name: 'E_ROSTER', note: 'removal of a non-member' };
    if (op.ban && state.banned.has(op.pid)) return { name: 'E_ROSTER', note: 'banned already' };
  }
  for (const pid of ops.unban)
    if (!state.banned.has(pid)) return { name: 'E_ROSTER', note: 'not banned' };
  return null;
}

function checkRoles(
  state: GroupState,
  ops: Ops,
  gone: ReadonlySet<string>,
  admissions: readonly Admission[],
): Failure | null {
  for (const op of ops.setRole) {
    const admission = admissions.find((candidate) => candidate.pid === op.pid);
    const current: Role | undefined =
      admission?.role ?? (gone.has(op.pid) ? undefined : state.members.get(op.pid)?.role);
    if (current === undefined) return { name: 'E_ROSTER', note: 'role of a non-member' };
    if (current === op.role)
      return { name: 'E_FORMAT', note: 'a role change that changes nothing' };
  }
  return null;
}

function checkRequests(
  state: GroupState,
  time: number,
  requests: readonly VerifiedRequest[],
): Failure | null {
  const uses = new Map<LinkPk, number>();
  for (const request of requests) {
    const before = uses.get(request.link) ?? 0;
    const admits = requestAdmits(state, request, time, before);
    if (!admits.ok) return admits.error;
    uses.set(request.link, before + 1);
  }
  return null;
}

function keysOf(action: Action): KeyUpdate | null {
  return action.kind === 'InitGroup' ||
    action.kind === 'RotateSessionKey' ||
    action.kind === 'MemberOps'
    ? action.keys
    : null;
}

/** An add, a removal of a member, or a role change across the staff boundary needs a new key. */
function needsKeys(state: GroupState, next: GroupState, action: Action): boolean {
  if (action.kind !== 'MemberOps') return false;
  if (action.ops.add.length > 0 || action.ops.remove.some((op) => state.members.has(op.pid)))
    return true;
  return action.ops.setRole.some((op) => {
    const before = state.members.get(op.pid);
    const after = next.members.get(op.pid);
    return (
      before !== undefined && after !== undefined && isStaff(before.role) !== isStaff(after.role)
    );
  });
}

/** R5. */
function checkKeys(
  p: Primitives,
  state: GroupState,
  next: GroupState,
  action: Action,
): Failure | null {
  const first = action.kind === 'InitGroup';
  if (first !== (state.generation === 0))
    return { name: 'E_GEN', note: 'InitGroup comes first and once' };
  const keys = keysOf(action);
  if (keys === null)
    return needsKeys(state, next, action) ? { name: 'E_GEN', note: 'a new key is missing' } : null;
  for (const circle of [CIRCLE.everyone, CIRCLE.staff]) {
    const batch = batchOf(keys, circle);
    if (batch.generation !== state.generation + 1)
      return { name: 'E_GEN', note: 'not the next generation' };
    if (batch.rosterHash !== rosterHash(p, state.gid, circle, rosterLines(next, circle)))
      return { name: 'E_ROSTER', note: 'roster hash' };
    if (batch.boxes !== roster(next, circle).length)
      return { name: 'E_BOX', note: 'one box a member' };
    const before = state.keys === null ? null : batchOf(state.keys, circle);
    if (batch.wrap !== null && before?.shareable !== true)
      return { name: 'E_HIST', note: 'the earlier key is not shareable' };
  }
  return null;
}

/** R8, R9 and R11, and the rules of links. */
function checkRest(
  p: Primitives,
  state: GroupState,
  next: GroupState,
  entry: Entry,
  action: Action,
): Failure | null {
  switch (action.kind) {
    case 'LinkOps':
      return pendingRefusal(state) ?? checkLinks(state, next, entry, action);
    case 'EditGroupInfo':
      return pendingRefusal(state);
    case 'TransferOwnership':
      return checkTransfer(p, state, entry, action);
    case 'SpawnGroup':
    case 'InitGroup':
    case 'MemberOps':
    case 'LeaveGroup':
    case 'RotateSessionKey':
    case 'UpdateCard':
    case 'CloseGroup':
    case 'RequestToJoin':
    case 'Complain':
    case 'RejectRequest':
    case 'WithdrawRequest':
    case 'Report':
      return null;
    default:
      return never(action);
  }
}

function pendingRefusal(state: GroupState): Failure | null {
  return state.pending === null ? null : { name: 'E_PENDING', note: 'rotate first' };
}

function checkLinks(
  state: GroupState,
  next: GroupState,
  entry: Entry,
  action: ActionOf<'LinkOps'>,
): Failure | null {
  for (const terms of action.links.create) {
    if (state.links.get(terms.pk)?.revoked === true)
      return { name: 'E_LINK', note: 'a revoked link stays revoked' };
    if (!terms.auto) continue;
    const soon = terms.expires !== 0 && terms.expires <= entry.time + REPLAY.autoAdmitLifeMs;
    const few = terms.maxUses >= 1 && terms.maxUses <= REPLAY.autoAdmitUses;
    if (!soon || !few)
      return { name: 'E_LINK', note: 'admission without review needs an end and a cap' };
  }
  const created = new Set(action.links.create.map((terms) => terms.pk));
  for (const pk of action.links.revoke) {
    const link = state.links.get(pk);
    if ((link === undefined && !created.has(pk)) || link?.revoked === true)
      return { name: 'E_LINK', note: 'no such link' };
  }
  const live = [...next.links.values()].filter((link) => !link.revoked).length;
  return live > REPLAY.liveLinks ? { name: 'E_LIMIT', note: 'links of a group' } : null;
}

/** R11. */
function checkTransfer(
  p: Primitives,
  state: GroupState,
  entry: Entry,
  action: ActionOf<'TransferOwnership'>,
): Failure | null {
  if (action.epoch !== state.ownerEpoch || entry.time > action.exp)
    return { name: 'E_SIG', note: 'acceptance out of time' };
  const key = deviceKey(state, action.to, action.dev);
  if (key === null) return { name: 'E_DEVICE', note: 'device of the successor' };
  const bound = encodeAcceptance(state.gid, entry.author, action.to, action.epoch, action.exp);
  if (!verifySigned(p, SIGN.accept, key, bound, action.acceptance))
    return { name: 'E_SIG', note: 'acceptance' };
  if (state.members.get(action.to)?.role !== ROLE.moderator)
    return { name: 'E_ROLE', note: 'the successor is a moderator' };
  return null;
}
