/** Reading a timeline: from a position on and then as it grows, or a range of it. */
import { present } from '../../lib/assert.ts';
import { ok } from '../../lib/result.ts';
import { firstT } from '../../crypto/hash.ts';
import { roleOf } from '../../group/select.ts';
import { fail } from '../../protocol/failure.ts';
import type { Gid, Hash, Pid } from '../../protocol/ids.ts';
import { isStaff } from '../../protocol/role.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Group } from '../groups.ts';
import type { Caller } from '../session.ts';
import { readableUntil, type Snapshot } from '../snapshot.ts';
import { pageLimit, toWire } from '../wire.ts';

function servedAsStaff(snapshot: Snapshot, pid: Pid): boolean {
  const role = roleOf(snapshot.state, pid);
  return role !== null && isStaff(role);
}

async function follow(
  context: Context,
  group: Group,
  caller: Caller,
  from: number,
): Promise<Answer<RequestReply<'subscribe'>>> {
  const before = group.now;
  if (before === null) return fail('E_NOT_FOUND', 'no such group');
  const end = readableUntil(before, caller.pid);
  if (end === null) return fail('E_NOT_MEMBER');
  const stored = await context.storage.items(
    group.gid,
    from,
    end.t,
    pageLimit(context.limits),
    'oldest',
  );
  // Commits are told outside this job: what came while the page was read is either in it or still to be asked for.
  const now = present(group.now, 'a group does not vanish');
  const reached = from + stored.length;
  const goal = readableUntil(now, caller.pid) ?? end;
  const more = reached < goal.t;
  const staff = servedAsStaff(now, caller.pid);
  const page = {
    items: stored.map((item) => toWire(item, staff)),
    checkpoint: context.signer.checkpoint(group.gid, goal),
    more,
  };
  if (more || !now.state.members.has(caller.pid)) return ok(page);
  return { ok: true, value: page, after: context.hub.subscribe(group.gid, caller) };
}

export function subscribe(
  context: Context,
  caller: Caller,
  args: RequestArgs<'subscribe'>,
): Promise<Answer<RequestReply<'subscribe'>>> {
  return context.groups.run(args.gid, (group) => follow(context, group, caller, args.t));
}

/** T before item number t. */
async function runningBefore(context: Context, gid: Gid, t: number): Promise<Hash> {
  if (t === 0) return firstT(context.p, gid);
  return present(await context.storage.itemAt(gid, t - 1), 'a timeline has no hole').T;
}

export async function query(
  context: Context,
  caller: Caller,
  args: RequestArgs<'query'>,
): Promise<Answer<RequestReply<'query'>>> {
  const { storage, limits, signer } = context;
  const { gid, by, limit } = args;
  if (args.from > args.until) return fail('E_FORMAT', 'from is after until');
  if (limit > limits.queryItems) return fail('E_LIMIT', `at most ${limits.queryItems} items`);
  const snapshot = await context.groups.read(gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const end = readableUntil(snapshot, caller.pid);
  if (end === null) return fail('E_NOT_MEMBER');
  const from = Math.min(
    end.t,
    by === 'position' ? args.from : await storage.positionAt(gid, args.from),
  );
  const until = Math.min(
    end.t,
    by === 'position' ? args.until : await storage.positionAt(gid, args.until + 1),
  );
  const which = args.order === 'asc' ? 'oldest' : 'newest';
  const items =
    limit === 0 ? [] : await storage.items(gid, from, until, pageLimit(limits, limit), which);
  const first = items[0]?.t ?? (which === 'oldest' ? from : until);
  const staff = servedAsStaff(snapshot, caller.pid);
  return ok({
    items: items.map((item) => toWire(item, staff)),
    before: await runningBefore(context, gid, first),
    checkpoint: signer.checkpoint(gid, end),
  });
}
