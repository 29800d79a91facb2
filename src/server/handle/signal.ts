/** Signs of life: handed on to the other members who listen now, and kept nowhere. */
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs } from '../../protocol/request.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';

export async function signal(
  context: Context,
  caller: Caller,
  args: RequestArgs<'signal'>,
): Promise<Answer<Record<never, never>>> {
  const { gid } = args;
  const { pid, dev, connection } = caller;
  const wait = context.rates.signals.wait(pid + dev);
  if (wait !== null) return later('E_LIMIT', wait, 'signs of life of one device');
  context.rates.signals.take(pid + dev);
  const snapshot = await context.groups.read(gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const { state } = snapshot;
  if (!state.members.has(pid)) return fail('E_NOT_MEMBER');
  if (state.closed !== null) return fail('E_CLOSED', 'the group is closed');
  context.hub.tellMembers(state, 'signal', { gid, pid, dev, signal: args.signal }, connection);
  return ok({});
}
