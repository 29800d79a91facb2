/** Sealed keys of a generation: one's own, or all of them for the audit. */
import { concat } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';
import { SIZE } from '../../protocol/limits.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';
import { readableUntil } from '../snapshot.ts';

const EPHEMERAL = 32;

/** A departed member may still open what was sealed to it while it was one. */
export async function box(
  context: Context,
  caller: Caller,
  args: RequestArgs<'box'>,
): Promise<Answer<RequestReply<'box'>>> {
  const snapshot = await context.groups.read(args.gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  if (readableUntil(snapshot, caller.pid) === null) return fail('E_NOT_MEMBER');
  const stored = await context.storage.boxes(args.gid, args.generation, args.circle);
  const place = stored?.roster.indexOf(caller.pid) ?? -1;
  if (stored === null || place === -1) return fail('E_NOT_FOUND', 'no box for this member');
  const start = EPHEMERAL + SIZE.box * place;
  return ok({
    box: concat(
      stored.boxes.subarray(0, EPHEMERAL),
      stored.boxes.subarray(start, start + SIZE.box),
    ),
  });
}

export async function boxes(
  context: Context,
  caller: Caller,
  args: RequestArgs<'boxes'>,
): Promise<Answer<RequestReply<'boxes'>>> {
  const snapshot = await context.groups.read(args.gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  if (!snapshot.state.members.has(caller.pid)) return fail('E_NOT_MEMBER');
  const stored = await context.storage.boxes(args.gid, args.generation, args.circle);
  if (stored === null) return fail('E_NOT_FOUND', 'no such generation');
  if (!stored.roster.includes(caller.pid)) return fail('E_NOT_MEMBER', 'not of that circle then');
  return ok({ boxes: stored.boxes });
}
