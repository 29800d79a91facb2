/** Who may do which act: a table of named rules. Default is no. Asked by replay, by the engine before it signs, and by the page to disable with a reason. */
import type { Failure } from '../protocol/failure.ts';
import { hasPolicy } from '../protocol/policy.ts';
import { CIRCLE, type Circle, isStaff, ROLE, type Role } from '../protocol/role.ts';

export interface Actor {
  readonly role: Role;
  readonly policy: number;
}

export type Act =
  | {
      readonly kind:
        | 'init'
        | 'close'
        | 'transfer'
        | 'setPolicy'
        | 'editInfo'
        | 'links'
        | 'rotate'
        | 'leave'
        | 'updateCard';
    }
  | { readonly kind: 'add' | 'unban' }
  /** `target` is null where the pid is no member. */
  | { readonly kind: 'remove' | 'ban'; readonly target: Role | null }
  | { readonly kind: 'setRole'; readonly from: Role | null; readonly to: Role }
  | { readonly kind: 'send'; readonly circle: Circle };

interface Rule {
  readonly name: string;
  readonly allows: (actor: Actor, act: Act) => boolean;
}

const owner = (actor: Actor): boolean => actor.role === ROLE.owner;
const staff = (actor: Actor): boolean => isStaff(actor.role);

const RULES: readonly Rule[] = [
  {
    name: 'the owner initialises, closes, hands over and sets the policy',
    allows: (actor, act) =>
      owner(actor) && ['init', 'close', 'transfer', 'setPolicy'].includes(act.kind),
  },
  {
    name: 'the owner gives and takes the moderator role',
    allows: (actor, act) =>
      act.kind === 'setRole' && owner(actor) && act.from !== ROLE.owner && act.to !== ROLE.owner,
  },
  {
    name: 'moderators move lower ranks between observer and member',
    allows: (actor, act) =>
      act.kind === 'setRole' &&
      staff(actor) &&
      (act.from ?? ROLE.observer) <= ROLE.member &&
      act.to <= ROLE.member,
  },
  {
    name: 'the owner edits the profile; moderators where the policy says so',
    allows: (actor, act) =>
      act.kind === 'editInfo' &&
      (owner(actor) || (staff(actor) && hasPolicy(actor.policy, 'modsEditProfile'))),
  },
  {
    name: 'the owner manages links; moderators where the policy says so',
    allows: (actor, act) =>
      act.kind === 'links' &&
      (owner(actor) || (staff(actor) && hasPolicy(actor.policy, 'modsManageLinks'))),
  },
  {
    name: 'owner and moderators add, unban and rotate',
    allows: (actor, act) => staff(actor) && ['add', 'unban', 'rotate'].includes(act.kind),
  },
  {
    name: 'owner and moderators remove and ban lower ranks',
    allows: (actor, act) =>
      (act.kind === 'remove' || act.kind === 'ban') &&
      staff(actor) &&
      (act.target === null || act.target < actor.role),
  },
  {
    name: 'everybody but the owner may leave',
    allows: (actor, act) => act.kind === 'leave' && !owner(actor),
  },
  {
    name: 'everybody may renew the own card',
    allows: (_, act) => act.kind === 'updateCard',
  },
  {
    name: 'observers do not write; under announcements only staff does; the staff circle is for staff',
    allows: (actor, act) =>
      act.kind === 'send' &&
      actor.role !== ROLE.observer &&
      (staff(actor) ||
        (act.circle === CIRCLE.everyone && !hasPolicy(actor.policy, 'announcements'))),
  },
];

/** Null where the act is allowed, else why not. */
export function refusal(actor: Actor, act: Act): Failure | null {
  return RULES.some((rule) => rule.allows(actor, act))
    ? null
    : { name: 'E_ROLE', note: `not allowed to ${act.kind}` };
}

export function can(actor: Actor, act: Act): boolean {
  return refusal(actor, act) === null;
}
