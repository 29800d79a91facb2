/**
 * The inbox: items as the server serves them, checked one by one, stored in one transaction, then told.
 * Nothing the server says changes the state unless the signed bytes say so; bad items become placeholders or evidence.
 */
import type { Bytes } from '../lib/bytes.ts';
import { entryHash, itemHash } from '../crypto/hash.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { GroupState } from '../group/state.ts';
import { replay } from '../ledger/replay.ts';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { Hash } from '../protocol/ids.ts';
import { ITEM, type WireItem } from '../protocol/item.ts';
import { CIRCLE } from '../protocol/role.ts';
import { amend } from './amend.ts';
import { coveredBack } from './chains.ts';
import type { Context } from './context.ts';
import { add, type Draft, newDraft, type TakenMessage, viewAgrees } from './draft.ts';
import { noteDropping } from './dropping.ts';
import { checkpointContradicts, compare, genuine, halt, warn } from './judge.ts';
import { messagesFrom, takeMessages } from './messages.ts';
import { audit, keysOf, takeKeys, wrapFits } from './keyring.ts';
import { reopen } from './older.ts';
import { newsOfActs } from './news.ts';
import { labelled, titled } from './plans.ts';
import {
  chainName,
  type ChangedParts,
  type Head,
  keyName,
  keyOf,
  type Replica,
  SHOWN_MAX,
  UNSEEN,
  writesOf,
} from './replica.ts';
import { fromTwin } from './twin.ts';

export interface Ingested {
  readonly messages: readonly TakenMessage[];
  readonly acts: readonly VerifiedAct[];
  /** As in Draft. */
  readonly claims: readonly string[];
}

const NOTHING: Ingested = { messages: [], acts: [], claims: [] };

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
  if (known.some((item) => contradicts(ctx, replica, item))) {
    await haltOn(ctx, replica, items, signed);
    return NOTHING;
  }
  if (fresh.some((item, i) => item.t !== end + i)) {
    ctx.catchUp(replica.gid);
    return NOTHING;
  }
  const draft = await take(ctx, replica, fresh);
  if (draft.stop === 'halt' && signed !== null)
    draft.head = { ...draft.head, evidence: [...draft.head.evidence, signed.bytes] };
  const done = await commit(ctx, replica, draft);
  if (signed !== null) await compare(ctx, replica, signed);
  return done;
}

/** Other items were served at positions already seen: kept with the signature over them, from the first that differs. */
async function haltOn(
  ctx: Context,
  replica: Replica,
  items: readonly WireItem[],
  signed: Checkpoint | null,
): Promise<void> {
  const first = items.findIndex((item) => contradicts(ctx, replica, item));
  const heads = items.slice(first, first + SHOWN_MAX).map((item) => item.head);
  const t = items[first]?.t ?? 0;
  // The checkpoint alone says as much where it stands at a position already seen.
  const needed = signed === null || !checkpointContradicts(replica, signed);
  replica.head = { ...replica.head, shown: needed ? { t, heads } : null };
  const own = replica.head.checkpoint;
  const proof = [signed?.bytes ?? null, own].filter((one) => one !== null);
  await halt(ctx, replica, 'E_FORK', proof);
}

/** Another item at a position already seen. */
function contradicts(ctx: Context, replica: Replica, item: WireItem): boolean {
  const held = replica.timeline.item(item.t);
  if (held === null) return false;
  const hash = item.kind === ITEM.entry ? entryHash(ctx.p, item.head) : itemHash(ctx.p, item.head);
  return held.item !== hash;
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

/** After going on with the server's timeline: entries of the own log come by again, in their order, and nothing else does. */
function readAgain(ctx: Context, replica: Replica, draft: Draft, item: WireItem, hash: Hash): void {
  const seq = draft.head.again;
  const next = replica.heads[seq] === hash ? replay(ctx.p, draft.at, item.head) : null;
  if (next === null || !next.ok) {
    draft.stop = 'halt';
    draft.head = { ...draft.head, halted: 'E_FORK', evidence: [item.head] };
    return;
  }
  add(ctx, draft, { t: item.t, at: item.at, item: hash, seq, message: null });
  draft.at = next.value.state;
  draft.head = { ...draft.head, again: seq < replica.state.seq ? seq + 1 : 0 };
}

async function takeEntry(
  ctx: Context,
  replica: Replica,
  draft: Draft,
  item: WireItem,
): Promise<void> {
  const hash = entryHash(ctx.p, item.head);
  if (draft.head.again > 0) return readAgain(ctx, replica, draft, item, hash);
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
  const withStaff = own.staffText === null ? head : labelled({ ...head, staffText: own.staffText });
  if (own.profile === null) return withStaff;
  return titled({ ...withStaff, profile: own.profile }, act.entry.seq);
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

/** Stores the draft in one transaction, then makes it the replica's state and tells it. */
async function commit(ctx: Context, replica: Replica, draft: Draft): Promise<Ingested> {
  if (draft.items.length === 0 && draft.head === replica.head) return NOTHING;
  const logFrom = replica.log.length;
  const before = replica.head;
  const membersBefore = replica.state.members.size;
  replica.log.push(...draft.entries);
  for (const act of draft.acts) {
    replica.heads.push(act.hash);
    replica.acts.push(act);
  }
  for (const state of draft.begun)
    if (state.keys !== null) replica.generations.set(state.keys.generation, state.keys);
  replica.state = draft.state;
  if (draft.head.again > 0) replica.prior = draft.at;
  else if (draft.head.joinedT !== UNSEEN) replica.prior = null;
  const pages = replica.timeline.append(draft.items);
  takeKeys(ctx, replica, draft.keys);
  for (const [name, chain] of draft.chains) replica.chains.set(name, chain);
  const stored = new Map(draft.items.map((item) => [item.item, item]));
  const twin = fromTwin(ctx.identity(), replica.outbox, draft.items);
  const sent = replica.outbox.filter((out) => out.sealed !== null && stored.has(out.sealed.item));
  if (sent.length > 0) replica.outbox = replica.outbox.filter((out) => !sent.includes(out));
  replica.head = { ...withOwn(ctx, draft, sent), end: replica.timeline.end() };
  for (const act of draft.acts) replica.prepared.delete(act.hash);
  const parts: ChangedParts = {
    outbox: sent.length > 0,
    ...(draft.entries.length > 0 ? { logFrom } : {}),
  };
  auditBegun(ctx, replica, draft);
  const covered = coveredBack(ctx, replica, draft.covers);
  const again = draft.keys.size > 0 || covered.size > 0;
  const reopened = again ? reopen(ctx, replica, covered) : null;
  const opened = (reopened?.items ?? []).flatMap((t) => replica.timeline.item(t) ?? []);
  const amended = amend(replica, [...draft.items, ...opened]);
  replica.head = noteDropping(ctx, replica, replica.head, draft.told);
  const changed = {
    ...parts,
    keys: draft.keys.size > 0 || reopened?.keys === true,
    pages: new Set([...pages, ...(reopened?.pages ?? []), ...amended.pages]),
  };
  await ctx.records.write(writesOf(ctx.records, replica, changed));
  ctx.changed(replica, {
    items: [...draft.items.map((item) => item.t), ...(reopened?.items ?? []), ...amended.items],
    gone: sent.map((out) => out.localId),
    group:
      draft.acts.length > 0 ||
      shows(before, replica.head) ||
      draft.told.some(({ header }) => header.circle === CIRCLE.staff),
    news: newsOfActs(ctx, replica, draft.acts, membersBefore),
  });
  if (twin) await ctx.twin.notice();
  return { messages: draft.told, acts: draft.acts, claims: draft.claims };
}

/** Whether something of the head changed that the group's view shows. */
function shows(before: Head, after: Head): boolean {
  return (
    before.halted !== after.halted ||
    before.offer !== after.offer ||
    before.restored !== after.restored ||
    before.warnings !== after.warnings
  );
}

/** The newest own message of this device: one that was just sent, or, after going on, one that is read again. */
function withOwn(ctx: Context, draft: Draft, sent: Replica['outbox']): Head {
  const { pid, dev } = ctx.identity();
  const again = draft.head.resuming
    ? draft.chains.get(chainName(pid, dev))?.seen.at(-1)
    : undefined;
  const last = sent
    .map((out) => out.sealed)
    .filter((sealed) => sealed !== null)
    .map(({ ctr, item }) => ({ ctr, item }))
    .concat(again === undefined ? [] : [again])
    .sort((a, b) => a.ctr - b.ctr)
    .at(-1);
  return last === undefined ? draft.head : { ...draft.head, ownCtr: last.ctr, ownItem: last.item };
}

/** Everybody audits everybody's box, and the wrap: the author of a poisoned batch is named. */
function auditBegun(ctx: Context, replica: Replica, draft: Draft): void {
  for (const state of draft.begun) {
    for (const circle of [CIRCLE.everyone, CIRCLE.staff]) {
      const key = state.keys === null ? null : keyOf(replica, state.keys.generation, circle);
      if (key !== null && state.keys !== null && !audit(ctx, key, state))
        replica.head = warn(replica.head, 'boxes', state.keys.author);
      if (state.keys !== null && !wrapFits(ctx, replica, state.keys.generation, circle))
        replica.head = warn(replica.head, 'wrap', state.keys.author);
    }
  }
}
