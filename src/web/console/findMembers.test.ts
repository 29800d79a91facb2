import { describe, expect, it } from 'vitest';
import type { GroupView, MemberView } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';
import { ROLE } from '../../protocol/role.ts';
import { USUAL_VIEW } from '../stores/memberViews.ts';
import { nameOrderIn } from '../text/inLocale.ts';
import { findMembers, sharedNames } from './findMembers.ts';

function member(name: string, changes: Partial<MemberView> = {}): MemberView {
  return {
    pid: name as Pid,
    name,
    mark: '7f3a',
    role: ROLE.member,
    me: false,
    via: 'link',
    addedBy: null,
    link: null,
    joinedAt: 0,
    openedGeneration: 2,
    verified: false,
    ...changes,
  };
}

const group = {
  generation: 2,
  key: { state: 'secured', since: 0, reason: '' },
  members: [
    member('Erin', { joinedAt: 3, openedGeneration: 1 }),
    member('Alice', { role: ROLE.owner, me: true, joinedAt: 1 }),
    member('Carol', { joinedAt: 2, openedGeneration: null }),
    member('Bob', { role: ROLE.moderator, joinedAt: 4 }),
  ],
} as unknown as GroupView;
const byName = nameOrderIn('en');
const names = (list: readonly MemberView[]) => list.map((one) => one.name);

describe('the list of members', () => {
  it('is ordered by rank, then name, or as the person wants it', () => {
    expect(names(findMembers(group, '', USUAL_VIEW, byName))).toEqual([
      'Alice',
      'Bob',
      'Carol',
      'Erin',
    ]);
    expect(names(findMembers(group, '', { ...USUAL_VIEW, sort: 'joined' }, byName))).toEqual([
      'Bob',
      'Erin',
      'Carol',
      'Alice',
    ]);
    expect(
      names(findMembers(group, '', { ...USUAL_VIEW, sort: 'key' }, byName)).slice(0, 2),
    ).toEqual(['Carol', 'Erin']);
  });

  it('is narrowed down by name, role and key', () => {
    expect(names(findMembers(group, ' CAR', USUAL_VIEW, byName))).toEqual(['Carol']);
    expect(names(findMembers(group, '', { ...USUAL_VIEW, role: ROLE.moderator }, byName))).toEqual([
      'Bob',
    ]);
    expect(names(findMembers(group, '', { ...USUAL_VIEW, key: 'hasNot' }, byName))).toEqual([
      'Carol',
      'Erin',
    ]);
  });

  it('knows names that two have', () => {
    expect([...sharedNames([member('Bob'), member('Bob'), member('Erin')])]).toEqual(['Bob']);
  });
});
