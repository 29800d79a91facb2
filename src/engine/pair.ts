/** A conversation of two: an ordinary group without a name of its own, called after the other one. */
import { ok } from '../lib/result.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Pid } from '../protocol/ids.ts';
import { initGroup } from './acts.ts';
import type { Context } from './context.ts';
import { foundGroup } from './founding.ts';
import { person } from './person.ts';
import { readProfile } from './plans.ts';
import type { Replica } from './replica.ts';

/** Whoever makes a group by hand gives it a name: only a conversation of two has none. */
export function isPair(replica: Replica): boolean {
  return (
    replica.state.members.size <= 2 &&
    (readProfile(replica)?.group_name ?? replica.head.titles.at(-1)?.name) === ''
  );
}

/** A name is known where its owner told it: before they have come into one group, it is read in another. */
export function nameAnywhere(ctx: Pick<Context, 'groups'>, pid: Pid): string | null {
  for (const replica of ctx.groups.values()) {
    const { name } = person(replica, pid);
    if (name !== null) return name;
  }
  return null;
}

const others = (ctx: Pick<Context, 'identity'>, pids: Iterable<Pid>): readonly Pid[] =>
  [...pids].filter((pid) => pid !== ctx.identity().pid);

/** The other one's name, also when they are gone; null where it is not known. */
export function pairName(
  ctx: Pick<Context, 'identity' | 'groups'>,
  replica: Replica,
): string | null {
  const [there] = others(ctx, replica.state.members.keys());
  const pid = there ?? others(ctx, replica.state.cards.keys()).at(-1);
  return pid === undefined ? null : (person(replica, pid).name ?? nameAnywhere(ctx, pid));
}

/** The conversation with somebody that stands, if there is one. */
export function findPair(ctx: Pick<Context, 'identity' | 'groups'>, pid: Pid): Replica | null {
  const found = [...ctx.groups.values()].find(
    (replica) =>
      isPair(replica) &&
      (replica.head.standing === 'member' || replica.head.standing === 'invited') &&
      replica.state.closed === null &&
      replica.state.members.has(pid) &&
      replica.state.members.has(ctx.identity().pid),
  );
  return found ?? null;
}

/** Makes the group and invites the other one. `adopt` takes it in, so that it stands even where the invitation fails. */
export async function openPair(
  ctx: Context,
  pid: Pid,
  adopt: (replica: Replica) => Promise<void>,
): Promise<Outcome<Gid>> {
  if (pid === ctx.identity().pid) return fail('E_ROSTER', 'a conversation needs somebody else');
  const held = findPair(ctx, pid);
  if (held !== null) return ok(held.gid);
  const founded = await foundGroup(ctx, null);
  if (!founded.ok) return founded;
  await adopt(founded.value);
  const begun = await initGroup(ctx, founded.value, { group_name: '' }, { add: [pid] });
  return begun.ok ? ok(founded.value.gid) : begun;
}
