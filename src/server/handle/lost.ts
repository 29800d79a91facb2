/** Giving back what a restored server lost: hashes up to a position under its own signature, then the items, each checked by its hash. */
import { ok } from '../../lib/result.ts';
import type { Bytes } from '../../lib/bytes.ts';
import { bodyHash, entryHash, firstT, itemHash, nextT } from '../../crypto/hash.ts';
import { verifyCheckpoint } from '../../crypto/verify.ts';
import { replay } from '../../ledger/replay.ts';
import { type Checkpoint, decodeCheckpoint } from '../../protocol/checkpoint.ts';
import { decodeHeader } from '../../protocol/envelope.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import type { Hash, Pid } from '../../protocol/ids.ts';
import { ITEM, type WireItem } from '../../protocol/item.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Group } from '../groups.ts';
import { short } from '../log.ts';
import type { Proof } from '../lost.ts';
import type { Caller } from '../session.ts';
import { afterEntry, afterMessage, type Snapshot } from '../snapshot.ts';
import type { StoredItem, Write } from '../storage/port.ts';
import { aftermath, membershipWrites } from './aftermath.ts';
import { takeLostBoxes } from './objects.ts';

/** The checkpoint shown, if this server signed it. Whoever holds one was served the group up to there. */
function shownCheckpoint(context: Context, bytes: Bytes): Outcome<Checkpoint> {
  const shown = decodeCheckpoint(bytes);
  if (!shown.ok) return shown;
  return verifyCheckpoint(context.p, context.signer.publicKey, shown.value)
    ? shown
    : fail('E_SIG', 'not a checkpoint of this server');
}

/** T before a position that is held; null where it is not. */
async function runningBefore(context: Context, group: Group, t: number): Promise<Hash | null> {
  if (t === 0) return firstT(context.p, group.gid);
  const end = group.working?.position;
  if (end?.t === t) return end.T;
  return (await context.storage.itemAt(group.gid, t - 1))?.T ?? null;
}

export async function lost(
  context: Context,
  caller: Caller,
  args: RequestArgs<'lost'>,
): Promise<Answer<RequestReply<'lost'>>> {
  const wait = context.rates.given.wait(caller.pid);
  if (wait !== null) return later('E_LIMIT', wait, 'things one person gives back');
  context.rates.given.take(caller.pid);
  const shown = shownCheckpoint(context, args.checkpoint);
  if (!shown.ok) return shown;
  const goal = shown.value;
  return context.groups.run(goal.gid, async (group) => {
    const held = group.working?.position ?? null;
    const end = held?.t ?? 0;
    if (goal.t <= end) return ok({ end, next: end, proven: true });
    if (!(await context.lost.notice(goal, held)))
      return fail('E_NOT_FOUND', 'nothing is waited for');
    const proof = context.lost.proof(goal.gid);
    const proven = proof !== null && proof.until > end;
    if (args.hashes.length === 0 || proven) {
      const next = context.lost.wanted(caller.pid, goal) ?? end;
      return ok({ end, next, proven });
    }
    // Hashes go on where those before ended, or begin at a position that is held.
    const begun = context.lost.wanted(caller.pid, goal) === args.from;
    const T = begun ? goal.T : await runningBefore(context, group, args.from);
    if (T === null || (!begun && args.from > end))
      return fail('E_GAP', 'hashes begin where the items held end');
    const { from, hashes } = args;
    const followed = context.lost.follow(caller.pid, goal, held, { from, T, hashes });
    return followed.ok ? ok({ end, ...followed.value }) : followed;
  });
}

interface Taken {
  readonly snapshot: Snapshot;
  readonly item: StoredItem;
  readonly writes: readonly Write[];
  readonly changed: readonly Pid[];
}

interface Place {
  readonly t: number;
  /** T after the item. */
  readonly T: Hash;
  readonly at: number;
}

async function takeEntry(
  context: Context,
  before: Snapshot | null,
  item: WireItem,
  place: Place,
  objects: readonly Bytes[],
): Promise<Outcome<Taken>> {
  const replayed = replay(context.p, before?.state ?? null, item.head);
  if (!replayed.ok) return replayed;
  const { state, act } = replayed.value;
  const snapshot = afterEntry(before, state, place.t, place.T, place.at);
  const { writes, changed } = membershipWrites(before?.state ?? null, state);
  const rest = await aftermath(context.storage, before?.state ?? null, state);
  const stored: StoredItem = {
    kind: 'entry',
    ...place,
    seq: state.seq,
    hash: act.hash,
    head: item.head,
  };
  const boxes = takeLostBoxes(context.p, state, act.action, objects);
  return ok({ snapshot, item: stored, writes: [...writes, ...rest.writes, ...boxes], changed });
}

/** A message without its body is taken too: who gives it back may never have been served it. */
function takeMessage(
  context: Context,
  group: Group,
  before: Snapshot,
  item: WireItem,
  place: Place,
): Outcome<Taken> {
  const decoded = decodeHeader(item.head);
  if (!decoded.ok) return decoded;
  const { author, dev, ctr, circle, bodyLength, bodyHash: named } = decoded.value;
  const { body } = item;
  if (body !== null && (body.length !== bodyLength || bodyHash(context.p, body) !== named))
    return fail('E_FORMAT', 'the body is not the one the header names');
  const due: Write[] = body === null ? [{ kind: 'dueBody', gid: group.gid, t: place.t }] : [];
  return ok({
    snapshot: afterMessage(before, place.T, place.at),
    item: {
      kind: 'message',
      ...place,
      author,
      dev,
      ctr,
      circle,
      hash: itemHash(context.p, item.head),
      head: item.head,
      body,
    },
    writes: due,
    changed: [],
  });
}

/** The items from the group's end on, as far as they are the proven ones. */
async function takeRun(
  context: Context,
  group: Group,
  proof: Proof,
  args: RequestArgs<'giveBack'>,
): Promise<Outcome<Taken[]>> {
  const { p } = context;
  const taken: Taken[] = [];
  let before = group.working;
  for (const item of args.items) {
    const t = before?.position.t ?? 0;
    // Somebody else was faster with the first of them.
    if (item.t < t) continue;
    if (item.t !== t || t >= proof.until) break;
    const hash = item.kind === ITEM.entry ? entryHash(p, item.head) : itemHash(p, item.head);
    if (hash !== proof.hashOf(t)) return fail('E_FORK', 'another item than the signed one');
    const T = nextT(p, before?.position.T ?? firstT(p, group.gid), t, hash);
    // The time is the giver's word: within what the signed checkpoint and the item before leave open.
    const at = Math.max(before?.at ?? 0, Math.min(item.at, proof.goal.time));
    const place = { t, T, at };
    if (item.kind === ITEM.message && before === null)
      return fail('E_FORMAT', 'a timeline begins with an entry');
    const one: Outcome<Taken> =
      item.kind === ITEM.message && before !== null
        ? takeMessage(context, group, before, item, place)
        : await takeEntry(context, before, item, place, args.objects);
    if (!one.ok) return one;
    taken.push(one.value);
    before = one.value.snapshot;
  }
  return ok(taken);
}

export async function giveBack(
  context: Context,
  caller: Caller,
  args: RequestArgs<'giveBack'>,
): Promise<Answer<RequestReply<'giveBack'>>> {
  const wait = context.rates.given.wait(caller.pid);
  if (wait !== null) return later('E_LIMIT', wait, 'things one person gives back');
  context.rates.given.take(caller.pid);
  return context.groups.run(args.gid, async (group) => {
    const end = (): number => group.working?.position.t ?? 0;
    const proof = context.lost.proof(args.gid);
    if (proof === null) return ok({ end: end() });
    const taken = await takeRun(context, group, proof, args);
    if (!taken.ok) return taken;
    const last = taken.value.at(-1);
    if (last === undefined) return ok({ end: end() });
    const outcome = await commitRun(context, group, taken.value, last.snapshot);
    if (outcome !== 'stored') return fail('E_STORAGE', 'the items were not stored');
    context.lost.reached(args.gid, end());
    context.log.info('given back', { gid: short(args.gid), t: end(), count: taken.value.length });
    if (!context.lost.blocks(args.gid))
      context.hub.tellMembers(last.snapshot.state, 'mended', { gid: args.gid });
    return ok({ end: end() });
  });
}

/** All of a call in one transaction; then everybody who listens hears of the items, in their order. */
function commitRun(
  context: Context,
  group: Group,
  taken: readonly Taken[],
  after: Snapshot,
): ReturnType<Group['commit']> {
  const { gid } = group;
  const writes = taken.flatMap((one): Write[] => [
    { kind: 'item', gid, item: one.item },
    ...one.writes,
  ]);
  for (const { item } of taken)
    if (item.kind === 'message') group.countMessage(item.author, item.dev, item.ctr);
  return group.commit(after, writes, () => {
    for (const { item, snapshot } of taken) {
      context.hub.publish(gid, item, snapshot.state, () =>
        context.signer.checkpoint(gid, snapshot.position),
      );
    }
    for (const pid of new Set(taken.flatMap((one) => one.changed)))
      context.hub.tell(pid, 'standing', { gid });
  });
}
