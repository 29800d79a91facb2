import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { SIGN } from '../../crypto/label.ts';
import { encodeCheckpointBody } from '../../protocol/checkpoint.ts';
import { append, type House, openHouse } from '../testing/house.ts';
import { person, type Person, sign, withNewDevice } from '../testing/person.ts';

describe('login', () => {
  let house: House;
  let alice: Person;
  beforeEach(async () => {
    house = await openHouse({
      config: { origins: ['https://chat.example', 'https://other.example'] },
    });
    alice = await house.person(1);
  });
  afterEach(() => house.close());

  it('13: a device of the newest published card that signs the challenge is let in', async () => {
    const client = await house.visit();
    expect(await client.login(house.p, alice)).toEqual({
      ok: true,
      value: { time: house.clock.read(), groups: [] },
    });
  });

  it('13: a program signs for any address of this server, a page for its own', async () => {
    const program = await house.visit();
    expect(await program.login(house.p, alice, { origin: 'https://other.example' })).toMatchObject({
      ok: true,
    });
    const page = await house.visit({ origin: 'https://other.example' });
    expect(page.hello.origin).toBe('https://other.example');
    expect(await page.login(house.p, alice, { origin: 'https://chat.example' })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
    expect(await page.login(house.p, alice)).toMatchObject({ ok: true });
  });

  it('P082, 13: a login bound to a foreign address is refused', async () => {
    const client = await house.visit();
    expect(await client.login(house.p, alice, { origin: 'https://evil.example' })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
  });

  it('P081, 13: a login replayed on another connection is refused', async () => {
    const first = await house.visit();
    const second = await house.visit();
    expect(first.hello.nonce).not.toEqual(second.hello.nonce);
    expect(await second.login(house.p, alice, { nonce: first.hello.nonce })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
  });

  it('P081, 13: a challenge is answered once', async () => {
    const client = await house.visit();
    const twice = await Promise.all([client.login(house.p, alice), client.login(house.p, alice)]);
    expect(twice.map((reply) => (reply.ok ? 'in' : reply.error.name))).toEqual(['in', 'E_AUTH']);
  });

  it('P081, 13: a login ends 60 s after the greeting, and none names an end beyond that or one that has passed', async () => {
    const client = await house.visit();
    expect(await client.login(house.p, alice, { exp: client.hello.time + 60_001 })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
    expect(await client.login(house.p, alice, { exp: client.hello.time - 1 })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
    house.clock.forward(60_001);
    expect(await client.login(house.p, alice)).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
  });

  it('13: only the newest published card logs in, and only a device in it', async () => {
    const { after, card } = withNewDevice(house.p, alice, 1_700_000_000_001);
    const early = await house.visit();
    expect(await early.login(house.p, after)).toMatchObject({
      ok: false,
      error: { name: 'E_CARD' },
    });
    await early.get('publishCards', { cards: card });
    const late = await house.visit();
    expect(await late.login(house.p, alice)).toMatchObject({
      ok: false,
      error: { name: 'E_CARD' },
    });
    const lost = { ...after, dev: alice.dev, device: alice.device };
    expect(await late.login(house.p, lost)).toMatchObject({
      ok: false,
      error: { name: 'E_DEVICE' },
    });
    expect(await late.login(house.p, after)).toMatchObject({ ok: true });
  });

  it('an account nobody published does not log in', async () => {
    const client = await house.visit();
    expect(await client.login(house.p, person(house.p, 9, 5))).toMatchObject({
      ok: false,
      error: { name: 'E_CARD' },
    });
  });

  it('three refused logins end the connection', async () => {
    const client = await house.visit();
    for (let i = 0; i < 3; i++)
      await client.login(house.p, alice, { origin: 'https://evil.example' });
    expect(await client.next('bye')).toMatchObject({ name: 'E_AUTH' });
    expect(await client.closed).toBe(1008);
  });

  it('the reply names every group one is or was in, with a checkpoint up to where one may read', async () => {
    const bob = await house.person(2);
    const owner = await house.enter(alice);
    const group = await house.group(owner, [alice, bob]);
    const left = await house.group(owner, [alice, bob]);
    await append(owner, left.remove(alice, bob));
    await append(owner, left.rotate(alice));
    const client = await house.visit();
    const reply = await client.login(house.p, bob);
    const groups = reply.ok ? reply.value.groups : [];
    expect(new Map(groups.map((found) => [found.gid, found.member]))).toEqual(
      new Map([
        [group.gid, true],
        [left.gid, false],
      ]),
    );
    const seqs = new Map(
      groups.map((found) => [found.gid, new DataView(found.checkpoint.buffer).getUint32(32)]),
    );
    expect(seqs).toEqual(
      new Map([
        [group.gid, 1],
        [left.gid, 2],
      ]),
    );
  });

  it('13: a new card without a device ends the connections of that device', async () => {
    const client = await house.enter(alice);
    const { card } = withNewDevice(house.p, alice, 1_700_000_000_001);
    const other = await house.visit();
    await other.get('publishCards', { cards: card });
    expect(await client.next('bye')).toMatchObject({ name: 'E_DEVICE' });
  });

  it('11: a group of which somebody holds a newer checkpoint of ours takes nothing until that is mended', async () => {
    const owner = await house.enter(alice);
    const group = await house.group(owner, [alice]);
    const other = await house.group(owner, [alice]);
    const seed = await house.storage.meta('serverSeed');
    const keys = house.p.signKeys(seed ?? new Uint8Array(32));
    const show = async (by: typeof keys) => {
      const body = encodeCheckpointBody({
        gid: group.gid,
        seq: 7,
        head: group.state().head,
        t: 9,
        T: group.state().head,
        time: 1,
      });
      const client = await house.visit();
      await client.login(house.p, alice, {
        args: { checkpoints: [concat(body, sign(house.p, by, SIGN.checkpoint, body))] },
      });
      return client;
    };
    const forged = await show(alice.device);
    await append(forged, group.rotate(alice));
    const client = await show(keys);
    expect(await client.ask('append', group.rotate(alice))).toMatchObject({
      ok: false,
      error: { name: 'E_BUSY' },
    });
    expect(await client.ask('send', group.message(alice, 1))).toMatchObject({
      ok: false,
      error: { name: 'E_BUSY' },
    });
    await append(client, other.rotate(alice));
  });
});

describe('cards', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ config: { limits: { cardsPerAddressPerHour: 5 } } });
  });
  afterEach(() => house.close());

  it('13: publishing is a compare-and-swap on the newest card; the same cards again are fine', async () => {
    const alice = await house.person(1);
    const client = await house.visit();
    const one = withNewDevice(house.p, alice, 1);
    const two = withNewDevice(house.p, alice, 2);
    await client.get('publishCards', { cards: one.card });
    await client.get('publishCards', { cards: one.card });
    expect(await client.ask('publishCards', { cards: two.card })).toMatchObject({
      ok: false,
      error: { name: 'E_CARD' },
    });
    const reader = await house.enter(one.after);
    expect(await reader.get('fetchCards', { pid: alice.pid })).toEqual({ chain: one.after.chain });
  });

  it('2: a card that does not verify is not stored', async () => {
    const client = await house.visit();
    const { chain, pid } = person(house.p, 1, 5);
    const bent = new Uint8Array(chain);
    bent[bent.length - 1] = (bent[bent.length - 1] ?? 0) ^ 1;
    expect(await client.ask('publishCards', { cards: bent })).toMatchObject({
      ok: false,
      error: { name: 'E_CARD' },
    });
    expect(await house.storage.cards(pid)).toEqual([]);
  });

  it('16: one address publishes so many an hour, then is told when to try again', async () => {
    const client = await house.visit();
    const publish = (n: number) =>
      client.ask('publishCards', { cards: person(house.p, n, 5).chain });
    for (let n = 1; n <= 5; n++) expect(await publish(n)).toMatchObject({ ok: true });
    const refused = await publish(6);
    expect(refused).toMatchObject({
      ok: false,
      error: { name: 'E_LIMIT', retryAt: house.clock.read() + 720_000 },
    });
    house.clock.forward(720_000);
    expect(await publish(6)).toMatchObject({ ok: true });
  });

  it('13: reading cards needs a login', async () => {
    const client = await house.visit();
    expect(await client.ask('fetchCards', { pid: person(house.p, 1, 5).pid })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
  });
});
