/** Lines of a talk for tests of what draws or merges them. */
import type { Hash, Pid } from '../../protocol/ids.ts';
import type { PersonView, TimelineItem } from '../view.ts';

export const someone = (name: string): PersonView => ({
  pid: name.repeat(8) as Pid,
  name,
  mark: '7f3a',
});

/** A text whose words, key and hash are one. */
export function message(key: string, t: number, at = t, name = 'bob', mine = false): TimelineItem {
  return {
    kind: 'message',
    key,
    t,
    item: key as Hash,
    author: someone(name),
    mine,
    at,
    generation: 1,
    text: key,
    mentions: [],
    file: null,
    reply: null,
    reactions: [],
    edited: null,
    gone: null,
    pinned: false,
  };
}

export function line(key: string, t: number): TimelineItem {
  return { kind: 'log', key, t, at: t, actor: someone('alice'), line: { what: 'info' } };
}

export function outgoing(key: string, at: number): TimelineItem {
  const send = { state: 'sending' } as const;
  return {
    kind: 'outgoing',
    key,
    localId: key,
    at,
    text: key,
    file: null,
    reply: null,
    about: null,
    send,
  };
}
