/**
 * The server loses its power or its disk while much is written: what it acknowledged is there afterwards, and nothing is there twice.
 * 5 rounds by default, 50 with FAULTS=full; the seed is printed and FUZZ_SEED plays it again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobHash, introHash } from '../crypto/hash.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { type Bytes, ascii, concat, toHex } from '../lib/bytes.ts';
import type { Hash } from '../protocol/ids.ts';
import type { RequestArgs, RequestName } from '../protocol/request.ts';
import { openFolder } from '../server/testing/folder.ts';
import { type GroupLog, type Made, startGroup, testLink } from '../server/testing/groupLog.ts';
import { openHouse } from '../server/testing/house.ts';
import { type Person, person } from '../server/testing/person.ts';
import { connect, type WireClient } from '../server/testing/wireClient.ts';
import { type Dice, dice } from './dice.ts';
import { killAll, startProcess } from './serverProcess.ts';

const FULL = process.env['FAULTS'] === 'full';
const ROUNDS = FULL ? 50 : 5;
const DAY = 24 * 60 * 60 * 1000;

const p = await loadSodium();
const alice = person(p, 1, 5);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conclave-killed-'));
});
afterEach(async () => {
  killAll();
  await rm(folder, { recursive: true, force: true });
});

/** Null where the server went meanwhile. */
async function arrive(port: number, who: Person): Promise<WireClient | null> {
  const client = await connect(port).catch(() => null);
  if (client === null || !(await tried(client, 'publishCards', { cards: who.chain }))) return null;
  const reply = await Promise.race([client.login(p, who), client.closed.then(() => null)]);
  return reply?.ok === true ? client : null;
}

async function enter(port: number, who: Person): Promise<WireClient> {
  const client = await arrive(port, who);
  if (client === null) throw new Error('the server is not there');
  return client;
}

/** Whether it was acknowledged; false where the server went meanwhile, or had nowhere to write. */
async function tried<N extends RequestName>(
  client: WireClient,
  name: N,
  args: RequestArgs<N>,
): Promise<boolean> {
  const reply = await Promise.race([client.ask(name, args), client.closed.then(() => null)]);
  if (reply === null) return false;
  if (!reply.ok && reply.error.name !== 'E_STORAGE')
    throw new Error(`${name}: ${reply.error.name} ${reply.error.note ?? ''}`);
  return reply.ok;
}

/** Everything the server acknowledged, and what was on its way when it went. */
class Ledger {
  readonly messages: { readonly header: Bytes; readonly body: Bytes; readonly file: null }[] = [];
  readonly entries: Made[] = [];
  readonly blobs: Bytes[] = [];
  readonly requests: Bytes[] = [];
  acknowledged = 0;
}

/** Three kinds of groups would not tell more: one is talked in, one is run. */
interface Place {
  readonly talk: GroupLog;
  readonly run: GroupLog;
  readonly link: ReturnType<typeof testLink>;
}

async function found(client: WireClient): Promise<Place> {
  const start = async (): Promise<GroupLog> => {
    const log = startGroup(p, alice, client.hello.serverPk, client.hello.time);
    await client.get('append', log.spawn);
    await client.get('append', log.init(alice));
    return log;
  };
  const [talk, run] = [await start(), await start()];
  const link = testLink(p, 7);
  await client.get('append', run.createLink(alice, link));
  return { talk, run, link };
}

/** Hands `make` what comes next until one is not acknowledged; that one is handed out first next time. */
function stream<T>(make: () => T, give: (made: T) => Promise<boolean>, kept: (made: T) => void) {
  let pending: T | null = null;
  return async (going: () => boolean): Promise<void> => {
    while (going()) {
      pending ??= make();
      if (!(await give(pending))) return;
      kept(pending);
      pending = null;
    }
  };
}

function load(place: Place, ledger: Ledger, port: number, now: () => WireClient) {
  let ctr = 0;
  let applicants = 0;
  const count = (): void => {
    ledger.acknowledged += 1;
  };
  return [
    stream(
      () => ({ ...place.talk.message(alice, ++ctr), file: null }),
      (message) => tried(now(), 'send', message),
      (message) => {
        ledger.messages.push(message);
        count();
      },
    ),
    stream(
      () => place.run.rotate(alice),
      (made) => tried(now(), 'append', made),
      (made) => {
        ledger.entries.push(made);
        count();
      },
    ),
    stream(
      () => p.random(20_000),
      (part) => {
        const place_ = { gid: place.talk.gid, total: part.length, offset: 0, part };
        return tried(now(), 'putBlob', { ...place_, blob: blobHash(p, part) });
      },
      (part) => {
        ledger.blobs.push(part);
        count();
      },
    ),
    stream(
      () => {
        const who = person(p, 1000 + applicants++, 5);
        const intro = concat(ascii(`from ${String(applicants)}`));
        const exp = Date.now() + DAY;
        const entry = place.run.request(who, place.link, exp, intro, introHash(p, intro));
        return { who, entry, intro };
      },
      async ({ who, entry, intro }) => {
        const client = await arrive(port, who);
        if (client === null) return false;
        const done = await tried(client, 'offer', { entry, intro });
        client.close();
        return done;
      },
      ({ entry }) => {
        ledger.requests.push(entry);
        count();
      },
    ),
  ];
}

async function allItems(client: WireClient, log: GroupLog): Promise<Bytes[]> {
  const heads: Bytes[] = [];
  for (;;) {
    const { items, more } = await client.get('subscribe', { gid: log.gid, t: heads.length });
    heads.push(...items.map((item) => item.head));
    if (!more) return heads;
  }
}

/** Each of these stands there, and no two are the same. */
function holds(there: readonly Bytes[], wanted: readonly Bytes[]): void {
  const names = there.map(toHex);
  expect(new Set(names).size).toBe(names.length);
  const held = new Set(names);
  expect(wanted.map(toHex).filter((name) => !held.has(name))).toEqual([]);
}

async function look(client: WireClient, place: Place, ledger: Ledger): Promise<void> {
  holds(
    await allItems(client, place.talk),
    ledger.messages.map(({ header }) => header),
  );
  holds(
    await allItems(client, place.run),
    ledger.entries.map(({ entry }) => entry),
  );
  for (const part of ledger.blobs) {
    const blob: Hash = blobHash(p, part);
    const stored = await client.get('getBlob', { gid: place.talk.gid, blob, offset: 0 });
    expect(toHex(stored.part) === toHex(part)).toBe(true);
  }
  for (const [i, { objects }] of ledger.entries.entries()) {
    const at = { gid: place.run.gid, generation: i + 2, circle: 0 } as const;
    expect((await client.get('boxes', at)).boxes).toEqual(objects[0]);
  }
  const { requests } = await client.get('requests', { gid: place.run.gid });
  holds(
    requests.map(({ request }) => request),
    ledger.requests,
  );
}

describe('a server that is killed under load', () => {
  it(
    `SL-23: ${String(ROUNDS)} times: every acknowledged message, entry, key, file and request is there, and nothing twice`,
    async () => {
      const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 100_000);
      process.stdout.write(`FUZZ_SEED=${String(seed)}\n`);
      const d: Dice = dice(seed);
      let server = await startProcess(folder, 0);
      const { port } = server;
      let client = await enter(port, alice);
      const place = await found(client);
      const ledger = new Ledger();
      const streams = load(place, ledger, port, () => client);
      for (let round = 0; round < ROUNDS; round++) {
        const goal = ledger.acknowledged + 20 + d.below(60);
        const kills: Promise<void>[] = [];
        const going = (): boolean => {
          if (ledger.acknowledged >= goal && kills.length === 0) kills.push(server.kill());
          return true;
        };
        await Promise.all(streams.map((one) => one(going)));
        await Promise.all(kills);
        server = await startProcess(folder, port);
        client = await enter(port, alice);
        await look(client, place, ledger);
      }
      // What was on its way at the last kill goes out again, and nothing came twice by that.
      const goal = ledger.acknowledged + 4;
      await Promise.all(streams.map((one) => one(() => ledger.acknowledged < goal)));
      await look(client, place, ledger);
      process.stdout.write(
        `killed ${String(ROUNDS)} times: ${String(ledger.messages.length)} messages, ${String(ledger.entries.length)} entries, ${String(ledger.blobs.length)} files, ${String(ledger.requests.length)} requests\n`,
      );
      client.close();
      await server.kill();
    },
    FULL ? 1_800_000 : 120_000,
  );
});

describe('a disk', () => {
  it('16: that is full refuses with E_STORAGE, keeps what was acknowledged, and goes on once there is room', async () => {
    let server = await startProcess(folder, 0, 600);
    const { port } = server;
    let client = await enter(port, alice);
    const place = await found(client);
    const ledger = new Ledger();
    const streams = load(place, ledger, port, () => client);
    // Applicants come in again when there is room: the first three say enough.
    await Promise.all(streams.slice(0, 3).map((one) => one(() => true)));
    // It still answers, and what it holds can be read.
    await look(client, place, ledger);
    expect(ledger.messages.length).toBeGreaterThan(0);
    client.close();
    await server.kill();
    server = await startProcess(folder, port);
    client = await enter(port, alice);
    await look(client, place, ledger);
    const goal = ledger.acknowledged + 12;
    await Promise.all(streams.map((one) => one(() => ledger.acknowledged < goal)));
    await look(client, place, ledger);
    client.close();
    await server.kill();
  });

  it('16: that takes no byte lets no server begin, and says so; the data is as it was', async () => {
    const server = await startProcess(folder, 0);
    const client = await enter(server.port, alice);
    const place = await found(client);
    await client.get('send', place.talk.message(alice, 1));
    client.close();
    await server.kill();
    await expect(startProcess(folder, 0, 0)).rejects.toThrow(/cannot be (opened|written)/u);
    const inFile = join(folder, 'conclave.sqlite', 'data');
    await expect(startProcess(inFile, 0)).rejects.toThrow(/cannot be (made|written)/u);
    const storage = openFolder({ path: folder, remove: () => undefined });
    expect((await storage.lastItem(place.talk.gid))?.t).toBe(2);
    await storage.close();
  });

  it('16: a database that another process holds refuses with E_STORAGE, and takes the same thing later', async () => {
    const house = await openHouse({
      storage: openFolder({ path: folder, remove: () => undefined }),
      config: { limits: { messageBurst: 1000 } },
    });
    const who = await house.person(1);
    const client = await house.enter(who);
    const group = await house.group(client, [who]);
    const holder = new DatabaseSync(join(folder, 'conclave.sqlite'));
    holder.exec('BEGIN IMMEDIATE');
    const message = group.message(who, 1);
    expect(await client.ask('send', message)).toMatchObject({ error: { name: 'E_STORAGE' } });
    holder.exec('ROLLBACK');
    holder.close();
    expect(await client.ask('send', message)).toMatchObject({ ok: true, value: { t: 2 } });
    expect(await client.ask('send', message)).toMatchObject({ ok: true, value: { t: 2 } });
    await house.close();
    await house.storage.close();
  });
});

it('P148: a server clock that jumps a day ahead and back loses and refuses nothing, and its times never fall', async () => {
  const house = await openHouse();
  const who = await house.person(1);
  const client = await house.enter(who);
  const group = await house.group(client, [who]);
  const times: number[] = [];
  let ctr = 0;
  for (const jump of [0, DAY, -DAY, -DAY, DAY]) {
    house.clock.forward(jump);
    const message = group.message(who, ++ctr);
    times.push((await client.get('send', message)).at);
    await client.get('append', group.rotate(who));
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect((await house.enter(who)).hello.version).toBe(1);
  await house.close();
});
