import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemHash } from '../../crypto/hash.ts';
import { SIGN } from '../../crypto/label.ts';
import { signLabelled } from '../../crypto/secret/sign.ts';
import { bodyToDrop } from '../../protocol/auth.ts';
import { POLICY, POLICY_DEFAULT } from '../../protocol/policy.ts';
import { CIRCLE, ROLE } from '../../protocol/role.ts';
import type { GroupLog } from '../testing/groupLog.ts';
import { append, type House, openHouse } from '../testing/house.ts';
import type { Person } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

const refused = (name: string, detail?: unknown) => ({
  ok: false,
  error: { name },
  ...(detail === undefined ? {} : { detail }),
});

describe('send', () => {
  let house: House;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let group: GroupLog;
  let owner: WireClient;
  let client: WireClient;
  beforeEach(async () => {
    house = await openHouse();
    [alice, bob, carol] = await Promise.all([house.person(1), house.person(2), house.person(3)]);
    owner = await house.enter(alice);
    client = await house.enter(bob);
    group = await house.group(owner, [alice, bob], { [bob.pid]: ROLE.observer });
  });
  afterEach(() => house.close());
  const items = async () => (await house.storage.lastItem(group.gid))?.t ?? -1;

  it('9: the same header again gets the stored answer, another one with its counter E_REPLAY, a higher one E_GAP', async () => {
    const one = group.message(alice, 1);
    const first = await owner.get('send', one);
    expect(await owner.get('send', one)).toMatchObject({ t: first.t, at: first.at });
    expect(await owner.ask('send', group.message(alice, 1))).toMatchObject(
      refused('E_REPLAY', one.header),
    );
    expect(await owner.ask('send', group.message(alice, 3))).toMatchObject(refused('E_GAP', 1));
    expect(await items()).toBe(2);
  });

  it('9: messages sent without waiting are stored in their order', async () => {
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((ctr) => owner.get('send', group.message(alice, ctr))),
    );
    expect(replies.map((reply) => reply.t)).toEqual([2, 3, 4, 5, 6]);
  });

  it('9 (1): the body is the one the header names', async () => {
    const { header, body } = group.message(alice, 1);
    expect(await owner.ask('send', { header, body: body.slice(1), file: null })).toMatchObject(
      refused('E_FORMAT'),
    );
    expect(
      await owner.ask('send', { header, body: house.p.random(body.length), file: null }),
    ).toMatchObject(refused('E_FORMAT'));
    const bent = new Uint8Array(header);
    bent[0] = 2;
    expect(await owner.ask('send', { header: bent, body, file: null })).toMatchObject(
      refused('E_FORMAT'),
    );
  });

  it('9 (2): the author is the connection, a member, in the circle, and may send', async () => {
    expect(await client.ask('send', group.message(alice, 1))).toMatchObject(refused('E_AUTH'));
    expect(await client.ask('send', group.message(bob, 1))).toMatchObject(refused('E_ROLE'));
    const stranger = await house.enter(carol);
    expect(await stranger.ask('send', group.message(carol, 1))).toMatchObject(
      refused('E_NOT_MEMBER'),
    );
    expect(
      await owner.ask('send', group.message(alice, 1, { circle: CIRCLE.staff })),
    ).toMatchObject({ ok: true });
    expect(await items()).toBe(2);
  });

  it('9 (3): only the generation in force is taken', async () => {
    await append(owner, group.rotate(alice));
    expect(await owner.ask('send', group.message(alice, 1, { generation: 1 }))).toMatchObject(
      refused('E_STALE_GEN'),
    );
    expect(await owner.ask('send', group.message(alice, 1, { generation: 3 }))).toMatchObject(
      refused('E_STALE_GEN'),
    );
    expect(await owner.ask('send', group.message(alice, 1))).toMatchObject({ ok: true });
  });

  it('11: with strict_pending nothing is sent until somebody rotated', async () => {
    const strict = await house.group(
      owner,
      [alice, bob],
      {},
      POLICY_DEFAULT | POLICY.strictPending,
    );
    await append(client, strict.act(bob, { kind: 'LeaveGroup', note: null }));
    expect(await owner.ask('send', strict.message(alice, 1))).toMatchObject(refused('E_PENDING'));
    await append(owner, strict.rotate(alice));
    expect(await owner.ask('send', strict.message(alice, 1))).toMatchObject({ ok: true });
  });

  it('R10: a closed group takes no messages', async () => {
    await append(owner, group.act(alice, { kind: 'CloseGroup', successor: null }));
    expect(await owner.ask('send', group.message(alice, 1))).toMatchObject(refused('E_CLOSED'));
  });

  it('16: a device sends so many at once, then is told when to try again; others are undisturbed', async () => {
    await house.close();
    house = await openHouse({ config: { limits: { messageBurst: 2, messagesPerSecond: 2 } } });
    await Promise.all([house.person(1), house.person(2)]);
    owner = await house.enter(alice);
    client = await house.enter(bob);
    group = await house.group(owner, [alice, bob]);
    await owner.get('send', group.message(alice, 1));
    await owner.get('send', group.message(alice, 2));
    const third = group.message(alice, 3);
    expect(await owner.ask('send', third)).toMatchObject({
      ok: false,
      error: { name: 'E_LIMIT', retryAt: house.clock.read() + 500 },
    });
    expect(await items()).toBe(3);
    await client.get('send', group.message(bob, 1));
    house.clock.forward(500);
    await owner.get('send', third);
  });

  it('9: the body of a message is dropped on the signed wish of its author’s device, and of nobody else', async () => {
    const sent = group.message(alice, 1);
    const { t } = await owner.get('send', sent);
    const item = itemHash(house.p, sent.header);
    const wish = (person: Person, of = item) =>
      signLabelled(house.p, SIGN.drop, person.device.secretKey, bodyToDrop(group.gid, of));
    const ask = (by: WireClient, signature: Uint8Array, at = t) =>
      by.ask('dropBody', { gid: group.gid, t: at, signature: new Uint8Array(signature) });
    expect(await ask(client, wish(bob))).toMatchObject(refused('E_AUTH'));
    expect(await ask(owner, wish(bob))).toMatchObject(refused('E_SIG'));
    expect(await ask(owner, wish(alice, group.gid as never))).toMatchObject(refused('E_SIG'));
    expect(await ask(owner, wish(alice), 0)).toMatchObject(refused('E_NOT_FOUND'));
    expect((await house.storage.itemAt(group.gid, t))?.kind).toBe('message');
    expect(await ask(owner, wish(alice))).toMatchObject({ ok: true });
    expect(await ask(owner, wish(alice))).toMatchObject({ ok: true });
    expect(await house.storage.itemAt(group.gid, t)).toMatchObject({ hash: item, body: null });
  });

  it('9: the time of items never falls along a timeline', async () => {
    const first = await owner.get('send', group.message(alice, 1));
    house.clock.forward(-5000);
    const second = await owner.get('send', group.message(alice, 2));
    expect(second.at).toBe(first.at);
  });
});
