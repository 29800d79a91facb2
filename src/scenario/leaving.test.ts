import { afterEach, describe, expect, it } from 'vitest';
import { openMessage } from '../crypto/secret/seal.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import type { Gid } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { cheat, refusalOf } from './cheat.ts';
import {
  accept,
  allRead,
  DAY,
  eventually,
  facts,
  groupOf,
  inStep,
  lines,
  logWords,
  must,
  outgoing,
  type Person,
  refused,
  roleIn,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
let gid: Gid;
let alice: Person;
let bob: Person;
let carol: Person;
let dave: Person;
afterEach(() => world.close());

/** Alice owns, Bob moderates, Carol and Dave are members. */
async function begin(): Promise<void> {
  world = await setupWith({ hurry: 5 }, 'alice', 'bob', 'carol', 'dave');
  [alice, bob, carol, dave] = world.people('alice', 'bob', 'carol', 'dave');
  gid = await groupOf(alice, [bob, carol, dave]);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
  await inStep([alice, bob, carol, dave], gid);
}

const rotations = async (one: Person): Promise<number> =>
  (await logWords(one, gid)).filter((what) => what === 'rotated').length;

const secured = (people: readonly Person[], generation: number): Promise<unknown> =>
  eventually(people, `generation ${String(generation)} is secured`, async () => {
    const views = await Promise.all(people.map((one) => view(one, gid)));
    return views.every((one) => one.generation === generation && one.key.state === 'secured');
  });

describe('leaving and being removed', () => {
  it('AO-29: a member leaves at any time, with a reason those who stay can read', async () => {
    await begin();
    must(await carol.client.leaveGroup(gid, 'I move to the mountains'));
    const left = await eventually([dave], 'the reason', async () =>
      (await lines(dave, gid)).find((line) => line.kind === 'log' && line.line.what === 'left'),
    );
    expect(left).toMatchObject({
      actor: { pid: carol.pid },
      line: { what: 'left', note: 'I move to the mountains' },
    });
    must(await bob.client.leaveGroup(gid, ''));
    expect((await view(bob, gid)).standing).toBe('left');
  });

  it('AO-30: the owner cannot leave', async () => {
    await begin();
    const before = await facts(bob, gid);
    expect(refused(await alice.client.leaveGroup(gid, 'bye'))).toBe('E_ROLE');
    const mallory = await cheat(world, alice, gid);
    expect(await mallory.append(mallory.entry({ kind: 'LeaveGroup', note: null }))).toBe('E_ROLE');
    expect(await facts(bob, gid)).toEqual(before);
  });

  it('AO-31: on a leave the list changes at once and the rotation waits until a moderator is online, who rotates by himself exactly once', async () => {
    await begin();
    alice.line.block(true);
    bob.line.block(true);
    must(await carol.client.leaveGroup(gid, ''));
    await eventually([dave], 'not yet secured', async () => {
      const { key } = await view(dave, gid);
      return key.state === 'pending' && key.reason === 'leave';
    });
    expect(await roleIn(dave, gid, carol)).toBeNull();
    await say(dave, gid, 'still talking');
    await allRead([dave], gid, 'still talking');
    bob.line.block(false);
    await bob.client.reconnect();
    await secured([bob, dave], 3);
    alice.line.block(false);
    await alice.client.reconnect();
    await secured([alice, bob, dave], 3);
    await inStep([alice, bob, dave], gid);
    expect(await rotations(dave)).toBe(1);
    const turn = (await lines(dave, gid)).find(
      (line) => line.kind === 'log' && line.line.what === 'rotated',
    );
    expect(turn).toMatchObject({ actor: { pid: bob.pid }, line: { reason: 'pending' } });
  });

  it('AO-31: with two moderators online a leave is followed by exactly one rotation', async () => {
    await begin();
    must(await carol.client.leaveGroup(gid, ''));
    await secured([alice, bob, dave], 3);
    // The other one's turn passes without a second rotation.
    await new Promise<void>((resolve) => void world.clock.after(8000, resolve));
    expect(await rotations(dave)).toBe(1);
    expect((await view(dave, gid)).generation).toBe(3);
  });

  it('AO-32: after the leave the leaver neither sends nor reads what is new, even before the rotation', async () => {
    await begin();
    alice.line.block(true);
    bob.line.block(true);
    must(await carol.client.leaveGroup(gid, ''));
    await eventually([dave], 'the leave', async () => (await roleIn(dave, gid, carol)) === null);
    await say(dave, gid, 'after carol');
    await allRead([dave], gid, 'after carol');
    expect(refused(await carol.client.sendMessage(gid, 'one more'))).toBe('E_NOT_MEMBER');
    const ghost = await cheat(world, carol, gid);
    expect(await refusalOf(ghost.wire, 'send', ghost.message('one more'))).toBe('E_NOT_MEMBER');
    const end = ghost.replica.timeline.end();
    const page = await ghost.wire.get('subscribe', { gid, t: end });
    expect(page.items).toEqual([]);
    expect(await texts(carol, gid)).toEqual([]);
    const all = { gid, by: 'position', from: 0, until: 1e6, limit: 200, order: 'desc' } as const;
    const last = (await ghost.wire.get('query', all)).items.at(-1);
    expect(last?.t).toBe(end - 1);
  });

  it('AO-19, SL-07: who was removed gets nothing later and holds no key that opens it', async () => {
    await begin();
    await say(alice, gid, 'with carol');
    await allRead([alice, bob, carol, dave], gid, 'with carol');
    must(await bob.client.editMember(gid, { remove: [carol.pid] }));
    await eventually(
      [carol],
      'removed',
      async () => (await view(carol, gid)).standing === 'removed',
    );
    await inStep([alice, bob, dave], gid);
    await say(alice, gid, 'without carol');
    await say(dave, gid, 'without carol either');
    await allRead([alice, bob, dave], gid, 'without carol either');
    await world.restart('carol');
    await eventually([carol], 'online', async () => {
      return (await carol.client.connection()).state === 'online';
    });
    expect(await texts(carol, gid)).toEqual(['with carol']);
    const { keys, timeline } = await carol.replica(gid);
    const page = { items: 1000, bytes: 10_000_000 };
    const later = await world.storage().items(gid, timeline.end(), 1e6, page, 'oldest');
    const messages = later.flatMap((item) => (item.kind === 'message' ? [item] : []));
    expect(messages.length).toBeGreaterThanOrEqual(2);
    for (const item of messages) {
      const header = must(decodeHeader(item.head));
      for (const key of keys.values()) {
        const body = item.body ?? new Uint8Array();
        expect(openMessage(world.primitives, key, header, item.head, body).ok).toBe(false);
      }
    }
  });

  it('6: who was away and removed meanwhile reads up to the removal and blames nobody', async () => {
    await begin();
    carol.line.block(true);
    must(await alice.client.rotateSessionKey(gid));
    await say(alice, gid, 'while carol sleeps');
    await allRead([bob, dave], gid, 'while carol sleeps');
    must(await alice.client.editMember(gid, { remove: [carol.pid] }));
    carol.line.block(false);
    await carol.client.reconnect();
    await eventually(
      [carol],
      'removed',
      async () => (await view(carol, gid)).standing === 'removed',
    );
    expect(await texts(carol, gid)).toEqual(['while carol sleeps']);
    expect(await view(carol, gid)).toMatchObject({ warnings: [], halted: null });
  });

  it('AO-31: under strict_pending messages wait for the rotation and then go out by themselves', async () => {
    await begin();
    must(await alice.client.setPolicy(gid, { strictPending: true }));
    await inStep([alice, bob, carol, dave], gid);
    alice.line.block(true);
    bob.line.block(true);
    must(await carol.client.leaveGroup(gid, ''));
    await eventually([dave], 'pending', async () => {
      return (await view(dave, gid)).key.state === 'pending';
    });
    await say(dave, gid, 'held back');
    const page = must(await dave.client.timeline(gid, null));
    expect(page.items.at(-1)).toMatchObject({ kind: 'outgoing', send: { state: 'securing' } });
    const mallory = await cheat(world, dave, gid);
    expect(await refusalOf(mallory.wire, 'send', mallory.message('no'))).toBe('E_PENDING');
    bob.line.block(false);
    await bob.client.reconnect();
    await allRead([bob, dave], gid, 'held back');
    expect(await outgoing(dave, gid)).toEqual([]);
    alice.line.block(false);
    await alice.client.reconnect();
    await allRead([alice], gid, 'held back');
    expect(await texts(alice, gid)).toEqual(['held back']);
  });

  it('P066: a leave nobody secures for an hour: everybody sees the badge, a strict group takes no message, and of two moderators who come back one rotates, once', async () => {
    await begin();
    const erin = await world.join('erin');
    must(await alice.client.editMember(gid, { add: [erin.pid] }));
    await accept(erin, gid);
    must(await alice.client.setPolicy(gid, { strictPending: true }));
    await inStep([alice, bob, carol, dave, erin], gid);
    const { generation } = await view(dave, gid);
    alice.line.block(true);
    bob.line.block(true);
    must(await carol.client.leaveGroup(gid, ''));
    const unsecured = (): Promise<unknown> =>
      eventually([dave, erin], 'everybody who is there sees that it is not secured', async () => {
        const keys = (await Promise.all([dave, erin].map((one) => view(one, gid)))).map(
          (one) => one.key,
        );
        return keys.every((key) => key.state === 'pending' && key.reason === 'leave');
      });
    await unsecured();
    world.forward(DAY / 24);
    await say(dave, gid, 'waits for the new key');
    await unsecured();
    const page = must(await dave.client.timeline(gid, null));
    expect(page.items.at(-1)).toMatchObject({ kind: 'outgoing', send: { state: 'securing' } });
    expect((await view(erin, gid)).generation).toBe(generation);
    for (const one of [dave, erin]) {
      const mallory = await cheat(world, one, gid);
      expect(await refusalOf(mallory.wire, 'send', mallory.message('all the same'))).toBe(
        'E_PENDING',
      );
    }
    bob.line.block(false);
    await bob.client.reconnect();
    await secured([bob, dave, erin], generation + 1);
    alice.line.block(false);
    await alice.client.reconnect();
    await secured([alice, bob, dave, erin], generation + 1);
    // The other moderator's turn passes without a second rotation.
    await new Promise<void>((resolve) => void world.clock.after(8000, resolve));
    await allRead([alice, bob, dave, erin], gid, 'waits for the new key');
    expect(await texts(alice, gid)).toEqual(['waits for the new key']);
    expect(await rotations(dave)).toBe(1);
    expect((await view(dave, gid)).generation).toBe(generation + 1);
  });

  it('AO-32, bug 13: who left may come back when added again, with a new key and without the time between', async () => {
    await begin();
    await say(carol, gid, 'first stay');
    await allRead([alice, bob, carol, dave], gid, 'first stay');
    must(await carol.client.leaveGroup(gid, ''));
    await secured([alice, bob, dave], 3);
    await say(alice, gid, 'between');
    await allRead([bob, dave], gid, 'between');
    must(await alice.client.editMember(gid, { add: [carol.pid] }));
    await eventually([carol], 'invited', async () => {
      return (await view(carol, gid)).standing === 'invited';
    });
    must(await carol.client.acceptInvitation(gid));
    await inStep([alice, bob, carol, dave], gid);
    await say(carol, gid, 'second stay');
    await say(alice, gid, 'welcome back');
    await allRead([alice, bob, carol, dave], gid, 'second stay');
    await allRead([alice, bob, carol, dave], gid, 'welcome back');
    const seen = await texts(carol, gid);
    expect(seen.toSorted()).toEqual(['first stay', 'second stay', 'welcome back']);
    expect(await view(carol, gid)).toMatchObject({ warnings: [], halted: null });
  });

  it('6: a key older than seven days is replaced by itself, once', async () => {
    await begin();
    world.forward(8 * DAY);
    await say(dave, gid, 'a week later');
    await secured([alice, bob, carol, dave], 3);
    const turn = (await lines(dave, gid)).find(
      (line) => line.kind === 'log' && line.line.what === 'rotated',
    );
    expect(turn).toMatchObject({ line: { reason: 'age' } });
    await allRead([alice, bob, carol], gid, 'a week later');
    expect(await rotations(dave)).toBe(1);
  });

  it('12: who comes back where history is shared reads what was written meanwhile', async () => {
    await begin();
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol, dave], gid);
    await say(alice, gid, 'with carol');
    await allRead([bob, carol], gid, 'with carol');
    must(await alice.client.editMember(gid, { remove: [carol.pid] }));
    await eventually(
      [carol],
      'removed',
      async () => (await view(carol, gid)).standing === 'removed',
    );
    await say(alice, gid, 'meanwhile');
    await allRead([alice, bob], gid, 'meanwhile');
    must(await alice.client.editMember(gid, { add: [carol.pid] }));
    await accept(carol, gid);
    await inStep([alice, bob, carol, dave], gid);
    await say(alice, gid, 'again');
    await allRead([carol], gid, 'again');

    expect(await texts(carol, gid)).toEqual(['with carol', 'meanwhile', 'again']);
  });

  it('SX-04: after CloseGroup nothing is accepted and everybody keeps the own copy', async () => {
    await begin();
    await say(alice, gid, 'last words');
    await allRead([alice, bob, carol, dave], gid, 'last words');
    must(await alice.client.closeGroup(gid));
    await eventually([carol], 'closed', async () => (await view(carol, gid)).standing === 'closed');
    expect(refused(await carol.client.sendMessage(gid, 'more'))).toBe('E_CLOSED');
    expect(refused(await alice.client.editMember(gid, { remove: [carol.pid] }))).toBe('E_CLOSED');
    expect(await texts(carol, gid)).toEqual(['last words']);
  });
});
