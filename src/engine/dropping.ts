/** Own deleted messages: their bodies are asked off the server, until it has dropped them. */
import { SIGN } from '../crypto/label.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { bodyToDrop } from '../protocol/auth.ts';
import type { Hash } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import type { TakenMessage } from './draft.ts';
import { standingOf } from './amend.ts';
import { type Head, KNOWN_MAX, type Replica, writesOf } from './replica.ts';

/** Notes what the own deletions among these messages leave to be dropped: the text, its edits, nothing of others. */
export function noteDropping(
  ctx: Context,
  replica: Replica,
  head: Head,
  told: readonly TakenMessage[],
): Head {
  const me = ctx.identity().pid;
  const gone = told.flatMap(({ header, payload }): Hash[] => {
    if (payload.type !== 'delete' || header.author !== me) return [];
    const item = replica.timeline.find(payload.of as Hash);
    const standing = item === null ? null : standingOf(replica, item);
    return item === null || standing === null
      ? []
      : [item.item, ...standing.edits.map((edit) => edit.item)];
  });
  return gone.length === 0
    ? head
    : { ...head, dropping: [...new Set([...head.dropping, ...gone])].slice(-KNOWN_MAX) };
}

/** Asks the server to drop what is noted. Several devices of an account may ask; the second finds nothing left. */
export async function dropBodies(ctx: Context, replica: Replica): Promise<void> {
  const { gid } = replica;
  for (const item of replica.head.dropping) {
    const held = replica.timeline.find(item);
    if (held !== null) {
      const { device } = ctx.identity();
      const signature = signLabelled(ctx.p, SIGN.drop, device.secretKey, bodyToDrop(gid, item));
      const answer = await ctx.session.call('dropBody', { gid, t: held.t, signature });
      if (!answer.ok && answer.error.name !== 'E_NOT_FOUND') return;
    }
    await replica.serial(async () => {
      const dropping = replica.head.dropping.filter((one) => one !== item);
      replica.head = { ...replica.head, dropping };
      await ctx.records.write(writesOf(ctx.records, replica, {}));
    });
  }
}
