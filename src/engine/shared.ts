/** What of a group's talk from before the own admission can be read here, and by whom it was shared. */
import type { GroupView } from '../client/view.ts';
import { CIRCLE } from '../protocol/role.ts';
import type { Context } from './context.ts';
import { person } from './person.ts';
import { type Replica, UNSEEN } from './replica.ts';

export function historyView(ctx: Context, replica: Replica): GroupView['history'] {
  const me = replica.state.members.get(ctx.identity().pid);
  const held = [...replica.keys.values()].filter((key) => key.circle === CIRCLE.everyone);
  const earliest = replica.generations.get(Math.min(...held.map((key) => key.generation)));
  if (me === undefined || earliest === undefined) return null;
  const isFirst = earliest.generation === Math.min(...replica.generations.keys());
  const { joinedT } = replica.head;
  // Who comes back holds keys of the own earlier stay: those were not shared.
  const wasHere = (): boolean =>
    replica.acts
      .slice(0, me.seq)
      .some((act) => act.admissions.some((admission) => admission.pid === me.pid));
  const isShared = earliest.seq < me.seq && joinedT !== UNSEEN && !wasHere();
  return {
    unsharedBefore: isFirst ? null : earliest.time,
    shared: isShared ? { by: person(replica, me.by), joinedT } : null,
  };
}
