/** A RequestToJoin verified: by the server when it comes in, by staff before they sign, by everyone in replay. */
import { idBytes, type Hash, type LinkPk, type Pid } from '../protocol/ids.ts';
import { ok } from '../lib/result.ts';
import { entryHash } from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { verifySigned } from '../crypto/verify.ts';
import type { GroupState, PinnedCard } from '../group/state.ts';
import { type ActionOf, decodeAction } from '../protocol/action.ts';
import { requestToSign } from '../protocol/auth.ts';
import { type Entry, isOffLog } from '../protocol/entry.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { ZERO_HASH } from '../protocol/ids.ts';
import { REPLAY } from '../protocol/limits.ts';
import { foldChain } from './cards.ts';

export interface VerifiedRequest {
  readonly hash: Hash;
  readonly pid: Pid;
  readonly card: PinnedCard;
  readonly action: ActionOf<'RequestToJoin'>;
  readonly link: LinkPk;
}

/** Off-log layout: seq, prev and view are zero. */
export function offLogShape(entry: Entry): boolean {
  return (
    isOffLog(entry.kind) &&
    entry.seq === 0 &&
    entry.prev === ZERO_HASH &&
    entry.view.t === 0 &&
    entry.view.T === ZERO_HASH
  );
}

/** Form, cards and both signatures; nothing about the link's state or the time. */
export function verifyRequest(
  p: Primitives,
  state: GroupState,
  entry: Entry,
): Outcome<VerifiedRequest> {
  if (entry.kind !== 'RequestToJoin' || !offLogShape(entry))
    return fail('E_FORMAT', 'not a request');
  if (entry.gid !== state.gid) return fail('E_GID', 'request for another group');
  const decoded = decodeAction(entry.kind, entry.body);
  if (!decoded.ok) return decoded;
  const action = decoded.value;
  if (action.kind !== 'RequestToJoin') return fail('E_FORMAT', 'not a request');
  const card = foldChain(
    p,
    action.chain,
    entry.author,
    state.cards.get(entry.author)?.hash ?? null,
  );
  if (!card.ok) return card;
  if (entry.card !== card.value.hash) return fail('E_CARD', 'card of the request');
  const device = card.value.devices.find((candidate) => candidate.dev === entry.dev);
  if (device === undefined) return fail('E_DEVICE', 'device of the request');
  if (!verifySigned(p, SIGN.act, device.signPk, entry.signed, entry.signature))
    return fail('E_SIG', 'signature of the request');
  const bound = requestToSign(
    entry.gid,
    action.linkPk,
    entry.author,
    entry.card,
    action.exp,
    action.introHash,
  );
  if (!verifySigned(p, SIGN.link, idBytes(action.linkPk), bound, action.linkSig))
    return fail('E_LINK', 'link signature');
  return ok({
    hash: entryHash(p, entry.bytes),
    pid: entry.author,
    card: card.value,
    action,
    link: action.linkPk,
  });
}

/** R6: whether the request may admit at a time, given the link's state. `uses` counts admissions before it in the same entry. */
export function requestAdmits(
  state: GroupState,
  request: VerifiedRequest,
  time: number,
  uses: number,
): Outcome<null> {
  const link = state.links.get(request.link);
  if (link === undefined) return fail('E_LINK', 'unknown link');
  if (link.revoked) return fail('E_LINK', 'revoked link');
  if (link.maxUses !== 0 && link.uses + uses >= link.maxUses) return fail('E_LINK', 'link used up');
  if (link.expires !== 0 && time > link.expires) return fail('E_LINK', 'link expired');
  if (time > request.action.exp || request.action.exp > time + REPLAY.requestLifeMs)
    return fail('E_REQ', 'request out of time');
  if (state.usedRequests.has(request.hash)) return fail('E_REQ', 'request used before');
  return ok(null);
}
