/** Profile and staff text: fetched when the log names one this client does not hold, and believed only if it matches its commitment. */
import { profileCommit, sealedHash, staffCommit } from '../crypto/hash.ts';
import { openText } from '../crypto/secret/seal.ts';
import { inCircle } from '../group/select.ts';
import { SIZE } from '../protocol/limits.ts';
import type { Hash } from '../protocol/ids.ts';
import { CIRCLE, type Circle } from '../protocol/role.ts';
import { decodeSealedText } from '../protocol/sealed.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Context } from './context.ts';
import { warn } from './judge.ts';
import { heldTexts, labelled, titled } from './plans.ts';
import { type Head, keyOf, type Replica, writesOf } from './replica.ts';

/** Brings both texts up to what the log commits to. Runs outside the serial; commits inside. */
export async function refreshTexts(ctx: Context, replica: Replica): Promise<void> {
  await refresh(ctx, replica, CIRCLE.everyone);
  if (inCircle(replica.state, ctx.identity().pid, CIRCLE.staff))
    await refresh(ctx, replica, CIRCLE.staff);
}

async function refresh(ctx: Context, replica: Replica, circle: Circle): Promise<void> {
  const ref = circle === CIRCLE.everyone ? replica.state.profile : replica.state.staff;
  const held = heldTexts(ctx, replica);
  if (ref === null || (circle === CIRCLE.everyone ? held.profile : held.staffText) !== null) return;
  const answer = await ctx.session.call('sealed', { gid: replica.gid, circle });
  if (!answer.ok || answer.value.text === null) return;
  // Other bytes than the log names: the server is behind or ahead, or at fault; asked again with the next change.
  if (sealedHash(ctx.p, answer.value.text) !== ref.hash) return;
  const sealed = decodeSealedText(answer.value.text);
  const key = sealed.ok ? keyOf(replica, sealed.value.generation, circle) : null;
  if (!sealed.ok || key === null) return;
  const padded = openText(ctx.p, key, ref.seq, ref.author, sealed.value);
  const commit = circle === CIRCLE.everyone ? profileCommit : staffCommit;
  const most = circle === CIRCLE.everyone ? SIZE.profileBytes : SIZE.staffTextBytes;
  const good = padded !== null && padded.length <= most && commit(ctx.p, padded) === ref.commit;
  await replica.serial(async () => {
    const kind = circle === CIRCLE.everyone ? 'profile' : 'staffText';
    const seq = setBy(replica, ref.commit);
    const held = good ? hold(replica.head, circle, padded) : warn(replica.head, kind, ref.author);
    replica.head = good && circle === CIRCLE.everyone ? titled(held, seq) : held;
    await ctx.records.write(writesOf(ctx.records, replica, {}));
    ctx.changed(replica, { group: true, items: positionOf(replica, seq) });
  });
}

function hold(head: Head, circle: Circle, padded: Bytes): Head {
  return circle === CIRCLE.everyone
    ? { ...head, profile: padded }
    : labelled({ ...head, staffText: padded });
}

/** The entry that set the profile with this commitment. */
function setBy(replica: Replica, commit: Hash): number {
  return replica.acts.findLastIndex(
    ({ action }) =>
      (action.kind === 'EditGroupInfo' || action.kind === 'InitGroup') &&
      action.profileCommit === commit,
  );
}

function positionOf(replica: Replica, seq: number): number[] {
  const all = replica.timeline.range(replica.timeline.first(), replica.timeline.end());
  return all.filter((item) => item.seq === seq).map((item) => item.t);
}
