/** What screens see of a group, built from the verified replica alone; never from what the server says about itself. */
import { groupCode } from '../crypto/code.ts';
import { rosterHash } from '../crypto/hash.ts';
import { neutralise } from '../client/shownName.ts';
import type {
  GroupSummary,
  GroupView,
  HonestyChecks,
  KeyState,
  LinkBurst,
  LinkView,
  MemberView,
  RequestFlag,
  RequestView,
  TimelineItem,
  Turned,
  WarningKind,
} from '../client/view.ts';
import { linkCondition, roster, rosterLines } from '../group/select.ts';
import { decodeCheckpoint } from '../protocol/checkpoint.ts';
import type { Hash, LinkPk } from '../protocol/ids.ts';
import { hasPolicy } from '../protocol/policy.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import type { Context } from './context.ts';
import { burstOf } from './brake.ts';
import { changedIdentities } from './changedIdentity.ts';
import { successorOf } from './founding.ts';
import { cameAndWent, linkEnds } from './earlier.ts';
import { standingOffer } from './handover.ts';
import { createLineDrawer } from './logLines.ts';
import { isPair, pairName } from './pair.ts';
import { pastOf } from './past.ts';
import { lastMessage, messageLines, unreadOf } from './messageLines.ts';
import { person } from './person.ts';
import { readProfile, readStaffText } from './plans.ts';
import { blockedBy, countByLink, type Waiting } from './queue.ts';
import { keyOf, type Replica } from './replica.ts';
import { historyView } from './shared.ts';
import type { StoredItem } from './timeline.ts';

/** Made once: localeCompare looks its rules up for every pair. */
const BY_NAME = new Intl.Collator();

function memberViews(ctx: Context, replica: Replica): MemberView[] {
  const me = ctx.identity().pid;
  const mine = keyOf(replica, replica.state.generation, CIRCLE.everyone) !== null;
  const verified = ctx.verified();
  const opened = new Map(replica.head.opened.map((one) => [one.pid, one.generation]));
  const labels = new Map(readStaffText(replica)?.links.map((link) => [link.pk, link.label]));
  return roster(replica.state, CIRCLE.everyone)
    .map((member) => ({
      ...person(replica, member.pid),
      role: member.role,
      me: member.pid === me,
      via: member.via,
      joinedAt: member.time,
      addedBy: member.by === member.pid ? null : person(replica, member.by),
      link: member.link === null ? null : { pk: member.link, label: labels.get(member.link) ?? '' },
      openedGeneration:
        member.pid === me && mine ? replica.state.generation : (opened.get(member.pid) ?? null),
      verified: verified.has(member.pid),
    }))
    .sort((a, b) => b.role - a.role || BY_NAME.compare(a.name ?? '~', b.name ?? '~'));
}

function behindView({ behind, timeline }: Replica): GroupView['behind'] {
  if (behind === null) return null;
  const since = timeline.item(behind - 1)?.at ?? null;
  const missing = timeline.end() - Math.max(behind, timeline.first());
  return { since, missing, giving: behind >= timeline.first() };
}

function keyState(replica: Replica): KeyState {
  const { state } = replica;
  if (state.keys === null || keyOf(replica, state.generation, CIRCLE.everyone) === null) {
    return {
      state: 'missing',
      reason: { name: replica.head.boxFailed === state.generation ? 'E_BOX' : 'E_GEN' },
    };
  }
  if (state.pending !== null) return { state: 'pending', reason: state.pending };
  return { state: 'secured', since: state.keys.time, reason: state.keys.reason };
}

export function groupView(ctx: Context, replica: Replica): GroupView {
  const { state, head } = replica;
  const profile = readProfile(replica);
  const policy = state.policy;
  const members = memberViews(ctx, replica);
  const roster = rosterHash(
    ctx.p,
    replica.gid,
    CIRCLE.everyone,
    rosterLines(state, CIRCLE.everyone),
  );
  return {
    gid: replica.gid,
    standing: head.standing,
    name: nameOf(ctx, replica),
    image: (profile?.img?.hash as Hash | undefined) ?? null,
    about: profile?.about ?? '',
    rules: profile?.rules ?? '',
    role: state.members.get(ctx.identity().pid)?.role ?? ROLE.observer,
    turned: turnedView(ctx, replica),
    members,
    banned: [...state.banned].map((pid) => person(replica, pid)),
    policy: {
      strictPending: hasPolicy(policy, 'strictPending'),
      shareableDefault: hasPolicy(policy, 'shareableDefault'),
      modsEditProfile: hasPolicy(policy, 'modsEditProfile'),
      modsManageLinks: hasPolicy(policy, 'modsManageLinks'),
      announcements: hasPolicy(policy, 'announcements'),
    },
    generation: state.generation,
    seq: state.seq,
    key: keyState(replica),
    shareable: state.keys?.everyone.shareable ?? false,
    history: historyView(ctx, replica),
    opened: members.filter((member) => member.openedGeneration === state.generation).length,
    halted: head.halted === null ? null : { name: head.halted },
    restored:
      head.restored === null
        ? null
        : {
            confirmed: head.restored.t === 0 ? null : { t: head.restored.t, at: head.restored.at },
          },
    behind: behindView(replica),
    offer: offerView(ctx, replica),
    successor: successorView(ctx, replica),
    code: groupCode(ctx.p, replica.gid, state.seq, state.head, roster),
    roster: roster.slice(0, 16),
    checks: checksOf(ctx, replica),
    pair: isPair(replica),
    changedIdentities: changedIdentities(ctx, replica),
    warnings: head.warnings.map((warning) => ({
      kind: warning.kind as WarningKind,
      who: warning.who === null ? null : person(replica, warning.who),
    })),
  };
}

/** The profile's name; the last one that was read, where a later client wrote a profile this one cannot read. */
function nameOf(ctx: Context, replica: Replica): string | null {
  const name = readProfile(replica)?.group_name ?? replica.head.titles.at(-1)?.name;
  if (isPair(replica)) return pairName(ctx, replica);
  return name === undefined ? null : neutralise(name);
}

function turnedView(ctx: Context, replica: Replica): Turned | null {
  const turn = pastOf(replica).turns.get(ctx.identity().pid);
  if (turn === undefined) return null;
  const at = replica.acts[turn.seq]?.entry.time ?? 0;
  const { what, before, now } = turn;
  return { what, by: person(replica, turn.by), at, before, now };
}

/** An acknowledgement that contradicts halts the group, so those that are kept agree; a differing view names its author. */
function checksOf(ctx: Context, replica: Replica): HonestyChecks {
  const { head, state } = replica;
  const held = head.checkpoint === null ? null : decodeCheckpoint(head.checkpoint);
  const me = ctx.identity().pid;
  const doubted = head.warnings.filter((one) => one.kind === 'gossip').map((one) => one.who);
  const others = [...state.members.keys()].filter((pid) => pid !== me);
  const told = new Set(head.opened.map((one) => one.pid));
  return {
    checkpoint: held?.ok === true ? { seq: held.value.seq, at: held.value.time } : null,
    agree: others.filter((pid) => told.has(pid) && !doubted.includes(pid)).length,
    others: others.length,
  };
}

function offerView(ctx: Context, replica: Replica): GroupView['offer'] {
  const offer = standingOffer(ctx, replica);
  if (offer === null) return null;
  const toMe = offer.to === ctx.identity().pid;
  return { to: person(replica, offer.to), toMe, exp: offer.exp };
}

function successorView(ctx: Context, replica: Replica): GroupView['successor'] {
  const next = successorOf(ctx, replica.gid);
  const opener = next?.acts[0]?.entry.author;
  if (next === null || opener === undefined) return null;
  const byOwner = opener === replica.state.owner;
  const joined = next.head.standing === 'member';
  return { gid: next.gid, by: person(replica, opener), byOwner, joined };
}

export function groupSummary(
  ctx: Context,
  replica: Replica,
  waiting: readonly Waiting[],
): GroupSummary {
  const { state, head } = replica;
  const profile = readProfile(replica);
  const role = state.members.get(ctx.identity().pid)?.role ?? ROLE.observer;
  return {
    gid: replica.gid,
    standing: head.standing,
    name: nameOf(ctx, replica),
    image: (profile?.img?.hash as Hash | undefined) ?? null,
    role,
    members: state.members.size,
    ...unreadOf(ctx, replica),
    loudness: ctx.preferences.loudness(replica.gid),
    pair: isPair(replica),
    requests: waiting.filter((one) => one.rejectedBy === null).length,
    last: lastMessage(ctx, replica),
    halted: head.halted !== null,
  };
}

/** The lines one stored item gives; none where it is not for this person's eyes. */
export function linesOf(ctx: Context, replica: Replica, item: StoredItem): TimelineItem[] {
  return item.seq === null ? messageLines(ctx, replica, item) : logItems(ctx, replica, item);
}

function logItems(ctx: Context, replica: Replica, item: StoredItem): TimelineItem[] {
  const act = item.seq === null ? undefined : replica.acts[item.seq];
  if (act === undefined) return [];
  const drawer = createLineDrawer(ctx, replica);
  return drawer
    .lines(act)
    .filter((line) => line.what !== 'started' || line.added.length > 0)
    .map((line, i) => ({
      kind: 'log',
      key: `${item.item}/${String(i)}`,
      t: item.t,
      at: item.at,
      actor: drawer.person(act.entry.author),
      line,
    }));
}

export function linkViews(ctx: Context, replica: Replica, waiting: readonly Waiting[]): LinkView[] {
  const counts = countByLink(waiting);
  const text = readStaffText(replica);
  const ends = linkEnds(replica);
  const now = ctx.clock.now() + ctx.session.clockOffset();
  return [...replica.state.links.values()]
    .sort((a, b) => b.seq - a.seq)
    .map((link) => {
      const known = text?.links.find((one) => one.pk === (link.pk as string));
      return {
        pk: link.pk,
        label: known?.label ?? '',
        state: linkCondition(link, now),
        expires: link.expires,
        maxUses: link.maxUses,
        uses: link.uses,
        role: link.role,
        auto: link.auto,
        maker: person(replica, link.maker),
        waiting: counts.get(link.pk) ?? 0,
        burst: burstOf(ctx, replica, waiting, link.pk),
        ended: ends.get(link.pk) ?? null,
        madeAt: replica.acts[link.seq]?.entry.time ?? 0,
        copyable: known !== undefined && !link.revoked,
      };
    });
}

export function requestViews(
  ctx: Context,
  replica: Replica,
  waiting: readonly Waiting[],
): RequestView[] {
  const text = readStaffText(replica);
  const now = ctx.clock.now() + ctx.session.clockOffset();
  const names = [...replica.state.members.keys()].map((pid) => person(replica, pid).name);
  const links = new Set(waiting.map((one) => one.request.link));
  const around: Around = {
    waiting,
    taken: new Set(names.flatMap((name) => (name === null ? [] : [name.toLocaleLowerCase()]))),
    bursts: new Map([...links].map((pk) => [pk, burstOf(ctx, replica, waiting, pk)])),
  };
  return waiting.map((one) => {
    const link = replica.state.links.get(one.request.link);
    const label =
      text?.links.find((candidate) => candidate.pk === (one.request.link as string))?.label ?? '';
    const name = one.name === null ? null : neutralise(one.name.name);
    const expired = now > one.request.action.exp;
    return {
      hash: one.request.hash,
      person: { ...person(replica, one.request.pid), name },
      note: one.intro?.note ?? '',
      code: one.code,
      link: {
        pk: one.request.link,
        label,
        maker: link === undefined ? null : person(replica, link.maker),
      },
      askedAt: one.at,
      expires: one.request.action.exp,
      state: expired ? 'expired' : one.rejectedBy === null ? 'waiting' : 'rejected',
      blocked: blockedBy(replica.state, one, now),
      flags: flagsOf(replica, around, one, name),
      rejectedBy: one.rejectedBy === null ? null : person(replica, one.rejectedBy),
      past: cameAndWent(replica, one.request.pid),
    };
  });
}

interface Around {
  readonly waiting: readonly Waiting[];
  /** Names of members, in lower case. */
  readonly taken: ReadonlySet<string>;
  readonly bursts: ReadonlyMap<LinkPk, LinkBurst | null>;
}

function flagsOf(
  replica: Replica,
  around: Around,
  one: Waiting,
  name: string | null,
): RequestFlag[] {
  const { pid, link } = one.request;
  const flags: RequestFlag[] = [];
  if (one.intro === null) flags.push('introUnreadable');
  if (replica.state.banned.has(pid)) flags.push('banned');
  if (replica.state.cards.has(pid)) flags.push('wasMember');
  const asked = around.waiting.some((other) => other.request.pid === pid && other.at < one.at);
  if (asked || replica.head.rejected.includes(pid)) flags.push('askedBefore');
  if (name !== null && around.taken.has(name.toLocaleLowerCase())) flags.push('sameName');
  const burst = around.bursts.get(link) ?? null;
  if (burst !== null && one.at >= burst.since) flags.push('burst');
  return flags;
}
