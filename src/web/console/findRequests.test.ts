import { describe, expect, it } from 'vitest';
import type { RequestView } from '../../client/view.ts';
import type { Hash, LinkPk, Pid } from '../../protocol/ids.ts';
import { findRequests, neighbour } from './findRequests.ts';

function request(name: string, changes: Partial<RequestView> = {}): RequestView {
  return {
    hash: name as Hash,
    person: { pid: name as Pid, name, mark: '7f3a' },
    note: '',
    code: '',
    link: { pk: 'p' as LinkPk, label: 'Poster', maker: null },
    askedAt: 0,
    expires: 0,
    state: 'waiting',
    blocked: null,
    flags: [],
    ...changes,
  };
}

const all = [
  request('Frank', { askedAt: 3 }),
  request('Erin', { askedAt: 1, note: 'Alto' }),
  request('Grace', { askedAt: 2, state: 'rejected' }),
];
const names = (list: readonly RequestView[]) => list.map((one) => one.person.name);

describe('the queue', () => {
  it('shows one state, who waits longest first', () => {
    expect(names(findRequests(all, 'waiting', ''))).toEqual(['Erin', 'Frank']);
    expect(names(findRequests(all, 'rejected', ''))).toEqual(['Grace']);
  });

  it('finds by name, note and link, in any case', () => {
    expect(names(findRequests(all, 'waiting', ' fra'))).toEqual(['Frank']);
    expect(names(findRequests(all, 'waiting', 'ALTO'))).toEqual(['Erin']);
    expect(names(findRequests(all, 'waiting', 'poster'))).toEqual(['Erin', 'Frank']);
  });

  it('moves to neighbours and stays at the ends', () => {
    const shown = findRequests(all, 'waiting', '');
    expect(neighbour(shown, null, 1)).toBe('Erin');
    expect(neighbour(shown, 'Erin' as Hash, 1)).toBe('Frank');
    expect(neighbour(shown, 'Frank' as Hash, 1)).toBe('Frank');
    expect(neighbour(shown, 'Erin' as Hash, -1)).toBe('Erin');
    expect(neighbour([], null, 1)).toBeNull();
  });
});
