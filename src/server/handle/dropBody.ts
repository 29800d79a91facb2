/** Dropping the body of a deleted message: on the signed wish of its author's device, and of nobody else. Its file goes with it; header and chain stay. */
import { ok } from '../../lib/result.ts';
import { SIGN } from '../../crypto/label.ts';
import { verifySigned } from '../../crypto/verify.ts';
import { bodyToDrop } from '../../protocol/auth.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';
import { newestCard } from './newestCard.ts';

export async function dropBody(
  context: Context,
  caller: Caller,
  args: RequestArgs<'dropBody'>,
): Promise<Answer<Record<never, never>>> {
  const { gid, t, signature } = args;
  const item = await context.storage.itemAt(gid, t);
  if (item?.kind !== 'message') return fail('E_NOT_FOUND', 'no message there');
  if (item.author !== caller.pid) return fail('E_AUTH', 'a message of somebody else');
  const card = await newestCard(context.storage, caller.pid);
  const device = card?.devices.find((one) => one.dev === caller.dev);
  const wish = bodyToDrop(gid, item.hash);
  if (device === undefined || !verifySigned(context.p, SIGN.drop, device.signPk, wish, signature))
    return fail('E_SIG', 'signature of the wish');
  if (item.body === null) return ok({});
  const outcome = await context.storage.commit([
    { kind: 'dropBody', gid, t },
    { kind: 'dropFile', gid, t },
  ]);
  return outcome === 'stored' ? ok({}) : fail('E_STORAGE');
}
