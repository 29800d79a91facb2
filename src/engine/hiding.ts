/** Hiding what some people wrote, and showing it again: one message after the other, a few at a time, so that what else waits to be sent here goes out between them. */
import { ok } from '../lib/result.ts';
import type { MessageCount, TaskAct } from '../client/view.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Hash, Pid } from '../protocol/ids.ts';
import { CLIENT } from '../protocol/limits.ts';
import { CIRCLE, isStaff } from '../protocol/role.ts';
import { decodePayload } from '../protocol/text.ts';
import { until } from './append.ts';
import type { Standing } from './annotations.ts';
import type { Context } from './context.ts';
import { loadOlder, reachesBack } from './older.ts';
import { discard, enqueue } from './outbox.ts';
import type { Replica } from './replica.ts';
import type { Room } from './rooms.ts';
import type { StoredItem } from './timeline.ts';

/** Half of the server's burst of messages: a word of one's own never waits behind more than these. */
const AT_ONCE = 10;

export type HidingAct = Extract<TaskAct, { kind: 'hide' | 'show' }>;

/** How many messages there were to do before, and how many are left. */
export interface Hidden {
  readonly before: number;
  readonly left: number;
}

interface Written {
  readonly item: Hash;
  readonly at: number;
  readonly hidden: Standing['hidden'];
}

/** Asked for every message of a long group with each step of a task, and the same as long as the item is. */
const authors = new WeakMap<StoredItem, { readonly author: Pid | null }>();

/** Who said this to everybody, in a text or a file that can be read here; null for anything else. */
function authorOf(item: StoredItem): Pid | null {
  const known = authors.get(item);
  if (known !== undefined) return known.author;
  const author = readAuthor(item);
  authors.set(item, { author });
  return author;
}

function readAuthor({ message }: StoredItem): Pid | null {
  if (message === null || message.payload === null) return null;
  const header = decodeHeader(message.header);
  if (!header.ok || header.value.circle === CIRCLE.staff) return null;
  const payload = decodePayload(message.payload);
  const said = payload.ok && (payload.value.type === 'text' || payload.value.type === 'file');
  return said ? header.value.author : null;
}

/** What these people wrote to everybody and can be read here, without what they deleted themselves. */
function writtenBy(replica: Replica, people: readonly Pid[], since: number): readonly Written[] {
  const who = new Set(people);
  const { timeline } = replica;
  return timeline.range(timeline.first(), timeline.end()).flatMap((held): Written[] => {
    if (held.at < since) return [];
    const author = authorOf(held);
    if (author === null || !who.has(author)) return [];
    const standing = replica.annotations.of(held.item, author);
    const { item, at } = held;
    return standing.deleted === null ? [{ item, at, hidden: standing.hidden }] : [];
  });
}

export function countMessages(
  replica: Replica,
  people: readonly Pid[],
  since: readonly number[],
): MessageCount {
  const written = writtenBy(replica, people, 0).filter((one) => one.hidden === null);
  return {
    since: since.map((time) => written.filter((one) => one.at >= time).length),
    all: !reachesBack(replica),
  };
}

/** What waits in the outbox to be said of messages: whether each will be hidden. */
function saidSoon(replica: Replica): ReadonlyMap<Hash, boolean> {
  return new Map(
    replica.outbox.flatMap((out): (readonly [Hash, boolean])[] => {
      const payload = decodePayload(out.payload);
      return payload.ok && payload.value.type === 'hide'
        ? [[payload.value.of as Hash, !payload.value.undo]]
        : [];
    }),
  );
}

/** Messages that do not stand yet as the act wants them. Those done by whomever, or by an earlier try, are none. */
function leftOf(ctx: Context, replica: Replica, act: HidingAct): readonly Hash[] {
  const written = writtenBy(replica, act.people, act.since);
  if (act.kind === 'hide')
    return written.filter((one) => one.hidden === null).map((one) => one.item);
  const me = ctx.identity().pid;
  const soon = saidSoon(replica);
  const isOurs = ({ hidden }: Written): boolean =>
    hidden !== null && hidden.by === me && hidden.t >= act.from;
  return written.filter((one) => isOurs(one) || soon.get(one.item) === true).map((one) => one.item);
}

/** Fetches earlier pages as far back as the act reaches and what was shared reaches. */
async function fetchBack(ctx: Context, replica: Replica, since: number): Promise<Outcome<void>> {
  const { timeline } = replica;
  while (reachesBack(replica) && (timeline.item(timeline.first())?.at ?? 0) >= since) {
    const older = await loadOlder(ctx, replica);
    if (!older.ok) return older;
  }
  return ok(undefined);
}

/**
 * Reads on as far as the server has come: nothing is said by a right that was taken away while this device was offline,
 * for everybody would refuse it.
 */
async function readOn(ctx: Context, replica: Replica): Promise<Outcome<void>> {
  for (;;) {
    const from = replica.timeline.end();
    const answer = await ctx.session.call('subscribe', { gid: replica.gid, t: from });
    if (!answer.ok) return { ok: false, error: answer.error };
    const { items, more } = answer.value;
    const here = (): boolean => replica.timeline.end() >= from + items.length;
    if (!here()) ctx.catchUp(replica.gid);
    const over = (): boolean => here() || ctx.session.state().kind !== 'online';
    await until(ctx, replica, over, CLIENT.callTimeoutMs);
    if (!here()) return fail('E_BUSY', 'what came since is not read yet');
    if (!more) return ok(undefined);
  }
}

/**
 * Does some of it and waits until the server shows it. What an earlier try has put into the outbox is not put there twice.
 * E_ROLE: only owner and moderators hide.
 */
export async function hideSome(
  ctx: Context,
  { replica, pump }: Room,
  act: HidingAct,
): Promise<Outcome<Hidden>> {
  const current = await readOn(ctx, replica);
  if (!current.ok) return current;
  const me = replica.state.members.get(ctx.identity().pid);
  if (me === undefined || !isStaff(me.role)) return fail('E_ROLE', 'owner and moderators hide');
  const fetched = await fetchBack(ctx, replica, act.since);
  // A page that does not fit is refused as everywhere; what is held here is hidden all the same.
  if (!fetched.ok && fetched.error.name !== 'E_FORK') return fetched;
  const open = leftOf(ctx, replica, act);
  const batch = new Set(open.slice(0, AT_ONCE));
  const hidden = act.kind === 'hide';
  const soon = saidSoon(replica);
  for (const of of batch) {
    if (soon.get(of) === hidden) continue;
    const payload = { type: 'hide', of, undo: !hidden, reason: '' } as const;
    const queued = await enqueue(ctx, replica, payload, CIRCLE.everyone, true);
    if (!queued.ok) return queued;
  }
  pump();
  const waiting = (): readonly Hash[] =>
    leftOf(ctx, replica, act).filter((item) => batch.has(item));
  const refusals = () =>
    replica.outbox.flatMap((out) => {
      const payload = out.failed === null ? null : decodePayload(out.payload);
      if (out.failed === null || payload?.ok !== true || payload.value.type !== 'hide') return [];
      return batch.has(payload.value.of as Hash) ? [{ id: out.localId, name: out.failed }] : [];
    });
  const over = (): boolean =>
    waiting().length === 0 || refusals().length > 0 || ctx.session.state().kind !== 'online';
  await until(ctx, replica, over, CLIENT.callTimeoutMs);
  const refused = refusals();
  for (const { id } of refused) await discard(ctx, replica, id);
  const [first] = refused;
  if (first !== undefined) return fail(first.name);
  if (waiting().length > 0)
    return fail(ctx.session.state().kind === 'online' ? 'E_TIMEOUT' : 'E_OFFLINE');
  return ok({ before: open.length, left: leftOf(ctx, replica, act).length });
}
