/** A sealed message: the server checks its place and its author, never what it says. */
import { equal } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { bodyHash, itemHash, nextT } from '../../crypto/hash.ts';
import { refusal } from '../../group/can.ts';
import { deviceKey, roleOf } from '../../group/select.ts';
import type { GroupState } from '../../group/state.ts';
import { decodeHeader, type MessageHeader } from '../../protocol/envelope.ts';
import { fail, type Failure } from '../../protocol/failure.ts';
import { hasPolicy } from '../../protocol/policy.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { type Answer, later, type Refusal } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Group } from '../groups.ts';
import type { Caller } from '../session.ts';
import { afterMessage, nextPlace, readableUntil } from '../snapshot.ts';
import type { StoredMessage, Write } from '../storage/port.ts';

type Reply = RequestReply<'send'>;
type Thunk = () => Promise<Answer<Reply>>;

const say =
  (answer: Answer<Reply>): Thunk =>
  () =>
    Promise.resolve(answer);

/** Whether this author may put a message of this generation here now. */
function refusedBy(state: GroupState, header: MessageHeader): Failure | null {
  if (state.closed !== null) return { name: 'E_CLOSED', note: 'the group is closed' };
  const role = roleOf(state, header.author);
  if (role === null) return { name: 'E_NOT_MEMBER', note: 'author is no member' };
  const why = refusal({ role, policy: state.policy }, { kind: 'send', circle: header.circle });
  if (why !== null) return why;
  if (deviceKey(state, header.author, header.dev) === null)
    return { name: 'E_DEVICE', note: 'device not in the pinned card' };
  if (state.pending !== null && hasPolicy(state.policy, 'strictPending'))
    return { name: 'E_PENDING', note: 'rotate first' };
  if (state.generation === 0 || header.generation !== state.generation)
    return { name: 'E_STALE_GEN', note: 'not the generation in force' };
  return null;
}

/** A message whose counter was used: the stored answer for the same header, else E_REPLAY with the stored one. */
async function repeated(
  context: Context,
  group: Group,
  caller: Caller,
  header: MessageHeader,
  bytes: Uint8Array,
): Promise<Answer<Reply> | null> {
  const { now } = group;
  const stored = await context.storage.message(group.gid, header.author, header.dev, header.ctr);
  if (stored === null || now === null) return null;
  if (!equal(stored.head, bytes))
    return { ...fail('E_REPLAY', 'another message has this counter'), detail: stored.head };
  const position = readableUntil(now, caller.pid) ?? now.position;
  return ok({
    t: stored.t,
    at: stored.at,
    checkpoint: context.signer.checkpoint(group.gid, position),
  });
}

async function judge(
  context: Context,
  group: Group,
  caller: Caller,
  header: MessageHeader,
  args: RequestArgs<'send'>,
): Promise<Thunk> {
  const { p, rates } = context;
  const before = group.working;
  if (before === null) return say(fail('E_NOT_FOUND', 'no such group'));
  const last = await group.lastCounter(header.author, header.dev);
  if (header.ctr <= last) {
    const answer = await repeated(context, group, caller, header, args.header);
    if (answer !== null) return say(answer);
    // Sent twice at once: the first is on its way to the disk.
    return say(fail('E_BUSY', 'this message is being stored'));
  }
  if (context.lost.blocks(group.gid))
    return say(fail('E_BUSY', 'the server lost items of this group'));
  const refused = refusedBy(before.state, header);
  if (refused !== null) return say({ ok: false, error: refused });
  const wait = rates.messages.wait(caller.pid + caller.dev);
  if (wait !== null) return say(later('E_LIMIT', wait, 'messages of one device'));
  if (header.ctr !== last + 1) return say(gap(last));
  const { file } = args;
  const upload = file === null ? null : await context.storage.upload(group.gid, file, caller.pid);
  if (file !== null && upload?.whole !== true) return say(fail('E_NOT_FOUND', 'no such file'));

  rates.messages.take(caller.pid + caller.dev);
  const place = nextPlace(p, group.gid, before, context.clock());
  const hash = itemHash(p, args.header);
  const T = nextT(p, place.T, place.t, hash);
  const after = afterMessage(before, T, place.at);
  const item: StoredMessage = {
    kind: 'message',
    t: place.t,
    author: header.author,
    dev: header.dev,
    ctr: header.ctr,
    circle: header.circle,
    hash,
    head: args.header,
    body: args.body,
    at: place.at,
    T,
  };
  const checkpoint = (): Reply['checkpoint'] =>
    context.signer.checkpoint(group.gid, after.position);
  group.countMessage(header.author, header.dev, header.ctr);
  const kept: Write[] =
    file === null
      ? []
      : [{ kind: 'keepFile', gid: group.gid, blob: file, pid: caller.pid, t: item.t }];
  const done = group.commit(after, [{ kind: 'item', gid: group.gid, item }, ...kept], () => {
    context.hub.publish(group.gid, item, after.state, checkpoint);
  });
  return async () => {
    const outcome = await done;
    return outcome === 'stored'
      ? ok({ t: item.t, at: item.at, checkpoint: checkpoint() })
      : fail('E_STORAGE', 'the message was not stored');
  };
}

function gap(last: number): Refusal {
  return { ...fail('E_GAP', 'a message of this device is missing'), detail: last };
}

export async function send(
  context: Context,
  caller: Caller,
  args: RequestArgs<'send'>,
): Promise<Answer<Reply>> {
  const header = decodeHeader(args.header);
  if (!header.ok) return header;
  const { author, dev, bodyLength } = header.value;
  if (author !== caller.pid || dev !== caller.dev)
    return fail('E_AUTH', 'a message of another device');
  if (bodyLength !== args.body.length || header.value.bodyHash !== bodyHash(context.p, args.body)) {
    return fail('E_FORMAT', 'the body is not the one the header names');
  }
  const answer = await context.groups.run(header.value.gid, (group) =>
    judge(context, group, caller, header.value, args),
  );
  return answer();
}
