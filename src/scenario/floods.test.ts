/**
 * Who sends much against who wants to talk: what is too much is refused or dropped, memory stays, and the others go on.
 * Small counts by default; FLOODS=full takes those of the catalogue. Times and memory are printed, not asserted.
 */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { blobHash, introHash } from '../crypto/hash.ts';
import { replay } from '../ledger/replay.ts';
import { ascii, concat } from '../lib/bytes.ts';
import { encodeFrame } from '../protocol/field.ts';
import { encodeRequest } from '../protocol/request.ts';
import { type GroupLog, startGroup, testLink } from '../server/testing/groupLog.ts';
import { append, type House, openHouse } from '../server/testing/house.ts';
import { type Person, person } from '../server/testing/person.ts';
import type { WireClient } from '../server/testing/wireClient.ts';

const FULL = process.env['FLOODS'] === 'full';
const LONG = FULL ? 3_600_000 : 120_000;
/** Where the flood comes from: another address than the people's. */
const FLOODER = '127.0.0.2';
const HOUR = 3_600_000;

let house: House;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await house.close();
});

function tell(what: string): void {
  process.stdout.write(`floods: ${what}\n`);
}

const memory = (): string => `${String(Math.round(process.memoryUsage.rss() / 1048576))} MiB`;

/** The number of a series of /metrics. */
async function count(series: string): Promise<number> {
  const line = (await house.counts()).split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

const LIMITS = { messageBurst: 1_000_000, cardsPerAddressPerHour: 1_000_000 };

async function open(limits: object = {}): Promise<void> {
  house = await openHouse({ config: { metricsPort: 0, limits: { ...LIMITS, ...limits } } });
}

interface Talk {
  readonly alice: Person;
  readonly client: WireClient;
  readonly group: GroupLog;
}

async function talk(others: readonly Person[] = []): Promise<Talk> {
  const alice = await house.person(1);
  const client = await house.enter(alice);
  return { alice, client, group: await house.group(client, [alice, ...others]) };
}

/** Alice writes one message after the other while something else goes on; the 99th of a hundred waits, ms. */
async function whileTalking(
  { alice, client, group }: Talk,
  work: Promise<unknown>,
): Promise<number> {
  let over = false;
  void work.finally(() => (over = true)).catch(() => undefined);
  const waits: number[] = [];
  for (let ctr = 1; !over || waits.length < 50; ctr++) {
    const asked = performance.now();
    await client.get('send', group.message(alice, ctr));
    waits.push(performance.now() - asked);
  }
  await work;
  waits.sort((a, b) => a - b);
  return Math.round(waits[Math.floor(waits.length * 0.99)] ?? 0);
}

/** A raw line to the server, as no client would use it. */
async function dial(first = ''): Promise<Socket> {
  const socket = connectTcp({ port: house.port, host: '127.0.0.1', localAddress: FLOODER });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  if (first !== '') socket.write(first);
  return socket;
}

const UPGRADE = [
  'GET /session HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '',
  '',
].join('\r\n');

describe('P104: frames', () => {
  it('one that says it has a gigabyte ends the connection before a byte of it is kept', async () => {
    await open();
    const socket = await dial(UPGRADE);
    await once(socket, 'data');
    const before = process.memoryUsage().arrayBuffers;
    // FIN and binary; masked, a length of 64 bits: 1 GiB; the mask.
    socket.write(new Uint8Array([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]));
    socket.resume();
    await once(socket, 'close');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    expect(await count('conclave_connections_ended_total{reason="E_LIMIT"}')).toBe(1);
  });

  it(
    'many tiny ones are answered up to the limit, then the connection ends and says when to come again',
    async () => {
      await open({ framesPerSecond: 100 });
      const alice = await talk();
      const flooder = await house.visit();
      const many = FULL ? 10_000_000 : 20_000;
      const flood = async (): Promise<void> => {
        const ping = encodeRequest(1, 'ping', {});
        for (let i = 0; i < many && flooder.socket.readyState === WebSocket.OPEN; i++) {
          flooder.raw(ping);
          if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const p99 = await whileTalking(alice, flood());
      expect(await flooder.next('bye')).toEqual({
        name: 'E_LIMIT',
        retryAt: house.clock.read() + 1000,
      });
      expect(await flooder.closed).toBe(1008);
      const answered = await count('conclave_requests_total{request="ping"}');
      // How many of them came to a handler before the limit ended the connection depends on how they arrived.
      expect(answered).toBeGreaterThan(0);
      expect(answered).toBeLessThan(10_000);
      tell(
        `P104 ${String(answered)} of ${String(many)} tiny frames, p99 ${String(p99)} ms, ${memory()}`,
      );
    },
    LONG,
  );

  it('who sends pings of the socket itself and reads no answer is dropped', async () => {
    await open({ framesPerSecond: 100 });
    const flooder = await house.visit();
    flooder.socket.pause();
    for (let i = 0; i < 5000; i++) flooder.socket.ping();
    await expect.poll(() => count('conclave_connections_ended_total{reason="E_LIMIT"}')).toBe(1);
  });

  it('empty ones end the connection at once', async () => {
    await open();
    const client = await house.visit();
    client.raw(new Uint8Array(0));
    expect(await client.next('bye')).toEqual({ name: 'E_FORMAT', retryAt: null });
  });
});

describe('P105: half-open sockets', () => {
  it(
    'what says nothing, half a request, or no login ends within the time to log in; people come in all the while',
    async () => {
      await open({ handshakeMs: 1000 });
      const alice = await talk();
      const many = FULL ? 5000 : 200;
      const half = 'GET /session HTTP/1.1\r\nHost: localhost\r\n';
      const ended: Promise<unknown>[] = [];
      const flood = async (): Promise<void> => {
        for (let i = 0; i < many; i++) {
          const socket = await dial(['', half, UPGRADE][i % 3]);
          ended.push(once(socket, 'close'));
          socket.resume();
        }
        await Promise.all(ended);
      };
      const p99 = await whileTalking(alice, flood());
      const bob = await house.enter(await house.person(2));
      expect(await bob.ask('ping', {})).toMatchObject({ ok: true });
      expect(ended).toHaveLength(many);
      tell(`P105 ${String(many)} half-open sockets, p99 ${String(p99)} ms, ${memory()}`);
    },
    LONG,
  );

  it('one address has only so many connections without a login; those of people who logged in do not count', async () => {
    await open({ waitingPerAddress: 3 });
    const alice = await house.person(1);
    for (let i = 0; i < 5; i++) await house.enter(alice);
    const waiting = [await house.visit(), await house.visit(), await house.visit()];
    await expect(house.visit()).rejects.toThrow('429');
    waiting[0]?.close();
    await waiting[0]?.closed;
    await expect.poll(async () => (await house.visit()).hello.version).toBe(1);
    expect(await count('conclave_sockets_turned_away_total{status="429"}')).toBeGreaterThan(0);
  });
});

it(
  'P103: a flood of requests to join is capped per link and author, each refusal says when to come again, and the staff’s view stays small',
  async () => {
    // Every one of them is somebody new, from one address.
    await open({ loginsPerAddressPerMinute: 100_000 });
    const alice = await talk();
    const link = testLink(house.p, 7);
    await append(alice.client, alice.group.createLink(alice.alice, link));
    const people = FULL ? 2500 : 250;
    const each = FULL ? 40 : 8;
    const refusals = new Map<string, number>();
    const ask = async (n: number): Promise<void> => {
      const who = await house.person(1000 + n);
      const client = await house.enter(who);
      for (let i = 0; i < each; i++) {
        const intro = concat(ascii(`${String(n)} ${String(i)}`));
        const exp = house.clock.read() + HOUR;
        const entry = alice.group.request(who, link, exp, intro, introHash(house.p, intro));
        const reply = await client.ask('offer', { entry, intro });
        if (reply.ok) continue;
        refusals.set(reply.error.name, (refusals.get(reply.error.name) ?? 0) + 1);
        expect(reply.error.retryAt).toBeGreaterThan(house.clock.read());
      }
      client.close();
    };
    const flood = async (): Promise<void> => {
      for (let n = 0; n < people; n++) await ask(n);
    };
    const p99 = await whileTalking(alice, flood());
    const looked = performance.now();
    const { requests } = await alice.client.get('requests', { gid: alice.group.gid });
    const ms = performance.now() - looked;
    expect(requests.length).toBeLessThanOrEqual(200);
    expect(requests.length).toBeGreaterThan(0);
    expect([...refusals.keys()]).toEqual(['E_LIMIT']);
    expect(refusals.get('E_LIMIT')).toBe(people * each - 200);
    // Ten times what the catalogue wants.
    expect(ms).toBeLessThan(10_000);
    tell(
      `P103 ${String(people * each)} requests, ${String(requests.length)} waiting, seen in ${String(Math.round(ms))} ms, p99 ${String(p99)} ms, ${memory()}`,
    );
  },
  LONG,
);

it('X: a subscriber that stops reading has a bounded queue and is dropped with a reason', async () => {
  const limit = 1024 * 1024;
  await open({ socketQueueBytes: limit });
  const bob = await house.person(2);
  const alice = await talk([bob]);
  const slow = await house.enter(bob);
  await slow.get('subscribe', { gid: alice.group.gid, t: 0 });
  slow.socket.pause();
  let most = 0;
  const body = new Uint8Array(60_000).fill(7);
  const busy = 'conclave_connections_ended_total{reason="E_BUSY"}';
  for (let ctr = 1; (await count(busy)) === 0; ctr++) {
    expect(ctr).toBeLessThan(1000);
    await alice.client.get('send', alice.group.message(alice.alice, ctr, { body }));
    most = Math.max(most, await count('conclave_queued_bytes'));
  }
  // One turn's frames may come on top of the limit.
  expect(most).toBeLessThan(limit + 4 * body.length);
  expect(await alice.client.ask('ping', {})).toMatchObject({ ok: true });
  tell(`slow reader: at most ${String(most)} bytes waited, limit ${String(limit)}`);
});

it(
  'P108: bad signatures are looked at only as often as entries may come; what is cheap to refuse is refused first',
  async () => {
    await open();
    const mallory = await house.person(2);
    const alice = await talk([mallory]);
    const client = await house.enter(mallory);
    const many = FULL ? 100_000 : 2000;
    const leave = alice.group.draft(mallory, { kind: 'LeaveGroup', note: null } as never);
    const bad = { ...leave, entry: leave.entry.slice() };
    bad.entry[bad.entry.length - 1] = (bad.entry.at(-1) ?? 0) ^ 1;
    const names = new Map<string, number>();
    const flood = async (): Promise<void> => {
      for (let i = 0; i < many; i++) {
        const reply = await client.ask('append', bad);
        const name = reply.ok ? 'appended' : reply.error.name;
        names.set(name, (names.get(name) ?? 0) + 1);
      }
    };
    const p99 = await whileTalking(alice, flood());
    expect(names.get('E_SIG')).toBe(30);
    expect(names.get('E_LIMIT')).toBe(many - 30);
    tell(`P108 ${String(many)} bad signatures, 30 looked at, p99 ${String(p99)} ms, ${memory()}`);
  },
  LONG,
);

it('P109: a file for which there is no room is refused whole, and nothing of it stays', async () => {
  await open({ blobPidBytes: 100_000, blobGroupBytes: 150_000 });
  const bob = await house.person(2);
  const { client, group, alice } = await talk([bob]);
  const { gid } = group;
  const put = (who: WireClient, n: number, bytes: number) => {
    const part = new Uint8Array(bytes).fill(n);
    const blob = blobHash(house.p, part);
    return who.ask('putBlob', { gid, blob, total: bytes, offset: 0, part });
  };
  expect(await put(client, 1, 80_000)).toMatchObject({ ok: true, value: { done: true } });
  for (let i = 0; i < 50; i++)
    expect(await put(client, 2 + i, 30_000)).toMatchObject({ error: { name: 'E_LIMIT' } });
  expect(await house.storage.blobBytes({ pid: alice.pid })).toBe(80_000);
  expect(await house.storage.unfinishedUploads(alice.pid)).toBe(0);
  // The group's own room, for somebody who has used none of theirs.
  const other = await house.enter(bob);
  expect(await put(other, 90, 75_000)).toMatchObject({ error: { name: 'E_LIMIT' } });
  expect(await put(other, 91, 60_000)).toMatchObject({ ok: true, value: { done: true } });
  expect(await house.storage.blobBytes({ gid })).toBe(140_000);
});

it('P111: a query without bounds, backwards or negative is refused and changes nothing', async () => {
  await open();
  const { client, group } = await talk();
  const { gid } = group;
  const place = { gid, by: 'position', from: 0, until: 10, limit: 1, order: 'asc' } as const;
  const ask = (change: object) => client.ask('query', { ...place, ...change });
  expect(await ask({ limit: 1_000_000_000 })).toMatchObject({ error: { name: 'E_LIMIT' } });
  expect(await ask({ limit: 201 })).toMatchObject({ error: { name: 'E_LIMIT' } });
  expect(await ask({ from: 11 })).toMatchObject({ error: { name: 'E_FORMAT' } });
  expect(await ask({ until: Number.MAX_SAFE_INTEGER })).toMatchObject({ ok: true });
  expect(await ask({ by: 'time', until: Number.MAX_SAFE_INTEGER })).toMatchObject({ ok: true });
  const gidBytes = Uint8Array.from(Buffer.from(gid, 'hex'));
  const refused = 'conclave_refusals_total{request="unread",error="E_FORMAT"}';
  const strange = [
    [gidBytes, 'position', -1, 10, 1, 'asc'],
    [gidBytes, 'position', 0, -10, 1, 'asc'],
    [gidBytes, 'position', 0, 10, -1, 'asc'],
    [gidBytes, 'position', 0, 1.5, 1, 'asc'],
    [gidBytes, 'place', 0, 10, 1, 'asc'],
    [gidBytes, 'position', 0, 10, 1, 'random'],
  ];
  for (const [i, args] of strange.entries()) client.raw(encodeFrame([900 + i, 'query', args]));
  expect(await client.ask('ping', {})).toMatchObject({ ok: true });
  expect(await count(refused)).toBe(strange.length);
  expect(await ask({ limit: 2 })).toMatchObject({ ok: true, value: { items: { length: 2 } } });
});

it(
  'P106: a long log is replayed entry by entry',
  async () => {
    await open();
    const alice = person(house.p, 1, 5);
    const log = startGroup(house.p, alice, new Uint8Array(32).fill(1), house.clock.read());
    const many = FULL ? 10_000 : 500;
    const entries = [log.spawn.entry, log.init(alice).entry];
    while (entries.length < many) entries.push(log.rotate(alice).entry);
    const started = performance.now();
    let state = null;
    for (const entry of entries) {
      const next = replay(house.p, state, entry);
      if (!next.ok) throw new Error(next.error.name);
      ({ state } = next.value);
    }
    expect(state?.head).toBe(log.state().head);
    tell(`P106 ${String(many)} entries in ${String(Math.round(performance.now() - started))} ms`);
  },
  LONG,
);

it(
  'P107: a new key for many members is taken in and served in one entry',
  async () => {
    await open({ frameBytes: 4 * 1024 * 1024, entriesPerMinute: 1_000_000 });
    const many = FULL ? 1000 : 100;
    const { client, group, alice } = await talk();
    for (let from = 1; from < many; from += 100) {
      const some = Array.from({ length: Math.min(100, many - from) }, (_, i) =>
        person(house.p, 1000 + from + i, 5),
      );
      for (const who of some) await append(client, group.addDirectly(alice, who));
    }
    const started = performance.now();
    await append(client, group.rotate(alice));
    const ms = Math.round(performance.now() - started);
    const { boxes } = await client.get('boxes', {
      gid: group.gid,
      generation: group.state().generation,
      circle: 0,
    });
    expect(boxes.length).toBe(32 + 48 * many);
    tell(`P107 a key for ${String(many)} members in ${String(ms)} ms`);
  },
  LONG,
);
