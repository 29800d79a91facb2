/** Off-log acts come in here; each kind has its own judge. */
import { decodeAction } from '../../protocol/action.ts';
import { decodeEntry } from '../../protocol/entry.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs } from '../../protocol/request.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';
import { complain, report } from './statement.ts';
import { rejectRequest, takeRequest, withdrawRequest } from './joining.ts';
import type { Offer } from './offered.ts';

type Done = Answer<Record<never, never>>;

function judge(offer: Offer): Promise<Done> {
  const { action } = offer;
  switch (action.kind) {
    case 'RequestToJoin':
      return takeRequest(offer);
    case 'WithdrawRequest':
      return withdrawRequest(offer, action);
    case 'RejectRequest':
      return rejectRequest(offer, action);
    case 'Complain':
      return complain(offer, action);
    case 'Report':
      return report(offer, action);
    default:
      return Promise.resolve(fail('E_FORMAT', 'this act belongs in the log'));
  }
}

export async function offer(
  context: Context,
  caller: Caller,
  args: RequestArgs<'offer'>,
): Promise<Done> {
  const entry = decodeEntry(args.entry);
  if (!entry.ok) return entry;
  const { author, dev, kind, gid, time } = entry.value;
  if (author !== caller.pid || dev !== caller.dev)
    return fail('E_AUTH', 'an act of another device');
  const action = decodeAction(kind, entry.value.body);
  if (!action.ok) return action;
  return context.groups.run(gid, async (group) => {
    const state = group.now?.state;
    if (state === undefined) return fail('E_NOT_FOUND', 'no such group');
    if (state.closed !== null) return fail('E_CLOSED', 'the group is closed');
    const now = Math.max(context.clock(), state.time);
    if (time > now + context.limits.clockAheadMs)
      return fail('E_TIME', 'the act is ahead of the clock');
    const wait = context.rates.entries.wait(caller.pid);
    if (wait !== null) return later('E_LIMIT', wait, 'entries of one author');
    context.rates.entries.take(caller.pid);
    return judge({
      context,
      caller,
      state,
      entry: entry.value,
      action: action.value,
      intro: args.intro,
      now,
    });
  });
}
