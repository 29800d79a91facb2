import { describe, expect, it } from 'vitest';
import { ROLE } from '../../protocol/role.ts';
import { differenceOf } from './abilities.ts';

const POLICY = {
  strictPending: false,
  shareableDefault: false,
  modsEditProfile: true,
  modsManageLinks: true,
  announcements: false,
};

describe('R3: what a change of role changes', () => {
  it('a member who becomes a moderator gains the acts of the staff, and loses them again', () => {
    const up = differenceOf({ policy: POLICY }, ROLE.member, ROLE.moderator);
    expect(up).toEqual({
      gains: ['admit', 'remove', 'mute', 'links', 'profile', 'key'],
      loses: [],
    });
    expect(differenceOf({ policy: POLICY }, ROLE.moderator, ROLE.member).loses).toEqual(up.gains);
  });

  it('an observer loses writing alone, and nothing where only the staff writes', () => {
    expect(differenceOf({ policy: POLICY }, ROLE.member, ROLE.observer).loses).toEqual(['write']);
    const quiet = { ...POLICY, announcements: true };
    expect(differenceOf({ policy: quiet }, ROLE.member, ROLE.observer).loses).toEqual([]);
    expect(differenceOf({ policy: quiet }, ROLE.member, ROLE.moderator).gains).toContain('write');
  });

  it('where only the owner manages links, a moderator does not gain them', () => {
    const owned = { ...POLICY, modsManageLinks: false };
    expect(differenceOf({ policy: owned }, ROLE.member, ROLE.moderator).gains).not.toContain(
      'links',
    );
  });
});
