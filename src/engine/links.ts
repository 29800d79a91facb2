/** Making, changing and ending join links: terms in the log, secrets in the staff text, previews beside the entry. */
import { type Bytes, fromBase64url, toBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { previewHash, staffCommit } from '../crypto/hash.ts';
import { type LinkKeys, linkKeys, sealPreview } from '../crypto/secret/joinLink.ts';
import type { LinkWishes } from '../client/client.ts';
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
  const json = encodePreview({
    name: profile?.group_name ?? '',
    about: profile?.about ?? '',
    image: null,
    rules: profile?.rules ?? '',
    size: sizeBucket(replica.state.members.size),
    inviter,
    review: !auto,
    history: hasPolicy(replica.state.policy, 'shareableDefault') ? 'shared' : 'none',
    intake_pk: toBase64url(intakePk),
    made: signingTime(ctx, 0),
  });
  return json.ok ? ok(sealPreview(ctx.p, ctx.identity(), replica.gid, keys, json.value)) : json;
}

function renew(
  ctx: Context,
  replica: Replica,
  link: Link,
  secret: LinkSecret,
  inviter: string,
): Made | null {
  const ls = fromBase64url(secret.secret);
  if (ls === null) return null;
  const intake = ctx.p.random(32);
  const preview = makePreview(
    ctx,
    replica,
    linkKeys(ctx.p, ls),
    link.auto,
    ctx.p.boxPublicKey(intake),
    inviter,
  );
  if (!preview.ok) return null;
  const terms = {
    pk: link.pk,
    expires: link.expires,
    maxUses: link.maxUses,
    role: link.role,
    auto: link.auto,
    paused: link.paused,
    previewHash: previewHash(ctx.p, preview.value),
  };
  return {
    terms,
    preview: preview.value,
    secret: {
      ...secret,
      intake_secrets: [toBase64url(intake), ...secret.intake_secrets].slice(0, SIZE.intakeSecrets),
    },
  };
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

interface Change {
  readonly made: readonly Made[];
  readonly revoke: readonly LinkPk[];
  /** Links whose requests are still to be decided keep their secrets. */
  readonly undecided: ReadonlySet<LinkPk>;
  readonly inviter: string;
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
  const renewed = intakeDue(replica.acts)
    ? kept.flatMap((secret) => {
        const link = state.links.get(secret.pk as LinkPk);
        const one =
          link === undefined || dead(link.pk)
            ? null
            : renew(ctx, replica, link, secret, change.inviter);
        return one === null ? [] : [one];
      })
    : [];
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
  undecided: ReadonlySet<LinkPk>,
  inviter: string,
): Outcome<Plan> {
  const preview = makePreview(
    ctx,
    replica,
    linkKeys(ctx.p, link.secret),
    wishes.auto,
    ctx.p.boxPublicKey(link.intake),
    inviter,
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
  return planLinks(ctx, replica, {
    made: [{ terms, preview: preview.value, secret }],
    revoke: [],
    undecided,
    inviter,
  });
}

export function planRevokeLink(
  ctx: Context,
  replica: Replica,
  pk: LinkPk,
  undecided: ReadonlySet<LinkPk>,
  inviter: string,
): Outcome<Plan | null> {
  const link = replica.state.links.get(pk);
  if (link === undefined) return fail('E_LINK', 'no such link');
  if (link.revoked) return ok(null);
  return planLinks(ctx, replica, { made: [], revoke: [pk], undecided, inviter });
}

/** The link's secret, where this client holds it. */
export function linkSecret(replica: Replica, pk: LinkPk): Bytes | null {
  const text = readStaffText(replica)?.links.find((link) => link.pk === (pk as string))?.secret;
  return text === undefined ? null : fromBase64url(text);
}
