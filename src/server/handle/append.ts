/** A signed entry at the head of a group's log: the one replay decides, the storage makes it last. */
import { equal } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { gidOf, nextT } from '../../crypto/hash.ts';
import { type Replayed, replay } from '../../ledger/replay.ts';
import type { Action } from '../../protocol/action.ts';
import { decodeEntry, type Entry } from '../../protocol/entry.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { ZERO_HASH } from '../../protocol/ids.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Group } from '../groups.ts';
import { short } from '../log.ts';
import type { Caller } from '../session.ts';
import { afterEntry, nextPlace, readableUntil, type Snapshot } from '../snapshot.ts';
import type { StoredEntry, Write } from '../storage/port.ts';
import { takeObjects } from './objects.ts';
import { aftermath, membershipWrites } from './aftermath.ts';

type Reply = RequestReply<'append'>;
type Thunk = () => Promise<Answer<Reply>>;

const say =
  (answer: Answer<Reply>): Thunk =>
  () =>
    Promise.resolve(answer);

/** Refusals for the place alone, found before any signature is checked. */
const RACED: ReadonlySet<string> = new Set(['E_SEQ', 'E_PREV']);

/** The answer that was given when the very same bytes were appended, else null. */
async function storedAnswer(
  context: Context,
  group: Group,
  caller: Caller,
  entry: Entry,
): Promise<Reply | null> {
  const { now } = group;
  if (now === null || entry.seq > now.state.seq) return null;
  const stored = await context.storage.entryAt(group.gid, entry.seq);
  if (stored === null || !equal(stored.head, entry.bytes)) return null;
  const position = readableUntil(now, caller.pid) ?? now.position;
  return { t: stored.t, at: stored.at, checkpoint: context.signer.checkpoint(group.gid, position) };
}

/** What the server asks beyond replay. */
async function serverRules(
  context: Context,
  before: Snapshot | null,
  { act }: Replayed,
): Promise<Outcome<null>> {
  const { entry, action } = act;
  const latest = Math.max(context.clock(), before?.state.time ?? 0);
  if (entry.time > latest + context.limits.clockAheadMs)
    return fail('E_TIME', 'the entry is ahead of the clock');
  if (action.kind === 'SpawnGroup' && !equal(action.serverPk, context.signer.publicKey))
    return fail('E_SIG', 'key of another server');
  if (action.kind === 'UpdateCard') {
    const published = await context.storage.cards(entry.author);
    if (!published.some((card) => card.hash === entry.card))
      return fail('E_CARD', 'the card is not published');
  }
  return ok(null);
}

/** Whether an entry says anew what the group is called and looks like. A new key only seals the same words again. */
function sealsProfile(action: Action): boolean {
  return (
    action.kind === 'InitGroup' ||
    (action.kind === 'EditGroupInfo' && action.profileHash !== ZERO_HASH)
  );
}

async function judge(
  context: Context,
  group: Group,
  caller: Caller,
  entry: Entry,
  args: RequestArgs<'append'>,
): Promise<Thunk> {
  const { p, storage, signer, hub } = context;
  const stored = await storedAnswer(context, group, caller, entry);
  if (stored !== null) return say(ok(stored));
  if (context.lost.blocks(group.gid))
    return say(fail('E_BUSY', 'the server lost items of this group'));
  const before = group.working;
  if (before === null && entry.kind !== 'SpawnGroup')
    return say(fail('E_NOT_FOUND', 'no such group'));
  const wait = context.rates.entries.wait(caller.pid);
  if (wait !== null) return say(later('E_LIMIT', wait, 'entries of one author'));
  const replayed = replay(p, before?.state ?? null, args.entry);
  if (!replayed.ok) {
    // Losing a race costs nothing; whatever was looked at beyond the place in the log does.
    if (!RACED.has(replayed.error.name)) context.rates.entries.take(caller.pid);
    return say(replayed);
  }
  const allowed = await serverRules(context, before, replayed.value);
  if (!allowed.ok) return say(allowed);
  const { state, act } = replayed.value;
  const objects = await takeObjects(p, storage, state, act.action, args.objects);
  if (!objects.ok) return say(objects);

  context.rates.entries.take(caller.pid);
  const place = nextPlace(p, group.gid, before, context.clock());
  const T = nextT(p, place.T, place.t, act.hash);
  const after = afterEntry(before, state, place.t, T, place.at);
  const item: StoredEntry = {
    kind: 'entry',
    t: place.t,
    seq: state.seq,
    hash: act.hash,
    head: entry.bytes,
    at: place.at,
    T,
  };
  const { writes, changed } = membershipWrites(before?.state ?? null, state);
  const rest = await aftermath(storage, before?.state ?? null, state);
  const image: Write[] = sealsProfile(act.action)
    ? [{ kind: 'keepImage', gid: group.gid, pid: caller.pid, blob: args.image }]
    : [];
  const checkpoint = (): Reply['checkpoint'] => signer.checkpoint(group.gid, after.position);
  const done = group.commit(
    after,
    [{ kind: 'item', gid: group.gid, item }, ...writes, ...objects.value, ...rest.writes, ...image],
    () => {
      hub.publish(group.gid, item, state, checkpoint);
      for (const pid of changed) hub.tell(pid, 'standing', { gid: group.gid }, caller.connection);
      if (rest.queueChanged) hub.tellStaff(state, 'requests', { gid: group.gid });
    },
  );
  return async () => {
    const outcome = await done;
    if (outcome !== 'stored') return fail('E_STORAGE', 'the entry was not stored');
    context.log.info('appended', {
      gid: short(group.gid),
      kind: entry.kind,
      seq: state.seq,
      members: state.members.size,
    });
    return ok({ t: item.t, at: item.at, checkpoint: checkpoint() });
  };
}

export async function append(
  context: Context,
  caller: Caller,
  args: RequestArgs<'append'>,
): Promise<Answer<Reply>> {
  const entry = decodeEntry(args.entry);
  if (!entry.ok) return entry;
  if (entry.value.author !== caller.pid || entry.value.dev !== caller.dev)
    return fail('E_AUTH', 'an entry of another device');
  const gid =
    entry.value.kind === 'SpawnGroup' ? gidOf(context.p, entry.value.bytes) : entry.value.gid;
  const answer = await context.groups.run(gid, (group) =>
    judge(context, group, caller, entry.value, args),
  );
  return answer();
}
