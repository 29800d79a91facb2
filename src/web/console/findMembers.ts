/** Which members a list shows and in which order; what is known of their key. */
import { nameOf } from '../parts/isolate.tsx';
import type { GroupView, MemberView } from '../../client/view.ts';
import type { MemberFilter } from '../stores/memberViews.ts';
import type { NameOrder } from '../text/inLocale.ts';

export type KeyKnown = 'keyOpened' | 'keyBehind' | 'keyUnknown';

export function keyKnown(group: GroupView, member: MemberView): KeyKnown {
  if (member.me && group.key.state !== 'missing') return 'keyOpened';
  if (member.openedGeneration === null) return 'keyUnknown';
  return member.openedGeneration >= group.generation ? 'keyOpened' : 'keyBehind';
}

export function findMembers(
  group: GroupView,
  find: string,
  filter: MemberFilter,
  byName: NameOrder,
): readonly MemberView[] {
  const words = find.trim().toLocaleLowerCase();
  const compareNames = (one: MemberView, other: MemberView): number =>
    byName(nameOf(one), nameOf(other));
  const orders: Readonly<
    Record<MemberFilter['sort'], (one: MemberView, other: MemberView) => number>
  > = {
    role: (one, other) => other.role - one.role || compareNames(one, other),
    name: compareNames,
    joined: (one, other) => other.joinedAt - one.joinedAt || compareNames(one, other),
    key: (one, other) =>
      (one.openedGeneration ?? -1) - (other.openedGeneration ?? -1) || compareNames(one, other),
  };
  return group.members
    .filter((member) => words === '' || nameOf(member).toLocaleLowerCase().includes(words))
    .filter((member) => filter.role === 'all' || member.role === filter.role)
    .filter(
      (member) =>
        filter.key === 'all' ||
        (keyKnown(group, member) === 'keyOpened') === (filter.key === 'has'),
    )
    .toSorted(orders[filter.sort]);
}

/** Names that more than one member has. */
export function sharedNames(members: readonly MemberView[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const member of members) {
    const name = nameOf(member);
    if (seen.has(name)) twice.add(name);
    seen.add(name);
  }
  return twice;
}
