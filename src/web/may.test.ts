import { describe, expect, it } from 'vitest';
import type { GroupView, MemberView } from '../client/view.ts';
import type { Gid, Pid } from '../protocol/ids.ts';
import { ROLE, type Role } from '../protocol/role.ts';
import {
  whyNotClose,
  whyNotHandOver,
  whyNotLinks,
  whyNotOpenSuccessor,
  whyNotRemove,
  whyNotSend,
  whyNotSetRole,
} from './may.ts';

function groupOf(role: Role, changes: Partial<GroupView> = {}): GroupView {
  return {
    gid: '1'.repeat(64) as Gid,
    standing: 'member',
    name: 'Harbour garden',
    image: null,
    about: '',
    rules: '',
    role,
    turned: null,
    members: [],
    banned: [],
    policy: {
      strictPending: false,
      shareableDefault: false,
      modsEditProfile: true,
      modsManageLinks: true,
      announcements: false,
    },
    generation: 1,
    seq: 1,
    key: { state: 'secured', since: 0, reason: 'start' },
    shareable: false,
    opened: 1,
    history: null,
    halted: null,
    behind: null,
    code: '',
    restored: null,
    roster: '',
    checks: { checkpoint: null, agree: 0, others: 0 },
    offer: null,
    successor: null,
    pair: false,
    changedIdentities: [],
    warnings: [],
    ...changes,
  };
}

function member(role: Role, me = false): MemberView {
  return {
    pid: '2'.repeat(64) as Pid,
    name: 'Bob',
    mark: '7f3a',
    role,
    me,
    via: 'link',
    addedBy: null,
    link: null,
    joinedAt: 0,
    openedGeneration: null,
    verified: false,
  };
}

describe('what the screen lets a person do', () => {
  it('lets the owner act on everybody else', () => {
    const group = groupOf(ROLE.owner);
    expect(whyNotRemove(group, member(ROLE.moderator))).toBeNull();
    expect(whyNotSetRole(group, member(ROLE.member), ROLE.moderator)).toBeNull();
    expect(whyNotSetRole(group, member(ROLE.moderator), ROLE.member)).toBeNull();
    expect(whyNotRemove(group, member(ROLE.owner, true))).toBe('self');
    expect(whyNotSetRole(group, member(ROLE.owner, true), ROLE.member)).toBe('selfRole');
  });

  it('lets a moderator act on lower ranks only, and leaves the moderator role to the owner', () => {
    const group = groupOf(ROLE.moderator);
    expect(whyNotRemove(group, member(ROLE.member))).toBeNull();
    expect(whyNotRemove(group, member(ROLE.moderator))).toBe('rank');
    expect(whyNotRemove(group, member(ROLE.owner))).toBe('rank');
    expect(whyNotSetRole(group, member(ROLE.member), ROLE.observer)).toBeNull();
    expect(whyNotSetRole(group, member(ROLE.member), ROLE.moderator)).toBe('ownerOnly');
    expect(whyNotSetRole(group, member(ROLE.moderator), ROLE.member)).toBe('ownerOnly');
    expect(whyNotSetRole(group, member(ROLE.owner), ROLE.member)).toBe('owner');
    expect(whyNotSetRole(group, member(ROLE.member), ROLE.member)).toBe('same');
  });

  it('lets members act on nobody', () => {
    expect(whyNotRemove(groupOf(ROLE.member), member(ROLE.observer))).toBe('staff');
    expect(whyNotLinks(groupOf(ROLE.member))).toBe('staff');
  });

  it('says why moderators cannot make links where the owner keeps them', () => {
    const policy = { ...groupOf(ROLE.moderator).policy, modsManageLinks: false };
    expect(whyNotLinks(groupOf(ROLE.moderator, { policy }))).toBe('links');
    expect(whyNotLinks(groupOf(ROLE.owner, { policy }))).toBeNull();
  });

  it('lets the owner alone hand over and close, and hand over only to a moderator', () => {
    const members = [member(ROLE.owner, true), member(ROLE.moderator)];
    expect(whyNotHandOver(groupOf(ROLE.owner, { members }))).toBeNull();
    expect(whyNotHandOver(groupOf(ROLE.owner, { members: members.slice(0, 1) }))).toBe(
      'noModerator',
    );
    expect(whyNotHandOver(groupOf(ROLE.moderator, { members }))).toBe('byOwner');
    expect(whyNotClose(groupOf(ROLE.owner))).toBeNull();
    expect(whyNotClose(groupOf(ROLE.moderator))).toBe('byOwner');
    expect(whyNotClose(groupOf(ROLE.owner, { standing: 'closed' }))).toBe('standing');
  });

  it('lets staff continue a group once, also one that was stopped or closed', () => {
    expect(whyNotOpenSuccessor(groupOf(ROLE.moderator))).toBeNull();
    expect(whyNotOpenSuccessor(groupOf(ROLE.owner, { halted: { name: 'E_FORK' } }))).toBeNull();
    expect(whyNotOpenSuccessor(groupOf(ROLE.moderator, { standing: 'closed' }))).toBeNull();
    expect(whyNotOpenSuccessor(groupOf(ROLE.moderator, { standing: 'removed' }))).toBe('standing');
    expect(whyNotOpenSuccessor(groupOf(ROLE.member))).toBe('staff');
    const by = { pid: '3'.repeat(64) as Pid, name: 'Carol', mark: 'a1b2' };
    const successor = { gid: '4'.repeat(64) as Gid, by, byOwner: false, joined: false };
    expect(whyNotOpenSuccessor(groupOf(ROLE.moderator, { successor }))).toBe('successor');
  });

  it('says why nothing can be written', () => {
    const policy = groupOf(ROLE.member).policy;
    expect(whyNotSend(groupOf(ROLE.member))).toBeNull();
    expect(whyNotSend(groupOf(ROLE.observer))).toBe('observer');
    const loud = { ...policy, announcements: true };
    expect(whyNotSend(groupOf(ROLE.member, { policy: loud }))).toBe('announcements');
    expect(whyNotSend(groupOf(ROLE.moderator, { policy: loud }))).toBeNull();
    expect(whyNotSend(groupOf(ROLE.member, { standing: 'removed' }))).toBe('removed');
    expect(whyNotSend(groupOf(ROLE.member, { halted: { name: 'E_FORK' } }))).toBe('halted');
    const strict = { ...policy, strictPending: true };
    const key = { state: 'pending', reason: 'leave' } as const;
    expect(whyNotSend(groupOf(ROLE.member, { policy: strict, key }))).toBe('strict');
    expect(whyNotSend(groupOf(ROLE.member, { key }))).toBeNull();
  });
});
