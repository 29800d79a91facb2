/** The verbs of a group: each decides on the present state, plans one entry, and appends it. Named after ao. */
import { neutralise } from '../client/shownName.ts';
import { type Bytes, concat, utf8 } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { profileCommit, staffCommit } from '../crypto/hash.ts';
import { sealLeaveNote } from '../crypto/secret/seal.ts';
import type { GroupInfo, MemberOps } from '../client/client.ts';
import { rosterAfter } from '../ledger/replay.ts';
import { decodeChain } from '../protocol/card.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { type Pid, ZERO_HASH } from '../protocol/ids.ts';
import { type AddOp, NO_OPS, type Ops } from '../protocol/ops.ts';
import { CLIENT } from '../protocol/limits.ts';
import { POLICY, type PolicyName } from '../protocol/policy.ts';
import { CIRCLE, isStaff, type Role } from '../protocol/role.ts';
import type { RotateReason } from '../protocol/action.ts';
import { foldChain } from '../ledger/cards.ts';
import type { Profile } from '../protocol/text.ts';
import { append, until } from './append.ts';
import { type Context, signingTime } from './context.ts';
import { putImage } from './image.ts';
import {
  heldTexts,
  makeKeys,
  NOTHING_PREPARED,
  padProfile,
  padStaffText,
  type Plan,
  planOps,
  readProfile,
  resealed,
} from './plans.ts';
import { keyOf, type Replica } from './replica.ts';

/** Card chains of people to be added, as the directory gives them; each must hash to its pid. */
export async function fetchChains(
  ctx: Context,
  pids: readonly Pid[],
): Promise<Outcome<Map<Pid, Bytes>>> {
  const chains = new Map<Pid, Bytes>();
  for (const pid of pids) {
    const answer = await ctx.session.call('fetchCards', { pid });
    if (!answer.ok) return { ok: false, error: answer.error };
    const cards = decodeChain(answer.value.chain);
    const folded = cards.ok ? foldChain(ctx.p, cards.value, pid) : cards;
    if (!folded.ok) return fail('E_CARD', 'the directory gave other keys');
    chains.set(pid, answer.value.chain);
  }
  return ok(chains);
}

function directAdds(chains: ReadonlyMap<Pid, Bytes>): AddOp[] {
  return [...chains].flatMap(([pid, source]) => {
    const chain = decodeChain(source);
    return chain.ok ? [{ pid, via: 'direct', chain: chain.value, source }] : [];
  });
}

export function opsOf(wishes: MemberOps, chains: ReadonlyMap<Pid, Bytes>): Ops {
  const bans = new Set(wishes.ban ?? []);
  return {
    remove: [...new Set([...(wishes.remove ?? []), ...bans])].map((pid) => ({
      pid,
      ban: bans.has(pid),
    })),
    add: directAdds(chains),
    setRole: (wishes.set_role ?? []).map(([pid, role]) => ({ pid, role })),
    unban: [...(wishes.unban ?? [])],
  };
}

export async function initGroup(
  ctx: Context,
  replica: Replica,
  info: GroupInfo,
  wishes: MemberOps,
): Promise<Outcome<void>> {
  const chains = await fetchChains(ctx, wishes.add ?? []);
  if (!chains.ok) return chains;
  const ops: Ops = {
    ...NO_OPS,
    add: directAdds(chains.value),
    setRole: (wishes.set_role ?? []).map(([pid, role]) => ({ pid, role })),
  };
  const image = info.image ?? null;
  const img = image === null ? null : await putImage(ctx, replica, image);
  if (img?.ok === false) return img;
  const profile = padProfile(ctx, {
    group_name: info.group_name,
    about: info.about ?? '',
    img: img?.value ?? null,
    rules: info.rules ?? '',
  });
  const staffText = padStaffText(ctx, []);
  if (!profile.ok) return profile;
  if (!staffText.ok) return staffText;
  return append(ctx, replica, () => {
    const next = rosterAfter(
      ctx.p,
      replica.state,
      ctx.identity().pid,
      signingTime(ctx, replica.state.time),
      ops,
    );
    if (!next.ok) return next;
    const made = makeKeys(ctx, replica, next.value, {
      profile: profile.value,
      staffText: staffText.value,
    });
    return ok({
      action: {
        kind: 'InitGroup',
        profileCommit: profileCommit(ctx.p, profile.value),
        staffCommit: staffCommit(ctx.p, staffText.value),
        ops,
        keys: made.update,
      },
      objects: made.objects,
      prepared: { keys: made.secrets, profile: profile.value, staffText: staffText.value },
    });
  });
}

/** Whether ops need a new key: somebody comes or goes, or a role crosses the staff boundary. */
function needsKeys(replica: Replica, ops: Ops): boolean {
  const { members } = replica.state;
  if (ops.add.length > 0 || ops.remove.some((op) => members.has(op.pid))) return true;
  return ops.setRole.some((op) => {
    const before: Role | undefined = members.get(op.pid)?.role;
    return before !== undefined && isStaff(before) !== isStaff(op.role);
  });
}

export async function editMember(
  ctx: Context,
  replica: Replica,
  wishes: MemberOps,
): Promise<Outcome<void>> {
  const chains = await fetchChains(ctx, wishes.add ?? []);
  if (!chains.ok) return chains;
  const ops = opsOf(wishes, chains.value);
  return append(ctx, replica, () => planOps(ctx, replica, ops, needsKeys(replica, ops)));
}

/** Tells a group the own cards it does not know yet; where the sealing key changed, a moderator's client rotates. */
export async function renewCard(ctx: Context, replica: Replica): Promise<void> {
  const identity = ctx.identity();
  const pinned = replica.state.cards.get(identity.pid);
  if (pinned === undefined || pinned.hash === identity.cardHash || replica.state.closed !== null)
    return;
  await append(ctx, replica, () => {
    const now = replica.state.cards.get(identity.pid);
    const cards = decodeChain(ctx.identity().chain);
    if (now === undefined || !cards.ok || now.hash === ctx.identity().cardHash) return ok(null);
    const following = cards.value.filter((card) => card.n > now.n);
    if (following.length === 0) return ok(null);
    const chainBytes = concat(...following.map((card) => card.bytes));
    return ok({
      action: { kind: 'UpdateCard', chain: following, chainBytes },
      objects: [],
      prepared: NOTHING_PREPARED,
    });
  });
}

export function rotate(
  ctx: Context,
  replica: Replica,
  reason: RotateReason,
  due: () => boolean,
): Promise<Outcome<void>> {
  return append(ctx, replica, () => {
    if (!due()) return ok(null);
    const made = makeKeys(ctx, replica, replica.state, heldTexts(ctx, replica));
    return ok({
      action: { kind: 'RotateSessionKey', keys: made.update, reason },
      objects: made.objects,
      prepared: { ...NOTHING_PREPARED, keys: made.secrets },
    });
  });
}

/** Changes what is named; everything else stays as it is at the time the entry is made, also after a lost race. */
export async function editGroupInfo(
  ctx: Context,
  replica: Replica,
  info: Partial<GroupInfo>,
): Promise<Outcome<void>> {
  const image = info.image;
  const img = image === undefined || image === null ? null : await putImage(ctx, replica, image);
  if (img?.ok === false) return img;
  const there = (): boolean => heldTexts(ctx, replica).profile !== null;
  // While others change the words too, the server may hold newer ones than the log that is known here names.
  for (let attempt = 0; attempt < CLIENT.rebaseAttempts; attempt++) {
    const done = await append(ctx, replica, () => planInfo(ctx, replica, info, img?.value ?? null));
    if (done.ok || done.error.name !== 'E_BUSY' || there()) return done;
    ctx.catchUp(replica.gid);
    if (!(await until(ctx, replica, there, WORDS_MS))) return done;
  }
  return fail('E_BUSY', 'others kept changing the group');
}

/** How long is waited for words the log names. */
const WORDS_MS = 5000;

function planInfo(
  ctx: Context,
  replica: Replica,
  info: Partial<GroupInfo>,
  img: Profile['img'],
): Outcome<Plan> {
  const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
  if (key === null || heldTexts(ctx, replica).profile === null)
    return fail('E_BUSY', 'the profile is still on its way');
  const now = readProfile(replica);
  // What a later client wrote there would be lost.
  if (now === null) return fail('E_VERSION', 'a profile of a later version');
  const name = info.group_name ?? now.group_name;
  if (name !== now.group_name && neutralise(name) === null)
    return fail('E_FORMAT', 'a name is needed');
  const profile = padProfile(ctx, {
    group_name: name,
    about: info.about ?? now.about,
    img: info.image === undefined ? now.img : img,
    rules: info.rules ?? now.rules,
  });
  if (!profile.ok) return profile;
  const sealed = resealed(ctx, replica, key, profile.value);
  return ok({
    action: {
      kind: 'EditGroupInfo',
      profileHash: sealed.hash,
      profileCommit: profileCommit(ctx.p, profile.value),
      policy: null,
    },
    objects: sealed.objects,
    prepared: { ...NOTHING_PREPARED, profile: profile.value },
  });
}

/** Sets the named bits and no other; the words of the group are not touched. */
export function setPolicy(
  ctx: Context,
  replica: Replica,
  wishes: Readonly<Partial<Record<PolicyName, boolean>>>,
): Promise<Outcome<void>> {
  return append(ctx, replica, () => {
    const { profile, policy } = replica.state;
    if (profile === null) return fail('E_ROLE', 'the group has not begun');
    let bits = policy;
    for (const [name, on] of Object.entries(wishes) as [PolicyName, boolean][])
      bits = on ? bits | POLICY[name] : bits & ~POLICY[name];
    if (bits === policy) return ok(null);
    return ok({
      action: {
        kind: 'EditGroupInfo',
        profileHash: ZERO_HASH,
        profileCommit: profile.commit,
        policy: bits,
      },
      objects: [],
      prepared: NOTHING_PREPARED,
    });
  });
}

export function leaveGroup(ctx: Context, replica: Replica, reason: string): Promise<Outcome<void>> {
  return append(ctx, replica, () => {
    const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
    const note = reason.trim() === '' ? null : utf8(reason.trim().slice(0, 1000));
    const sealed =
      key === null || note === null
        ? null
        : sealLeaveNote(ctx.p, key, replica.state.seq + 1, ctx.identity().pid, note);
    return ok({
      action: { kind: 'LeaveGroup', note: sealed },
      objects: [],
      prepared: NOTHING_PREPARED,
    });
  });
}

export function closeGroup(ctx: Context, replica: Replica): Promise<Outcome<void>> {
  return append(ctx, replica, () =>
    ok({
      action: { kind: 'CloseGroup', successor: null },
      objects: [],
      prepared: NOTHING_PREPARED,
    }),
  );
}
