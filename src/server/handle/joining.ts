/** Requests to join: taken in, withdrawn, rejected. Whether one admits is decided by the log alone. */
import { equal } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { introHash } from '../../crypto/hash.ts';
import { roleOf } from '../../group/select.ts';
import { foldChain } from '../../ledger/cards.ts';
import { requestAdmits, type VerifiedRequest, verifyRequest } from '../../ledger/request.ts';
import { type ActionOf, decodeAction } from '../../protocol/action.ts';
import { decodeEntry } from '../../protocol/entry.ts';
import { fail, type Failure, type Outcome } from '../../protocol/failure.ts';
import type { Hash } from '../../protocol/ids.ts';
import { isStaff } from '../../protocol/role.ts';
import { type Answer, later } from '../answer.ts';
import { signedOffLog } from '../offLog.ts';
import type { StoredRequest } from '../storage/port.ts';
import { byMember, keep, type Offer } from './offered.ts';

type Done = Answer<Record<never, never>>;

/** How long an expired request is still told of. */
export const KEEP_EXPIRED_MS = 24 * 60 * 60 * 1000;

function tellStaff({ context, state }: Offer): void {
  context.hub.tellStaff(state, 'requests', { gid: state.gid });
}

/** Whether this person may ask at all, and through this link now. */
async function mayAsk(
  { context, caller, state, entry, now }: Offer,
  request: VerifiedRequest,
): Promise<Failure | null> {
  if (state.members.has(caller.pid)) return { name: 'E_ROSTER', note: 'a member already' };
  if (state.banned.has(caller.pid)) return { name: 'E_BANNED', note: 'banned' };
  if (await context.storage.blocked(state.gid, caller.pid))
    return { name: 'E_BANNED', note: 'blocked here' };
  if (entry.card !== caller.card) return { name: 'E_CARD', note: 'not the newest published card' };
  const admits = requestAdmits(state, request, now, 0);
  if (!admits.ok) return admits.error;
  if (state.links.get(request.link)?.paused === true)
    return { name: 'E_LINK', note: 'paused link' };
  return null;
}

async function hasRoom(
  { context, caller, state, now }: Offer,
  replaces: StoredRequest | null,
): Promise<Failure | null> {
  const { storage, limits } = context;
  const again = replaces?.state === 'waiting' && replaces.exp >= now ? 1 : 0;
  const here = await storage.countWaiting(state.gid, now);
  if (here - again >= limits.pendingRequestsPerGroup)
    return {
      name: 'E_LIMIT',
      note: 'requests waiting in the group',
      retryAt: now + 60 * 60 * 1000,
    };
  const own = await storage.countWaitingOf(caller.pid, now);
  if (own - again >= limits.pendingRequestsPerPid)
    return {
      name: 'E_LIMIT',
      note: 'requests waiting of one person',
      retryAt: now + 60 * 60 * 1000,
    };
  return null;
}

export async function takeRequest(offer: Offer): Promise<Done> {
  const { context, caller, state, entry, intro, now } = offer;
  const request = verifyRequest(context.p, state, entry);
  if (!request.ok) return request;
  const before = await context.storage.request(state.gid, caller.pid);
  if (before?.hash === request.value.hash && before.state === 'waiting') return ok({});
  const refused = await mayAsk(offer, request.value);
  if (refused !== null) return { ok: false, error: refused };
  if (intro === null || introHash(context.p, intro) !== request.value.action.introHash)
    return fail('E_BOX', 'the intro is not the named one');
  const crowded = await hasRoom(offer, before);
  if (crowded !== null) return { ok: false, error: crowded };
  const link = `${state.gid} ${request.value.link}`;
  const wait = context.rates.links.wait(link);
  if (wait !== null) return later('E_LIMIT', wait, 'requests through one link');
  context.rates.links.take(link);
  const row: StoredRequest = {
    gid: state.gid,
    pid: caller.pid,
    hash: request.value.hash,
    link: request.value.link,
    exp: request.value.action.exp,
    at: now,
    state: 'waiting',
    request: entry.bytes,
    intro,
    rejection: null,
  };
  return keep(
    offer,
    [
      { kind: 'dropExpired', gid: state.gid, before: now - KEEP_EXPIRED_MS },
      { kind: 'request', row },
    ],
    () => tellStaff(offer),
  );
}

/** The stored request of that hash, which must still wait. */
async function waitingRequest(
  { context, state }: Offer,
  hash: Hash,
): Promise<Outcome<StoredRequest>> {
  const row = (await context.storage.requests(state.gid)).find(
    (candidate) => candidate.hash === hash,
  );
  if (row === undefined || row.state === 'admitted') return fail('E_REQ', 'no such request');
  return ok(row);
}

export async function withdrawRequest(
  offer: Offer,
  action: ActionOf<'WithdrawRequest'>,
): Promise<Done> {
  const { context, caller, entry } = offer;
  const row = await waitingRequest(offer, action.request);
  if (!row.ok) return row;
  if (row.value.pid !== caller.pid) return fail('E_REQ', 'a request of somebody else');
  const request = decodeEntry(row.value.request);
  if (!request.ok) return request;
  const asked = decodeAction(request.value.kind, request.value.body);
  if (!asked.ok || asked.value.kind !== 'RequestToJoin') return fail('E_FORMAT', 'not a request');
  const card = foldChain(context.p, asked.value.chain, caller.pid);
  if (!card.ok) return card;
  const wrong = signedOffLog(context.p, entry, card.value);
  if (wrong !== null) return { ok: false, error: wrong };
  return keep(offer, [{ kind: 'dropRequest', gid: row.value.gid, pid: row.value.pid }], () =>
    tellStaff(offer),
  );
}

export async function rejectRequest(
  offer: Offer,
  action: ActionOf<'RejectRequest'>,
): Promise<Done> {
  const { context, caller, state, entry } = offer;
  const card = byMember(offer);
  if (!card.ok) return card;
  const role = roleOf(state, caller.pid);
  if (role === null || !isStaff(role)) return fail('E_ROLE', 'requests are decided by staff');
  const row = await waitingRequest(offer, action.request);
  if (!row.ok) return row;
  if (row.value.rejection !== null) {
    return equal(row.value.rejection, entry.bytes) ? ok({}) : fail('E_REQ', 'rejected already');
  }
  const { gid, pid } = row.value;
  return keep(
    offer,
    [
      { kind: 'request', row: { ...row.value, state: 'rejected', rejection: entry.bytes } },
      ...(action.block ? [{ kind: 'block', gid, pid, blocked: true } as const] : []),
    ],
    () => {
      tellStaff(offer);
      if (action.tell) context.hub.tell(pid, 'standing', { gid });
    },
  );
}

/** Whether the applicant is to know of a rejection. */
export function toldOf(rejection: Uint8Array): boolean {
  const entry = decodeEntry(new Uint8Array(rejection));
  const action = entry.ok ? decodeAction(entry.value.kind, entry.value.body) : entry;
  return action.ok && action.value.kind === 'RejectRequest' && action.value.tell;
}
