import { afterEach, describe, expect, it } from 'vitest';
import { openMessage } from '../crypto/secret/seal.ts';
import { openBox } from '../crypto/secret/groupKey.ts';
import { keyOf } from '../engine/replica.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import type { KeyBatch, KeyUpdate } from '../protocol/keyUpdate.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import { bareLogin, cheat, refusalOf } from './cheat.ts';
import {
  accept,
  admit,
  allRead,
  eventually,
  facts,
  groupOf,
  inGroup,
  inStep,
  must,
  outgoing,
  type Person,
  say,
  setup,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
let gid: Gid;
let alice: Person;
let bob: Person;
let carol: Person;
afterEach(() => world.close());

/** Alice owns, Bob moderates, Carol is a member. */
async function begin(): Promise<void> {
  world = await setup('alice', 'bob', 'carol');
  [alice, bob, carol] = world.people('alice', 'bob', 'carol');
  gid = await groupOf(alice, [bob, carol]);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
  await inStep([alice, bob, carol], gid);
}

const everyone =
  (change: (batch: KeyBatch) => Partial<KeyBatch>) =>
  (update: KeyUpdate): KeyUpdate => ({
    ...update,
    everyone: { ...update.everyone, ...change(update.everyone) },
  });

describe('session keys', () => {
  it('AO-08, AO-11: each member opens exactly the same key from a box of its own', async () => {
    await begin();
    const { primitives: p } = world;
    const stored = await world.storage().boxes(gid, 1, CIRCLE.everyone);
    expect(stored?.roster.toSorted()).toEqual([alice.pid, bob.pid, carol.pid].toSorted());
    const secrets = new Set<string>();
    for (const one of [alice, bob, carol]) {
      const wire = await bareLogin(world, one);
      const { box } = await wire.get('box', { gid, generation: 1, circle: CIRCLE.everyone });
      const secret = openBox(p, box, (await one.identity()).sealing);
      secrets.add(Buffer.from(secret ?? []).toString('hex'));
    }
    expect(secrets.size).toBe(1);
    expect([...secrets][0]).toHaveLength(64);
  });

  it('AO-09: a batch for other pids than the members after the ops is refused, and nothing changes', async () => {
    await begin();
    const before = await facts(alice, gid);
    const mallory = await cheat(world, bob, gid);
    const foreign = '1'.repeat(64) as Hash;
    // The roster's hash of other people, a missing box, an extra box, boxes that are not the named ones.
    const wrong = [
      mallory.rotation(everyone(() => ({ rosterHash: foreign }))),
      mallory.rotation(everyone((batch) => ({ boxes: batch.boxes - 1 }))),
      mallory.rotation(everyone((batch) => ({ boxes: batch.boxes + 1 }))),
      mallory.rotation(everyone(() => ({ boxesHash: foreign }))),
    ];
    const names = [];
    for (const made of wrong) names.push(await mallory.append(made));
    expect(names).toEqual(['E_ROSTER', 'E_BOX', 'E_BOX', 'E_BOX']);
    // Bytes for one member twice: longer than the count the entry names.
    const made = mallory.rotation();
    const [boxes, ...rest] = made.objects;
    const doubled = new Uint8Array([...(boxes ?? []), ...(boxes ?? []).slice(-48)]);
    expect(await mallory.append({ ...made, objects: [doubled, ...rest] })).toBe('E_BOX');
    expect(await mallory.append({ ...made, objects: rest })).toBe('E_BOX');
    expect(await facts(alice, gid)).toEqual(before);
    expect(await mallory.append(made)).toBe('appended');
    await eventually([carol], 'the honest one', async () => {
      return (await view(carol, gid)).generation === 3;
    });
  });

  it('AO-10: all batches are kept in order, and the generation is their number', async () => {
    await begin();
    for (let i = 0; i < 3; i++) must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol], gid);
    expect((await view(carol, gid)).generation).toBe(5);
    for (let generation = 1; generation <= 5; generation++)
      expect(await world.storage().boxes(gid, generation, CIRCLE.everyone)).not.toBeNull();
    expect(await world.storage().boxes(gid, 6, CIRCLE.everyone)).toBeNull();
  });

  it('AO-12: each change of the member list comes with a new key in the same entry; a change without one is refused', async () => {
    await begin();
    const dave = await world.join('dave');
    const erin = await world.join('erin');
    let { generation } = await view(alice, gid);
    for (const ops of [{ add: [dave.pid] }, { remove: [dave.pid] }, { add: [erin.pid] }]) {
      must(await alice.client.editMember(gid, ops));
      generation += 1;
      expect(await view(alice, gid)).toMatchObject({ generation, key: { state: 'secured' } });
    }
    await inStep([alice, bob], gid);
    const mallory = await cheat(world, bob, gid);
    const remove = [{ pid: carol.pid, ban: false }];
    expect(await mallory.append(mallory.ops({ remove }, false))).toBe('E_GEN');
    const add = [await mallory.adding(dave)];
    expect(await mallory.append(mallory.ops({ add }, false))).toBe('E_GEN');
  });

  it('AO-43: keys are read by generation, each caller only its own box', async () => {
    await begin();
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol], gid);
    const { primitives: p } = world;
    const wire = await bareLogin(world, carol);
    const held = await carol.replica(gid);
    for (const generation of [1, 2, 3]) {
      const { box } = await wire.get('box', { gid, generation, circle: CIRCLE.everyone });
      const secret = openBox(p, box, (await carol.identity()).sealing);
      expect(secret).toEqual(keyOf(held, generation, CIRCLE.everyone)?.secret);
      expect(openBox(p, box, (await bob.identity()).sealing)).toBeNull();
    }
    // Not of the staff: neither an own box nor all of them.
    const staff = { gid, generation: 3, circle: CIRCLE.staff };
    expect(await refusalOf(wire, 'box', staff)).toBe('E_NOT_FOUND');
    expect(await refusalOf(wire, 'boxes', staff)).toBe('E_NOT_MEMBER');
    expect(await refusalOf(wire, 'box', { gid, generation: 9, circle: CIRCLE.everyone })).toBe(
      'E_NOT_FOUND',
    );
  });

  it('AO-44: a message of an unknown or an older generation is refused', async () => {
    await begin();
    const mallory = await cheat(world, carol, gid);
    for (const generation of [0, 1, 3, 99]) {
      const made = mallory.message('late', { generation });
      expect(await refusalOf(mallory.wire, 'send', made)).toBe('E_STALE_GEN');
    }
    expect(await refusalOf(mallory.wire, 'send', mallory.message('now'))).toBe('answered');
    await allRead([alice, bob, carol], gid, 'now');
  });

  it('AO-44: a message sealed under the old key while somebody rotates arrives once, sealed anew', async () => {
    await begin();
    const sent: string[] = [];
    for (let round = 0; round < 30; round++) {
      const text = `round ${String(round)}`;
      sent.push(text);
      const rotator = round % 2 === 0 ? alice : bob;
      await Promise.all([say(carol, gid, text), rotator.client.rotateSessionKey(gid).then(must)]);
    }
    for (const one of [alice, bob, carol]) await allRead([one], gid, 'round 29');
    for (const one of [alice, bob, carol]) expect(await texts(one, gid)).toEqual(sent);
    expect(await outgoing(carol, gid)).toEqual([]);
    await inStep([alice, bob, carol], gid);
    expect((await view(carol, gid)).generation).toBe(32);
  });

  it('AO-45: two rotations racing for the same generation: exactly one wins, the other gets a conflict', async () => {
    await begin();
    const first = await cheat(world, alice, gid);
    const second = await cheat(world, bob, gid);
    const outcomes = await Promise.all([
      first.append(first.rotation()),
      second.append(second.rotation()),
    ]);
    expect(outcomes.toSorted()).toEqual(['E_SEQ', 'appended']);
    await eventually(
      [carol],
      'one rotation',
      async () => (await view(carol, gid)).generation === 3,
    );
    // Honest clients that race decide again on what came first: both rotations stand, one after the other.
    await inStep([alice, bob, carol], gid);
    const both = await Promise.all([
      alice.client.rotateSessionKey(gid),
      bob.client.rotateSessionKey(gid),
    ]);
    for (const outcome of both) must(outcome);
    await inStep([alice, bob, carol], gid);
    expect((await view(carol, gid)).generation).toBe(5);
  });

  it('AO-46: a rotation computed before a member change is refused', async () => {
    await begin();
    const late = await cheat(world, bob, gid);
    const made = late.rotation();
    must(await alice.client.editMember(gid, { remove: [carol.pid] }));
    expect(await late.append(made)).toBe('E_SEQ');
    // Put on the new head with the old roster: the set of members does not fit.
    await inStep([alice, bob], gid);
    const fresh = await cheat(world, bob, gid);
    const { update, objects } = late.keys();
    const action = { kind: 'RotateSessionKey', keys: update, reason: 'manual' } as const;
    expect(await fresh.append(fresh.entry(action, objects))).toBe('E_GEN');
    const renumbered = {
      ...update,
      everyone: { ...update.everyone, generation: 4 },
      staff: { ...update.staff, generation: 4 },
    };
    expect(await fresh.append(fresh.entry({ ...action, keys: renumbered }, objects))).toBe(
      'E_ROSTER',
    );
  });

  it('AO-47: a newcomer cannot open what was written before, unless history was shared', async () => {
    await begin();
    await say(alice, gid, 'before dave');
    await allRead([bob, carol], gid, 'before dave');
    const dave = await world.join('dave');
    await admit(alice, gid, dave);
    await say(alice, gid, 'for dave');
    await allRead([dave], gid, 'for dave');
    expect(await texts(dave, gid)).toEqual(['for dave']);
    const held = await dave.replica(gid);
    expect([...held.keys.values()].map((key) => key.generation)).toEqual([3]);
    const wire = await bareLogin(world, dave);
    const earlier = { gid, generation: 2, circle: CIRCLE.everyone };
    expect(await refusalOf(wire, 'box', earlier)).toBe('E_NOT_FOUND');
    expect(await refusalOf(wire, 'boxes', earlier)).toBe('E_NOT_MEMBER');
    const page = { items: 1000, bytes: 10_000_000 };
    const items = await world.storage().items(gid, 0, 1000, page, 'oldest');
    const old = items.filter((item) => item.kind === 'message' && item.author === alice.pid)[0];
    const header = must(decodeHeader(old?.head ?? new Uint8Array()));
    for (const key of held.keys.values()) {
      const body = old?.kind === 'message' && old.body !== null ? old.body : new Uint8Array();
      expect(openMessage(world.primitives, key, header, old?.head ?? body, body).ok).toBe(false);
    }
  });

  it('AO-47: where generations are shareable a newcomer gets the earlier keys, link by link', async () => {
    await begin();
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol], gid);
    const dave = await world.join('dave');
    must(await bob.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    const held = await dave.replica(gid);
    // Generation 2 was declared not to be shared: the walk ends there.
    expect(new Set([...held.keys.values()].map((key) => key.generation))).toEqual(
      new Set([3, 4, 5]),
    );
  });

  it('6, SX-20, SL-06, bug 8, bug 19: a client that was away through several rotations opens every generation it was a member of', async () => {
    await begin();
    carol.line.block(true);
    for (let i = 0; i < 3; i++) {
      must(await alice.client.rotateSessionKey(gid));
      await say(alice, gid, `under generation ${String(i + 3)}`);
      await allRead([bob], gid, `under generation ${String(i + 3)}`);
    }
    carol.line.block(false);
    await carol.client.reconnect();
    await allRead([carol], gid, 'under generation 5');
    expect(await texts(carol, gid)).toEqual(await texts(alice, gid));
    await inGroup(carol, gid);
  });
});
