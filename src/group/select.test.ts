import { describe, expect, it } from 'vitest';
import type { Hash, LinkPk, Pid } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { linkCondition } from './select.ts';
import type { Link } from './state.ts';

const link: Link = {
  pk: '1'.repeat(64) as LinkPk,
  expires: 0,
  maxUses: 0,
  role: ROLE.member,
  auto: false,
  paused: false,
  previewHash: '2'.repeat(64) as Hash,
  uses: 0,
  maker: '3'.repeat(64) as Pid,
  revoked: false,
  seq: 2,
};

describe('what a link still does', () => {
  it('without end and cap it lives; at its end it still does, a millisecond later it does not', () => {
    expect(linkCondition(link, Number.MAX_SAFE_INTEGER)).toBe('live');
    expect(linkCondition({ ...link, expires: 5000 }, 5000)).toBe('live');
    expect(linkCondition({ ...link, expires: 5000 }, 5001)).toBe('expired');
  });

  it('a cap reached is used up', () => {
    expect(linkCondition({ ...link, maxUses: 2, uses: 1 }, 0)).toBe('live');
    expect(linkCondition({ ...link, maxUses: 2, uses: 2 }, 0)).toBe('usedUp');
    expect(linkCondition({ ...link, uses: 500 }, 0)).toBe('live');
  });

  it('the reason that cannot be undone is named first: revoked, used up, expired, paused', () => {
    const all = { ...link, maxUses: 1, uses: 1, expires: 1, paused: true, revoked: true };
    expect(linkCondition(all, 2)).toBe('revoked');
    expect(linkCondition({ ...all, revoked: false }, 2)).toBe('usedUp');
    expect(linkCondition({ ...all, revoked: false, uses: 0 }, 2)).toBe('expired');
    expect(linkCondition({ ...all, revoked: false, uses: 0 }, 1)).toBe('paused');
  });
});
