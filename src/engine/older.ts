/** Reading backwards: pages from before this client's timeline, believed only if they fold to a T it already trusts. */
import type { Bytes } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { entryHash, itemHash, nextT } from '../crypto/hash.ts';
import type { GroupState } from '../group/state.ts';
import { replay } from '../ledger/replay.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Hash } from '../protocol/ids.ts';
import { ITEM, type WireItem } from '../protocol/item.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import { amend } from './amend.ts';
import { joinChains } from './chains.ts';
import type { Context } from './context.ts';
import { add, type Draft, newDraft } from './draft.ts';
import { keysOf, takeKeys } from './keyring.ts';
import { messagesFrom, takeMessages } from './messages.ts';
import { type DeviceChain, follow, keyName, keyOf, type Replica, writesOf } from './replica.ts';
import { createTimeline, type StoredItem } from './timeline.ts';

/** Whether something before the held timeline could be read: a shared key reaches back further than the items do. */
export function reachesBack(replica: Replica): boolean {
  if (replica.timeline.first() === 0) return false;
  const earliest = Math.min(...[...replica.keys.values()].map((key) => key.generation));
  const began = replica.generations.get(earliest)?.seq;
  if (began === undefined) return false;
  const firstSeq = replica.timeline.firstSeq();
  return firstSeq !== null && began < firstSeq;
}

/** Fetches the page before the held timeline. E_FORK where it does not fold to the trusted T: the page is refused. */
export async function loadOlder(ctx: Context, replica: Replica): Promise<Outcome<void>> {
  return replica.serial(async () => {
    const until = replica.timeline.first();
    const from = Math.max(0, until - SERVER_LIMITS.queryItems);
    const answer = await ctx.session.call('query', {
      gid: replica.gid,
      by: 'position',
      from,
      until,
      limit: SERVER_LIMITS.queryItems,
      // The newest of the range: a page cut short still ends where the held timeline begins.
      order: 'desc',
    });
    if (!answer.ok) return { ok: false, error: answer.error };
    const { items, before } = answer.value;
    if (!folds(ctx, replica, items, before))
      return fail('E_FORK', 'the page does not lead to what is known');
    const states = statesOf(ctx, replica.log.slice(0, lastSeq(replica) + 1));
    const seqBefore = firstSeq(ctx, replica, items) - 1;
    const since = items[0]?.t === 0 ? 0 : seqBefore + 1;
    const draft = openPage(ctx, replica, { items, before, states, seqBefore, since });
    const broken = joinChains(ctx, replica, draft, until);
    const pages = [
      ...replica.timeline.prepend(before, draft.items),
      ...broken.map((item) => replica.timeline.replace(item)),
    ];
    const { mended } = draft.head;
    replica.head = { ...replica.head, mended, baseT: replica.timeline.first(), base: before };
    const keys = takeKeys(ctx, replica, draft.keys);
    const reopened = keys ? reopen(ctx, replica) : NOTHING;
    pages.push(...reopened.pages);
    const opened = reopened.items.flatMap((t) => replica.timeline.item(t) ?? []);
    const amended = amend(replica, [...draft.items, ...opened]);
    pages.push(...amended.pages);
    await ctx.records.write(writesOf(ctx.records, replica, { pages: new Set(pages), keys }));
    const changed = [...draft.items, ...broken].map((item) => item.t);
    ctx.changed(replica, { items: [...changed, ...reopened.items, ...amended.items] });
    return ok(undefined);
  });
}

function folds(ctx: Context, replica: Replica, items: readonly WireItem[], before: Hash): boolean {
  const first = items[0];
  if (first === undefined) return false;
  let T = before;
  let t = first.t;
  for (const item of items) {
    if (item.t !== t) return false;
    const hash =
      item.kind === ITEM.entry ? entryHash(ctx.p, item.head) : itemHash(ctx.p, item.head);
    T = nextT(ctx.p, T, t, hash);
    t += 1;
  }
  return t === replica.timeline.first() && T === replica.timeline.TAt(t);
}

interface Page {
  readonly items: readonly WireItem[];
  /** T before the first of them. */
  readonly before: Hash;
  /** The states after each entry of the log, and the seq of the last entry before the page; -1: none. */
  readonly states: readonly GroupState[];
  readonly seqBefore: number;
  /** As in Draft. */
  readonly since: number;
  /** Chains as they stood before the page, where it is not the first that is held. */
  readonly chains?: ReadonlyMap<string, DeviceChain>;
  readonly covered?: ReadonlySet<Hash>;
}

/** The items judged by the states of their own time, with chains and keys as they reach. */
function openPage(ctx: Context, replica: Replica, page: Page): Draft {
  const { items, states, seqBefore } = page;
  const first = items[0]?.t ?? 0;
  const past: Replica = {
    ...replica,
    chains: new Map(page.chains),
    timeline: createTimeline(ctx.p, { t: first, T: page.before }, []),
  };
  const draft = newDraft(past, page.covered);
  draft.at = states[seqBefore] ?? replica.state;
  draft.since = page.since;
  let at = 0;
  while (at < items.length) {
    const run = messagesFrom(items, at);
    if (run.length > 0) takeMessages(ctx, past, draft, run);
    at += run.length;
    const item = items[at];
    if (item === undefined) break;
    const hash = entryHash(ctx.p, item.head);
    const seq = replica.heads.indexOf(hash);
    draft.at = states[seq] ?? draft.at;
    add(ctx, draft, {
      t: item.t,
      at: item.at,
      item: hash,
      seq: seq < 0 ? null : seq,
      message: null,
    });
    at += 1;
  }
  return draft;
}

export interface Reopened {
  readonly pages: readonly number[];
  readonly items: readonly number[];
  /** Whether further keys came to light. */
  readonly keys: boolean;
}

const NOTHING: Reopened = { pages: [], items: [], keys: false };

/**
 * Judges again what was kept closed for want of a key that has come since (one shared with who came back, or one that could
 * not be had at first), or for a signature that a later one covers. Answers what changed. Runs inside the replica's serial.
 */
export function reopen(
  ctx: Context,
  replica: Replica,
  covered: ReadonlySet<Hash> = new Set(),
): Reopened {
  const { timeline } = replica;
  const closed = timeline.range(timeline.first(), timeline.end()).filter((item) => {
    if (item.message?.failure === 'E_SIG') return covered.has(item.item);
    const header = item.message?.failure === 'E_HIST' ? decodeHeader(item.message.header) : null;
    return (
      header?.ok === true && keyOf(replica, header.value.generation, header.value.circle) !== null
    );
  });
  const [first] = closed;
  const last = closed.at(-1);
  const before = first === undefined ? null : timeline.TAt(first.t);
  if (first === undefined || last === undefined || before === null) return NOTHING;
  const items = timeline.range(first.t, last.t + 1).map((item) => asServed(replica, item));
  const earlier = timeline.range(timeline.first(), first.t);
  const chains = new Map<string, DeviceChain>();
  for (const item of earlier) follow(chains, item);
  const seqBefore =
    earlier.findLast((item) => item.seq !== null)?.seq ?? firstSeq(ctx, replica, items) - 1;
  const states = statesOf(ctx, replica.log);
  const { since } = newDraft(replica);
  const page = { items, before, states, seqBefore, since, chains, covered };
  const draft = openPage(ctx, replica, page);
  const closedAt = new Set(closed.map((item) => item.t));
  const opened = draft.items.filter(
    (item) => closedAt.has(item.t) && item.message !== null && item.message.payload !== null,
  );
  const pages = opened.map((item) => timeline.replace(item));
  replica.head = { ...replica.head, mended: draft.head.mended };
  const keys = takeKeys(ctx, replica, draft.keys);
  // A key that was passed on in what just opened may open more.
  const more = keys ? reopen(ctx, replica) : NOTHING;
  return {
    pages: [...new Set([...pages, ...more.pages])],
    items: [...opened.map((item) => item.t), ...more.items],
    keys,
  };
}

/** Asks again for a key of the present generation that could not be had when it began. Runs inside the replica's serial. */
export async function fetchMissingKeys(ctx: Context, replica: Replica): Promise<void> {
  const news = await keysOf(ctx, replica, replica.state);
  if (news.kind === 'later' || news.keys.length === 0) return;
  for (const key of news.keys) replica.keys.set(keyName(key.generation, key.circle), key);
  const { pages, items } = reopen(ctx, replica);
  const amended = amend(
    replica,
    items.flatMap((t) => replica.timeline.item(t) ?? []),
  );
  replica.head = { ...replica.head, boxFailed: 0 };
  const changed = new Set([...pages, ...amended.pages]);
  await ctx.records.write(writesOf(ctx.records, replica, { keys: true, pages: changed }));
  ctx.changed(replica, { group: true, items: [...items, ...amended.items] });
}

/** A stored item in the form it came in. */
export function asServed(replica: Replica, item: StoredItem): WireItem {
  const { t, at, seq, message } = item;
  if (message !== null)
    return { t, kind: ITEM.message, head: message.header, body: message.body, at };
  return { t, kind: ITEM.entry, head: replica.log[seq ?? 0] ?? new Uint8Array(), body: null, at };
}

/** The seq that follows the page's first position. */
function firstSeq(ctx: Context, replica: Replica, items: readonly WireItem[]): number {
  const entry = items.find((item) => item.kind === ITEM.entry);
  if (entry !== undefined) return replica.heads.indexOf(entryHash(ctx.p, entry.head));
  return lastSeq(replica) + 1;
}

/** The last seq before the held timeline begins. */
function lastSeq(replica: Replica): number {
  const held = replica.timeline
    .range(replica.timeline.first(), replica.timeline.end())
    .find((item) => item.seq !== null);
  return (held?.seq ?? replica.state.seq + 1) - 1;
}

/** The state after each entry of a log. */
export function statesOf(ctx: Context, log: readonly Bytes[]): GroupState[] {
  const states: GroupState[] = [];
  let state: GroupState | null = null;
  for (const entry of log) {
    const next = replay(ctx.p, state, entry);
    if (!next.ok) return states;
    state = next.value.state;
    states.push(state);
  }
  return states;
}
