/** What this person may do in a group now, and why not: the group's own rules, asked with what the screen sees. */
import type { GroupView, MemberView } from '../client/view.ts';
import { type Act, type Actor, refusal } from '../group/can.ts';
import { POLICY, type PolicyName } from '../protocol/policy.ts';
import { isStaff, ROLE, type Role } from '../protocol/role.ts';

/** Keys of the texts under console.reason. */
export type Reason =
  | 'rank'
  | 'ownerOnly'
  | 'byOwner'
  | 'noModerator'
  | 'successor'
  | 'owner'
  | 'self'
  | 'selfRole'
  | 'same'
  | 'staff'
  | 'links'
  | 'halted'
  | 'info'
  | 'pending'
  | 'standing';

/** Keys of the texts under chat.off. */
export type SendOff =
  | 'observer'
  | 'announcements'
  | 'halted'
  | 'missing'
  | 'strict'
  | 'left'
  | 'removed'
  | 'closed';

function actorOf(group: GroupView): Actor {
  const names = Object.keys(POLICY) as PolicyName[];
  const policy = names.reduce((bits, name) => (group.policy[name] ? bits | POLICY[name] : bits), 0);
  return { role: group.role, policy };
}

function refused(group: GroupView, act: Act, reason: Reason): Reason | null {
  if (group.standing !== 'member') return 'standing';
  if (group.halted !== null) return 'halted';
  return refusal(actorOf(group), act) === null ? null : reason;
}

/** Null where approving and rejecting is allowed. */
export function whyNotDecide(group: GroupView): Reason | null {
  return refused(group, { kind: 'add' }, 'staff');
}

export function whyNotLinks(group: GroupView): Reason | null {
  return refused(group, { kind: 'links' }, isStaff(group.role) ? 'links' : 'staff');
}

export function whyNotInfo(group: GroupView): Reason | null {
  return (
    refused(group, { kind: 'editInfo' }, isStaff(group.role) ? 'info' : 'staff') ?? pending(group)
  );
}

export function whyNotPolicy(group: GroupView): Reason | null {
  return refused(group, { kind: 'setPolicy' }, 'byOwner') ?? pending(group);
}

/** Words and settings wait while somebody has left and the key has not changed yet. */
function pending(group: GroupView): Reason | null {
  return group.key.state === 'pending' ? 'pending' : null;
}

export function whyNotRotate(group: GroupView): Reason | null {
  return refused(group, { kind: 'rotate' }, 'staff');
}

export function whyNotUnban(group: GroupView): Reason | null {
  return refused(group, { kind: 'unban' }, 'staff');
}

export function whyNotHandOver(group: GroupView): Reason | null {
  const refusedNow = refused(group, { kind: 'transfer' }, 'byOwner');
  if (refusedNow !== null) return refusedNow;
  return group.members.some((member) => member.role === ROLE.moderator) ? null : 'noModerator';
}

export function whyNotClose(group: GroupView): Reason | null {
  return refused(group, { kind: 'close' }, 'byOwner');
}

/** No act of this group's log: a group that was stopped may be continued too, and one that was closed. */
export function whyNotOpenSuccessor(group: GroupView): Reason | null {
  if (group.standing !== 'member' && group.standing !== 'closed') return 'standing';
  if (!isStaff(group.role)) return 'staff';
  return group.successor === null ? null : 'successor';
}

export function whyNotRemove(group: GroupView, member: MemberView): Reason | null {
  if (member.me) return 'self';
  return refused(group, { kind: 'remove', target: member.role }, rankReason(group));
}

export function whyNotSetRole(group: GroupView, member: MemberView, to: Role): Reason | null {
  if (member.me) return 'selfRole';
  if (member.role === ROLE.owner) return 'owner';
  if (member.role === to) return 'same';
  const aboutModerators = member.role === ROLE.moderator || to === ROLE.moderator;
  const reason = aboutModerators && isStaff(group.role) ? 'ownerOnly' : rankReason(group);
  return refused(group, { kind: 'setRole', from: member.role, to }, reason);
}

function rankReason(group: GroupView): Reason {
  return isStaff(group.role) ? 'rank' : 'staff';
}

/** Why nothing can be written here now; null where it can. An invitation is answered, not written into. */
export function whyNotSend(group: GroupView): SendOff | null {
  if (group.standing !== 'member') return group.standing === 'invited' ? 'left' : group.standing;
  if (group.halted !== null) return 'halted';
  if (refusal(actorOf(group), { kind: 'send', circle: 0 }) !== null)
    return group.role === ROLE.observer ? 'observer' : 'announcements';
  if (group.policy.strictPending && group.key.state === 'pending') return 'strict';
  return null;
}
