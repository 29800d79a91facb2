/**
 * Giving a server back what it lost: it shows less than this client holds, and contradicts nothing. An alarm, and work;
 * the server believes hashes only where they lead to a position it signed itself.
 */
import { concat } from '../lib/bytes.ts';
import type { Bytes } from '../lib/bytes.ts';
import { buildBoxes } from '../crypto/secret/groupKey.ts';
import type { GroupState } from '../group/state.ts';
import { type Checkpoint, decodeCheckpoint } from '../protocol/checkpoint.ts';
import type { Failure } from '../protocol/failure.ts';
import { idBytes } from '../protocol/ids.ts';
import type { WireItem } from '../protocol/item.ts';
import { SERVER_LIMITS, SIZE } from '../protocol/limits.ts';
import type { RequestReply } from '../protocol/request.ts';
import { CIRCLE, type Circle } from '../protocol/role.ts';
import { until } from './append.ts';
import type { Context } from './context.ts';
import { sealPks } from './keyring.ts';
import { asServed, statesOf } from './older.ts';
import { keyOf, type Replica } from './replica.ts';

/** Givers begin at different times, so that not all bring the same; each of this many members may take a step. */
const SPREAD_MS = 100;
const SPREAD_MEMBERS = 40;
/** How long somebody else who gives may rest before this client goes on. */
const WATCH_MS = 1000;
const AGAIN_MS = 2000;
/** Bytes of one call, within a frame. */
const CALL_BYTES = 400 * 1024;
const AROUND_ITEM = 64;
/** Objects of one call (protocol/request.ts). */
const OBJECTS_MAX = 64;

/** Failures after which asking again soon may help. */
const PASSING: ReadonlySet<string> = new Set(['E_TIMEOUT', 'E_BUSY', 'E_STORAGE', 'E_LIMIT']);

/** Notes how many items the server shows. Less than are held is an alarm in the group, until it shows as many again. */
export function noteShown(ctx: Context, replica: Replica, t: number): void {
  const behind = t < replica.timeline.end() ? t : null;
  if (behind === replica.behind) return;
  replica.behind = behind;
  ctx.changed(replica, { group: true });
}

function newest(replica: Replica): Checkpoint | null {
  const held = replica.head.checkpoint === null ? null : decodeCheckpoint(replica.head.checkpoint);
  return held?.ok === true ? held.value : null;
}

const online = (ctx: Context): boolean => ctx.session.state().kind === 'online';

/** Waits, but no longer than the connection holds. */
async function pause(ctx: Context, replica: Replica, ms: number): Promise<void> {
  await until(ctx, replica, () => !online(ctx), ms);
}

/** One giver per group at a time; `caughtUp` is called once the server holds what this client could give. */
export function createGiver(ctx: Context, replica: Replica, caughtUp: () => void): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    const done = give(ctx, replica, caughtUp).finally(() => {
      running = false;
    });
    ctx.tend(done);
  };
}

async function give(ctx: Context, replica: Replica, caughtUp: () => void): Promise<void> {
  const chance = (ctx.p.random(1)[0] ?? 0) / 256;
  await pause(
    ctx,
    replica,
    chance * SPREAD_MS * Math.min(replica.state.members.size, SPREAD_MEMBERS),
  );
  const states = createStates(ctx, replica);
  /** Where the server ended when this client last looked or gave. */
  let left: number | null = null;
  for (;;) {
    const goal = newest(replica);
    if (goal === null || !online(ctx) || replica.head.halted !== null) return;
    const asked = await ctx.session.call('lost', {
      checkpoint: goal.bytes,
      from: 0,
      hashes: new Uint8Array(),
    });
    if (!asked.ok) {
      if (!(await mayGoOn(ctx, replica, asked.error))) return;
      continue;
    }
    const { end, next, proven } = asked.value;
    noteShown(ctx, replica, end);
    if (end >= goal.t) break;
    const othersGive = left === null ? proven : end > left;
    left = end;
    if (othersGive) {
      await pause(ctx, replica, WATCH_MS);
      continue;
    }
    // Only the end of it is held here: somebody who was in the group before has to begin.
    if (end < replica.timeline.first()) return;
    if (!proven && !(await prove(ctx, replica, goal, Math.max(next, replica.timeline.first()))))
      return;
    const page = nextPage(ctx, replica, states, end, goal.t);
    const given = await ctx.session.call('giveBack', { gid: replica.gid, ...page });
    if (given.ok) {
      left = given.value.end;
      noteShown(ctx, replica, left);
    } else if (!(await mayGoOn(ctx, replica, given.error))) return;
  }
  caughtUp();
}

/** Whether trying again makes sense, after a while. */
async function mayGoOn(ctx: Context, replica: Replica, error: Failure): Promise<boolean> {
  if (!PASSING.has(error.name)) return false;
  const wait = (error.retryAt ?? 0) - ctx.clock.now() - ctx.session.clockOffset();
  await pause(ctx, replica, Math.min(Math.max(wait, AGAIN_MS), 30_000));
  return online(ctx);
}

/** Shows the hashes from a position the server holds up to the signed one; true where the items may come. */
async function prove(
  ctx: Context,
  replica: Replica,
  goal: Checkpoint,
  begin: number,
): Promise<boolean> {
  let from = begin;
  while (from < goal.t) {
    const run = replica.timeline.range(from, Math.min(from + SIZE.lostHashes, goal.t));
    const answer = await ctx.session.call('lost', {
      checkpoint: goal.bytes,
      from,
      hashes: concat(...run.map((item) => idBytes(item.item))),
    });
    if (!answer.ok) {
      if (!(await mayGoOn(ctx, replica, answer.error))) return false;
      continue;
    }
    if (answer.value.proven) return true;
    if (answer.value.next <= from) return false;
    from = answer.value.next;
  }
  return false;
}

/** The state after each entry, replayed at the first use. */
interface States {
  readonly at: (seq: number) => GroupState | null;
}

function createStates(ctx: Context, replica: Replica): States {
  let states: readonly GroupState[] = [];
  return {
    at(seq) {
      if (seq >= states.length) states = statesOf(ctx, replica.log);
      return states[seq] ?? null;
    },
  };
}

/** Boxes of a generation as its author made them, from the key; null where this client does not hold it. */
function boxesOf(ctx: Context, replica: Replica, state: GroupState, circle: Circle): Bytes | null {
  const key = keyOf(replica, state.generation, circle);
  return key === null ? null : buildBoxes(ctx.p, key.secret, key, sealPks(state, circle));
}

/** As many items from a position on as fit a call, with the boxes their entries name. */
function nextPage(
  ctx: Context,
  replica: Replica,
  states: States,
  from: number,
  goal: number,
): { items: WireItem[]; objects: Bytes[] } {
  const items: WireItem[] = [];
  const objects: Bytes[] = [];
  let bytes = 0;
  for (const item of replica.timeline.range(
    from,
    Math.min(goal, from + SERVER_LIMITS.queryItems),
  )) {
    const served = asServed(replica, item);
    const state = item.seq === null ? null : states.at(item.seq);
    const begins = state !== null && state.keys !== null && state.keys.seq === item.seq;
    const boxes = begins
      ? [CIRCLE.everyone, CIRCLE.staff].flatMap((circle) => {
          const made = boxesOf(ctx, replica, state, circle);
          return made === null ? [] : [made];
        })
      : [];
    const size =
      served.head.length +
      (served.body?.length ?? 0) +
      AROUND_ITEM +
      boxes.reduce((sum, one) => sum + one.length, 0);
    const full = bytes + size > CALL_BYTES || objects.length + boxes.length > OBJECTS_MAX;
    if (items.length > 0 && full) break;
    bytes += size;
    items.push(served);
    objects.push(...boxes);
  }
  return { items, objects };
}

type Lacking = RequestReply<'lacking'>;

/** Brings what the server lacks beside the items, as far as it is held here; what the staff has to seal anew is noted. */
export async function giveObjects(ctx: Context, replica: Replica): Promise<void> {
  const answer = await ctx.session.call('lacking', { gid: replica.gid });
  if (!answer.ok) return;
  const { sealed, previews } = answer.value;
  const before = replica.lacking;
  replica.lacking = { sealed, previews };
  if (before.sealed.length + before.previews.length + sealed.length + previews.length > 0)
    ctx.changed(replica, {});
  await giveBodies(ctx, replica, answer.value);
  await giveBoxes(ctx, replica, answer.value);
}

async function giveBodies(ctx: Context, replica: Replica, lacking: Lacking): Promise<void> {
  let bodies: { t: number; body: Bytes }[] = [];
  let bytes = 0;
  const send = async (): Promise<void> => {
    if (bodies.length > 0)
      await ctx.session.call('giveObjects', { gid: replica.gid, bodies, boxes: [] });
    bodies = [];
    bytes = 0;
  };
  for (const t of lacking.bodies) {
    const body = replica.timeline.item(t)?.message?.body ?? null;
    if (body === null) continue;
    if (bytes + body.length > CALL_BYTES || bodies.length === SERVER_LIMITS.queryItems)
      await send();
    bodies.push({ t, body });
    bytes += body.length + AROUND_ITEM;
  }
  await send();
}

/** Boxes of one call: of the largest group they fill it. */
const BOXES_PER_CALL = 8;

async function giveBoxes(ctx: Context, replica: Replica, lacking: Lacking): Promise<void> {
  const states = createStates(ctx, replica);
  const made = lacking.boxes.flatMap(({ generation, circle }) => {
    if (keyOf(replica, generation, circle) === null) return [];
    const seq = replica.generations.get(generation)?.seq;
    const state = seq === undefined ? null : states.at(seq);
    const boxes = state === null ? null : boxesOf(ctx, replica, state, circle);
    return boxes === null ? [] : [{ generation, circle, boxes }];
  });
  for (let i = 0; i < made.length; i += BOXES_PER_CALL) {
    const boxes = made.slice(i, i + BOXES_PER_CALL);
    await ctx.session.call('giveObjects', { gid: replica.gid, bodies: [], boxes });
  }
}

/**
 * The last position where the server's T is the own one: what follows was lost there, or taken anew. Null where the server
 * does not say, or where nothing held here is common.
 */
export async function lastCommon(ctx: Context, replica: Replica): Promise<number | null> {
  const shown = await runningAt(ctx, replica, Number.MAX_SAFE_INTEGER);
  if (shown === null) return null;
  let low = replica.timeline.first();
  let high = Math.min(shown.t, replica.timeline.end());
  if (low > high || !(await agrees(ctx, replica, low))) return null;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await agrees(ctx, replica, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function agrees(ctx: Context, replica: Replica, t: number): Promise<boolean> {
  const there = await runningAt(ctx, replica, t);
  return there !== null && there.t === t && there.T === replica.timeline.TAt(t);
}

/** The server's T before a position, or at its end where that is earlier. */
async function runningAt(
  ctx: Context,
  replica: Replica,
  t: number,
): Promise<{ readonly t: number; readonly T: string } | null> {
  const answer = await ctx.session.call('query', {
    gid: replica.gid,
    by: 'position',
    from: t,
    until: t,
    limit: 0,
    order: 'asc',
  });
  if (!answer.ok) return null;
  const checkpoint = decodeCheckpoint(answer.value.checkpoint);
  if (!checkpoint.ok) return null;
  return { t: Math.min(t, checkpoint.value.t), T: answer.value.before };
}

/**
 * The group is halted, and the server signed both histories. Its own hashes, from the last common position on, show it that
 * nothing can be given back to this one any more; it stops waiting for that.
 */
export async function partWays(ctx: Context, replica: Replica): Promise<void> {
  const goal = newest(replica);
  if (goal === null) return;
  const common = await lastCommon(ctx, replica);
  if (common !== null && common < goal.t) await prove(ctx, replica, goal, common);
}
