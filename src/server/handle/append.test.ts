import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '../../protocol/checkpoint.ts';
import { ROLE } from '../../protocol/role.ts';
import { append, type House, openHouse } from '../testing/house.ts';
import { startGroup, testLink } from '../testing/groupLog.ts';
import { type Person, withNewDevice } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

describe('append', () => {
  let house: House;
  let alice: Person;
  let bob: Person;
  let owner: WireClient;
  beforeEach(async () => {
    house = await openHouse();
    alice = await house.person(1);
    bob = await house.person(2);
    owner = await house.enter(alice);
  });
  afterEach(() => house.close());

  it('4: the same entry again gets the stored answer and is not appended twice', async () => {
    const group = await house.group(owner, [alice]);
    const made = group.rotate(alice);
    const first = await owner.get('append', made);
    const again = await owner.get('append', made);
    expect(again).toMatchObject({ t: first.t, at: first.at });
    expect((await house.storage.lastItem(group.gid))?.t).toBe(first.t);
    expect(await owner.get('append', group.spawn)).toMatchObject({ t: 0 });
  });

  it('9: the answer carries a checkpoint right after the entry', async () => {
    const group = await house.group(owner, [alice]);
    const reply = await owner.get('append', group.rotate(alice));
    const checkpoint = decodeCheckpoint(reply.checkpoint);
    const last = await house.storage.lastItem(group.gid);
    expect(checkpoint.ok && checkpoint.value).toMatchObject({
      gid: group.gid,
      seq: 2,
      head: group.state().head,
      t: 3,
      T: last?.T,
    });
  });

  it('R1: an entry on a stale head is refused and changes nothing', async () => {
    const group = await house.group(owner, [alice, bob], { [bob.pid]: ROLE.moderator });
    const late = group.draft(bob, { kind: 'LeaveGroup', note: null });
    await append(owner, group.rotate(alice));
    const client = await house.enter(bob);
    expect(await client.ask('append', late)).toMatchObject({ ok: false, error: { name: 'E_SEQ' } });
    expect((await house.storage.lastItem(group.gid))?.t).toBe(2);
  });

  it('11: of two entries on one head exactly one is appended', async () => {
    const group = await house.group(owner, [alice, bob], { [bob.pid]: ROLE.moderator });
    const client = await house.enter(bob);
    const leave = group.draft(bob, { kind: 'LeaveGroup', note: null });
    const rotate = group.rotate(alice);
    const replies = await Promise.all([owner.ask('append', rotate), client.ask('append', leave)]);
    expect(replies.map((reply) => (reply.ok ? 'appended' : reply.error.name)).sort()).toEqual([
      'E_SEQ',
      'appended',
    ]);
  });

  it('13: a SpawnGroup that names another server is refused', async () => {
    const foreign = startGroup(
      house.p,
      alice,
      house.p.signKeys(new Uint8Array(32)).publicKey,
      house.clock.read(),
    );
    expect(await owner.ask('append', foreign.spawn)).toMatchObject({
      ok: false,
      error: { name: 'E_SIG' },
    });
    expect(await owner.ask('log', { gid: foreign.gid, seq: 0 })).toMatchObject({
      ok: false,
      error: { name: 'E_NOT_FOUND' },
    });
  });

  it('only the author appends, from the device that signed', async () => {
    const group = await house.group(owner, [alice, bob]);
    const client = await house.enter(bob);
    expect(await client.ask('append', group.rotate(alice))).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
  });

  it('R1: an entry more than 10 min ahead of the clock is refused (E_TIME)', async () => {
    const ahead = startGroup(house.p, alice, owner.hello.serverPk, house.clock.read() + 600_001);
    expect(await owner.ask('append', ahead.spawn)).toMatchObject({
      ok: false,
      error: { name: 'E_TIME' },
    });
    house.clock.forward(1);
    await append(owner, ahead.spawn);
  });

  it('4: every object an entry names must be there, and no other', async () => {
    const group = startGroup(house.p, alice, owner.hello.serverPk, house.clock.read());
    await append(owner, group.spawn);
    const { entry, objects } = group.init(alice);
    const refused = { ok: false, error: { name: 'E_BOX' } };
    for (const i of objects.keys())
      expect(
        await owner.ask('append', {
          entry,
          objects: objects.filter((_, j) => j !== i),
          image: null,
        }),
      ).toMatchObject(refused);
    expect(
      await owner.ask('append', { entry, objects: [...objects, house.p.random(40)], image: null }),
    ).toMatchObject(refused);
    const bent = objects.map((object, i) => (i === 0 ? house.p.random(object.length) : object));
    expect(await owner.ask('append', { entry, objects: bent, image: null })).toMatchObject(refused);
    await append(owner, { entry, objects: objects.toReversed(), image: null });
  });

  it('R7: UpdateCard carries published cards only', async () => {
    const group = await house.group(owner, [alice]);
    const { after, card } = withNewDevice(house.p, alice, 1_700_000_000_001);
    const { decodeChain } = await import('../../protocol/card.ts');
    const chain = decodeChain(card);
    if (!chain.ok) throw new Error('decodes');
    const made = group.draft(after, { kind: 'UpdateCard', chain: chain.value, chainBytes: card });
    const visitor = await house.visit();
    await visitor.get('publishCards', { cards: card });
    const client = await house.enter(after);
    expect(await client.ask('append', made)).toMatchObject({ ok: true });
  });

  it('P108: an entry refused after its signature was checked counts like one that was appended; a lost race does not', async () => {
    await house.close();
    house = await openHouse({ config: { limits: { entriesPerMinute: 3 } } });
    for (const n of [1, 2]) await house.person(n);
    const group = await house.group(await house.enter(alice), [alice, bob]);
    const client = await house.enter(bob);
    const close = group.draft(bob, { kind: 'CloseGroup', successor: null });
    const names: string[] = [];
    for (let i = 0; i < 5; i++) {
      const reply = await client.ask('append', close);
      names.push(reply.ok ? 'appended' : reply.error.name);
    }
    expect(names).toEqual(['E_ROLE', 'E_ROLE', 'E_ROLE', 'E_LIMIT', 'E_LIMIT']);
    house.clock.forward(60_000);
    await append(await house.enter(alice), group.rotate(alice));
    for (let i = 0; i < 5; i++)
      expect(await client.ask('append', close)).toMatchObject({ error: { name: 'E_SEQ' } });
  });

  it('16: one author appends so many a minute, then is told when to try again; others are undisturbed', async () => {
    await house.close();
    house = await openHouse({ config: { limits: { entriesPerMinute: 3 } } });
    for (const n of [1, 2]) await house.person(n);
    const client = await house.enter(alice);
    const group = await house.group(client, [alice, bob]);
    await append(client, group.rotate(alice));
    const made = group.rotate(alice);
    expect(await client.ask('append', made)).toMatchObject({
      ok: false,
      error: { name: 'E_LIMIT', retryAt: house.clock.read() + 20_000 },
    });
    expect((await house.storage.lastItem(group.gid))?.t).toBe(2);
    const other = await house.enter(bob);
    await house.group(other, [bob]);
    house.clock.forward(20_000);
    await append(client, made);
  });

  it('9: the author hears of the own entry before the answer, and everyone else once', async () => {
    const group = await house.group(owner, [alice, bob]);
    const client = await house.enter(bob);
    await owner.get('subscribe', { gid: group.gid, t: 2 });
    await client.get('subscribe', { gid: group.gid, t: 2 });
    const made = group.rotate(alice);
    const reply = await owner.get('append', made);
    expect(owner.untaken().map((push) => push.name)).toEqual(['items']);
    const [own, others] = await Promise.all([owner.next('items'), client.next('items')]);
    expect(own).toEqual(others);
    expect(own).toMatchObject({
      gid: group.gid,
      checkpoint: reply.checkpoint,
      items: [{ t: reply.t, kind: 0, head: made.entry, body: null }],
    });
  });

  it('who was added learns of it; whose card changed roles is not told', async () => {
    const client = await house.enter(bob);
    const group = await house.group(owner, [alice]);
    await append(owner, group.addDirectly(alice, bob));
    expect(await client.next('standing')).toEqual({ gid: group.gid });
  });

  it('what a lost commit left behind is dropped: the group goes on from the storage', async () => {
    const group = await house.group(owner, [alice]);
    const { storage } = house;
    const real = storage.commit;
    const broken = house.storage as { commit: typeof storage.commit };
    broken.commit = () => new Promise((resolve) => setImmediate(() => resolve('failed')));
    const made = group.rotate(alice);
    const pending = [owner.ask('append', made), owner.ask('send', group.message(alice, 1))];
    expect(
      (await Promise.all(pending)).map((reply) => (reply.ok ? 'stored' : reply.error.name)),
    ).toEqual(['E_STORAGE', 'E_STORAGE']);
    broken.commit = real;
    await append(owner, made);
    await owner.get('send', group.message(alice, 1));
  });

  it('10: the preview of a link is stored by its hash and shown to anybody', async () => {
    const group = await house.group(owner, [alice]);
    const link = testLink(house.p, 7);
    const made = group.createLink(alice, link);
    expect(
      await owner.ask('append', {
        entry: made.entry,
        objects: made.objects.slice(0, 1),
        image: null,
      }),
    ).toMatchObject({ ok: false, error: { name: 'E_BOX' } });
    await append(owner, made);
    const visitor = await house.visit();
    expect(await visitor.get('preview', { gid: group.gid, linkPk: link.pk })).toEqual({
      entry0: group.spawn.entry,
      preview: link.preview,
      time: house.clock.read(),
      state: {
        expires: 0,
        maxUses: 0,
        uses: 0,
        role: 1,
        auto: false,
        paused: false,
        revoked: false,
        full: false,
        closed: false,
      },
    });
    expect(
      await visitor.ask('preview', { gid: group.gid, linkPk: testLink(house.p, 8).pk }),
    ).toMatchObject({ ok: false, error: { name: 'E_LINK' } });
    // The bytes are held already: the same preview may be left out.
    const again = group.createLink(alice, link);
    await append(owner, { entry: again.entry, objects: again.objects.slice(0, 1), image: null });
  });
});
