/** The latest sealed texts of a group: the profile for members, the staff text for staff. */
import { ok } from '../../lib/result.ts';
import { inCircle } from '../../group/select.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';

export async function sealed(
  context: Context,
  caller: Caller,
  args: RequestArgs<'sealed'>,
): Promise<Answer<RequestReply<'sealed'>>> {
  const snapshot = await context.groups.read(args.gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  if (!snapshot.state.members.has(caller.pid)) return fail('E_NOT_MEMBER');
  if (!inCircle(snapshot.state, caller.pid, args.circle))
    return fail('E_ROLE', 'the staff text is for staff');
  return ok({ text: await context.storage.sealed(args.gid, args.circle) });
}
