/** What a role may do in this group, asked from the group's own rules, and what changes from one role to another. */
import type { GroupView } from '../../client/view.ts';
import { type Act, refusal } from '../../group/can.ts';
import { POLICY, type PolicyName } from '../../protocol/policy.ts';
import { ROLE, type Role } from '../../protocol/role.ts';

/** Keys of the texts under ability. */
export type Ability = 'write' | 'admit' | 'remove' | 'mute' | 'links' | 'profile' | 'key';

const ACTS: Readonly<Record<Ability, Act>> = {
  write: { kind: 'send', circle: 0 },
  admit: { kind: 'add' },
  remove: { kind: 'remove', target: ROLE.member },
  mute: { kind: 'setRole', from: ROLE.member, to: ROLE.observer },
  links: { kind: 'links' },
  profile: { kind: 'editInfo' },
  key: { kind: 'rotate' },
};

function may(policy: number, role: Role, ability: Ability): boolean {
  return refusal({ role, policy }, ACTS[ability]) === null;
}

export interface Difference {
  readonly gains: readonly Ability[];
  readonly loses: readonly Ability[];
}

export function differenceOf(group: Pick<GroupView, 'policy'>, from: Role, to: Role): Difference {
  const names = Object.keys(POLICY) as PolicyName[];
  const policy = names.reduce((bits, name) => (group.policy[name] ? bits | POLICY[name] : bits), 0);
  const all = Object.keys(ACTS) as Ability[];
  return {
    gains: all.filter((one) => !may(policy, from, one) && may(policy, to, one)),
    loses: all.filter((one) => may(policy, from, one) && !may(policy, to, one)),
  };
}
