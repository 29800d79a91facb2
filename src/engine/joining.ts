/** Becoming a member: the log read from its first entry, the own admission found, the timeline begun at what the adder had seen. */
import type { Bytes } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import type { GroupState } from '../group/state.ts';
import { replay } from '../ledger/replay.ts';
import { decodeEntry } from '../protocol/entry.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { audit, keysOf, named, takeKeys, walkBack } from './keyring.ts';
import { UNCONFIRMED } from './confirm.ts';
import type { Context } from './context.ts';
import { warn } from './judge.ts';
import { createReplica, emptyBase, keyName, type Replica, replayAll, writesOf } from './replica.ts';

async function readLog(ctx: Context, gid: Gid, from = 0): Promise<Outcome<Bytes[]>> {
  const log: Bytes[] = [];
  for (;;) {
    const answer = await ctx.session.call('log', { gid, seq: from + log.length });
    if (!answer.ok) return { ok: false, error: answer.error };
    log.push(...answer.value.entries);
    if (!answer.value.more || answer.value.entries.length === 0) return ok(log);
  }
}

const countersOf = (
  counted: { readonly ownCtr: number; readonly ownItem: Hash } | undefined,
): Partial<{ ownCtr: number; ownItem: Hash }> =>
  counted === undefined ? {} : { ownCtr: counted.ownCtr, ownItem: counted.ownItem };

/**
 * Builds and stores the replica of a group this account was added to. `asked`: it had asked to join itself. `counted`: where
 * this device's messages stood in a group that was erased here.
 */
export async function joinGroup(
  ctx: Context,
  gid: Gid,
  asked: boolean,
  lastSeen: { readonly seq: number; readonly head: Hash } | null = null,
  counted: { readonly ownCtr: number; readonly ownItem: Hash } | undefined,
): Promise<Outcome<Replica>> {
  const log = await readLog(ctx, gid);
  if (!log.ok) return log;
  const whole = replayAll(ctx.p, log.value);
  if (whole === null || whole.state.gid !== gid)
    return fail('E_FORK', 'the log does not replay to this group');
  const me = ctx.identity().pid;
  // Who founded the group was never admitted: the first entry is its founding.
  const founding = whole.acts[0]?.entry.author === me ? whole.acts[0] : undefined;
  const admission =
    whole.acts.findLast((act) => act.admissions.some((one) => one.pid === me)) ?? founding;
  if (admission === undefined) return fail('E_NOT_MEMBER', 'not in the log');
  const upTo = replayAll(ctx.p, log.value.slice(0, admission.entry.seq + 1));
  if (upTo === null) return fail('E_FORK', 'the log does not replay');
  const { view } = admission.entry;
  const base = view.t === 0 ? emptyBase(ctx.p, gid) : view;
  const byRequest = admission.admissions.some((one) => one.pid === me && one.request !== null);
  const replica = createReplica(ctx.p, {
    ...upTo,
    gid,
    prior: replayAll(ctx.p, log.value.slice(0, admission.entry.seq))?.state ?? null,
    log: log.value.slice(0, admission.entry.seq + 1),
    base,
    standing: asked || byRequest || admission === founding ? 'member' : 'invited',
  });
  replica.head = { ...replica.head, ...countersOf(counted), lastAddition: admission.entry.seq };
  if (lastSeen !== null) replica.head = { ...replica.head, restored: UNCONFIRMED };
  // What the account saw before it was restored here: another entry in that place is proof, a shorter log a warning.
  const there = lastSeen === null ? null : whole.heads[lastSeen.seq];
  if (lastSeen !== null && there === undefined) replica.head = warn(replica.head, 'withheld', null);
  if (lastSeen !== null && there !== undefined && there !== lastSeen.head)
    replica.head = { ...replica.head, halted: 'E_FORK' };
  const news = await keysOf(ctx, replica, replica.state);
  if (news.kind === 'later') return fail('E_OFFLINE', 'the key could not be fetched');
  takeKeys(ctx, replica, named(news.keys));
  if (news.failures.length > 0)
    replica.head = {
      ...replica.head,
      boxFailed: replica.state.generation,
      failedCircle: news.failures[0]?.circle ?? 0,
    };
  for (const key of news.keys)
    if (!audit(ctx, key, replica.state))
      replica.head = warn(replica.head, 'boxes', admission.entry.author);
  await ctx.records.write(writesOf(ctx.records, replica, { logFrom: 0, keys: true, outbox: true }));
  return ok(replica);
}

/**
 * For who was away and is a member again: reads the log ahead of the timeline for the key of the return and walks back from
 * it, so that what was written meanwhile opens as it is read, as far as history was shared. Believes nothing but the key.
 */
export async function keysAhead(ctx: Context, replica: Replica): Promise<void> {
  const me = ctx.identity().pid;
  const log = await readLog(ctx, replica.gid, replica.log.length);
  if (!log.ok) return;
  await replica.serial(async () => {
    let { state } = replica;
    const generations = new Map(replica.generations);
    let returned: GroupState | null = null;
    for (const entry of log.value) {
      if (decodeSeq(entry) <= state.seq) continue;
      const next = replay(ctx.p, state, entry);
      if (!next.ok) return;
      ({ state } = next.value);
      if (state.keys !== null) generations.set(state.keys.generation, state.keys);
      if (next.value.act.admissions.some((one) => one.pid === me)) returned = state;
    }
    if (returned === null) return;
    const ahead: Replica = { ...replica, generations };
    const news = await keysOf(ctx, ahead, returned);
    if (news.kind === 'later' || news.keys.length === 0) return;
    for (const key of news.keys) {
      replica.keys.set(keyName(key.generation, key.circle), key);
      for (const earlier of walkBack(ctx, ahead, key))
        replica.keys.set(keyName(earlier.generation, earlier.circle), earlier);
    }
    await ctx.records.write(writesOf(ctx.records, replica, { keys: true }));
  });
}

function decodeSeq(bytes: Bytes): number {
  const entry = decodeEntry(bytes);
  return entry.ok ? entry.value.seq : -1;
}
