import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstT, itemHash, nextT } from '../../crypto/hash.ts';
import { decodeCheckpoint } from '../../protocol/checkpoint.ts';
import type { Hash } from '../../protocol/ids.ts';
import { CIRCLE, ROLE } from '../../protocol/role.ts';
import type { GroupLog } from '../testing/groupLog.ts';
import { append, type House, openHouse } from '../testing/house.ts';
import type { Person } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

const checkpointOf = (bytes: Uint8Array<ArrayBuffer>) => {
  const checkpoint = decodeCheckpoint(bytes);
  if (!checkpoint.ok) throw new Error('a checkpoint decodes');
  return checkpoint.value;
};

describe('reading a timeline', () => {
  let house: House;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let group: GroupLog;
  let owner: WireClient;
  let client: WireClient;
  beforeEach(async () => {
    house = await openHouse({ config: { limits: { queryItems: 4 } } });
    [alice, bob, carol] = await Promise.all([house.person(1), house.person(2), house.person(3)]);
    owner = await house.enter(alice);
    client = await house.enter(bob);
    group = await house.group(owner, [alice, bob]);
  });
  afterEach(() => house.close());
  /** Messages with t 2..6, a second apart. */
  const talk = async () => {
    for (let ctr = 1; ctr <= 5; ctr++) {
      house.clock.forward(1000);
      await owner.get('send', group.message(alice, ctr));
    }
  };
  const tsOf = (reply: { readonly items: readonly { readonly t: number }[] }) =>
    reply.items.map((item) => item.t);

  it('9: subscribe pages until nothing is left, then what comes is pushed, nothing lost and nothing twice', async () => {
    await talk();
    const first = await client.get('subscribe', { gid: group.gid, t: 0 });
    expect([tsOf(first), first.more]).toEqual([[0, 1, 2, 3], true]);
    await owner.get('send', group.message(alice, 6));
    const second = await client.get('subscribe', { gid: group.gid, t: 4 });
    expect([tsOf(second), second.more]).toEqual([[4, 5, 6, 7], false]);
    await owner.get('send', group.message(alice, 7));
    expect(tsOf(await client.next('items'))).toEqual([8]);
  });

  it('9, bug 15: whoever subscribes while others send sees every item exactly once, in order', async () => {
    const sending = Array.from({ length: 12 }, (_, i) =>
      owner.get('send', group.message(alice, i + 1)),
    );
    const seen: number[] = [];
    let more = true;
    while (more) {
      const page = await client.get('subscribe', { gid: group.gid, t: seen.length });
      seen.push(...tsOf(page));
      ({ more } = page);
    }
    await Promise.all(sending);
    while (seen.length < 14) seen.push(...tsOf(await client.next('items')));
    expect(seen).toEqual(Array.from({ length: 14 }, (_, t) => t));
  });

  it('9: items fold to the T of the checkpoint', async () => {
    await talk();
    const { items, before, checkpoint } = await client.get('query', {
      gid: group.gid,
      by: 'position',
      from: 3,
      until: 99,
      limit: 4,
      order: 'asc',
    });
    let T = before;
    for (const item of items) T = nextT(house.p, T, item.t, itemHash(house.p, item.head));
    expect(checkpointOf(checkpoint)).toMatchObject({ t: 7, T });
    const start = await client.get('query', {
      gid: group.gid,
      by: 'position',
      from: 0,
      until: 1,
      limit: 1,
      order: 'asc',
    });
    expect(start.before).toBe(firstT(house.p, group.gid));
  });

  it('14: a range by position or by time, both ends of time inclusive, oldest or newest first but always ascending', async () => {
    await talk();
    const ask = async (
      by: 'position' | 'time',
      from: number,
      until: number,
      limit: number,
      order: 'asc' | 'desc',
    ) => tsOf(await client.get('query', { gid: group.gid, by, from, until, limit, order }));
    expect(await ask('position', 2, 5, 4, 'asc')).toEqual([2, 3, 4]);
    expect(await ask('position', 0, 99, 2, 'asc')).toEqual([0, 1]);
    expect(await ask('position', 0, 99, 2, 'desc')).toEqual([5, 6]);
    expect(await ask('position', 50, 99, 2, 'asc')).toEqual([]);
    expect(await ask('position', 3, 3, 2, 'asc')).toEqual([]);
    const now = house.clock.read();
    expect(await ask('time', now - 2000, now - 1000, 4, 'asc')).toEqual([4, 5]);
    expect(await ask('time', now - 2000, now, 2, 'desc')).toEqual([5, 6]);
    expect(await ask('time', now + 1, now + 5, 2, 'desc')).toEqual([]);
  });

  it('16: more than a page is E_LIMIT, from after until is E_FORMAT', async () => {
    const ask = (from: number, until: number, limit: number) =>
      client.ask('query', { gid: group.gid, by: 'position', from, until, limit, order: 'asc' });
    expect(await ask(0, 9, 5)).toMatchObject({ ok: false, error: { name: 'E_LIMIT' } });
    expect(await ask(9, 8, 4)).toMatchObject({ ok: false, error: { name: 'E_FORMAT' } });
  });

  it('14: bodies of the staff circle go to staff only, by the role at that time', async () => {
    await client.get('subscribe', { gid: group.gid, t: 2 });
    const said = group.message(alice, 1, { circle: CIRCLE.staff });
    await owner.get('send', said);
    expect(await client.next('items')).toMatchObject({
      items: [{ head: said.header, body: null }],
    });
    const ask = {
      gid: group.gid,
      by: 'position',
      from: 2,
      until: 3,
      limit: 1,
      order: 'asc',
    } as const;
    expect(await client.get('query', ask)).toMatchObject({ items: [{ body: null }] });
    expect(await owner.get('query', ask)).toMatchObject({ items: [{ body: said.body }] });
  });

  it('14: who is no member reads entry 0 and nothing else', async () => {
    const stranger = await house.enter(carol);
    const { gid } = group;
    const denied = { ok: false, error: { name: 'E_NOT_MEMBER' } };
    expect(await stranger.ask('subscribe', { gid, t: 0 })).toMatchObject(denied);
    expect(
      await stranger.ask('query', {
        gid,
        by: 'position',
        from: 0,
        until: 1,
        limit: 1,
        order: 'asc',
      }),
    ).toMatchObject(denied);
    expect(await stranger.ask('log', { gid, seq: 1 })).toMatchObject(denied);
    expect(await stranger.ask('box', { gid, generation: 1, circle: 0 })).toMatchObject(denied);
    expect(await stranger.ask('boxes', { gid, generation: 1, circle: 0 })).toMatchObject(denied);
    expect(await stranger.ask('sealed', { gid, circle: 0 })).toMatchObject(denied);
    expect(await stranger.ask('records', { gid })).toMatchObject(denied);
    expect(await stranger.ask('requests', { gid })).toMatchObject(denied);
    expect(
      await stranger.ask('getBlob', { gid, blob: '0'.repeat(64) as Hash, offset: 0 }),
    ).toMatchObject(denied);
    const log = await stranger.get('log', { gid, seq: 0 });
    expect([log.entries, log.more]).toEqual([[group.spawn.entry], false]);
    expect(checkpointOf(log.checkpoint)).toMatchObject({ seq: 0, head: gid, t: 1 });
  });

  it('14: who was removed gets the removing entry as the last, and reads up to it ever after', async () => {
    await client.get('subscribe', { gid: group.gid, t: 0 });
    const removal = group.remove(alice, bob);
    await append(owner, removal);
    expect(await client.next('items')).toMatchObject({ items: [{ t: 2, head: removal.entry }] });
    await owner.get('send', group.message(alice, 1));
    await append(owner, group.rotate(alice));
    const page = await client.get('subscribe', { gid: group.gid, t: 0 });
    expect([tsOf(page), page.more, checkpointOf(page.checkpoint).seq]).toEqual([
      [0, 1, 2],
      false,
      2,
    ]);
    const log = await client.get('log', { gid: group.gid, seq: 0 });
    expect([log.entries.length, log.more]).toEqual([3, false]);
    const range = await client.get('query', {
      gid: group.gid,
      by: 'position',
      from: 0,
      until: 99,
      limit: 4,
      order: 'desc',
    });
    expect(tsOf(range)).toEqual([0, 1, 2]);
    await owner.get('send', group.message(alice, 2));
    await client.get('ping', {});
    expect(client.untaken().filter((push) => push.name === 'items')).toEqual([]);
    expect(await client.ask('sealed', { gid: group.gid, circle: 0 })).toMatchObject({
      ok: false,
      error: { name: 'E_NOT_MEMBER' },
    });
  });

  it('14: who came back reads everything again', async () => {
    await append(owner, group.remove(alice, bob));
    await append(owner, group.addDirectly(alice, bob));
    const page = await client.get('subscribe', { gid: group.gid, t: 0 });
    expect([tsOf(page), page.more]).toEqual([[0, 1, 2, 3], false]);
  });

  it('6: the own box stands where the roster of that generation says; all of them are for that circle then', async () => {
    const { gid } = group;
    const all = (await owner.get('boxes', { gid, generation: 1, circle: 0 })).boxes;
    const place = [alice.pid, bob.pid].sort().indexOf(bob.pid);
    const own = (await client.get('box', { gid, generation: 1, circle: 0 })).box;
    expect(own).toEqual(
      new Uint8Array([...all.subarray(0, 32), ...all.subarray(32 + 48 * place, 80 + 48 * place)]),
    );
    expect(await client.ask('box', { gid, generation: 1, circle: 1 })).toMatchObject({
      ok: false,
      error: { name: 'E_NOT_FOUND' },
    });
    expect(await client.ask('boxes', { gid, generation: 1, circle: 1 })).toMatchObject({
      ok: false,
      error: { name: 'E_NOT_MEMBER' },
    });
    await append(owner, group.addDirectly(alice, carol));
    const newcomer = await house.enter(carol);
    expect(await newcomer.ask('boxes', { gid, generation: 1, circle: 0 })).toMatchObject({
      ok: false,
      error: { name: 'E_NOT_MEMBER' },
    });
    expect(await newcomer.ask('box', { gid, generation: 2, circle: 0 })).toMatchObject({
      ok: true,
    });
  });

  it('8: the latest sealed texts: the profile for members, the staff text for staff', async () => {
    const { gid } = group;
    const made = group.rotate(alice);
    await append(owner, made);
    expect(await client.get('sealed', { gid, circle: 0 })).toEqual({ text: made.objects[2] });
    expect(await owner.get('sealed', { gid, circle: 1 })).toEqual({ text: made.objects[3] });
    expect(await client.ask('sealed', { gid, circle: 1 })).toMatchObject({
      ok: false,
      error: { name: 'E_ROLE' },
    });
  });

  it('a page stays below the frame limit however large its items are', async () => {
    await house.close();
    house = await openHouse({ config: { limits: { messageBurst: 100 } } });
    await Promise.all([house.person(1), house.person(2)]);
    owner = await house.enter(alice);
    group = await house.group(owner, [alice, bob], { [bob.pid]: ROLE.moderator });
    for (let ctr = 1; ctr <= 12; ctr++)
      await owner.get(
        'send',
        group.message(alice, ctr, { body: new Uint8Array(65_000).fill(ctr) }),
      );
    const page = await owner.get('subscribe', { gid: group.gid, t: 0 });
    expect([page.more, page.items.length]).toEqual([true, 9]);
  });
});
