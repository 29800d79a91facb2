import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../client/event.ts';
import type { Gid } from '../protocol/ids.ts';
import { createLasting } from './lasting.ts';
import type { Ask, PortEar, Tell } from './message.ts';

const NOW = 1_700_000_000_000;
const gid = '1'.repeat(64) as Gid;
const flush = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Workers one after another: what each was asked, and a way to answer, to end it, and to break it. */
function setup() {
  const workers: {
    readonly asked: Ask[];
    readonly say: (tell: Tell) => void;
    readonly die: () => void;
    readonly fail: () => void;
    terminated: boolean;
  }[] = [];
  let now = NOW;
  const lasting = createLasting(
    (broken) => {
      const ears = new Set<PortEar>();
      const asked: Ask[] = [];
      let die: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        die = resolve;
      });
      const worker = {
        asked,
        say: (tell: Tell) => [...ears].forEach((ear) => ear.message(tell)),
        die,
        fail: () => broken('the worker ended'),
        terminated: false,
      };
      workers.push(worker);
      return {
        port: {
          post: (message) => asked.push(message as Ask),
          listen: (ear) => {
            ears.add(ear);
            return () => ears.delete(ear);
          },
        },
        ended,
        terminate: () => {
          worker.terminated = true;
        },
      };
    },
    () => now,
  );
  const news: ClientEvent[] = [];
  lasting.client.listen((event) => news.push(event));
  const last = () => {
    const worker = workers.at(-1);
    if (worker === undefined) throw new Error('there is a worker');
    return worker;
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { lasting, workers, last, news, pass };
}

describe('a client over workers that end', () => {
  it('asks the next worker what the one before left unanswered, and lets the page ask everything anew', async () => {
    const { lasting, workers, last, news } = setup();
    const answer = lasting.client.account();
    workers[0]?.die();
    await flush();
    expect(workers).toHaveLength(2);
    expect(news).toEqual([{ kind: 'resumed' }]);
    const [asked] = last().asked;
    expect(asked).toMatchObject({ kind: 'call', name: 'account' });
    last().say({ kind: 'answer', id: asked?.id ?? -1, value: null });
    await expect(answer).resolves.toBeNull();
  });

  it('sends a message that the worker did not take, and none twice that the talk has', async () => {
    const { lasting, workers, last } = setup();
    const lost = lasting.client.sendMessage(gid, 'lost');
    const kept = lasting.client.sendMessage(gid, 'kept');
    workers[0]?.die();
    await flush();
    const line = { kind: 'outgoing', text: 'kept', at: NOW, key: 'k' };
    const value = { ok: true, value: { items: [line], more: false, before: 0 } };
    for (const { id } of last().asked.slice()) last().say({ kind: 'answer', id, value });
    await flush();
    await expect(kept).resolves.toEqual({ ok: true, value: 'k' });
    const sent = last().asked.slice(2);
    expect(sent).toMatchObject([{ name: 'sendMessage', args: [gid, 'lost'] }]);
    last().say({ kind: 'answer', id: sent[0]?.id ?? -1, value: { ok: true, value: 'l' } });
    await expect(lost).resolves.toEqual({ ok: true, value: 'l' });
  });

  it('gives up where one worker after another ends, and not where it happens now and then', async () => {
    const { lasting, workers, last, news, pass } = setup();
    for (let i = 0; i < 10; i++) {
      last().die();
      await flush();
      pass(30_000);
    }
    expect(workers).toHaveLength(11);
    const waiting = lasting.client.account();
    waiting.catch(() => undefined);
    for (let i = 0; i < 10; i++) {
      last().die();
      await flush();
    }
    expect(workers.length).toBeLessThan(18);
    expect(news.at(-1)).toEqual({ kind: 'stopped', reason: 'the worker ended' });
    await expect(waiting).rejects.toThrow('the worker ended');
  });

  it('follows no worker that was ended, cannot be loaded, or said its last word', async () => {
    for (const [how, reason] of [
      ['end', 'the worker ended'],
      ['fail', 'the worker ended'],
      ['say', 'the store is gone'],
    ] as const) {
      const { lasting, workers, last, news } = setup();
      if (how === 'end') lasting.end();
      else if (how === 'fail') last().fail();
      else last().say({ kind: 'news', event: { kind: 'stopped', reason } });
      last().die();
      await flush();
      expect(workers).toHaveLength(1);
      expect(news).toEqual([{ kind: 'stopped', reason }]);
      await expect(lasting.client.account()).rejects.toThrow(reason);
    }
  });

  it('says farewell once the worker did, or is gone', async () => {
    const { lasting, workers, last } = setup();
    const closed = lasting.client.close();
    expect(last().asked.at(-1)?.kind).toBe('close');
    last().die();
    await closed;
    expect(workers).toHaveLength(1);
    expect(workers[0]?.terminated).toBe(true);
  });
});
