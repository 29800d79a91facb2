/** The log alone. Entry 0 is served to anybody who names it; the rest to members, and to departed ones up to their end. */
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';
import { firstPosition, readableUntil } from '../snapshot.ts';
import { pageLimit } from '../wire.ts';

const PAGE_ENTRIES = 1000;

export async function log(
  context: Context,
  caller: Caller,
  args: RequestArgs<'log'>,
): Promise<Answer<RequestReply<'log'>>> {
  const { gid, seq } = args;
  const snapshot = await context.groups.read(gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const own = readableUntil(snapshot, caller.pid);
  if (own === null && seq !== 0) return fail('E_NOT_MEMBER');
  const end = own ?? firstPosition(context.p, gid);
  const limit = {
    ...pageLimit(context.limits),
    items: Math.max(0, Math.min(PAGE_ENTRIES, end.seq + 1 - seq)),
  };
  const entries = limit.items === 0 ? [] : await context.storage.entries(gid, seq, limit);
  return ok({
    entries: entries.map((entry) => entry.head),
    more: seq + entries.length <= end.seq && entries.length > 0,
    checkpoint: context.signer.checkpoint(gid, end),
  });
}
