import { afterEach, describe, expect, it } from 'vitest';
import { firstT, itemHash, nextT } from '../../crypto/hash.ts';
import { concat } from '../../lib/bytes.ts';
import type { Bytes } from '../../lib/bytes.ts';
import { decodeCheckpoint } from '../../protocol/checkpoint.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { idBytes } from '../../protocol/ids.ts';
import type { WireItem } from '../../protocol/item.ts';
import { createMemoryStorage } from '../storage/memory.ts';
import type { Storage, StoredItem } from '../storage/port.ts';
import { append, type House, openHouse } from '../testing/house.ts';
import type { GroupLog } from '../testing/groupLog.ts';
import type { Person } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

interface Told {
  readonly gid: Gid;
  readonly log: GroupLog;
  readonly alice: Person;
  readonly bob: Person;
  readonly mallory: Person;
  readonly items: readonly StoredItem[];
  /** The newest signature over all of it. */
  readonly goal: Bytes;
}

const houses: House[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close();
});

const all = { items: 1000, bytes: 10_000_000 };

/** The seed and the cards: what a backup taken before the group was founded holds. */
async function beforeTheGroup(full: Storage, people: readonly Person[]): Promise<Storage> {
  const empty = createMemoryStorage();
  const seed = await full.meta('serverSeed');
  if (seed === null) throw new Error('a server has a seed');
  await empty.commit([{ kind: 'meta', key: 'serverSeed', value: seed }]);
  for (const { pid } of people)
    await empty.commit(
      (await full.cards(pid)).map((card) => ({ kind: 'card', pid, ...card }) as const),
    );
  return empty;
}

/** A group with `count` messages of Alice, and a server that knows nothing of it but has the same key. */
async function lostGroup(
  count: number,
  config?: Parameters<typeof openHouse>[0],
): Promise<{
  readonly told: Told;
  readonly house: House;
  readonly enter: (who: Person) => Promise<WireClient>;
}> {
  const full = createMemoryStorage();
  const first = await openHouse({ storage: full, config: { limits: { messageBurst: 10_000 } } });
  const [alice, bob, mallory] = [
    await first.person(1),
    await first.person(2),
    await first.person(3),
  ];
  const owner = await first.enter(alice);
  const log = await first.group(owner, [alice, bob]);
  let { checkpoint: goal } = await owner.get('subscribe', { gid: log.gid, t: 0 });
  for (let ctr = 1; ctr <= count; ctr++)
    ({ checkpoint: goal } = await owner.get('send', log.message(alice, ctr)));
  await first.close();
  const items = await full.items(log.gid, 0, 10_000, all, 'oldest');
  const house = await openHouse({
    ...config,
    storage: await beforeTheGroup(full, [alice, bob, mallory]),
    clock: first.clock,
  });
  houses.push(house);
  const told = { gid: log.gid, log, alice, bob, mallory, items, goal };
  return { told, house, enter: (who) => house.enter(who) };
}

const hashesOf = ({ items }: Told, from = 0, until = items.length): Bytes =>
  concat(...items.slice(from, until).map((item) => idBytes(item.hash)));

const wireOf = (item: StoredItem, change: Partial<WireItem> = {}): WireItem => ({
  t: item.t,
  kind: item.kind === 'entry' ? 0 : 1,
  head: item.head,
  body: item.kind === 'entry' ? null : item.body,
  at: item.at,
  ...change,
});

async function proven(client: WireClient, told: Told): Promise<void> {
  const hashes = hashesOf(told);
  expect(await client.get('lost', { checkpoint: told.goal, from: 0, hashes })).toEqual({
    end: 0,
    next: told.items.length,
    proven: true,
  });
}

describe('protocol 11: giving back', () => {
  it('a group nobody knows comes back item by item, whoever brings it, and goes on', async () => {
    const { told, house, enter } = await lostGroup(5);
    const client = await enter(told.bob);
    await proven(client, told);
    const wired = told.items.map((item) => wireOf(item));
    for (const page of [wired.slice(0, 3), wired.slice(1, 5), wired.slice(5)])
      await client.get('giveBack', { gid: told.gid, items: page, objects: [] });
    const back = await house.storage.items(told.gid, 0, 10_000, all, 'oldest');
    expect(back).toEqual(told.items);
    expect((await house.storage.dueBoxes(told.gid)).map(({ circle }) => circle)).toEqual([0, 1]);
    const owner = await enter(told.alice);
    expect(await owner.get('send', told.log.message(told.alice, 6))).toMatchObject({ t: 7 });
    await append(owner, told.log.rotate(told.alice));
  });

  it('boxes come beside their entry or later, and only those the log names', async () => {
    const { told, house, enter } = await lostGroup(0);
    const client = await enter(told.bob);
    await proven(client, told);
    await client.get('giveBack', {
      gid: told.gid,
      items: told.items.map((item) => wireOf(item)),
      objects: [new Uint8Array(32 + 96)],
    });
    expect(await client.get('lacking', { gid: told.gid })).toMatchObject({
      boxes: [
        { generation: 1, circle: 0 },
        { generation: 1, circle: 1 },
      ],
      sealed: [0, 1],
    });
    const wrong = { generation: 1, circle: 0, boxes: new Uint8Array(32 + 96) } as const;
    await client.get('giveObjects', { gid: told.gid, bodies: [], boxes: [wrong] });
    expect(await house.storage.boxes(told.gid, 1, 0)).toBeNull();
  });

  it('hashes are bounded for each group, and follow one another', async () => {
    const { told, enter } = await lostGroup(10, { config: { limits: { lostItems: 5 } } });
    const client = await enter(told.bob);
    expect(
      await client.ask('lost', { checkpoint: told.goal, from: 0, hashes: hashesOf(told) }),
    ).toMatchObject({ ok: false, error: { name: 'E_LIMIT' } });
  });

  it('hashes may come in many calls, of several members at once, and one wrong way does not hurt another', async () => {
    const { told, enter } = await lostGroup(10);
    const [bob, mallory] = [await enter(told.bob), await enter(told.mallory)];
    const ask = (client: WireClient, from: number, hashes: Bytes) =>
      client.ask('lost', { checkpoint: told.goal, from, hashes });
    await ask(mallory, 0, new Uint8Array(64));
    expect(
      await bob.get('lost', { checkpoint: told.goal, from: 0, hashes: hashesOf(told, 0, 4) }),
    ).toEqual({
      end: 0,
      next: 4,
      proven: false,
    });
    expect(await ask(bob, 6, hashesOf(told, 6))).toMatchObject({
      ok: false,
      error: { name: 'E_GAP' },
    });
    expect(await ask(mallory, 2, hashesOf(told, 2))).toMatchObject({
      ok: false,
      error: { name: 'E_FORK' },
    });
    expect(
      await bob.get('lost', { checkpoint: told.goal, from: 4, hashes: hashesOf(told, 4) }),
    ).toMatchObject({
      proven: true,
    });
  });

  it('what was not proven, is bent, or comes out of order changes nothing', async () => {
    const { told, house, enter } = await lostGroup(3);
    const client = await enter(told.mallory);
    const give = (items: readonly WireItem[]) =>
      client.ask('giveBack', { gid: told.gid, items, objects: [] });
    const [spawn, init, message] = told.items;
    if (spawn === undefined || init === undefined || message === undefined) throw new Error('five');
    await give([wireOf(spawn)]);
    expect(await house.storage.lastItem(told.gid)).toBeNull();
    await proven(client, told);
    const bent = spawn.head.slice();
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    for (const items of [
      [wireOf(spawn, { head: bent })],
      [wireOf(init, { t: 0 })],
      [wireOf(spawn, { kind: 1 })],
      [wireOf(spawn), wireOf(init, { head: bent })],
      [wireOf(spawn), wireOf(init), wireOf(message, { body: new Uint8Array(452) })],
    ])
      expect((await give(items)).ok).toBe(false);
    expect(await give([wireOf(init)])).toMatchObject({ ok: true });
    expect(await house.storage.lastItem(told.gid)).toBeNull();
  });

  it('the time of an item stays within what was signed', async () => {
    const { told, house, enter } = await lostGroup(2);
    const client = await enter(told.bob);
    await proven(client, told);
    const far = told.items.map((item, i) => wireOf(item, { at: i === 1 ? 9e15 : 0 }));
    await client.get('giveBack', { gid: told.gid, items: far, objects: [] });
    const times = (await house.storage.items(told.gid, 0, 9, all, 'oldest')).map(({ at }) => at);
    const goal = decodeCheckpoint(told.goal);
    const latest = goal.ok ? goal.value.time : 0;
    expect(times).toEqual([0, latest, latest, latest]);
  });

  it('a checkpoint of another key, or of less than is held, is no reason to wait', async () => {
    const { told, enter } = await lostGroup(2);
    const client = await enter(told.bob);
    const bent = told.goal.slice();
    bent[179] = (bent[179] ?? 0) ^ 1;
    expect(
      await client.ask('lost', { checkpoint: bent, from: 0, hashes: new Uint8Array() }),
    ).toMatchObject({ ok: false, error: { name: 'E_SIG' } });
    const owner = await enter(told.alice);
    await append(owner, told.log.spawn);
    await proven0(client, told);
  });

  it('a group that was given up takes what is new', async () => {
    const { told, house, enter } = await lostGroup(2);
    const client = await enter(told.bob);
    await proven(client, told);
    await house.server.close();
    const at = house.clock.read();
    await house.storage.commit([{ kind: 'givenUp', gid: told.gid, at }]);
    const again = await openHouse({ storage: house.storage, clock: house.clock });
    houses.push(again);
    const owner = await again.enter(told.alice);
    expect(
      await owner.ask('lost', { checkpoint: told.goal, from: 0, hashes: new Uint8Array() }),
    ).toMatchObject({ ok: false, error: { name: 'E_NOT_FOUND' } });
    await append(owner, told.log.spawn);
  });

  it('what one person gives is bounded in time', async () => {
    const { told, enter } = await lostGroup(0);
    const client = await enter(told.mallory);
    const asked = { checkpoint: told.goal, from: 0, hashes: new Uint8Array() };
    let refused = null;
    for (let i = 0; i < 300 && refused === null; i++) {
      const reply = await client.ask('lost', asked);
      if (!reply.ok) refused = reply.error;
    }
    expect(refused).toMatchObject({ name: 'E_LIMIT' });
    expect(refused?.retryAt).toBeGreaterThan(0);
  });

  it('hashes that lead to the signed T through other items than those held end the waiting', async () => {
    const { told, house, enter } = await lostGroup(2);
    const owner = await enter(told.alice);
    await append(owner, told.log.spawn);
    // The same log, but another message came third.
    const begun = told.items[1];
    if (begun === undefined) throw new Error('five');
    const T = nextT(house.p, firstT(house.p, told.gid), 0, told.gid as string as Hash);
    const other = told.log.message(told.bob, 1);
    await house.storage.commit([
      { kind: 'item', gid: told.gid, item: { ...begun } },
      {
        kind: 'item',
        gid: told.gid,
        item: {
          kind: 'message',
          t: 2,
          author: told.bob.pid,
          dev: told.bob.dev,
          ctr: 1,
          circle: 0,
          hash: itemHash(house.p, other.header),
          head: other.header,
          body: other.body,
          at: begun.at,
          T: nextT(house.p, nextT(house.p, T, 1, begun.hash), 2, itemHash(house.p, other.header)),
        },
      },
    ]);
    await house.server.close();
    const again = await openHouse({ storage: house.storage, clock: house.clock });
    houses.push(again);
    const client = await again.enter(told.alice);
    const asked = { checkpoint: told.goal, from: 0, hashes: new Uint8Array() };
    expect(await client.get('lost', asked)).toEqual({ end: 3, next: 3, proven: false });
    expect(await client.ask('send', told.log.message(told.alice, 1))).toMatchObject({
      error: { name: 'E_BUSY' },
    });
    expect(
      await client.ask('lost', { ...asked, from: 1, hashes: hashesOf(told, 1) }),
    ).toMatchObject({
      error: { name: 'E_FORK' },
    });
    expect((await client.ask('send', told.log.message(told.alice, 1))).ok).toBe(true);
  });
});

/** The group was founded anew by the same entry: the rest is still wanted. */
async function proven0(client: WireClient, told: Told): Promise<void> {
  const hashes = hashesOf(told, 1);
  expect(await client.get('lost', { checkpoint: told.goal, from: 1, hashes })).toMatchObject({
    end: 1,
    proven: true,
  });
}
