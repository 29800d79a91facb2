import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import { fail } from '../protocol/failure.ts';
import type { Gid } from '../protocol/ids.ts';
import { createEmitter } from '../lib/emitter.ts';
import { createBridge } from './bridge.ts';
import { serve } from './host.ts';
import type { Ask, Port, PortEar } from './message.ts';

const gid = '1'.repeat(64) as Gid;
const open: MessagePort[] = [];

afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** A port over one end of a channel; `kill` is what a dying worker does to the page. */
function portOver(end: MessagePort): Port & { readonly kill: (reason: string) => void } {
  open.push(end);
  const ears = new Set<PortEar>();
  end.addEventListener('message', (event: MessageEvent<unknown>) => {
    for (const ear of ears) ear.message(event.data);
  });
  end.start();
  return {
    post: (message) => end.postMessage(message),
    listen: (ear) => {
      ears.add(ear);
      return () => ears.delete(ear);
    },
    kill: (reason) => {
      for (const ear of [...ears]) ear.broken(reason);
    },
  };
}

function fakeClient(parts: Partial<Client>) {
  const news = createEmitter<ClientEvent>();
  const client = { listen: news.listen, close: () => Promise.resolve(), ...parts } as Client;
  return { client, emit: news.emit };
}

function setup(parts: Partial<Client>, opening?: Promise<Client>) {
  const { port1, port2 } = new MessageChannel();
  const page = portOver(port1);
  const worker = portOver(port2);
  const fake = fakeClient(parts);
  serve(worker, opening ?? Promise.resolve(fake.client));
  return { bridge: createBridge(page), page, worker, emit: fake.emit, raw: port1 };
}

function nextNews(bridge: Client): Promise<ClientEvent> {
  return new Promise((resolve) => bridge.listen(resolve));
}

describe('the door', () => {
  it('carries a call with its arguments and brings the answer back', async () => {
    const { bridge } = setup({
      sendMessage: (to, text) => Promise.resolve({ ok: true, value: `${to.length}:${text}` }),
    });
    await expect(bridge.sendMessage(gid, 'hello')).resolves.toEqual({
      ok: true,
      value: '64:hello',
    });
  });

  it('settles a refused act as an answer, not as a rejection', async () => {
    const { bridge } = setup({ rotateSessionKey: () => Promise.resolve(fail('E_ROLE')) });
    await expect(bridge.rotateSessionKey(gid)).resolves.toEqual(fail('E_ROLE'));
  });

  it('rejects a call whose code broke, and goes on serving', async () => {
    const { bridge } = setup({
      groups: () => Promise.reject(new Error('broken promise: x')),
      account: () => Promise.resolve(null),
    });
    await expect(bridge.groups()).rejects.toThrow('broken promise: x');
    await expect(bridge.account()).resolves.toBeNull();
  });

  it('keeps answers with their calls when they come in another order', async () => {
    const answers = new Map<string, () => void>();
    const { bridge } = setup({
      withdraw: () => new Promise((resolve) => answers.set('slow', () => resolve(fail('E_REQ')))),
      account: () => Promise.resolve(null),
    });
    const slow = bridge.withdraw(gid);
    await expect(bridge.account()).resolves.toBeNull();
    answers.get('slow')?.();
    await expect(slow).resolves.toEqual(fail('E_REQ'));
  });

  it('brings news until the listener is undone', async () => {
    const { bridge, emit } = setup({ account: () => Promise.resolve(null) });
    await bridge.account();
    const heard: string[] = [];
    const undo = bridge.listen((event) => heard.push(event.kind));
    const first = nextNews(bridge);
    emit({ kind: 'groups', groups: [] });
    await first;
    undo();
    const second = nextNews(bridge);
    emit({ kind: 'account', account: null });
    await second;
    expect(heard).toEqual(['groups']);
  });

  it('keeps the news that comes before anybody listens for those who listen first, in its order', async () => {
    const { bridge, emit, page } = setup({ groups: () => Promise.resolve([]) });
    // The host is there once it answers, and what it told before an answer has come with it.
    await bridge.groups();
    emit({ kind: 'groups', groups: [] });
    emit({ kind: 'account', account: null });
    await bridge.groups();
    page.kill('the worker ended');
    const heard: string[][] = [[], []];
    for (const one of heard) bridge.listen((event) => one.push(event.kind));
    expect(heard).toEqual([[], []]);
    await Promise.resolve();
    expect(heard).toEqual([
      ['groups', 'account', 'stopped'],
      ['groups', 'account', 'stopped'],
    ]);
    // Nobody who comes later hears it again.
    const late: string[] = [];
    bridge.listen((event) => late.push(event.kind));
    await Promise.resolve();
    expect(late).toEqual([]);
  });

  it('tells what comes while early news is told after it', async () => {
    const { bridge, emit, page } = setup({ groups: () => Promise.resolve([]) });
    await bridge.groups();
    emit({ kind: 'groups', groups: [] });
    emit({ kind: 'account', account: null });
    await bridge.groups();
    const heard: string[] = [];
    bridge.listen((event) => {
      heard.push(event.kind);
      if (event.kind === 'groups') page.kill('the worker ended');
    });
    await Promise.resolve();
    expect(heard).toEqual(['groups', 'account', 'stopped']);
  });

  it('lets calls wait for a client that is still opening', async () => {
    let ready: (client: Client) => void = () => undefined;
    const { bridge } = setup({}, new Promise((resolve) => (ready = resolve)));
    const asked = bridge.account();
    ready(fakeClient({ account: () => Promise.resolve(null) }).client);
    await expect(asked).resolves.toBeNull();
  });
});

describe('a door that ends', () => {
  it('rejects every waiting and every later call when the worker dies, and tells it once', async () => {
    const { bridge, page } = setup({ groups: () => new Promise(() => undefined) });
    const heard: ClientEvent[] = [];
    bridge.listen((event) => heard.push(event));
    const waiting = [bridge.groups(), bridge.groups()];
    page.kill('the worker died');
    page.kill('again');
    for (const call of waiting) await expect(call).rejects.toThrow('the worker died');
    await expect(bridge.account()).rejects.toThrow('the worker died');
    expect(heard).toEqual([{ kind: 'stopped', reason: 'the worker died' }]);
  });

  it('rejects every waiting call when it hears that the engine stopped', async () => {
    const { bridge, worker } = setup({ groups: () => new Promise(() => undefined) });
    const waiting = bridge.groups();
    worker.post({ kind: 'news', event: { kind: 'stopped', reason: 'storage gone' } });
    await expect(waiting).rejects.toThrow('storage gone');
  });

  it('asks for the end, rejects what still waits, and needs no second close', async () => {
    const { port1, port2 } = new MessageChannel();
    const asked: string[] = [];
    const worker = portOver(port2);
    worker.listen({
      message: (data) => {
        const { kind, id } = data as Ask;
        asked.push(kind);
        if (kind === 'close') worker.post({ kind: 'answer', id, value: undefined });
      },
      broken: () => undefined,
    });
    const bridge = createBridge(portOver(port1));
    const waiting = bridge.groups();
    waiting.catch(() => undefined);
    await bridge.close();
    await bridge.close();
    await expect(waiting).rejects.toThrow('closed');
    expect(asked).toEqual(['call', 'close']);
  });
});
