/** Making, changing and ending join links: terms in the log, secrets in the staff text, previews beside the entry. */
import { type Bytes, fromBase64url, toBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { previewHash, staffCommit } from '../crypto/hash.ts';
import { type LinkKeys, linkKeys, sealPreview } from '../crypto/secret/joinLink.ts';
import type { LinkChange, LinkWishes } from '../client/client.ts';
import type { Link } from '../group/state.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { LinkPk, Pid } from '../protocol/ids.ts';
import { SIZE } from '../protocol/limits.ts';
import type { LinkTerms } from '../protocol/link.ts';
import { hasPolicy } from '../protocol/policy.ts';
import { CIRCLE, isStaff } from '../protocol/role.ts';
import { encodePreview, type StaffText } from '../protocol/text.ts';
import { type Context, signingTime } from './context.ts';
import { heldImage } from './image.ts';
import {
  heldTexts,
  NOTHING_PREPARED,
  padStaffText,
  type Plan,
  readProfile,
  readStaffText,
  resealed,
} from './plans.ts';
import { keyOf, type Replica } from './replica.ts';

type LinkSecret = StaffText['links'][number];

interface Made {
  readonly terms: LinkTerms;
  readonly preview: Bytes;
  readonly secret: LinkSecret;
}

function sizeBucket(members: number): '1-9' | '10-49' | '50-199' | '200+' {
  if (members < 10) return '1-9';
  if (members < 50) return '10-49';
  return members < 200 ? '50-199' : '200+';
}

/** Seals what the link shows before anybody has an account. */
function makePreview(
  ctx: Context,
  replica: Replica,
  keys: LinkKeys,
  auto: boolean,
  intakePk: Bytes,
  inviter: string,
): Outcome<Bytes> {
  const profile = readProfile(replica);
  const image = heldImage(replica);
  const words = {
    name: profile?.group_name ?? '',
    about: profile?.about ?? '',
    image: image === null ? null : toBase64url(image),
    rules: profile?.rules ?? '',
    size: sizeBucket(replica.state.members.size),
    inviter,
    review: !auto,
    history: hasPolicy(replica.state.policy, 'shareableDefault') ? 'shared' : 'none',
    intake_pk: toBase64url(intakePk),
    made: signingTime(ctx, 0),
  } as const;
  const whole = encodePreview(words);
  // Long rules and a picture may not fit together: the rules matter more to who decides.
  const json =
    !whole.ok && whole.error.name === 'E_LIMIT' ? encodePreview({ ...words, image: null }) : whole;
  return json.ok ? ok(sealPreview(ctx.p, ctx.identity(), replica.gid, keys, json.value)) : json;
}

/** The link with other terms and a preview of the group as it is now. `fresh`: with a new intake pair. */
function remade(
  ctx: Context,
  replica: Replica,
  terms: LinkTerms,
  secret: LinkSecret,
  inviter: string,
  fresh: boolean,
): Outcome<Made> {
  const ls = fromBase64url(secret.secret);
  const held = fresh ? undefined : secret.intake_secrets[0];
  const intake = held === undefined ? ctx.p.random(32) : fromBase64url(held);
  if (ls === null || intake === null) return fail('E_LINK', 'the secret is not held here');
  const preview = makePreview(
    ctx,
    replica,
    linkKeys(ctx.p, ls),
    terms.auto,
    ctx.p.boxPublicKey(intake),
    inviter,
  );
  if (!preview.ok) return preview;
  const intakes = [toBase64url(intake), ...secret.intake_secrets];
  return ok({
    terms: { ...terms, previewHash: previewHash(ctx.p, preview.value) },
    preview: preview.value,
    secret: { ...secret, intake_secrets: [...new Set(intakes)].slice(0, SIZE.intakeSecrets) },
  });
}

/** The terms of a link in the log, without what replay keeps beside them. */
function termsOf({ pk, expires, maxUses, role, auto, paused, previewHash: hash }: Link): LinkTerms {
  return { pk, expires, maxUses, role, auto, paused, previewHash: hash };
}

/**
 * Whether somebody left the staff since the last LinkOps: the next one renews every intake pair (R9). Read from the
 * log, so that it holds for a moderator who came later, too.
 */
export function intakeDue(acts: readonly VerifiedAct[]): boolean {
  const staff = new Set<Pid>();
  let due = false;
  const lose = (pid: Pid): void => {
    due ||= staff.delete(pid);
  };
  for (const { entry, action } of acts) {
    if (action.kind === 'SpawnGroup') staff.add(entry.author);
    if (action.kind === 'LeaveGroup') lose(entry.author);
    if (action.kind === 'LinkOps') due = false;
    if (action.kind !== 'InitGroup' && action.kind !== 'MemberOps') continue;
    for (const op of action.ops.remove) lose(op.pid);
    for (const op of action.ops.setRole)
      if (isStaff(op.role)) staff.add(op.pid);
      else lose(op.pid);
  }
  return due;
}

/** What every change of links needs to know besides itself. */
export interface Around {
  /** Links whose requests are still to be decided keep their secrets. */
  readonly undecided: ReadonlySet<LinkPk>;
  readonly inviter: string;
}

interface Change extends Around {
  readonly made: readonly Made[];
  readonly revoke: readonly LinkPk[];
}

function planLinks(ctx: Context, replica: Replica, change: Change): Outcome<Plan> {
  const { state } = replica;
  const text = heldTexts(ctx, replica).staffText === null ? null : readStaffText(replica);
  const key = keyOf(replica, state.generation, CIRCLE.staff);
  if (text === null || key === null) return fail('E_BUSY', 'the staff text is still on its way');
  const dead = (pk: LinkPk): boolean =>
    change.revoke.includes(pk) || state.links.get(pk)?.revoked !== false;
  const kept = text.links.filter(
    (link) => !dead(link.pk as LinkPk) || change.undecided.has(link.pk as LinkPk),
  );
  const due = intakeDue(replica.acts);
  const renewed = kept.flatMap((secret) => {
    const link = state.links.get(secret.pk as LinkPk);
    const remains = due && link !== undefined && !dead(link.pk);
    if (!remains || change.made.some((one) => one.terms.pk === link.pk)) return [];
    const one = remade(ctx, replica, termsOf(link), secret, change.inviter, true);
    return one.ok ? [one.value] : [];
  });
  const made = [...renewed, ...change.made];
  const changed = new Map(made.map((one) => [one.secret.pk, one.secret]));
  const links = [
    ...kept.map((link) => changed.get(link.pk) ?? link),
    ...change.made.map((one) => one.secret).filter((one) => !kept.some((old) => old.pk === one.pk)),
  ];
  const padded = padStaffText(ctx, links);
  if (!padded.ok) return padded;
  const sealed = resealed(ctx, replica, key, padded.value);
  return ok({
    action: {
      kind: 'LinkOps',
      links: {
        create: made.map((one) => one.terms),
        revoke: change.revoke,
        staffHash: sealed.hash,
        staffCommit: staffCommit(ctx.p, padded.value),
      },
    },
    objects: [...sealed.objects, ...made.map((one) => one.preview)],
    prepared: { ...NOTHING_PREPARED, staffText: padded.value },
  });
}

export interface NewLink {
  readonly secret: Bytes;
  readonly intake: Bytes;
  readonly pk: LinkPk;
}

export function drawLink(ctx: Context): NewLink {
  const secret = ctx.p.random(32);
  return { secret, intake: ctx.p.random(32), pk: linkKeys(ctx.p, secret).pk };
}

export function planCreateLink(
  ctx: Context,
  replica: Replica,
  link: NewLink,
  wishes: LinkWishes,
  around: Around,
): Outcome<Plan> {
  const preview = makePreview(
    ctx,
    replica,
    linkKeys(ctx.p, link.secret),
    wishes.auto,
    ctx.p.boxPublicKey(link.intake),
    around.inviter,
  );
  if (!preview.ok) return preview;
  const terms: LinkTerms = {
    pk: link.pk,
    expires: wishes.expires,
    maxUses: wishes.maxUses,
    role: wishes.role,
    auto: wishes.auto,
    paused: false,
    previewHash: previewHash(ctx.p, preview.value),
  };
  const secret = {
    pk: link.pk,
    secret: toBase64url(link.secret),
    intake_secrets: [toBase64url(link.intake)],
    label: wishes.label,
  };
  const made = [{ terms, preview: preview.value, secret }];
  return planLinks(ctx, replica, { ...around, made, revoke: [] });
}

/** Other terms for a link that is not revoked, also for one that expired, is paused or used up. Null: nothing differs. */
export function planChangeLink(
  ctx: Context,
  replica: Replica,
  pk: LinkPk,
  change: LinkChange,
  around: Around,
): Outcome<Plan | null> {
  const link = replica.state.links.get(pk);
  if (link === undefined || link.revoked) return fail('E_LINK', 'no such link any more');
  const secret = readStaffText(replica)?.links.find((one) => one.pk === (pk as string));
  if (secret === undefined) return fail('E_BUSY', 'the staff text is still on its way');
  const { label, ...wished } = change;
  const terms = { ...termsOf(link), ...wished };
  const labelled = { ...secret, label: label ?? secret.label };
  const same =
    labelled.label === secret.label &&
    terms.expires === link.expires &&
    terms.maxUses === link.maxUses &&
    terms.paused === link.paused;
  if (same) return ok(null);
  const fresh = intakeDue(replica.acts);
  const one = remade(ctx, replica, terms, labelled, around.inviter, fresh);
  return one.ok ? planLinks(ctx, replica, { ...around, made: [one.value], revoke: [] }) : one;
}

/** Null: all of them are revoked already. */
export function planRevokeLinks(
  ctx: Context,
  replica: Replica,
  pks: readonly LinkPk[],
  around: Around,
): Outcome<Plan | null> {
  if (pks.some((pk) => !replica.state.links.has(pk))) return fail('E_LINK', 'no such link');
  const revoke = [...new Set(pks)].filter((pk) => replica.state.links.get(pk)?.revoked === false);
  return revoke.length === 0 ? ok(null) : planLinks(ctx, replica, { ...around, made: [], revoke });
}

/** Of the links whose preview the server lost, those this client may and can make anew. */
export function lostPreviews(replica: Replica, lost: readonly LinkPk[]): readonly LinkPk[] {
  return lost.filter((pk) => {
    const link = replica.state.links.get(pk);
    return link !== undefined && !link.revoked && linkSecret(replica, pk) !== null;
  });
}

/** The same links with previews made anew; null where none is left to do. */
export function planRenewPreviews(
  ctx: Context,
  replica: Replica,
  lost: readonly LinkPk[],
  around: Around,
): Outcome<Plan | null> {
  const text = readStaffText(replica);
  const made = lost.flatMap((pk): Made[] => {
    const link = replica.state.links.get(pk);
    const secret = text?.links.find((one) => one.pk === (pk as string));
    if (link === undefined || link.revoked || secret === undefined) return [];
    const one = remade(ctx, replica, termsOf(link), secret, around.inviter, false);
    return one.ok ? [one.value] : [];
  });
  if (made.length === 0) return ok(null);
  return planLinks(ctx, replica, { ...around, made, revoke: [] });
}

/** The link's secret, where this client holds it. */
export function linkSecret(replica: Replica, pk: LinkPk): Bytes | null {
  const text = readStaffText(replica)?.links.find((link) => link.pk === (pk as string))?.secret;
  return text === undefined ? null : fromBase64url(text);
}
