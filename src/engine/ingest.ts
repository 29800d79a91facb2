/**
 * The inbox: items as the server serves them, checked one by one, stored in one transaction, then told.
 * Nothing the server says changes the state unless the signed bytes say so; bad items become placeholders or evidence.
 */
import type { Bytes } from '../lib/bytes.ts';
import { present } from '../lib/assert.ts';
import { bodyHash, entryHash, itemHash, nextT } from '../crypto/hash.ts';
import { verifyCheckpoint } from '../crypto/verify.ts';
import { openMessage, verifyMessage } from '../crypto/secret/seal.ts';
import type { SessionKey } from '../crypto/secret/groupKey.ts';
import { refusal } from '../group/can.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import { deviceKey, inCircle } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import { replay } from '../ledger/replay.ts';
import { type Checkpoint, decodeCheckpoint } from '../protocol/checkpoint.ts';
import { decodeHeader, type MessageHeader, type OpenedBody } from '../protocol/envelope.ts';
import type { View } from '../protocol/entry.ts';
import type { ErrorName } from '../protocol/failure.ts';
import { type Hash, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import { ITEM, type WireItem } from '../protocol/item.ts';
import { hasPolicy } from '../protocol/policy.ts';
import { CIRCLE, isStaff } from '../protocol/role.ts';
import { decodePayload, type Payload } from '../protocol/text.ts';
import type { Context } from './context.ts';
import { audit, keysOf, walkBack } from './keyring.ts';
import { titled } from './plans.ts';
import {
  chainName,
  type ChangedParts,
  type DeviceChain,
  follow,
  type Head,
  keyName,
  keyOf,
  type Replica,
  UNSEEN,
  writesOf,
} from './replica.ts';
import {
  createTimeline,
  pageOf,
  refused,
  type StoredItem,
  type StoredMessage,
} from './timeline.ts';

/** Everything a batch of items will change, gathered before anything is changed. */
export interface Draft {
  /** The newest state the entries lead to. */
  state: GroupState;
  /** The state in force at the position being read; before a newcomer's own admission it is an earlier one. */
  at: GroupState;
  head: Head;
  readonly entries: Bytes[];
  readonly acts: VerifiedAct[];
  readonly items: StoredItem[];
  readonly keys: Map<string, SessionKey>;
  readonly chains: Map<string, DeviceChain>;
  readonly told: TakenMessage[];
  /** States in which a generation began, for the audit. */
  readonly begun: GroupState[];
  /** T before each position of the batch and at its end. */
  readonly Ts: Map<number, Hash>;
  stop: 'halt' | 'later' | null;
}

/** A message that was accepted, with its payload. */
export interface TakenMessage {
  readonly t: number;
  readonly item: Hash;
  readonly header: MessageHeader;
  readonly payload: Payload;
  readonly at: number;
}

export interface Ingested {
  readonly messages: readonly TakenMessage[];
  readonly acts: readonly VerifiedAct[];
}

const NOTHING: Ingested = { messages: [], acts: [] };

/** Takes a contiguous run of items and the checkpoint that came with them. Runs inside the replica's serial. */
export async function ingest(
  ctx: Context,
  replica: Replica,
  items: readonly WireItem[],
  checkpoint: Bytes | null,
): Promise<Ingested> {
  if (replica.head.halted !== null) return NOTHING;
  // An answer whose checkpoint does not verify is refused as a whole; nothing in it counts.
  const signed = checkpoint === null ? null : genuine(ctx, replica, checkpoint);
  if (checkpoint !== null && signed === null) return NOTHING;
  const end = replica.timeline.end();
  const known = items.filter((item) => item.t < end);
  const fresh = items.filter((item) => item.t >= end);
  if (known.some((item) => contradicts(ctx, replica, item)))
    return halt(
      ctx,
      replica,
      'E_FORK',
      known.map((item) => item.head),
    );
  if (fresh.some((item, i) => item.t !== end + i)) {
    ctx.catchUp(replica.gid);
    return NOTHING;
  }
  const draft = await take(ctx, replica, fresh);
  const done = await commit(ctx, replica, draft);
  if (signed !== null) await compare(ctx, replica, signed);
  return done;
}

/** Another item at a position already seen. */
function contradicts(ctx: Context, replica: Replica, item: WireItem): boolean {
  const held = replica.timeline.item(item.t);
  if (held === null) return false;
  const hash = item.kind === ITEM.entry ? entryHash(ctx.p, item.head) : itemHash(ctx.p, item.head);
  return held.item !== hash;
}

async function halt(
  ctx: Context,
  replica: Replica,
  name: ErrorName,
  evidence: readonly Bytes[],
): Promise<Ingested> {
  replica.head = { ...replica.head, halted: name, evidence: evidence.slice(0, 8) };
  await ctx.records.write(writesOf(ctx.records, replica, {}));
  ctx.changed(replica, { group: true });
  return NOTHING;
}

/** A draft that changes nothing yet. */
export function newDraft(replica: Replica): Draft {
  return {
    state: replica.state,
    at: replica.prior ?? replica.state,
    head: replica.head,
    entries: [],
    acts: [],
    items: [],
    keys: new Map(),
    chains: new Map(),
    told: [],
    begun: [],
    stop: null,
    Ts: new Map([[replica.timeline.end(), replica.timeline.T()]]),
  };
}

async function take(ctx: Context, replica: Replica, items: readonly WireItem[]): Promise<Draft> {
  const draft = newDraft(replica);
  let at = 0;
  while (at < items.length && draft.stop === null) {
    const run = messagesFrom(items, at);
    if (run.length > 0) takeMessages(ctx, replica, draft, run);
    at += run.length;
    const item = items[at];
    if (item === undefined) break;
    await takeEntry(ctx, replica, draft, item);
    at += 1;
  }
  return draft;
}

export function messagesFrom(items: readonly WireItem[], at: number): WireItem[] {
  const run: WireItem[] = [];
  for (let i = at; i < items.length; i++) {
    const item = items[i];
    if (item === undefined || item.kind === ITEM.entry) break;
    run.push(item);
  }
  return run;
}

export function add(ctx: Context, draft: Draft, item: StoredItem): void {
  const T = present(draft.Ts.get(item.t), 'items of a batch are contiguous');
  draft.Ts.set(item.t + 1, nextT(ctx.p, T, item.t, item.item));
  draft.items.push(item);
}

function headAt(replica: Replica, draft: Draft, seq: number): Hash | undefined {
  return replica.heads[seq] ?? draft.acts[seq - replica.heads.length]?.hash;
}

/** Who joins or founds a group has the log first; until the own admission comes by, the timeline shows the same entries again. */
function seeAgain(
  ctx: Context,
  replica: Replica,
  draft: Draft,
  item: WireItem,
  hash: Hash,
): boolean {
  const seq = replica.heads.indexOf(hash);
  const act = replica.acts[seq];
  if (act === undefined) return false;
  add(ctx, draft, { t: item.t, at: item.at, item: hash, seq, message: null });
  const me = ctx.identity().pid;
  const founded = seq === 0 && act.entry.author === me;
  if (seq === replica.state.seq && (founded || act.admissions.some((one) => one.pid === me))) {
    draft.head = { ...draft.head, joinedT: item.t };
    draft.at = replica.state;
  }
  return true;
}

async function takeEntry(
  ctx: Context,
  replica: Replica,
  draft: Draft,
  item: WireItem,
): Promise<void> {
  const hash = entryHash(ctx.p, item.head);
  if (draft.head.joinedT === UNSEEN && seeAgain(ctx, replica, draft, item, hash)) return;
  const next = replay(ctx.p, draft.state, item.head);
  if (!next.ok) {
    draft.stop = 'halt';
    draft.head = {
      ...draft.head,
      halted:
        next.error.name === 'E_SEQ' || next.error.name === 'E_PREV' ? 'E_FORK' : next.error.name,
      evidence: [item.head],
    };
    return;
  }
  const { state, act } = next.value;
  const begins = state.keys !== null && state.keys.generation !== draft.state.generation;
  if (begins) {
    const news = await keysOf(
      ctx,
      { ...replica, keys: new Map([...replica.keys, ...draft.keys]) },
      state,
    );
    if (news.kind === 'later') {
      draft.stop = 'later';
      return;
    }
    for (const key of news.keys) draft.keys.set(keyName(key.generation, key.circle), key);
    for (const failure of news.failures) {
      const server = failure.name === 'E_WITHHELD';
      draft.head = warn(
        draft.head,
        server ? 'withheld' : 'boxes',
        server ? null : act.entry.author,
      );
      if (!server)
        draft.head = { ...draft.head, boxFailed: state.generation, failedCircle: failure.circle };
    }
    draft.begun.push(state);
    draft.head = { ...draft.head, sinceRotation: 0 };
  }
  draft.head = withTexts(afterEntry(ctx, draft, act, state, item.t), replica, act);
  if (!viewAgrees(replica, draft, act.entry.view))
    draft.head = warn(draft.head, 'gossip', act.entry.author);
  draft.state = state;
  draft.at = state;
  draft.entries.push(item.head);
  draft.acts.push(act);
  add(ctx, draft, { t: item.t, at: item.at, item: hash, seq: act.entry.seq, message: null });
}

/** Texts this client sealed itself are known at once; others are fetched (texts.ts). */
function withTexts(head: Head, replica: Replica, act: VerifiedAct): Head {
  const own = replica.prepared.get(act.hash);
  if (own === undefined) return head;
  const staffText = own.staffText ?? head.staffText;
  if (own.profile === null) return { ...head, staffText };
  return titled({ ...head, staffText, profile: own.profile }, act.entry.seq);
}

export function warn(head: Head, kind: string, who: Pid | null): Head {
  if (head.warnings.some((warning) => warning.kind === kind && warning.who === who)) return head;
  return { ...head, warnings: [...head.warnings, { kind, who }].slice(-20) };
}

/** What an entry means for this account's place in the group and its duties. */
function afterEntry(
  ctx: Context,
  draft: Draft,
  act: VerifiedAct,
  next: GroupState,
  t: number,
): Head {
  const me = ctx.identity().pid;
  const before = draft.state;
  let head: Head = { ...draft.head, seq: next.seq };
  if (act.admissions.length > 0) head = { ...head, lastAddition: act.entry.seq };
  const staffLost = [...before.members.values()].some(
    (member) => isStaff(member.role) && !isStaff(next.members.get(member.pid)?.role ?? 0),
  );
  if (act.action.kind === 'LinkOps') head = { ...head, renewIntake: false };
  if (staffLost) head = { ...head, renewIntake: true };
  if (!before.members.has(me) && next.members.has(me)) {
    head = {
      ...head,
      standing: act.admissions.some((one) => one.pid === me && one.request === null)
        ? 'invited'
        : 'member',
      joinedT: t,
    };
  }
  if (before.members.has(me) && !next.members.has(me))
    head = { ...head, standing: act.entry.author === me ? 'left' : 'removed' };
  if (next.closed !== null && next.members.has(me)) head = { ...head, standing: 'closed' };
  return head;
}

/** Messages between two entries: one state, one set of keys; newest first for signatures, oldest first for everything else. */
export function takeMessages(
  ctx: Context,
  replica: Replica,
  draft: Draft,
  run: readonly WireItem[],
): void {
  const opened = run.map((item) => open(ctx, replica, draft, item));
  const proven = provenSignatures(ctx, draft, opened);
  for (const [i, candidate] of opened.entries()) {
    const message = accept(replica, draft, candidate, proven.has(i));
    const stored: StoredItem = {
      t: candidate.item.t,
      at: candidate.item.at,
      item: candidate.hash,
      seq: null,
      message: message.stored,
    };
    followDraft(replica, draft, stored);
    add(ctx, draft, stored);
    draft.head = { ...draft.head, sinceRotation: draft.head.sinceRotation + 1 };
    if (message.payload?.type === 'handover' && candidate.header?.author === draft.at.owner)
      draft.head = { ...draft.head, offer: offerIn(message.payload) ?? draft.head.offer };
    if (message.payload !== null && candidate.header !== null) {
      draft.told.push({
        t: candidate.item.t,
        item: candidate.hash,
        header: candidate.header,
        payload: message.payload,
        at: candidate.item.at,
      });
    }
  }
}

/** An offer is a hand-over that nobody has signed yet. */
function offerIn(payload: Extract<Payload, { type: 'handover' }>): Head['offer'] {
  const { to, epoch, exp, sig } = payload;
  return sig === undefined ? { to: to as Pid, epoch, exp } : null;
}

interface Candidate {
  readonly item: WireItem;
  readonly hash: Hash;
  readonly header: MessageHeader | null;
  readonly key: SessionKey | null;
  readonly opened: OpenedBody | null;
  /** Why it could not be opened. */
  readonly failure: ErrorName | null;
  /** Check 1 failed: header, group, length or hash. */
  readonly misshapen: boolean;
}

function open(ctx: Context, replica: Replica, draft: Draft, item: WireItem): Candidate {
  const hash = itemHash(ctx.p, item.head);
  const closed = (
    failure: ErrorName,
    header: MessageHeader | null = null,
    key: SessionKey | null = null,
  ): Candidate => ({
    item,
    hash,
    header,
    key,
    opened: null,
    failure,
    misshapen: key === null && (failure === 'E_FORMAT' || failure === 'E_GID'),
  });
  const decoded = decodeHeader(item.head);
  if (!decoded.ok) return closed('E_FORMAT');
  const header = decoded.value;
  if (header.gid !== replica.gid) return closed('E_GID', header);
  const foreignCircle =
    header.circle === CIRCLE.staff && !inCircle(draft.at, ctx.identity().pid, CIRCLE.staff);
  if (item.body === null) return closed(foreignCircle ? 'E_ROLE' : 'E_WITHHELD', header);
  if (item.body.length !== header.bodyLength || bodyHash(ctx.p, item.body) !== header.bodyHash)
    return closed('E_FORMAT', header);
  const key =
    draft.keys.get(keyName(header.generation, header.circle)) ??
    keyOf(replica, header.generation, header.circle);
  if (key === null) return closed('E_HIST', header);
  const body = openMessage(ctx.p, key, header, item.head, item.body);
  return body.ok
    ? { item, hash, header, key, opened: body.value, failure: null, misshapen: false }
    : closed(body.error.name, header, key);
}

/**
 * Which messages have a signature that is verified or proven by a later verified one of the same device
 * (its prev_own continues the chain): one check per device run instead of one per message.
 */
function provenSignatures(
  ctx: Context,
  draft: Draft,
  candidates: readonly Candidate[],
): Set<number> {
  const proven = new Set<number>();
  const expected = new Map<string, { readonly ctr: number; readonly item: Hash }>();
  for (let i = candidates.length - 1; i >= 0; i--) {
    const candidate = candidates[i];
    if (candidate?.header === undefined || candidate.header === null) continue;
    const { header } = candidate;
    const device = chainName(header.author, header.dev);
    if (candidate.opened === null || candidate.key === null) {
      expected.delete(device);
      continue;
    }
    const link = expected.get(device);
    const chained = link !== undefined && link.ctr === header.ctr && link.item === candidate.hash;
    const devicePk = deviceKey(draft.at, header.author, header.dev);
    const verified =
      chained ||
      (devicePk !== null &&
        verifyMessage(ctx.p, candidate.key, devicePk, candidate.item.head, candidate.opened));
    if (verified) {
      proven.add(i);
      expected.set(device, { ctr: header.ctr - 1, item: candidate.opened.inner.prevOwn });
    } else {
      expected.delete(device);
    }
  }
  return proven;
}

/** The checks of a message in their order; the first that fails names the placeholder. */
function accept(
  replica: Replica,
  draft: Draft,
  candidate: Candidate,
  signed: boolean,
): { readonly stored: StoredMessage; readonly payload: Payload | null } {
  const bytes = { header: candidate.item.head, body: candidate.item.body };
  const no = (name: ErrorName): { stored: StoredMessage; payload: null } => ({
    stored: refused(bytes, name),
    payload: null,
  });
  const { header, opened, failure } = candidate;
  if (header === null || candidate.misshapen) return no(failure ?? 'E_FORMAT');
  const server = refusedAtPosition(draft.at, replica, draft, header);
  if (server !== null) return no(server);
  if (opened === null) return no(failure ?? 'E_AEAD');
  if (!signed) return no('E_SIG');
  const chain = chainOf(replica, draft, header);
  if (!continues(chain, header, opened.inner.prevOwn)) return no('E_GAP');
  const gossip = checkView(replica, draft, header, opened, candidate.item.t);
  if (gossip !== null) return no(gossip);
  const payload = decodePayload(opened.payload);
  if (!payload.ok) return no(payload.error.name);
  if (!fitsCircle(payload.value, header)) return no('E_ROLE');
  const stored = { ...bytes, payload: opened.payload, failure: null, time: opened.inner.time };
  return { stored, payload: payload.value };
}

/** Notes, keys of earlier generations and hand-overs are for the staff circle; names are for everybody. */
function fitsCircle(payload: Payload, header: MessageHeader): boolean {
  switch (payload.type) {
    case 'note':
    case 'wrap':
    case 'handover':
      return header.circle === CIRCLE.staff;
    case 'names':
      return header.circle === CIRCLE.everyone;
    default:
      return true;
  }
}

/** Checks 2 to 4: what the server should have refused. */
function refusedAtPosition(
  state: GroupState,
  replica: Replica,
  draft: Draft,
  header: MessageHeader,
): ErrorName | null {
  const member = state.members.get(header.author);
  if (member === undefined || !inCircle(state, header.author, header.circle)) return 'E_NOT_MEMBER';
  const why = refusal(
    { role: member.role, policy: state.policy },
    { kind: 'send', circle: header.circle },
  );
  if (why !== null) return why.name;
  if (deviceKey(state, header.author, header.dev) === null) return 'E_DEVICE';
  if (state.closed !== null) return 'E_CLOSED';
  if (state.pending !== null && hasPolicy(state.policy, 'strictPending')) return 'E_PENDING';
  if (header.generation !== state.generation) return 'E_STALE_GEN';
  const chain = chainOf(replica, draft, header);
  return chain !== null && header.ctr <= chain.accepted ? 'E_REPLAY' : null;
}

function chainOf(replica: Replica, draft: Draft, header: MessageHeader): DeviceChain | null {
  const name = chainName(header.author, header.dev);
  return draft.chains.get(name) ?? replica.chains.get(name) ?? null;
}

/** Check 7: prev_own is the item hash of an earlier header of this device with ctr - 1. Without earlier headers it is the baseline. */
function continues(chain: DeviceChain | null, header: MessageHeader, prevOwn: Hash): boolean {
  if (header.ctr === 1) return prevOwn === ZERO_HASH;
  if (chain === null) return true;
  return chain.seen.some((seen) => seen.ctr === header.ctr - 1 && seen.item === prevOwn);
}

/** Check 8: what the author had seen agrees with what this client has seen. */
function checkView(
  replica: Replica,
  draft: Draft,
  header: MessageHeader,
  opened: OpenedBody,
  t: number,
): ErrorName | null {
  const { inner } = opened;
  const began = draft.at.keys?.seq ?? 0;
  if (inner.logSeq < began || inner.logSeq > draft.at.seq || inner.view.t > t) return 'E_FORMAT';
  const agrees = headAt(replica, draft, inner.logSeq) === inner.logHead;
  if (agrees && viewAgrees(replica, draft, inner.view)) return null;
  draft.head = warn(draft.head, 'gossip', header.author);
  return 'E_FORK';
}

/** What an author had seen of the timeline, compared with the own T where that is still held. */
function viewAgrees(replica: Replica, draft: Draft, view: View): boolean {
  const T = draft.Ts.get(view.t) ?? replica.timeline.TAt(view.t);
  return T === null || T === view.T;
}

function followDraft(replica: Replica, draft: Draft, item: StoredItem): void {
  const message = item.message;
  if (message === null) return;
  const header = decodeHeader(message.header);
  // Only devices that stand in a card have a chain: what a server makes up is not remembered.
  if (!header.ok || deviceKey(draft.at, header.value.author, header.value.dev) === null) return;
  const name = chainName(header.value.author, header.value.dev);
  const held = draft.chains.get(name) ?? replica.chains.get(name);
  if (held !== undefined) draft.chains.set(name, held);
  follow(draft.chains, item);
}

/** Stores the draft in one transaction, then makes it the replica's state and tells it. */
async function commit(ctx: Context, replica: Replica, draft: Draft): Promise<Ingested> {
  if (draft.items.length === 0 && draft.head === replica.head) return NOTHING;
  const logFrom = replica.log.length;
  const before = replica.head;
  replica.log.push(...draft.entries);
  for (const act of draft.acts) {
    replica.heads.push(act.hash);
    replica.acts.push(act);
  }
  for (const state of draft.begun)
    if (state.keys !== null) replica.generations.set(state.keys.generation, state.keys);
  replica.state = draft.state;
  if (draft.head.joinedT !== UNSEEN) replica.prior = null;
  const pages = replica.timeline.append(draft.items);
  for (const [name, key] of draft.keys) replica.keys.set(name, key);
  for (const key of [...draft.keys.values()]) {
    for (const earlier of walkBack(ctx, replica, key))
      replica.keys.set(keyName(earlier.generation, earlier.circle), earlier);
  }
  for (const [name, chain] of draft.chains) replica.chains.set(name, chain);
  const stored = new Map(draft.items.map((item) => [item.item, item]));
  const sent = replica.outbox.filter((out) => out.sealed !== null && stored.has(out.sealed.item));
  if (sent.length > 0) replica.outbox = replica.outbox.filter((out) => !sent.includes(out));
  replica.head = { ...withOwn(draft, sent), end: replica.timeline.end() };
  for (const act of draft.acts) replica.prepared.delete(act.hash);
  const parts: ChangedParts = {
    pages,
    keys: draft.keys.size > 0,
    outbox: sent.length > 0,
    ...(draft.entries.length > 0 ? { logFrom } : {}),
  };
  auditBegun(ctx, replica, draft);
  await ctx.records.write(writesOf(ctx.records, replica, parts));
  ctx.changed(replica, {
    items: draft.items.map((item) => item.t),
    gone: sent.map((out) => out.localId),
    group: draft.acts.length > 0 || shows(before, replica.head),
  });
  return { messages: draft.told, acts: draft.acts };
}

/** Whether something of the head changed that the group's view shows. */
function shows(before: Head, after: Head): boolean {
  return (
    before.halted !== after.halted ||
    before.offer !== after.offer ||
    before.warnings !== after.warnings
  );
}

function withOwn(draft: Draft, sent: Replica['outbox']): Head {
  const last = sent
    .map((out) => out.sealed)
    .filter((sealed) => sealed !== null)
    .sort((a, b) => a.ctr - b.ctr)
    .at(-1);
  return last === undefined ? draft.head : { ...draft.head, ownCtr: last.ctr, ownItem: last.item };
}

/** Everybody audits everybody's box: the author of a poisoned batch is named. */
function auditBegun(ctx: Context, replica: Replica, draft: Draft): void {
  for (const state of draft.begun) {
    for (const circle of [CIRCLE.everyone, CIRCLE.staff]) {
      const key = state.keys === null ? null : keyOf(replica, state.keys.generation, circle);
      if (key !== null && state.keys !== null && !audit(ctx, key, state))
        replica.head = warn(replica.head, 'boxes', state.keys.author);
    }
  }
}

/** Compares a checkpoint of this server with the own log and timeline. A difference is proof, and the group halts. */
export async function judge(ctx: Context, replica: Replica, bytes: Bytes): Promise<void> {
  const checkpoint = genuine(ctx, replica, bytes);
  if (checkpoint !== null) await compare(ctx, replica, checkpoint);
}

async function compare(ctx: Context, replica: Replica, checkpoint: Checkpoint): Promise<void> {
  if (adderMisled(replica, checkpoint)) {
    await rebase(ctx, replica, checkpoint);
    return;
  }
  if (checkpointContradicts(replica, checkpoint)) {
    await halt(ctx, replica, 'E_FORK', [
      checkpoint.bytes,
      ...(replica.head.checkpoint === null ? [] : [replica.head.checkpoint]),
    ]);
    return;
  }
  const held = replica.head.checkpoint === null ? null : decodeCheckpoint(replica.head.checkpoint);
  const newer =
    held === null || !held.ok || held.value.t < checkpoint.t || held.value.seq < checkpoint.seq;
  if (newer && checkpoint.t <= replica.timeline.end()) {
    replica.head = { ...replica.head, checkpoint: checkpoint.bytes };
    await ctx.records.write(writesOf(ctx.records, replica, {}));
  }
}

/** The checkpoint, if this server signed it for this group. */
function genuine(ctx: Context, replica: Replica, bytes: Bytes): Checkpoint | null {
  const checkpoint = decodeCheckpoint(bytes);
  if (!checkpoint.ok || checkpoint.value.gid !== replica.gid) return null;
  return verifyCheckpoint(ctx.p, replica.state.serverPk, checkpoint.value)
    ? checkpoint.value
    : null;
}

/** A newcomer's first checkpoint: the log agrees, but the timeline the adder signed does not lead to the server's. */
function adderMisled(replica: Replica, checkpoint: Checkpoint): boolean {
  const first = replica.head.checkpoint === null && replica.timeline.first() > 0;
  const sameLog = replica.heads[checkpoint.seq] === checkpoint.head;
  return (
    first &&
    sameLog &&
    (checkpoint.t < replica.timeline.first() ||
      (checkpoint.t === replica.timeline.end() && checkpoint.T !== replica.timeline.T()))
  );
}

/** The server's T becomes the base, and the adder is named. */
async function rebase(ctx: Context, replica: Replica, checkpoint: Checkpoint): Promise<void> {
  const me = ctx.identity().pid;
  const adder =
    replica.acts.findLast((act) => act.admissions.some((one) => one.pid === me))?.entry.author ??
    null;
  replica.timeline = createTimeline(ctx.p, { t: checkpoint.t, T: checkpoint.T }, []);
  replica.prior = null;
  const head = {
    ...replica.head,
    joinedT: checkpoint.t,
    baseT: checkpoint.t,
    base: checkpoint.T,
    end: checkpoint.t,
    checkpoint: checkpoint.bytes,
  };
  replica.head = warn(head, 'base', adder);
  await ctx.records.write(writesOf(ctx.records, replica, { pages: [pageOf(checkpoint.t)] }));
  ctx.changed(replica, { group: true });
}

export function checkpointContradicts(replica: Replica, checkpoint: Checkpoint): boolean {
  const ownHead = replica.heads[checkpoint.seq];
  const T = checkpoint.t <= replica.timeline.end() ? replica.timeline.TAt(checkpoint.t) : null;
  return (
    (ownHead !== undefined && ownHead !== checkpoint.head) || (T !== null && T !== checkpoint.T)
  );
}
