/** What the server did not hand out when it came, asked for again once it may be there: bodies and keys it had lost. */
import { bodyHash, itemHash } from '../crypto/hash.ts';
import type { SessionKey } from '../crypto/secret/groupKey.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import type { Context } from './context.ts';
import { keysOf, named, takeKeys } from './keyring.ts';
import { reopen, statesOf } from './older.ts';
import { keyOf, type Replica, writesOf } from './replica.ts';

/**
 * Asks again for what the server did not hand out when it came: bodies that it had lost, and keys of generations in which this
 * account was a member. Runs inside the replica's serial.
 */
export async function askAgain(ctx: Context, replica: Replica): Promise<void> {
  const { timeline } = replica;
  const missing = timeline
    .range(timeline.first(), timeline.end())
    .filter((item) => item.message?.failure === 'E_WITHHELD' && item.message.body === null);
  const pages = new Set<number>();
  for (const item of missing) {
    if (pages.size > 0 && timeline.item(item.t)?.message?.body !== null) continue;
    const answer = await ctx.session.call('query', {
      gid: replica.gid,
      by: 'position',
      from: item.t,
      until: item.t + SERVER_LIMITS.queryItems,
      limit: SERVER_LIMITS.queryItems,
      order: 'asc',
    });
    if (!answer.ok) break;
    for (const served of answer.value.items) {
      const held = timeline.item(served.t);
      const header = held?.message === null ? null : decodeHeader(served.head);
      if (held?.message?.failure !== 'E_WITHHELD' || served.body === null) continue;
      if (held.item !== itemHash(ctx.p, served.head) || header?.ok !== true) continue;
      if (bodyHash(ctx.p, served.body) !== header.value.bodyHash) continue;
      pages.add(
        timeline.replace({
          ...held,
          message: { ...held.message, body: served.body, failure: 'E_HIST' },
        }),
      );
    }
  }
  const keys = await missedKeys(ctx, replica);
  takeKeys(ctx, replica, named(keys));
  if (pages.size + keys.length === 0) return;
  const reopened = reopen(ctx, replica);
  await ctx.records.write(
    writesOf(ctx.records, replica, {
      keys: keys.length > 0,
      pages: new Set([...pages, ...reopened.pages]),
    }),
  );
  ctx.changed(replica, { group: true, items: reopened.items });
}

/** Keys of messages that stayed closed, of generations whose circle this account was in. */
async function missedKeys(ctx: Context, replica: Replica): Promise<SessionKey[]> {
  const { timeline } = replica;
  const generations = new Set<number>();
  for (const { message } of timeline.range(timeline.first(), timeline.end())) {
    const header = message?.failure === 'E_HIST' ? decodeHeader(message.header) : null;
    if (header?.ok !== true) continue;
    const { generation, circle } = header.value;
    if (keyOf(replica, generation, circle) === null) generations.add(generation);
  }
  if (generations.size === 0) return [];
  const states = statesOf(ctx, replica.log);
  const found: SessionKey[] = [];
  for (const generation of [...generations].sort((a, b) => a - b)) {
    const seq = replica.generations.get(generation)?.seq;
    const state = seq === undefined ? undefined : states[seq];
    if (state === undefined) continue;
    const news = await keysOf(ctx, replica, state);
    if (news.kind === 'keys') found.push(...news.keys);
  }
  return found;
}
