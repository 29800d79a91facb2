/** What a link shows before anybody has an account. */
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';
import { REPLAY } from '../../protocol/limits.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../session.ts';

export async function preview(
  context: Context,
  _connection: Connection,
  args: RequestArgs<'preview'>,
): Promise<Answer<RequestReply<'preview'>>> {
  const { storage } = context;
  const snapshot = await context.groups.read(args.gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const link = snapshot.state.links.get(args.linkPk);
  if (link === undefined) return fail('E_LINK', 'unknown link');
  const sealed = await storage.preview(args.gid, link.previewHash);
  const first = await storage.entryAt(args.gid, 0);
  if (sealed === null || first === null) return fail('E_NOT_FOUND', 'no preview');
  const { expires, maxUses, uses, role, auto, paused, revoked } = link;
  const closed = snapshot.state.closed !== null;
  const full = closed || snapshot.state.members.size >= REPLAY.members;
  return ok({
    entry0: first.head,
    preview: sealed,
    state: { expires, maxUses, uses, role, auto, paused, revoked, full, closed },
    time: context.clock(),
  });
}
