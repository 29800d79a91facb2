/** Becoming a member: the log read from its first entry, the own admission found, the timeline begun at what the adder had seen. */
import type { Bytes } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid } from '../protocol/ids.ts';
import { keysOf, walkBack } from './keyring.ts';
import type { Context } from './context.ts';
import { createReplica, emptyBase, keyName, type Replica, replayAll, writesOf } from './replica.ts';

async function readLog(ctx: Context, gid: Gid): Promise<Outcome<Bytes[]>> {
  const log: Bytes[] = [];
  for (;;) {
    const answer = await ctx.session.call('log', { gid, seq: log.length });
    if (!answer.ok) return { ok: false, error: answer.error };
    log.push(...answer.value.entries);
    if (!answer.value.more || answer.value.entries.length === 0) return ok(log);
  }
}

/** Builds and stores the replica of a group this account was added to. `asked`: it had asked to join itself. */
export async function joinGroup(ctx: Context, gid: Gid, asked: boolean): Promise<Outcome<Replica>> {
  const log = await readLog(ctx, gid);
  if (!log.ok) return log;
  const whole = replayAll(ctx.p, log.value);
  if (whole === null || whole.state.gid !== gid)
    return fail('E_FORK', 'the log does not replay to this group');
  const me = ctx.identity().pid;
  const admission = whole.acts.findLast((act) => act.admissions.some((one) => one.pid === me));
  if (admission === undefined) return fail('E_NOT_MEMBER', 'not in the log');
  const upTo = replayAll(ctx.p, log.value.slice(0, admission.entry.seq + 1));
  if (upTo === null) return fail('E_FORK', 'the log does not replay');
  const { view } = admission.entry;
  const base = view.t === 0 ? emptyBase(ctx.p, gid) : view;
  const byRequest = admission.admissions.some((one) => one.pid === me && one.request !== null);
  const replica = createReplica(ctx.p, {
    ...upTo,
    gid,
    log: log.value.slice(0, admission.entry.seq + 1),
    base,
    standing: asked || byRequest ? 'member' : 'invited',
  });
  replica.head = { ...replica.head, lastAddition: admission.entry.seq };
  const news = await keysOf(ctx, replica, replica.state);
  if (news.kind === 'later') return fail('E_OFFLINE', 'the key could not be fetched');
  for (const key of news.keys) {
    replica.keys.set(keyName(key.generation, key.circle), key);
    for (const earlier of walkBack(ctx, replica, key))
      replica.keys.set(keyName(earlier.generation, earlier.circle), earlier);
  }
  if (news.failures.length > 0)
    replica.head = { ...replica.head, boxFailed: replica.state.generation };
  await ctx.records.write(writesOf(ctx.records, replica, { logFrom: 0, keys: true, outbox: true }));
  return ok(replica);
}
