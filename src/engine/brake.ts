/** The brake on a wave of requests: many through one link in a short while pause it until a person has looked. */
import type { LinkBurst } from '../client/view.ts';
import type { Outcome } from '../protocol/failure.ts';
import type { LinkPk } from '../protocol/ids.ts';
import { CLIENT } from '../protocol/limits.ts';
import { append } from './append.ts';
import { type Context, signingTime } from './context.ts';
import { type Around, planChangeLink } from './links.ts';
import type { Waiting } from './queue.ts';
import type { Replica } from './replica.ts';

/** When the terms of a link were last set, by the clock of who signed them. */
function termsSetAt(replica: Replica, pk: LinkPk): number {
  const act = replica.acts.findLast(
    ({ action }) =>
      action.kind === 'LinkOps' && action.links.create.some((terms) => terms.pk === pk),
  );
  return act?.entry.time ?? 0;
}

/**
 * The requests through a link that came as a wave, or null. A paused link took them before it was paused; one that was
 * resumed is counted anew from there, so that it is not paused again for what a person has seen.
 */
export function burstOf(
  ctx: Context,
  replica: Replica,
  waiting: readonly Waiting[],
  pk: LinkPk,
): LinkBurst | null {
  const link = replica.state.links.get(pk);
  if (link === undefined || link.revoked) return null;
  const through = waiting
    .filter((one) => one.request.link === pk)
    .map((one) => one.at)
    .sort((a, b) => a - b);
  if (through.length < CLIENT.waveRequests) return null;
  const set = termsSetAt(replica, pk);
  const counted = link.paused
    ? through.filter((at) => at > set - CLIENT.waveMs)
    : through.filter((at) => at > Math.max(set, signingTime(ctx, 0) - CLIENT.waveMs));
  const first = counted[0];
  return first === undefined || counted.length < CLIENT.waveRequests
    ? null
    : { requests: counted.length, since: first };
}

/** A live link with a wave on it, or null. */
export function waveOn(ctx: Context, replica: Replica, waiting: readonly Waiting[]): LinkPk | null {
  for (const link of replica.state.links.values())
    if (!link.paused && burstOf(ctx, replica, waiting, link.pk) !== null) return link.pk;
  return null;
}

export function pauseWave(
  ctx: Context,
  replica: Replica,
  waiting: () => readonly Waiting[],
  inviter: string,
): Promise<Outcome<void>> {
  return append(ctx, replica, () => {
    const pk = waveOn(ctx, replica, waiting());
    const around: Around = {
      undecided: new Set(waiting().map((one) => one.request.link)),
      inviter,
    };
    return pk === null
      ? { ok: true, value: null }
      : planChangeLink(ctx, replica, pk, { paused: true }, around);
  });
}
