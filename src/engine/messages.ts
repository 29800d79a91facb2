/** Messages judged one by one, in the order of the protocol's checks; what fails becomes a placeholder that says why. */
import { fromBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { bodyHash, itemHash } from '../crypto/hash.ts';
import type { SessionKey } from '../crypto/secret/groupKey.ts';
import { openMessage, verifyMessage } from '../crypto/secret/seal.ts';
import { refusal } from '../group/can.ts';
import { deviceKey, inCircle, roleOf } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import { decodeHeader, type MessageHeader, type OpenedBody } from '../protocol/envelope.ts';
import { type ErrorName, fail, type Outcome } from '../protocol/failure.ts';
import type { Hash, Pid } from '../protocol/ids.ts';
import { ITEM, type WireItem } from '../protocol/item.ts';
import { batchOf } from '../protocol/keyUpdate.ts';
import { hasPolicy } from '../protocol/policy.ts';
import { CIRCLE, isStaff, ROLE } from '../protocol/role.ts';
import { decodePayload, type Payload } from '../protocol/text.ts';
import type { Context } from './context.ts';
import { chainOf, continues } from './chains.ts';
import { add, type Draft, headAt, viewAgrees } from './draft.ts';
import { warn } from './judge.ts';
import { acceptSecret } from './keyring.ts';
import {
  chainName,
  follow,
  type Head,
  keyName,
  KNOWN_MAX,
  keyOf,
  type Replica,
} from './replica.ts';
import { refused, type StoredItem, type StoredMessage } from './timeline.ts';

export function messagesFrom(items: readonly WireItem[], at: number): WireItem[] {
  const run: WireItem[] = [];
  for (let i = at; i < items.length; i++) {
    const item = items[i];
    if (item === undefined || item.kind === ITEM.entry) break;
    run.push(item);
  }
  return run;
}

/** Messages between two entries: one state, one set of keys; newest first for signatures, oldest first for everything else. */
export function takeMessages(
  ctx: Context,
  replica: Replica,
  draft: Draft,
  run: readonly WireItem[],
): void {
  const opened = run.map((item) => open(ctx, replica, draft, item));
  const proven = provenSignatures(ctx, draft, opened);
  for (const [i, candidate] of opened.entries()) {
    const message = accept(ctx, replica, draft, candidate, proven.has(i));
    const stored: StoredItem = {
      t: candidate.item.t,
      at: candidate.item.at,
      item: candidate.hash,
      seq: null,
      message: message.stored,
    };
    followDraft(replica, draft, stored);
    add(ctx, draft, stored);
    draft.head = { ...draft.head, sinceRotation: draft.head.sinceRotation + 1 };
    if (message.payload?.type === 'handover' && candidate.header?.author === draft.at.owner)
      draft.head = { ...draft.head, offer: offerIn(message.payload) ?? draft.head.offer };
    if (message.payload?.type === 'note') draft.head = withVerdict(draft.head, message.payload);
    if (message.payload !== null && candidate.header !== null) {
      draft.told.push({
        t: candidate.item.t,
        item: candidate.hash,
        header: candidate.header,
        payload: message.payload,
        at: candidate.item.at,
      });
    }
  }
}

/** An offer is a hand-over that nobody has signed yet. */
function offerIn(payload: Extract<Payload, { type: 'handover' }>): Head['offer'] {
  const { to, epoch, exp, sig } = payload;
  return sig === undefined ? { to: to as Pid, epoch, exp } : null;
}

/** A note of the staff that names a person and a verdict; written by staff only, since it lies in their circle. */
function withVerdict(head: Head, note: Extract<Payload, { type: 'note' }>): Head {
  const pid = note.about as Pid | undefined;
  if (pid === undefined || note.verdict === undefined) return head;
  const others = head.rejected.filter((one) => one !== pid);
  const rejected = note.verdict === 'rejected' ? [...others, pid].slice(-KNOWN_MAX) : others;
  return { ...head, rejected };
}

interface Candidate {
  readonly item: WireItem;
  readonly hash: Hash;
  readonly header: MessageHeader | null;
  readonly key: SessionKey | null;
  readonly opened: OpenedBody | null;
  /** Why it could not be opened. */
  readonly failure: ErrorName | null;
  /** Check 1 failed: header, group, length or hash. */
  readonly misshapen: boolean;
}

function open(ctx: Context, replica: Replica, draft: Draft, item: WireItem): Candidate {
  const hash = itemHash(ctx.p, item.head);
  const closed = (
    failure: ErrorName,
    header: MessageHeader | null = null,
    key: SessionKey | null = null,
  ): Candidate => ({
    item,
    hash,
    header,
    key,
    opened: null,
    failure,
    misshapen: key === null && (failure === 'E_FORMAT' || failure === 'E_GID'),
  });
  const decoded = decodeHeader(item.head);
  if (!decoded.ok) return closed('E_FORMAT');
  const header = decoded.value;
  if (header.gid !== replica.gid) return closed('E_GID', header);
  const foreignCircle =
    header.circle === CIRCLE.staff && !inCircle(draft.at, ctx.identity().pid, CIRCLE.staff);
  if (item.body === null) return closed(foreignCircle ? 'E_ROLE' : 'E_WITHHELD', header);
  if (item.body.length !== header.bodyLength || bodyHash(ctx.p, item.body) !== header.bodyHash)
    return closed('E_FORMAT', header);
  const key =
    draft.keys.get(keyName(header.generation, header.circle)) ??
    keyOf(replica, header.generation, header.circle);
  if (key === null) return closed('E_HIST', header);
  const body = openMessage(ctx.p, key, header, item.head, item.body);
  return body.ok
    ? { item, hash, header, key, opened: body.value, failure: null, misshapen: false }
    : closed(body.error.name, header, key);
}

/**
 * Which messages have a signature that is verified or proven by a later verified one of the same device
 * (its prev_own continues the chain): one check per device run instead of one per message.
 */
function provenSignatures(
  ctx: Context,
  draft: Draft,
  candidates: readonly Candidate[],
): Set<number> {
  const proven = new Set<number>();
  const expected = new Map<string, { readonly ctr: number; readonly item: Hash }>();
  for (let i = candidates.length - 1; i >= 0; i--) {
    const candidate = candidates[i];
    if (candidate?.header === undefined || candidate.header === null) continue;
    const { header } = candidate;
    const device = chainName(header.author, header.dev);
    if (candidate.opened === null || candidate.key === null) {
      expected.delete(device);
      continue;
    }
    const link = expected.get(device);
    const chained = link !== undefined && link.ctr === header.ctr && link.item === candidate.hash;
    const devicePk = deviceKey(draft.at, header.author, header.dev);
    const verified =
      chained ||
      draft.covered.has(candidate.hash) ||
      (devicePk !== null &&
        verifyMessage(ctx.p, candidate.key, devicePk, candidate.item.head, candidate.opened));
    if (verified) {
      proven.add(i);
      expected.set(device, { ctr: header.ctr - 1, item: candidate.opened.inner.prevOwn });
    } else {
      expected.delete(device);
    }
  }
  return proven;
}

/** The checks of a message in their order; the first that fails names the placeholder. */
function accept(
  ctx: Context,
  replica: Replica,
  draft: Draft,
  candidate: Candidate,
  signed: boolean,
): { readonly stored: StoredMessage; readonly payload: Payload | null } {
  const bytes = { header: candidate.item.head, body: candidate.item.body };
  const no = (name: ErrorName): { stored: StoredMessage; payload: null } => ({
    stored: refused(bytes, name),
    payload: null,
  });
  const { header, opened, failure } = candidate;
  if (header === null || candidate.misshapen) return no(failure ?? 'E_FORMAT');
  const server = refusedAtPosition(draft.at, replica, draft, header);
  if (server !== null) return no(server);
  if (opened === null) return no(failure ?? 'E_AEAD');
  if (!signed) return no('E_SIG');
  const payload = decodePayload(opened.payload);
  const misplaced = continues(replica, draft, header, opened.inner.prevOwn)
    ? checkView(replica, draft, header, opened, candidate.item.t)
    : 'E_GAP';
  if (misplaced !== null) {
    // What the server signed counts wherever it stands: after a fork every message of the other side is out of place here.
    if (payload.ok && payload.value.type === 'pong') draft.claims.push(payload.value.checkpoint);
    return no(misplaced);
  }
  if (!payload.ok) return no(payload.error.name);
  if (!fitsCircle(payload.value, header)) return no('E_ROLE');
  const unfit = aboutAnother(replica, draft, header, payload.value);
  if (unfit !== null) return no(unfit);
  const mended =
    payload.value.type === 'wrap' ? mend(ctx, replica, draft, header, payload.value) : null;
  if (mended?.ok === false) return no(mended.error.name);
  const stored = { ...bytes, payload: opened.payload, failure: null, time: opened.inner.time };
  // The one before was not accepted: if only for its signature, this one vouches for it.
  const accepted = chainOf(replica, draft, header)?.accepted ?? 0;
  if (accepted < header.ctr - 1) draft.covers.push(opened.inner.prevOwn);
  return { stored, payload: payload.value };
}

/** Notes and hand-overs are for the staff circle, names for everybody, a key of an earlier generation for the circle it belongs to. */
function fitsCircle(payload: Payload, header: MessageHeader): boolean {
  switch (payload.type) {
    case 'note':
    case 'handover':
      return header.circle === CIRCLE.staff;
    case 'wrap':
      return header.circle === payload.circle;
    case 'names':
      return header.circle === CIRCLE.everyone;
    default:
      return true;
  }
}

/** Who may say what about another message: edit and delete the author, hide and pin the staff, react everybody. */
function aboutAnother(
  replica: Replica,
  draft: Draft,
  header: MessageHeader,
  payload: Payload,
): ErrorName | null {
  const staff = isStaff(roleOf(draft.at, header.author) ?? ROLE.observer);
  switch (payload.type) {
    case 'hide':
    case 'pin':
      return staff ? null : 'E_ROLE';
    case 'edit':
    case 'delete': {
      const target = payload.of as Hash;
      const item =
        replica.timeline.find(target) ?? draft.items.find((one) => one.item === target) ?? null;
      const of = item === null || item.message === null ? null : decodeHeader(item.message.header);
      // One that is not held here is judged when it is: annotations of others than its author count for nothing.
      return of?.ok === true && of.value.author !== header.author ? 'E_ROLE' : null;
    }
    default:
      return null;
  }
}

/** The staff passes on a key whose wrap is wrong: only one that was declared shareable, and only the one its batch commits to. */
function mend(
  ctx: Context,
  replica: Replica,
  draft: Draft,
  header: MessageHeader,
  wrap: Extract<Payload, { type: 'wrap' }>,
): Outcome<void> {
  const { generation, circle } = wrap;
  if (!isStaff(roleOf(draft.at, header.author) ?? ROLE.observer))
    return fail('E_ROLE', 'of the staff only');
  const of =
    replica.generations.get(generation) ??
    draft.begun.find((state) => state.generation === generation)?.keys ??
    null;
  if (of === null || generation >= header.generation || !batchOf(of, circle).shareable)
    return fail('E_HIST', 'not shared with later members');
  const known = { ...replica, keys: new Map([...replica.keys, ...draft.keys]) };
  const secret = fromBase64url(wrap.key);
  if (secret === null) return fail('E_FORMAT', 'not a key');
  const key = acceptSecret(ctx, known, of, circle, secret);
  if (!key.ok) return key;
  if (!known.keys.has(keyName(generation, circle)))
    draft.keys.set(keyName(generation, circle), key.value);
  const mended = draft.head.mended.filter(
    (one) => one.generation !== generation || one.circle !== circle,
  );
  draft.head = { ...draft.head, mended: [...mended, { generation, circle }].slice(-KNOWN_MAX) };
  return ok(undefined);
}

/** Checks 2 to 4: what the server should have refused. */
function refusedAtPosition(
  state: GroupState,
  replica: Replica,
  draft: Draft,
  header: MessageHeader,
): ErrorName | null {
  const member = state.members.get(header.author);
  if (member === undefined || !inCircle(state, header.author, header.circle)) return 'E_NOT_MEMBER';
  const why = refusal(
    { role: member.role, policy: state.policy },
    { kind: 'send', circle: header.circle },
  );
  if (why !== null) return why.name;
  if (deviceKey(state, header.author, header.dev) === null) return 'E_DEVICE';
  if (state.closed !== null) return 'E_CLOSED';
  if (state.pending !== null && hasPolicy(state.policy, 'strictPending')) return 'E_PENDING';
  if (header.generation !== state.generation) return 'E_STALE_GEN';
  const chain = chainOf(replica, draft, header);
  return chain !== null && header.ctr <= chain.accepted ? 'E_REPLAY' : null;
}

/** Check 8: what the author had seen agrees with what this client has seen. */
function checkView(
  replica: Replica,
  draft: Draft,
  header: MessageHeader,
  opened: OpenedBody,
  t: number,
): ErrorName | null {
  const { inner } = opened;
  const began = draft.at.keys?.seq ?? 0;
  if (inner.logSeq < began || inner.logSeq > draft.at.seq || inner.view.t > t) return 'E_FORMAT';
  const agrees = headAt(replica, draft, inner.logSeq) === inner.logHead;
  if (agrees && viewAgrees(replica, draft, inner.view)) return null;
  draft.head = warn(draft.head, 'gossip', header.author);
  return 'E_FORK';
}

function followDraft(replica: Replica, draft: Draft, item: StoredItem): void {
  const message = item.message;
  if (message === null) return;
  const header = decodeHeader(message.header);
  // Only devices that stand in a card have a chain: what a server makes up is not remembered.
  if (!header.ok || deviceKey(draft.at, header.value.author, header.value.dev) === null) return;
  const name = chainName(header.value.author, header.value.dev);
  const held = draft.chains.get(name) ?? replica.chains.get(name);
  if (held !== undefined) draft.chains.set(name, held);
  follow(draft.chains, item);
}
