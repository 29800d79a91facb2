import { describe, expect, it } from 'vitest';
import { someone } from '../../client/testing/lines.ts';
import type { MemberView } from '../../client/view.ts';
import { mentionable, mentionAt } from './MentionList.tsx';

const member = (name: string, me = false) => ({ ...someone(name), me }) as MemberView;

describe('mentions while typing', () => {
  it('begin at an @ that begins a word, and end with the line', () => {
    expect(mentionAt('hello @bo', 9)).toBe('bo');
    expect(mentionAt('@', 1)).toBe('');
    expect(mentionAt('mail bob@example', 16)).toBeNull();
    expect(mentionAt('@bob\nand', 8)).toBeNull();
    expect(mentionAt('hello @bob and more', 10)).toBe('bob');
  });

  it('offer members whose name begins so first, and never oneself', () => {
    const members = [member('alice', true), member('jacob'), member('bob')];
    expect(mentionable(members, 'ob').map((one) => one.name)).toEqual(['jacob', 'bob']);
    expect(mentionable(members, 'b').map((one) => one.name)).toEqual(['bob', 'jacob']);
    expect(mentionable(members, 'alice')).toEqual([]);
    expect(mentionable(members, 'bob')).toEqual([]);
  });
});
