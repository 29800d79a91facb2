/** Questions to the state of a group. */
import type { Dev, Hash, Pid } from '../protocol/ids.ts';
import { CIRCLE, type Circle, isStaff, type Role } from '../protocol/role.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { GroupState, Link, Member } from './state.ts';

/** Members of a circle, ascending by pid. */
export function roster(state: GroupState, circle: Circle): Member[] {
  const members = [...state.members.values()].filter(
    (member) => circle === CIRCLE.everyone || isStaff(member.role),
  );
  return members.sort((a, b) => (a.pid < b.pid ? -1 : 1));
}

/** The roster as it is hashed: pid, role, hash of the pinned card. */
export function rosterLines(
  state: GroupState,
  circle: Circle,
): { pid: Pid; role: Role; cardHash: Hash }[] {
  return roster(state, circle).map(({ pid, role }) => {
    const card = state.cards.get(pid);
    if (card === undefined) throw new Error('broken promise: a member has a pinned card');
    return { pid, role, cardHash: card.hash };
  });
}

export function roleOf(state: GroupState, pid: Pid): Role | null {
  return state.members.get(pid)?.role ?? null;
}

export function inCircle(state: GroupState, pid: Pid, circle: Circle): boolean {
  const role = roleOf(state, pid);
  return role !== null && (circle === CIRCLE.everyone || isStaff(role));
}

/** The device's signing key if it stands in the pid's pinned card. */
export function deviceKey(state: GroupState, pid: Pid, dev: Dev): Bytes | null {
  return state.cards.get(pid)?.devices.find((device) => device.dev === dev)?.signPk ?? null;
}

export type LinkCondition = 'live' | 'paused' | 'expired' | 'usedUp' | 'revoked';

/** What a link still does at a time (ms since 1970). */
export function linkCondition(link: Link, now: number): LinkCondition {
  if (link.revoked) return 'revoked';
  if (link.maxUses !== 0 && link.uses >= link.maxUses) return 'usedUp';
  if (link.expires !== 0 && now > link.expires) return 'expired';
  return link.paused ? 'paused' : 'live';
}
