/** What waits for the staff of a group: requests verified as everybody will verify them, with the note only staff can open. */
import { type Bytes, fromBase64url, toBase64url } from '../lib/bytes.ts';
import { requestCode } from '../crypto/code.ts';
import { SIGN } from '../crypto/label.ts';
import { openIntro } from '../crypto/secret/joinLink.ts';
import { introHash } from '../crypto/hash.ts';
import { verifySigned } from '../crypto/verify.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { deviceKey, roleOf } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import {
  offLogShape,
  requestAdmits,
  type VerifiedRequest,
  verifyRequest,
} from '../ledger/request.ts';
import { decodeAction } from '../protocol/action.ts';
import { decodeEntry, type Entry } from '../protocol/entry.ts';
import type { Failure } from '../protocol/failure.ts';
import type { LinkPk, Pid } from '../protocol/ids.ts';
import type { WireRequest } from '../protocol/request.ts';
import { isStaff } from '../protocol/role.ts';
import { decodeNameRecord, type NameRecord } from '../protocol/sealed.ts';
import { decodeIntro, type Intro } from '../protocol/text.ts';
import type { Context } from './context.ts';
import { readStaffText } from './plans.ts';
import type { Replica } from './replica.ts';

export interface Waiting {
  readonly request: VerifiedRequest;
  readonly entry: Entry;
  readonly code: string;
  readonly intro: Intro | null;
  readonly name: NameRecord | null;
  readonly at: number;
  /** Who rejected it, if somebody did. */
  readonly rejectedBy: Pid | null;
}

/** Asks the server for the queue and keeps what verifies; what is held already is not verified again. Null where it could not be asked. */
export async function fetchQueue(
  ctx: Context,
  replica: Replica,
  held: readonly Waiting[],
): Promise<{
  waiting: Waiting[];
  complaints: readonly Bytes[];
  reports: readonly Bytes[];
} | null> {
  const answer = await ctx.session.call('requests', { gid: replica.gid });
  if (!answer.ok) return null;
  const known = new Map(held.map((one) => [toBase64url(one.entry.bytes), one]));
  const waiting = answer.value.requests.flatMap((wire) => {
    const before = known.get(toBase64url(wire.request));
    const one =
      before !== undefined && stillHolds(replica, before)
        ? withAnswers(ctx.p, replica, before, wire)
        : verifyWaiting(ctx.p, replica, wire);
    return one === null ? [] : [one];
  });
  const { complaints, reports } = answer.value;
  return { waiting, complaints, reports };
}

/** The same bytes verify alike as long as the log pins no card of who asks, and a note that was opened stays open. */
function stillHolds(replica: Replica, { request, intro }: Waiting): boolean {
  return intro !== null && !replica.state.cards.has(request.pid);
}

/** What the server says beside the signed request may have changed. */
function withAnswers(p: Primitives, replica: Replica, one: Waiting, wire: WireRequest): Waiting {
  const rejected =
    wire.rejection === null ? null : rejectedBy(p, replica.state, one.request, wire.rejection);
  return { ...one, at: wire.at, rejectedBy: rejected };
}

function verifyWaiting(p: Primitives, replica: Replica, wire: WireRequest): Waiting | null {
  const entry = decodeEntry(wire.request);
  if (!entry.ok) return null;
  const request = verifyRequest(p, replica.state, entry.value);
  if (!request.ok) return null;
  const intro = wire.intro === null ? null : readIntro(p, replica, request.value, wire.intro);
  return {
    request: request.value,
    entry: entry.value,
    code: requestCode(p, wire.request),
    intro,
    name: intro === null ? null : introName(p, replica, request.value, intro),
    at: wire.at,
    rejectedBy:
      wire.rejection === null ? null : rejectedBy(p, replica.state, request.value, wire.rejection),
  };
}

/** Opens the note with the intake secrets of its link, newest first. */
function readIntro(
  p: Primitives,
  replica: Replica,
  request: VerifiedRequest,
  sealed: Bytes,
): Intro | null {
  if (introHash(p, sealed) !== request.action.introHash) return null;
  const link = readStaffText(replica)?.links.find((one) => one.pk === (request.link as string));
  for (const secretText of link?.intake_secrets ?? []) {
    const secretKey = fromBase64url(secretText);
    if (secretKey === null) continue;
    const plain = openIntro(p, { secretKey, publicKey: p.boxPublicKey(secretKey) }, sealed);
    const intro = plain === null ? null : decodeIntro(plain);
    if (
      intro?.ok === true &&
      intro.value.gid === (replica.gid as string) &&
      intro.value.pid === (request.pid as string)
    )
      return intro.value;
  }
  return null;
}

/** The applicant's name record, signed by a device of the card the request carries. */
function introName(
  p: Primitives,
  replica: Replica,
  request: VerifiedRequest,
  intro: Intro,
): NameRecord | null {
  const bytes = fromBase64url(intro.name);
  const record = bytes === null ? null : decodeNameRecord(bytes);
  if (
    record === null ||
    !record.ok ||
    record.value.pid !== request.pid ||
    record.value.gid !== replica.gid
  )
    return null;
  const key = request.card.devices.find((device) => device.dev === record.value.dev)?.signPk;
  const signed =
    key !== undefined &&
    verifySigned(p, SIGN.name, key, record.value.signed, record.value.signature);
  return signed ? record.value : null;
}

function rejectedBy(
  p: Primitives,
  state: GroupState,
  request: VerifiedRequest,
  bytes: Bytes,
): Pid | null {
  const entry = decodeEntry(bytes);
  if (
    !entry.ok ||
    entry.value.kind !== 'RejectRequest' ||
    entry.value.gid !== state.gid ||
    !offLogShape(entry.value)
  )
    return null;
  const action = decodeAction(entry.value.kind, entry.value.body);
  if (!action.ok || action.value.kind !== 'RejectRequest' || action.value.request !== request.hash)
    return null;
  const key = deviceKey(state, entry.value.author, entry.value.dev);
  const role = roleOf(state, entry.value.author);
  if (key === null || role === null || !isStaff(role)) return null;
  return verifySigned(p, SIGN.act, key, entry.value.signed, entry.value.signature)
    ? entry.value.author
    : null;
}

/** Why a waiting request cannot be approved now, or null. A dead link is no reason: approval is then direct. */
export function blockedBy(state: GroupState, waiting: Waiting, now: number): Failure | null {
  const { request } = waiting;
  if (state.members.has(request.pid)) return { name: 'E_ROSTER', note: 'already a member' };
  if (state.banned.has(request.pid)) return { name: 'E_BANNED' };
  if (now > request.action.exp) return { name: 'E_REQ', note: 'expired' };
  if (state.usedRequests.has(request.hash)) return { name: 'E_REQ', note: 'used before' };
  return null;
}

/** Whether the link still admits this request; where it does not, approval is via 0 with the request's chain. */
export function linkAdmits(
  state: GroupState,
  waiting: Waiting,
  time: number,
  uses: number,
): boolean {
  return requestAdmits(state, waiting.request, time, uses).ok;
}

/** Whether the link admits this request without anybody looking at it, within its cap and its time. */
export function admitsByItself(
  state: GroupState,
  waiting: Waiting,
  time: number,
  uses: number,
): boolean {
  const link = state.links.get(waiting.request.link);
  return link?.auto === true && !link.paused && linkAdmits(state, waiting, time, uses);
}

export function countByLink(waiting: readonly Waiting[]): Map<LinkPk, number> {
  const counts = new Map<LinkPk, number>();
  for (const one of waiting)
    if (one.rejectedBy === null)
      counts.set(one.request.link, (counts.get(one.request.link) ?? 0) + 1);
  return counts;
}
