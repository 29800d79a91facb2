import { describe, expect, it } from 'vitest';
import { line, message, outgoing, someone } from '../../client/testing/lines.ts';
import type { TimelineItem } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';
import { drawnNext, firstFrom, newestPosition, type Row, rowsOf } from './rows.ts';

const DAY = 86_400_000;

const wishes = {
  dayOf: (at: number) => String(Math.floor(at / DAY)),
  newFrom: null,
  more: true,
  blocked: new Set<Pid>(),
  joinedT: null,
};

function shapes(rows: readonly Row[]): string[] {
  return rows
    .filter((row) => row.kind !== 'end')
    .map((row) => {
      if (row.kind === 'spoken') return `${row.first ? '+' : ' '}${row.key}`;
      return row.kind === 'fold' ? `fold ${row.items.length}` : row.kind;
    });
}

describe('rows of the talk', () => {
  it('folds what blocked people wrote in a row, and nothing else', () => {
    const mallory = someone('m');
    const bad = (key: string, at: number): TimelineItem =>
      ({ ...message(key, at), author: mallory }) as TimelineItem;
    const rows = rowsOf([message('a', 1), bad('b', 2), bad('c', 3), message('d', 4)], {
      ...wishes,
      blocked: new Set([mallory.pid]),
    });
    expect(shapes(rows)).toEqual(['day', '+a', 'blocked', '+d']);
    expect(
      rows.flatMap((row) => (row.kind === 'blocked' ? row.items.map(({ key }) => key) : [])),
    ).toEqual(['b', 'c']);
  });

  it('divides days', () => {
    const rows = rowsOf([message('a', 1), message('b', DAY + 1)], wishes);
    expect(shapes(rows)).toEqual(['day', '+a', 'day', '+b']);
  });

  it('groups what one author writes without a pause, also across storing', () => {
    const rows = rowsOf(
      [
        message('a', 1),
        message('b', 2),
        message('c', 3, 3, 'carol'),
        message('d', 4, 4, 'alice', true),
        outgoing('e', 5),
        message('f', 6, 600_000, 'bob'),
      ],
      wishes,
    );
    expect(shapes(rows)).toEqual(['day', '+a', ' b', '+c', '+d', ' e', '+f']);
  });

  it('shows few changes line by line and folds many', () => {
    const few = [1, 2, 3].map((t) => line(`l${t}`, t));
    expect(shapes(rowsOf(few, wishes))).toEqual(['day', 'log', 'log', 'log']);
    const many = [1, 2, 3, 4, 5].map((t) => line(`l${t}`, t));
    expect(shapes(rowsOf([...many, message('a', 6)], wishes))).toEqual(['day', 'fold 5', '+a']);
  });

  it('divides what was shared from what came after the own admission, and says nothing where nothing was', () => {
    const items = [message('a', 1), line('in', 2), message('b', 3)];
    const joinedT = 2;
    expect(shapes(rowsOf(items, { ...wishes, joinedT }))).toEqual([
      'day',
      '+a',
      'shared',
      'log',
      '+b',
    ]);
    expect(shapes(rowsOf(items.slice(1), { ...wishes, joinedT }))).toEqual(['day', 'log', '+b']);
    expect(shapes(rowsOf(items.slice(2), { ...wishes, joinedT }))).toEqual(['day', '+b']);
  });

  it('never folds away that somebody was removed', () => {
    const removed: TimelineItem = {
      ...line('r', 3),
      kind: 'log',
      line: { what: 'removed', who: [someone('carol')], banned: false },
    } as TimelineItem;
    const items = [line('a', 1), line('b', 2), removed, line('c', 4), line('d', 5)];
    expect(shapes(rowsOf(items, wishes))).toEqual(['day', 'log', 'log', 'log', 'log', 'log']);
  });

  it('marks the first unread line, also where the message there is gone, and none that is not held', () => {
    const items = [message('a', 1), message('b', 3), message('c', 4)];
    const marked = ['day', '+a', 'new', '+b', ' c'];
    expect(shapes(rowsOf(items, { ...wishes, newFrom: 3 }))).toEqual(marked);
    expect(shapes(rowsOf(items, { ...wishes, newFrom: 2 }))).toEqual(marked);
    expect(shapes(rowsOf(items, { ...wishes, newFrom: 5 }))).not.toContain('new');
  });

  it('says where the readable part begins', () => {
    expect(shapes(rowsOf([message('a', 1)], { ...wishes, more: false }))[0]).toBe('beginning');
    expect(rowsOf([], { ...wishes, more: false })).toEqual([]);
  });
});

describe('what is unread', () => {
  const items = [
    message('a', 1),
    message('b', 2),
    message('c', 3, 3, 'alice', true),
    line('l', 4),
    message('d', 5),
  ];

  it('begins with a message of somebody else who is not blocked, from a position on', () => {
    const nobody = new Set<Pid>();
    expect(firstFrom(items, 0, nobody)).toBe(1);
    expect(firstFrom(items, 3, nobody)).toBe(5);
    expect(firstFrom(items, 6, nobody)).toBeNull();
    expect(firstFrom(items, 0, new Set([someone('bob').pid]))).toBeNull();
  });

  it('takes the newest stored position', () => {
    expect(newestPosition([...items, outgoing('o', 9)])).toBe(5);
    expect(newestPosition([outgoing('o', 9)])).toBeNull();
  });
});

describe('what is drawn of the lines', () => {
  const keys = (names: string): TimelineItem[] =>
    [...names].map((name) => message(name, name.codePointAt(0) ?? 0));
  const next = (drawn: string, items: string): readonly [string, boolean] => {
    const { lines, above } = drawnNext(keys(drawn), keys(items));
    return [lines.map(({ key }) => key).join(''), above];
  };

  it('lines in front and at the end at once are drawn in two steps, those in front first', () => {
    expect(next('defg', 'abcdefghi')).toEqual(['abcdefg', true]);
    expect(next('abcdefg', 'abcdefghi')).toEqual(['abcdefghi', false]);
  });

  it('lines on one side only are drawn at once, as are others in their place', () => {
    expect(next('def', 'abcdef')).toEqual(['abcdef', true]);
    expect(next('def', 'defgh')).toEqual(['defgh', false]);
    expect(next('abcdef', 'def')).toEqual(['def', true]);
    expect(next('abc', 'xyz')).toEqual(['xyz', false]);
    expect(next('', 'abc')).toEqual(['abc', false]);
  });

  it('what changed behind is drawn with what is new there', () => {
    expect(next('def', 'abcdegh')).toEqual(['abcdef', true]);
    expect(next('abcdef', 'abcdegh')).toEqual(['abcdegh', false]);
  });
});
