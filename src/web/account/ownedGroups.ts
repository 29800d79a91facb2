/** Groups that end with their owner's account unless somebody takes them over first. */
import type { GroupSummary } from '../../client/view.ts';
import { ROLE } from '../../protocol/role.ts';

export function ownedBy(groups: readonly GroupSummary[]): readonly GroupSummary[] {
  return groups.filter((group) => group.standing === 'member' && group.role === ROLE.owner);
}
