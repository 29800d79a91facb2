/** Handing a group over: an offer in the staff circle, a signed acceptance, then the entry that makes it true. */
import { fromBase64url, toBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { SIGN } from '../crypto/label.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { encodeAcceptance } from '../protocol/action.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Dev, Pid } from '../protocol/ids.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import type { Payload } from '../protocol/text.ts';
import { append } from './append.ts';
import { type Context, signingTime } from './context.ts';
import { enqueue } from './outbox.ts';
import { NOTHING_PREPARED } from './plans.ts';
import type { Head, Replica } from './replica.ts';

/** How long an offer stands. */
const OFFER_MS = 7 * 24 * 60 * 60 * 1000;

type Handover = Extract<Payload, { type: 'handover' }>;

/** The offer that still stands: of this owner's time, not over, to somebody who is a moderator. */
export function standingOffer(ctx: Context, replica: Replica): NonNullable<Head['offer']> | null {
  const { offer } = replica.head;
  const { state } = replica;
  if (offer === null || offer.epoch !== state.ownerEpoch || state.closed !== null) return null;
  if (signingTime(ctx, 0) > offer.exp) return null;
  return state.members.get(offer.to)?.role === ROLE.moderator ? offer : null;
}

export async function offerOwnership(
  ctx: Context,
  replica: Replica,
  to: Pid,
): Promise<Outcome<void>> {
  const { state } = replica;
  if (state.owner !== ctx.identity().pid) return fail('E_ROLE', 'not the owner');
  if (state.members.get(to)?.role !== ROLE.moderator) return fail('E_ROLE', 'not a moderator');
  const exp = signingTime(ctx, state.time) + OFFER_MS;
  const offer: Handover = { type: 'handover', to, epoch: state.ownerEpoch, exp };
  const queued = await enqueue(ctx, replica, offer, CIRCLE.staff, true);
  return queued.ok ? ok(undefined) : queued;
}

export async function acceptOwnership(ctx: Context, replica: Replica): Promise<Outcome<void>> {
  const offer = standingOffer(ctx, replica);
  const { pid, dev, device } = ctx.identity();
  if (offer === null || offer.to !== pid) return fail('E_NOT_FOUND', 'no offer stands');
  const bound = encodeAcceptance(replica.gid, replica.state.owner, pid, offer.epoch, offer.exp);
  const signature = signLabelled(ctx.p, SIGN.accept, device.secretKey, bound);
  const acceptance: Handover = {
    type: 'handover',
    to: pid,
    epoch: offer.epoch,
    exp: offer.exp,
    dev,
    sig: toBase64url(signature),
  };
  const queued = await enqueue(ctx, replica, acceptance, CIRCLE.staff, true);
  return queued.ok ? ok(undefined) : queued;
}

/** The owner's client, on an acceptance of the offer it made: the group changes hands. */
export async function completeHandover(
  ctx: Context,
  replica: Replica,
  accepted: Handover,
): Promise<Outcome<void>> {
  const { state } = replica;
  const offer = standingOffer(ctx, replica);
  const acceptance = accepted.sig === undefined ? null : fromBase64url(accepted.sig);
  const fits =
    state.owner === ctx.identity().pid &&
    offer !== null &&
    accepted.to === (offer.to as string) &&
    accepted.exp === offer.exp &&
    accepted.epoch === offer.epoch;
  if (!fits || acceptance === null || accepted.dev === undefined) return ok(undefined);
  const dev = accepted.dev as Dev;
  return append(ctx, replica, () => {
    if (standingOffer(ctx, replica) === null) return ok(null);
    const { to, epoch, exp } = offer;
    return ok({
      action: { kind: 'TransferOwnership', to, epoch, exp, dev, acceptance },
      objects: [],
      prepared: NOTHING_PREPARED,
    });
  });
}
