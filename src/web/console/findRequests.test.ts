import { describe, expect, it } from 'vitest';
import type { RequestView } from '../../client/view.ts';
import type { Hash, LinkPk, Pid } from '../../protocol/ids.ts';
import { findRequests } from './findRequests.ts';

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
    rejectedBy: null,
    past: [],
    ...changes,
  };
}

const all = [
  request('Frank', { askedAt: 3 }),
  request('Erin', { askedAt: 1, note: 'Alto' }),
  request('Grace', { askedAt: 2, state: 'rejected' }),
];
const WAITING = { state: 'waiting', find: '', wave: null } as const;
const names = (list: readonly RequestView[]) => list.map((one) => one.person.name);

describe('the queue', () => {
  it('shows one state, who waits longest first', () => {
    expect(names(findRequests(all, { ...WAITING, find: '' }))).toEqual(['Erin', 'Frank']);
    expect(names(findRequests(all, { ...WAITING, state: 'rejected', find: '' }))).toEqual([
      'Grace',
    ]);
  });

  it('finds by name, note and link, in any case', () => {
    expect(names(findRequests(all, { ...WAITING, state: 'waiting', find: ' fra' }))).toEqual([
      'Frank',
    ]);
    expect(names(findRequests(all, { ...WAITING, state: 'waiting', find: 'ALTO' }))).toEqual([
      'Erin',
    ]);
    expect(names(findRequests(all, { ...WAITING, state: 'waiting', find: 'poster' }))).toEqual([
      'Erin',
      'Frank',
    ]);
  });

  it('shows one wave: what came through its link and is part of it', () => {
    const wave = [
      request('Heidi', { flags: ['burst'] }),
      request('Ivan', { flags: ['burst'], link: { pk: 'q' as LinkPk, label: '', maker: null } }),
      ...all,
    ];
    expect(names(findRequests(wave, { ...WAITING, wave: 'p' as LinkPk }))).toEqual(['Heidi']);
  });
});
