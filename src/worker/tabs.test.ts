import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import { createEmitter } from '../lib/emitter.ts';
import type { LockSecret } from '../client/secret.ts';
import { ok } from '../lib/result.ts';
import { fail } from '../protocol/failure.ts';
import type { Gid, LinkPk } from '../protocol/ids.ts';
import { createBridge } from './bridge.ts';
import type { PortEar } from './message.ts';
import { joinTabs } from './tabs.ts';
import { createTestChannel, createTestLocks, type TestChannel } from './testing/browser.ts';

const gid = '1'.repeat(64) as Gid;
const pk = '2'.repeat(64) as LinkPk;
const SECRET = 'https://chat.example/join#secret';
const PACE = { tickMs: 15, quietTicks: 2, stealTicks: 6 };
const TAKEN = 'StoreTaken';

const undo: (() => void)[] = [];
afterEach(async () => {
  for (const end of undo.splice(0)) end();
  await Promise.resolve();
});

/** What all engines of one browser share: the durable talk, and who may write it. */
interface Disk {
  epoch: number;
  readonly talk: string[];
  /** Engines that are open, newest last. */
  readonly open: string[];
  /** Whether it needs somebody who unlocks. */
  locked: boolean;
}

const PASSPHRASE = new TextEncoder().encode('open sesame');

/** What a tab can do with a locked disk; `key` is there once, after the right passphrase. */
function gateOn(disk: Disk) {
  let key = false;
  return {
    view: () =>
      Promise.resolve({
        locked: disk.locked,
        possible: true,
        slots: [],
        idleMinutes: 0 as const,
        waitUntil: 0,
      }),
    isShut: () => Promise.resolve(disk.locked && !key),
    unlock: (secret: LockSecret) => {
      key = secret.kind === 'passphrase' && Buffer.from(secret.passphrase).equals(PASSPHRASE);
      return Promise.resolve(key ? ok(undefined) : fail('E_AUTH'));
    },
    erase: () => {
      disk.locked = false;
      disk.talk.length = 0;
      return Promise.resolve();
    },
    takeKey: () => {
      const had = key;
      key = false;
      return had;
    },
  };
}

function engineOn(disk: Disk, name: string, hang: () => boolean) {
  const news = createEmitter<ClientEvent>();
  disk.epoch += 1;
  const epoch = disk.epoch;
  disk.open.push(name);
  const stop = (reason: string): void => news.emit({ kind: 'stopped', reason });
  const client = {
    account: () => Promise.resolve(null),
    groups: () => (hang() ? new Promise(() => undefined) : Promise.resolve([])),
    rotateSessionKey: () =>
      hang() ? new Promise(() => undefined) : Promise.resolve(fail('E_ROLE')),
    copyLink: () => Promise.resolve({ ok: true, value: SECRET }),
    timeline: () =>
      Promise.resolve({
        ok: true,
        value: {
          items: disk.talk.map((text) => ({ kind: 'outgoing', key: text, at: Date.now(), text })),
          more: false,
          before: 0,
        },
      }),
    sendMessage: (_: Gid, text: string) => {
      if (epoch !== disk.epoch) {
        stop(TAKEN);
        return Promise.resolve(fail('E_STORAGE'));
      }
      disk.talk.push(text);
      news.emit({ kind: 'groups', groups: [] });
      return hang() ? new Promise(() => undefined) : Promise.resolve({ ok: true, value: text });
    },
    lock: () => Promise.resolve({ locked: false }),
    lockNow: () => {
      disk.locked = true;
      stop('locked');
      return Promise.resolve(ok(undefined));
    },
    listen: news.listen,
    close: () => {
      disk.open.splice(disk.open.indexOf(name), 1);
      return Promise.resolve();
    },
  } as unknown as Client;
  return { client, stop };
}

let browsers = 0;

function browser() {
  browsers += 1;
  const wire = `tabs test ${String(browsers)}`;
  const locks = createTestLocks();
  const disk: Disk = { epoch: 0, talk: [], open: [], locked: false };
  const tap = new BroadcastChannel(wire);
  const overheard: unknown[] = [];
  tap.addEventListener('message', (event) => overheard.push(event.data));
  undo.push(() => tap.close());

  const tab = (name: string, build = 'one') => {
    const self = {};
    const channel: TestChannel = createTestChannel(wire);
    const { port1, port2 } = new MessageChannel();
    const over = (end: MessagePort) => ({
      post: (message: unknown) => end.postMessage(message),
      listen: (ear: PortEar) => {
        const hear = (event: MessageEvent<unknown>): void => ear.message(event.data);
        end.addEventListener('message', hear);
        end.start();
        return () => end.removeEventListener('message', hear);
      },
    });
    let hangs = false;
    let stop: (reason: string) => void = () => undefined;
    const gate = gateOn(disk);
    joinTabs(
      over(port2),
      {
        build,
        channel,
        locks: locks.of(self),
        open: () => {
          if (disk.locked && !gate.takeKey()) return Promise.reject(new Error('locked'));
          const engine = engineOn(disk, name, () => hangs);
          ({ stop } = engine);
          return Promise.resolve(engine.client);
        },
        wasTaken: (reason) => reason === TAKEN,
        isLocked: (reason) => reason === 'locked',
        locked: gate,
      },
      PACE,
    );
    const client = createBridge(over(port1));
    const heard: ClientEvent['kind'][] = [];
    const met: ClientEvent[] = [];
    client.listen((event) => {
      heard.push(event.kind);
      if (event.kind === 'otherBuild') met.push(event);
    });
    const die = (): void => {
      channel.close();
      port1.close();
      port2.close();
      locks.die(self);
    };
    undo.push(() => {
      void client.close();
      die();
    });
    return {
      client,
      heard,
      met,
      channel,
      die,
      hang: () => {
        hangs = true;
      },
      stop: (reason: string) => stop(reason),
    };
  };
  return { tab, disk, overheard };
}

describe('tabs', () => {
  it('share one engine, and all of them ask and hear it', async () => {
    const { tab, disk } = browser();
    const [one, two, three] = [tab('one'), tab('two'), tab('three')];
    for (const { client } of [one, two, three]) await expect(client.account()).resolves.toBeNull();
    expect(disk.open).toEqual(['one']);
    await two.client.sendMessage(gid, 'from two');
    await three.client.sendMessage(gid, 'from three');
    expect(disk.talk).toEqual(['from two', 'from three']);
    for (const { heard } of [one, two, three])
      await expect.poll(() => heard).toEqual(['groups', 'groups']);
  });

  it('let nobody who listens on the channel read what a tab asks and gets', async () => {
    const { tab, overheard } = browser();
    const [one, two] = [tab('one'), tab('two')];
    await one.client.account();
    await expect(two.client.copyLink(gid, pk)).resolves.toEqual({ ok: true, value: SECRET });
    await expect.poll(() => overheard.length).toBeGreaterThan(3);
    const said = overheard.map((frame) => {
      const bytes = (frame as { readonly bytes?: Uint8Array }).bytes ?? new Uint8Array();
      return JSON.stringify(frame) + Buffer.from(bytes).toString('latin1');
    });
    expect(said.join()).not.toMatch(/secret|copyLink|2222/u);
  });

  it('of two builds make no link, both hear of it, and who is left goes on alone', async () => {
    const { tab, disk, overheard } = browser();
    const one = tab('one', 'old');
    await one.client.account();
    const two = tab('two', 'new');
    const asked = two.client.account();
    await expect.poll(() => one.met[0]).toEqual({ kind: 'otherBuild', build: 'new', leads: true });
    await expect.poll(() => two.met[0]).toEqual({ kind: 'otherBuild', build: 'old', leads: false });
    expect(disk.open).toEqual(['one']);
    expect(overheard.some((frame) => (frame as { kind: string }).kind === 'join')).toBe(false);
    await one.client.close();
    await expect(asked).resolves.toBeNull();
    expect(disk.open).toEqual(['two']);
  });

  it('go on when the leader dies: reads are asked again, acts are said to be unknown', async () => {
    const { tab, disk } = browser();
    const [one, two, three] = [tab('one'), tab('two'), tab('three')];
    for (const { client } of [one, two, three]) await client.account();
    one.hang();
    const groups = three.client.groups();
    const act = three.client.rotateSessionKey(gid);
    const sent = three.client.sendMessage(gid, 'on the way');
    await expect.poll(() => disk.talk).toEqual(['on the way']);
    one.die();
    await expect(groups).resolves.toEqual([]);
    await expect(act).resolves.toMatchObject({ ok: false, error: { name: 'E_TIMEOUT' } });
    await expect(sent).resolves.toMatchObject({ ok: true });
    expect(disk.talk).toEqual(['on the way']);
    await expect.poll(() => two.heard.at(-1)).toBe('resumed');
    expect(three.heard).toContain('resumed');
    await three.client.sendMessage(gid, 'after');
    expect(disk.talk).toEqual(['on the way', 'after']);
  });

  it('hand over after the engine has closed when the leader says farewell', async () => {
    const { tab, disk } = browser();
    const [one, two] = [tab('one'), tab('two')];
    await one.client.account();
    await two.client.account();
    await one.client.close();
    expect(disk.open).not.toContain('one');
    await expect(two.client.sendMessage(gid, 'hello')).resolves.toMatchObject({ ok: true });
    expect(disk.open).toEqual(['two']);
  });

  it('take the lock from a leader that is frozen, and that one goes on as a follower', async () => {
    const { tab, disk } = browser();
    const [one, two] = [tab('one'), tab('two')];
    await one.client.account();
    await two.client.account();
    one.channel.freeze();
    await expect(two.client.sendMessage(gid, 'hello')).resolves.toMatchObject({ ok: true });
    expect(disk.open.at(-1)).toBe('two');
    one.channel.thaw();
    await expect(one.client.sendMessage(gid, 'back')).resolves.toMatchObject({ ok: true });
    expect(disk.talk).toEqual(['hello', 'back']);
    expect(disk.open).toEqual(['two']);
    expect(one.heard).toContain('resumed');
    expect(one.heard).not.toContain('stopped');
  });

  it('stop where the engine cannot go on, and the others try their own', async () => {
    const { tab, disk } = browser();
    const [one, two] = [tab('one'), tab('two')];
    await one.client.account();
    await two.client.account();
    one.stop('storage gone');
    await expect.poll(() => one.heard.at(-1)).toBe('stopped');
    await expect(two.client.sendMessage(gid, 'hello')).resolves.toMatchObject({ ok: true });
    expect(disk.open).toEqual(['two']);
    expect(two.heard).not.toContain('stopped');
  });

  it('join again after a message between them went missing', async () => {
    const { tab } = browser();
    const [one, two] = [tab('one'), tab('two')];
    await one.client.account();
    await two.client.account();
    // A worker listens twice: once for its leader, once for its link.
    two.channel.drop(2);
    await one.client.sendMessage(gid, 'missed');
    await one.client.sendMessage(gid, 'heard');
    await expect.poll(() => two.heard).toContain('resumed');
    await expect(two.client.groups()).resolves.toEqual([]);
  });
});

describe('the tabs of a locked device', () => {
  const typed = (text: string): LockSecret => ({
    kind: 'passphrase',
    passphrase: new TextEncoder().encode(text),
  });
  const isLocked = async (tab: { readonly client: Client }): Promise<boolean> =>
    (await tab.client.lock()).locked;

  it('P149: lock together, and no engine runs in any of them', async () => {
    const { tab, disk } = browser();
    const [one, two, three] = [tab('one'), tab('two'), tab('three')];
    for (const { client } of [one, two, three]) await client.account();
    await two.client.lockNow().catch(() => undefined);
    for (const each of [one, two, three]) {
      await expect.poll(() => each.heard).toContain('locked');
      await expect(isLocked(each)).resolves.toBe(true);
      await expect(each.client.groups()).rejects.toThrow('locked');
    }
    expect(disk.open).toEqual([]);
  });

  it('P149: a tab opened while locked is locked; a wrong passphrase opens none, the right one all', async () => {
    const { tab, disk } = browser();
    disk.locked = true;
    const [one, two] = [tab('one'), tab('two')];
    for (const each of [one, two]) await expect(isLocked(each)).resolves.toBe(true);
    await expect(two.client.unlock(typed('guess'))).resolves.toMatchObject({
      error: { name: 'E_AUTH' },
    });
    for (const each of [one, two]) await expect(isLocked(each)).resolves.toBe(true);
    await expect(two.client.unlock(typed('open sesame'))).resolves.toMatchObject({ ok: true });
    for (const each of [one, two]) await expect.poll(() => isLocked(each)).toBe(false);
    expect(disk.open).toEqual(['two']);
    const late = tab('late');
    await expect.poll(() => isLocked(late)).toBe(false);
    await one.client.sendMessage(gid, 'inside');
    expect(disk.talk).toEqual(['inside']);
  });

  it('P149: no key goes from tab to tab: when the one that holds it goes, the others lock', async () => {
    const { tab, disk } = browser();
    disk.locked = true;
    const [one, two] = [tab('one'), tab('two')];
    await one.client.unlock(typed('open sesame'));
    for (const each of [one, two]) await expect.poll(() => isLocked(each)).toBe(false);
    one.die();
    await expect.poll(() => two.heard).toContain('locked');
    await expect(isLocked(two)).resolves.toBe(true);
    await two.client.unlock(typed('open sesame'));
    await expect.poll(() => isLocked(two)).toBe(false);
    await two.client.sendMessage(gid, 'goes on');
    expect(disk.talk).toEqual(['goes on']);
  });

  it('P149: erased in one tab, all begin anew', async () => {
    const { tab, disk } = browser();
    disk.locked = true;
    const [one, two] = [tab('one'), tab('two')];
    for (const each of [one, two]) await expect(isLocked(each)).resolves.toBe(true);
    await expect(one.client.logOut(true)).resolves.toMatchObject({ ok: true });
    for (const each of [one, two]) await expect.poll(() => isLocked(each)).toBe(false);
    await expect(two.client.account()).resolves.toBeNull();
    expect(disk.open).toHaveLength(1);
  });
});
