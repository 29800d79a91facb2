import { describe, expect, it } from 'vitest';
import { fail } from '../protocol/failure.ts';
import type { Ask, PortEar, Tell } from './message.ts';
import { createRelay } from './relay.ts';

const NOW = 1_700_000_000_000;
const gid = '1'.repeat(64);
const flush = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function port() {
  const heard: unknown[] = [];
  const ears = new Set<PortEar>();
  return {
    heard,
    say: (message: unknown) => {
      for (const ear of [...ears]) ear.message(message);
    },
    post: (message: unknown) => {
      heard.push(message);
    },
    listen: (ear: PortEar) => {
      ears.add(ear);
      return () => ears.delete(ear);
    },
  };
}

function setup() {
  const page = port();
  let closed = 0;
  const relay = createRelay(
    page,
    () => {
      closed += 1;
      return Promise.resolve();
    },
    () => NOW,
  );
  const call = (id: number, name: string, ...args: unknown[]): void =>
    page.say({ kind: 'call', id, name, args });
  return { page, relay, call, closed: () => closed };
}

const ids = (asks: readonly unknown[]) => asks.map((ask) => (ask as Ask).id);

describe('the relay', () => {
  it('keeps calls until there is an engine, and brings answers and news', () => {
    const { page, relay, call } = setup();
    call(1, 'account');
    const engine = port();
    relay.attach(engine);
    expect(engine.heard).toEqual([{ kind: 'call', id: 1, name: 'account', args: [] }]);
    const told: Tell[] = [
      { kind: 'news', event: { kind: 'groups', groups: [] } },
      { kind: 'answer', id: 1, value: null },
    ];
    for (const tell of told) engine.say(tell);
    expect(page.heard).toEqual(told);
  });

  it('asks the next engine what only reads, and says of acts that their outcome is not known', () => {
    const { page, relay, call } = setup();
    const first = port();
    relay.attach(first);
    call(1, 'groups');
    call(2, 'rotateSessionKey', gid);
    relay.detach();
    call(3, 'rotateSessionKey', gid);
    const second = port();
    relay.attach(second);
    expect(ids(second.heard)).toEqual([1, 3]);
    expect(page.heard).toEqual([
      { kind: 'news', event: { kind: 'resumed' } },
      {
        kind: 'answer',
        id: 2,
        value: fail('E_TIMEOUT', 'the engine went to another tab before it answered'),
      },
    ]);
  });

  it('hears nothing more from an engine it left', () => {
    const { page, relay, call } = setup();
    const first = port();
    relay.attach(first);
    call(1, 'groups');
    relay.attach(port());
    first.say({ kind: 'answer', id: 1, value: [] });
    first.say({ kind: 'news', event: { kind: 'groups', groups: [] } });
    expect(page.heard).toEqual([{ kind: 'news', event: { kind: 'resumed' } }]);
  });

  it('answers an unanswered message as sent where the talk has it, and sends it where not', async () => {
    const line = { text: 'there', at: NOW, key: 'k', kind: 'outgoing' };
    const old = { text: 'again', at: NOW - 86_400_000, key: 'o', kind: 'message', mine: true };
    const maybe = { text: 'perhaps', at: NOW - 60_000, key: 'p', kind: 'message', mine: true };
    const theirs = { text: 'mine?', at: NOW, key: 'q', kind: 'message', mine: false };
    const { page, relay, call } = setup();
    relay.attach(port());
    for (const [i, text] of ['there', 'again', 'perhaps', 'mine?'].entries())
      call(i + 1, 'sendMessage', gid, text);
    const second = port();
    relay.attach(second);
    const questions = second.heard as Ask[];
    expect(questions.map((ask) => ask.kind === 'call' && ask.name)).toEqual(
      Array(4).fill('timeline'),
    );
    for (const { id } of [...questions])
      second.say({
        kind: 'answer',
        id,
        value: { ok: true, value: { items: [line, old, maybe, theirs], more: false, before: 0 } },
      });
    await flush();
    expect(page.heard.slice(1)).toEqual([
      { kind: 'answer', id: 1, value: { ok: true, value: 'k' } },
      {
        kind: 'answer',
        id: 3,
        value: fail('E_TIMEOUT', 'the engine went to another tab before it answered'),
      },
    ]);
    expect(second.heard.slice(4)).toEqual([
      { kind: 'call', id: 2, name: 'sendMessage', args: [gid, 'again'] },
      { kind: 'call', id: 4, name: 'sendMessage', args: [gid, 'mine?'] },
    ]);
  });

  it('looks for an unanswered message by the server’s clock, however far the own one is off', async () => {
    const DAY = 86_400_000;
    for (const off of [DAY, -DAY]) {
      const { page, relay, call } = setup();
      const first = port();
      relay.attach(first);
      const connection = { state: 'online', clockOffBy: off, clockAsks: false } as const;
      first.say({ kind: 'news', event: { kind: 'connection', connection } } satisfies Tell);
      call(1, 'sendMessage', gid, 'there');
      call(2, 'sendMessage', gid, 'again');
      const second = port();
      relay.attach(second);
      const there = { kind: 'message', mine: true, text: 'there', at: NOW + off + 30, key: 'k' };
      // Said before, at what this device takes for now where it is ahead or behind.
      const again = { kind: 'message', mine: true, text: 'again', at: NOW + off - DAY, key: 'o' };
      const value = { ok: true, value: { items: [again, there], more: false, before: 0 } };
      for (const { id } of [...(second.heard as Ask[])]) second.say({ kind: 'answer', id, value });
      await flush();
      expect(page.heard.at(-1)).toEqual({ kind: 'answer', id: 1, value: { ok: true, value: 'k' } });
      expect(second.heard.slice(2)).toEqual([
        { kind: 'call', id: 2, name: 'sendMessage', args: [gid, 'again'] },
      ]);
    }
  });

  it('9: messages of a group stay in the order they were written while the fate of an earlier one is found out', async () => {
    const { relay, call } = setup();
    relay.attach(port());
    call(1, 'sendMessage', gid, 'first');
    relay.detach();
    call(2, 'sendMessage', gid, 'second');
    const other = '2'.repeat(64);
    const engine = port();
    relay.attach(engine);
    call(3, 'sendMessage', gid, 'third');
    call(4, 'sendMessage', other, 'elsewhere');
    const written = () =>
      (engine.heard as Ask[]).flatMap((ask) =>
        ask.kind === 'call' && ask.name === 'sendMessage' ? [ask.id] : [],
      );
    expect(written()).toEqual([4]);
    const [{ id }] = engine.heard as [Ask];
    const value = { ok: true, value: { items: [], more: false, before: 0 } };
    engine.say({ kind: 'answer', id, value });
    await flush();
    expect(written()).toEqual([4, 1, 2, 3]);
  });

  it('9: nor are they overtaken by one that is written on an answer', async () => {
    const { page, relay, call } = setup();
    relay.attach(port());
    call(1, 'sendMessage', gid, 'first');
    relay.detach();
    call(2, 'sendMessage', gid, 'second');
    const engine = port();
    relay.attach(engine);
    page.post = (message) => {
      if ((message as Tell).kind === 'answer') call(3, 'sendMessage', gid, 'third');
    };
    const first = { text: 'first', at: NOW, key: 'k', kind: 'outgoing' };
    const [{ id }] = engine.heard as [Ask];
    const value = { ok: true, value: { items: [first], more: false, before: 0 } };
    engine.say({ kind: 'answer', id, value });
    await flush();
    expect(ids(engine.heard).slice(1)).toEqual([2, 3]);
  });

  it('9: the same words written twice are two messages', async () => {
    const { page, relay, call } = setup();
    relay.attach(port());
    call(1, 'sendMessage', gid, 'ok');
    call(2, 'sendMessage', gid, 'ok');
    const engine = port();
    relay.attach(engine);
    const stored = { text: 'ok', at: NOW, key: 'k', kind: 'outgoing' };
    const value = { ok: true, value: { items: [stored], more: false, before: 0 } };
    for (const { id } of [...(engine.heard as Ask[])]) engine.say({ kind: 'answer', id, value });
    await flush();
    expect(page.heard.slice(1)).toEqual([
      { kind: 'answer', id: 1, value: { ok: true, value: 'k' } },
    ]);
    expect(ids(engine.heard).slice(2)).toEqual([2]);
  });

  it('finds out about a message through one hand-over more', async () => {
    const { page, relay, call } = setup();
    relay.attach(port());
    call(1, 'sendMessage', gid, 'hello');
    relay.attach(port());
    const third = port();
    relay.attach(third);
    expect(third.heard).toHaveLength(1);
    const [{ id }] = third.heard as [Ask];
    const value = { ok: true, value: { items: [], more: false, before: 0 } };
    third.say({ kind: 'answer', id, value });
    await flush();
    third.say({ kind: 'answer', id: 1, value: { ok: true, value: 'x' } });
    expect(page.heard.at(-1)).toEqual({ kind: 'answer', id: 1, value: { ok: true, value: 'x' } });
  });

  it('says farewell by itself and lets no engine end the page', async () => {
    const { page, relay, call, closed } = setup();
    const engine = port();
    relay.attach(engine);
    engine.say({ kind: 'news', event: { kind: 'stopped', reason: 'gone' } });
    page.say({ kind: 'close', id: 1 });
    await flush();
    expect(engine.heard).toEqual([]);
    expect(closed()).toBe(1);
    expect(page.heard).toEqual([{ kind: 'answer', id: 1, value: undefined }]);
    relay.stop('gone');
    call(2, 'account');
    expect(page.heard.slice(1)).toEqual([
      { kind: 'news', event: { kind: 'stopped', reason: 'gone' } },
      { kind: 'broken', id: 2, reason: 'gone' },
    ]);
  });
});
