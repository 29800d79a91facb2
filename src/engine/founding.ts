/** Beginning a group: its first entry, and a group that continues another one. */
import { ok } from '../lib/result.ts';
import { gidOf } from '../crypto/hash.ts';
import { signEntry } from '../crypto/secret/identity.ts';
import { replay } from '../ledger/replay.ts';
import { encodeAction } from '../protocol/action.ts';
import type { EntryHeader } from '../protocol/entry.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { type Gid, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import { REPLAY } from '../protocol/limits.ts';
import { POLICY_DEFAULT } from '../protocol/policy.ts';
import { isStaff, ROLE, type Role } from '../protocol/role.ts';
import { editMember, initGroup } from './acts.ts';
import { type Context, signingTime } from './context.ts';
import { readProfile } from './plans.ts';
import { createReplica, emptyBase, type Replica, writesOf } from './replica.ts';

/** Makes and stores the replica of a new group; `predecessor` is the group it continues. */
export async function foundGroup(ctx: Context, predecessor: Gid | null): Promise<Outcome<Replica>> {
  const hello = ctx.session.hello();
  if (hello === null || ctx.session.state().kind !== 'online')
    return fail('E_OFFLINE', 'no server');
  const { p } = ctx;
  const identity = ctx.identity();
  const header: EntryHeader = {
    kind: 'SpawnGroup',
    gid: ZERO_HASH as string as Gid,
    author: identity.pid,
    dev: identity.dev,
    card: identity.cardHash,
    seq: 0,
    prev: ZERO_HASH,
    time: signingTime(ctx, 0),
    view: { t: 0, T: ZERO_HASH },
  };
  const body = encodeAction({
    kind: 'SpawnGroup',
    nonce: p.random(32),
    policy: POLICY_DEFAULT,
    serverPk: hello.serverPk,
    predecessor,
    chain: [],
    chainBytes: identity.chain,
  });
  const entry = signEntry(p, identity, header, body);
  const first = replay(p, null, entry);
  if (!first.ok) return first;
  const answer = await ctx.session.call('append', {
    entry,
    objects: [],
    image: null,
  });
  if (!answer.ok) return { ok: false, error: answer.error };
  const gid = gidOf(p, entry);
  const replica = createReplica(p, {
    gid,
    state: first.value.state,
    prior: null,
    log: [entry],
    acts: [first.value.act],
    heads: [first.value.act.hash],
    generations: new Map(),
    base: emptyBase(p, gid),
    standing: 'member',
  });
  await ctx.records.write(writesOf(ctx.records, replica, { logFrom: 0, keys: true, outbox: true }));
  return ok(replica);
}

/**
 * Fills a group that continues `old`: name and rules, all its members as invited, moderators and observers as what they are, its bans.
 * Whoever opens it becomes its owner; each member decides whether to come.
 */
export async function furnishSuccessor(
  ctx: Context,
  old: Replica,
  fresh: Replica,
): Promise<Outcome<void>> {
  const me = ctx.identity().pid;
  const profile = readProfile(old);
  const others = [...old.state.members.values()].filter((member) => member.pid !== me);
  const info = {
    group_name: profile?.group_name ?? '',
    about: profile?.about ?? '',
    rules: profile?.rules ?? '',
  };
  const begun = await initGroup(ctx, fresh, info, {});
  if (!begun.ok) return begun;
  for (let at = 0; at < others.length; at += REPLAY.opsPerList) {
    const part = others.slice(at, at + REPLAY.opsPerList);
    const added = await editMember(ctx, fresh, {
      add: part.map((member) => member.pid),
      set_role: part
        .filter((member) => member.role !== ROLE.member)
        .map((member): [Pid, Role] => [
          member.pid,
          isStaff(member.role) ? ROLE.moderator : ROLE.observer,
        ]),
    });
    if (!added.ok) return added;
  }
  const banned = [...old.state.banned].filter((pid) => pid !== me);
  return banned.length === 0 ? ok(undefined) : editMember(ctx, fresh, { ban: banned });
}

/** The group among those held that names `gid` as its predecessor. */
export function successorOf(ctx: Context, gid: Gid): Replica | null {
  return [...ctx.groups.values()].find((other) => other.state.predecessor === gid) ?? null;
}
