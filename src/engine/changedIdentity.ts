/**
 * Members who carry the name of somebody who was here before them and is gone: most likely the same person with a new
 * account, possibly somebody who pretends. Where the one before was compared, own messages are held until the person decides.
 */
import type { ChangedIdentity } from '../client/view.ts';
import type { Pid } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { cameAndWent } from './earlier.ts';
import { person } from './person.ts';
import type { Replica } from './replica.ts';

/** Names are compared as people read them. */
const alike = (name: string): string => name.normalize('NFKC').toLocaleLowerCase();

export function changedIdentities(
  ctx: Pick<Context, 'identity' | 'verified' | 'preferences'>,
  replica: Replica,
): readonly ChangedIdentity[] {
  const gone = new Map<string, Pid[]>();
  for (const { pid } of replica.head.names) {
    const { name } = person(replica, pid);
    if (name === null || replica.state.members.has(pid)) continue;
    gone.set(alike(name), [...(gone.get(alike(name)) ?? []), pid]);
  }
  if (gone.size === 0) return [];
  const verified = ctx.verified();
  return [...replica.state.members.values()].flatMap(({ pid, time }): ChangedIdentity[] => {
    if (pid === ctx.identity().pid || verified.has(pid) || ctx.preferences.accepts(pid)) return [];
    const who = person(replica, pid);
    const before = (who.name === null ? [] : (gone.get(alike(who.name)) ?? [])).filter(
      (other) => (cameAndWent(replica, other).at(-1)?.at ?? Infinity) <= time,
    );
    const compared = before.find((other) => verified.has(other));
    const last = compared ?? before.at(-1);
    return last === undefined
      ? []
      : [{ who, before: person(replica, last), compared: compared !== undefined }];
  });
}

/** Whether nothing goes out here before the person has decided about somebody. */
export function isHeld(
  ctx: Pick<Context, 'identity' | 'verified' | 'preferences'>,
  replica: Replica,
): boolean {
  return changedIdentities(ctx, replica).some((one) => one.compared);
}
