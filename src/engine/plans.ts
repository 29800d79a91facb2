/** Prepared acts: what an entry will say, the objects that travel beside it, and the secrets kept until it is accepted. Nothing is stored here. */
import { type Bytes, toBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { boxesHash, profileCommit, rosterHash, sealedHash, staffCommit } from '../crypto/hash.ts';
import {
  buildBoxes,
  fingerprint,
  freshSecret,
  keyCommitment,
  type SessionKey,
  wrapPrevious,
} from '../crypto/secret/groupKey.ts';
import { signEntry } from '../crypto/secret/identity.ts';
import { padText, sealText, unpadText } from '../crypto/secret/seal.ts';
import { roster, rosterLines } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import { rosterAfter } from '../ledger/replay.ts';
import { type Action, encodeAction } from '../protocol/action.ts';
import type { EntryHeader } from '../protocol/entry.ts';
import type { Outcome } from '../protocol/failure.ts';
import { type Gid, type Hash, type LinkPk, ZERO_HASH } from '../protocol/ids.ts';
import { batchOf, type KeyBatch, type KeyUpdate } from '../protocol/keyUpdate.ts';
import type { Ops } from '../protocol/ops.ts';
import { hasPolicy } from '../protocol/policy.ts';
import { CIRCLE, type Circle } from '../protocol/role.ts';
import { encodeSealedText } from '../protocol/sealed.ts';
import {
  decodeProfile,
  decodeStaffText,
  encodeProfile,
  encodeStaffText,
  type Profile,
  type StaffText,
} from '../protocol/text.ts';
import { type Context, signingTime } from './context.ts';
import { sealPks } from './keyring.ts';
import { type Head, keyOf, type Prepared, type Replica } from './replica.ts';

export interface Plan {
  readonly action: Action;
  readonly objects: readonly Bytes[];
  readonly prepared: Prepared;
}

export const NOTHING_PREPARED: Prepared = { keys: null, profile: null, staffText: null };

/** The texts as they are to stand after the entry; null where this client does not hold them. */
export interface Texts {
  readonly profile: Bytes | null;
  readonly staffText: Bytes | null;
}

/** The padded texts this client holds that match their commitments in the log. */
export function heldTexts(ctx: Context, replica: Replica): Texts {
  const { profile, staffText } = replica.head;
  const { state } = replica;
  return {
    profile:
      profile !== null && profileCommit(ctx.p, profile) === state.profile?.commit ? profile : null,
    staffText:
      staffText !== null && staffCommit(ctx.p, staffText) === state.staff?.commit
        ? staffText
        : null,
  };
}

export function readProfile(replica: Pick<Replica, 'head'>): Profile | null {
  return replica.head.profile === null ? null : profileIn(replica.head.profile);
}

/** The profile in its padded text; null where it is none that this version reads. */
export function profileIn(padded: Bytes): Profile | null {
  const plain = unpadText(padded);
  const profile = plain === null ? null : decodeProfile(plain);
  return profile?.ok === true ? profile.value : null;
}

/** Keeps the group's name with the entry that set it, so that the log can say "renamed" with words. */
export function titled(head: Head, seq: number): Head {
  const profile = readProfile({ head });
  if (profile === null || head.titles.some((title) => title.seq === seq)) return head;
  return { ...head, titles: [...head.titles, { seq, name: profile.group_name }] };
}

/** Keeps the labels of links, so that the log can name a link that has ended. */
export function labelled(head: Head): Head {
  const text = readStaffText({ head });
  if (text === null) return head;
  const now = text.links.map((link) => ({ pk: link.pk as LinkPk, label: link.label }));
  const changed = now.filter(
    (one) => !head.labels.some((old) => old.pk === one.pk && old.label === one.label),
  );
  if (changed.length === 0) return head;
  const kept = head.labels.filter((old) => !changed.some((one) => one.pk === old.pk));
  return { ...head, labels: [...kept, ...changed] };
}

export function readStaffText(replica: Pick<Replica, 'head'>): StaffText | null {
  const plain = replica.head.staffText === null ? null : unpadText(replica.head.staffText);
  const text = plain === null ? null : decodeStaffText(plain);
  return text?.ok === true ? text.value : null;
}

function salt(ctx: Context): string {
  return toBase64url(ctx.p.random(32));
}

export function padProfile(ctx: Context, profile: Omit<Profile, 'salt'>): Outcome<Bytes> {
  const bytes = encodeProfile({ ...profile, salt: salt(ctx) });
  return bytes.ok ? ok(padText(bytes.value)) : bytes;
}

export function padStaffText(ctx: Context, links: StaffText['links']): Outcome<Bytes> {
  const bytes = encodeStaffText({ links, salt: salt(ctx) });
  return bytes.ok ? ok(padText(bytes.value)) : bytes;
}

interface MadeKeys {
  readonly update: KeyUpdate;
  readonly objects: readonly Bytes[];
  readonly secrets: { readonly everyone: Bytes; readonly staff: Bytes };
}

interface MadeBatch {
  readonly batch: KeyBatch;
  readonly boxes: Bytes;
  readonly key: SessionKey;
}

function makeBatch(
  ctx: Context,
  replica: Replica,
  next: GroupState,
  circle: Circle,
  seen: Set<string>,
  wrap: boolean,
): MadeBatch {
  const { p } = ctx;
  const generation = replica.state.generation + 1;
  const at = { gid: replica.gid, generation, circle };
  const secret = freshSecret(p, seen);
  seen.add(fingerprint(p, secret));
  const lines = rosterLines(next, circle);
  const hash = rosterHash(p, replica.gid, circle, lines);
  const key: SessionKey = {
    ...at,
    secret,
    kc: keyCommitment(p, secret, at, hash, ctx.identity().pid),
  };
  const boxes = buildBoxes(p, secret, at, sealPks(next, circle));
  const previous = keyOf(replica, generation - 1, circle);
  const share =
    wrap &&
    previous !== null &&
    replica.state.keys !== null &&
    batchOf(replica.state.keys, circle).shareable;
  return {
    key,
    boxes,
    batch: {
      generation,
      circle,
      rosterHash: hash,
      kc: key.kc,
      boxesHash: boxesHash(p, boxes),
      boxes: roster(next, circle).length,
      shareable: circle === CIRCLE.everyone && hasPolicy(replica.state.policy, 'shareableDefault'),
      wrap: share ? wrapPrevious(p, key, previous) : null,
    },
  };
}

/** A fresh key for both circles of the roster as it will be, with the same texts sealed again under it. */
export function makeKeys(
  ctx: Context,
  replica: Replica,
  next: GroupState,
  texts: Texts,
  wrap = true,
): MadeKeys {
  const seen = new Set([...replica.keys.values()].map((key) => fingerprint(ctx.p, key.secret)));
  const everyone = makeBatch(ctx, replica, next, CIRCLE.everyone, seen, wrap);
  const staff = makeBatch(ctx, replica, next, CIRCLE.staff, seen, wrap);
  const profile = resealed(ctx, replica, everyone.key, texts.profile);
  const staffText = resealed(ctx, replica, staff.key, texts.staffText);
  return {
    update: {
      everyone: everyone.batch,
      staff: staff.batch,
      profileHash: profile.hash,
      staffHash: staffText.hash,
    },
    objects: [everyone.boxes, staff.boxes, ...profile.objects, ...staffText.objects],
    secrets: { everyone: everyone.key.secret, staff: staff.key.secret },
  };
}

/** Seals a padded text for the next entry; a text that is not held stays as it is (zero hash). */
export function resealed(
  ctx: Context,
  replica: Replica,
  key: SessionKey,
  padded: Bytes | null,
): { hash: Hash; objects: Bytes[] } {
  if (padded === null) return { hash: ZERO_HASH, objects: [] };
  const bytes = encodeSealedText(
    sealText(ctx.p, key, replica.state.seq + 1, ctx.identity().pid, padded),
  );
  return { hash: sealedHash(ctx.p, bytes), objects: [bytes] };
}

/** MemberOps with the keys it needs. `keys` is left out only where nobody comes, goes or crosses the staff boundary. */
export function planOps(
  ctx: Context,
  replica: Replica,
  ops: Ops,
  withKeys: boolean,
  wrap = true,
): Outcome<Plan> {
  if (!withKeys)
    return ok({
      action: { kind: 'MemberOps', ops, keys: null },
      objects: [],
      prepared: NOTHING_PREPARED,
    });
  const next = rosterAfter(
    ctx.p,
    replica.state,
    ctx.identity().pid,
    signingTime(ctx, replica.state.time),
    ops,
  );
  if (!next.ok) return next;
  const made = makeKeys(ctx, replica, next.value, heldTexts(ctx, replica), wrap);
  return ok({
    action: { kind: 'MemberOps', ops, keys: made.update },
    objects: made.objects,
    prepared: { ...NOTHING_PREPARED, keys: made.secrets },
  });
}

/** The entry's bytes on the present head. */
export function writeEntry(ctx: Context, replica: Replica, action: Action): Bytes {
  const identity = ctx.identity();
  const { state } = replica;
  const header: EntryHeader = {
    kind: action.kind,
    gid: replica.gid,
    author: identity.pid,
    dev: identity.dev,
    // The log's pinned card, which another device of this account may have left behind or ahead.
    card:
      action.kind === 'UpdateCard'
        ? identity.cardHash
        : (state.cards.get(identity.pid)?.hash ?? identity.cardHash),
    seq: state.seq + 1,
    prev: state.head,
    time: signingTime(ctx, state.time),
    view: { t: replica.timeline.end(), T: replica.timeline.T() },
  };
  return signEntry(ctx.p, identity, header, encodeAction(action));
}

/** An off-log act: seq, prev and view zero. */
export function writeOffLog(
  ctx: Context,
  gid: Gid,
  action: Action,
  /** The card a request was made with, for what is said about that request. */
  requested: Hash | null = null,
): Bytes {
  const identity = ctx.identity();
  const header: EntryHeader = {
    kind: action.kind,
    gid,
    author: identity.pid,
    dev: identity.dev,
    // Requests carry the whole chain; everything else is judged by the card the log pins.
    card:
      action.kind === 'RequestToJoin' || action.kind === 'WithdrawRequest'
        ? (requested ?? identity.cardHash)
        : (ctx.groups.get(gid)?.state.cards.get(identity.pid)?.hash ?? identity.cardHash),
    seq: 0,
    prev: ZERO_HASH,
    time: signingTime(ctx, 0),
    view: { t: 0, T: ZERO_HASH },
  };
  return signEntry(ctx.p, identity, header, encodeAction(action));
}
