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
let cleo: Person;
let dan: Person;
afterEach(() => world.close());

/** Alice owns, Bob moderates, Cleo and Dan are members. */
async function begin(): Promise<void> {
  world = await setupWith({ hurry: 5 }, 'alice', 'bob', 'cleo', 'dan');
  [alice, bob, cleo, dan] = world.people('alice', 'bob', 'cleo', 'dan');
  gid = await groupOf(alice, [bob, cleo, dan]);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
  await inStep([alice, bob, cleo, dan], gid);
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
    must(await cleo.client.leaveGroup(gid, 'I move to the mountains'));
    const left = await eventually([dan], 'the reason', async () =>
      (await lines(dan, gid)).find((line) => line.kind === 'log' && line.line.what === 'left'),
    );
    expect(left).toMatchObject({
      actor: { pid: cleo.pid },
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
    must(await cleo.client.leaveGroup(gid, ''));
    await eventually([dan], 'not yet secured', async () => {
      const { key } = await view(dan, gid);
      return key.state === 'pending' && key.reason === 'leave';
    });
    expect(await roleIn(dan, gid, cleo)).toBeNull();
    await say(dan, gid, 'still talking');
    await allRead([dan], gid, 'still talking');
    bob.line.block(false);
    await bob.client.reconnect();
    await secured([bob, dan], 3);
    alice.line.block(false);
    await alice.client.reconnect();
    await secured([alice, bob, dan], 3);
    await inStep([alice, bob, dan], gid);
    expect(await rotations(dan)).toBe(1);
    const turn = (await lines(dan, gid)).find(
      (line) => line.kind === 'log' && line.line.what === 'rotated',
    );
    expect(turn).toMatchObject({ actor: { pid: bob.pid }, line: { reason: 'pending' } });
  });

  it('AO-31: with two moderators online a leave is followed by exactly one rotation', async () => {
    await begin();
    must(await cleo.client.leaveGroup(gid, ''));
    await secured([alice, bob, dan], 3);
    // The other one's turn passes without a second rotation.
    await new Promise<void>((resolve) => void world.clock.after(8000, resolve));
    expect(await rotations(dan)).toBe(1);
    expect((await view(dan, gid)).generation).toBe(3);
  });

  it('AO-32: after the leave the leaver neither sends nor reads what is new, even before the rotation', async () => {
    await begin();
    alice.line.block(true);
    bob.line.block(true);
    must(await cleo.client.leaveGroup(gid, ''));
    await eventually([dan], 'the leave', async () => (await roleIn(dan, gid, cleo)) === null);
    await say(dan, gid, 'after cleo');
    await allRead([dan], gid, 'after cleo');
    expect(refused(await cleo.client.sendMessage(gid, 'one more'))).toBe('E_NOT_MEMBER');
    const ghost = await cheat(world, cleo, gid);
    expect(await refusalOf(ghost.wire, 'send', ghost.message('one more'))).toBe('E_NOT_MEMBER');
    const end = ghost.replica.timeline.end();
    const page = await ghost.wire.get('subscribe', { gid, t: end });
    expect(page.items).toEqual([]);
    expect(await texts(cleo, gid)).toEqual([]);
    const all = { gid, by: 'position', from: 0, until: 1e6, limit: 200, order: 'desc' } as const;
    const last = (await ghost.wire.get('query', all)).items.at(-1);
    expect(last?.t).toBe(end - 1);
  });

  it('AO-19, SL-07: who was removed gets nothing later and holds no key that opens it', async () => {
    await begin();
    await say(alice, gid, 'with cleo');
    await allRead([alice, bob, cleo, dan], gid, 'with cleo');
    must(await bob.client.editMember(gid, { remove: [cleo.pid] }));
    await eventually([cleo], 'removed', async () => (await view(cleo, gid)).standing === 'removed');
    await inStep([alice, bob, dan], gid);
    await say(alice, gid, 'without cleo');
    await say(dan, gid, 'without cleo either');
    await allRead([alice, bob, dan], gid, 'without cleo either');
    await world.restart('cleo');
    await eventually([cleo], 'online', async () => {
      return (await cleo.client.connection()).state === 'online';
    });
    expect(await texts(cleo, gid)).toEqual(['with cleo']);
    const { keys, timeline } = await cleo.replica(gid);
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
    cleo.line.block(true);
    must(await alice.client.rotateSessionKey(gid));
    await say(alice, gid, 'while cleo sleeps');
    await allRead([bob, dan], gid, 'while cleo sleeps');
    must(await alice.client.editMember(gid, { remove: [cleo.pid] }));
    cleo.line.block(false);
    await cleo.client.reconnect();
    await eventually([cleo], 'removed', async () => (await view(cleo, gid)).standing === 'removed');
    expect(await texts(cleo, gid)).toEqual(['while cleo sleeps']);
    expect(await view(cleo, gid)).toMatchObject({ warnings: [], halted: null });
  });

  it('AO-31: under strict_pending messages wait for the rotation and then go out by themselves', async () => {
    await begin();
    must(await alice.client.setPolicy(gid, { strictPending: true }));
    await inStep([alice, bob, cleo, dan], gid);
    alice.line.block(true);
    bob.line.block(true);
    must(await cleo.client.leaveGroup(gid, ''));
    await eventually([dan], 'pending', async () => {
      return (await view(dan, gid)).key.state === 'pending';
    });
    await say(dan, gid, 'held back');
    const page = must(await dan.client.timeline(gid, null));
    expect(page.items.at(-1)).toMatchObject({ kind: 'outgoing', send: { state: 'securing' } });
    const mallory = await cheat(world, dan, gid);
    expect(await refusalOf(mallory.wire, 'send', mallory.message('no'))).toBe('E_PENDING');
    bob.line.block(false);
    await bob.client.reconnect();
    await allRead([bob, dan], gid, 'held back');
    expect(await outgoing(dan, gid)).toEqual([]);
    alice.line.block(false);
    await alice.client.reconnect();
    await allRead([alice], gid, 'held back');
    expect(await texts(alice, gid)).toEqual(['held back']);
  });

  it('AO-32: who left may come back when added again, with a new key and without the time between', async () => {
    await begin();
    await say(cleo, gid, 'first stay');
    await allRead([alice, bob, cleo, dan], gid, 'first stay');
    must(await cleo.client.leaveGroup(gid, ''));
    await secured([alice, bob, dan], 3);
    await say(alice, gid, 'between');
    await allRead([bob, dan], gid, 'between');
    must(await alice.client.editMember(gid, { add: [cleo.pid] }));
    await eventually([cleo], 'invited', async () => {
      return (await view(cleo, gid)).standing === 'invited';
    });
    must(await cleo.client.acceptInvitation(gid));
    await inStep([alice, bob, cleo, dan], gid);
    await say(cleo, gid, 'second stay');
    await say(alice, gid, 'welcome back');
    await allRead([alice, bob, cleo, dan], gid, 'second stay');
    await allRead([alice, bob, cleo, dan], gid, 'welcome back');
    const seen = await texts(cleo, gid);
    expect(seen.toSorted()).toEqual(['first stay', 'second stay', 'welcome back']);
    expect(await view(cleo, gid)).toMatchObject({ warnings: [], halted: null });
  });

  it('6: a key older than seven days is replaced by itself, once', async () => {
    await begin();
    world.forward(8 * DAY);
    await say(dan, gid, 'a week later');
    await secured([alice, bob, cleo, dan], 3);
    const turn = (await lines(dan, gid)).find(
      (line) => line.kind === 'log' && line.line.what === 'rotated',
    );
    expect(turn).toMatchObject({ line: { reason: 'age' } });
    await allRead([alice, bob, cleo], gid, 'a week later');
    expect(await rotations(dan)).toBe(1);
  });

  it('12: who comes back where history is shared reads what was written meanwhile', async () => {
    await begin();
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, cleo, dan], gid);
    await say(alice, gid, 'with cleo');
    await allRead([bob, cleo], gid, 'with cleo');
    must(await alice.client.editMember(gid, { remove: [cleo.pid] }));
    await eventually([cleo], 'removed', async () => (await view(cleo, gid)).standing === 'removed');
    await say(alice, gid, 'meanwhile');
    await allRead([alice, bob], gid, 'meanwhile');
    must(await alice.client.editMember(gid, { add: [cleo.pid] }));
    await accept(cleo, gid);
    await inStep([alice, bob, cleo, dan], gid);
    await say(alice, gid, 'again');
    await allRead([cleo], gid, 'again');

    expect(await texts(cleo, gid)).toEqual(['with cleo', 'meanwhile', 'again']);
  });

  it('SX-04: after CloseGroup nothing is accepted and everybody keeps the own copy', async () => {
    await begin();
    await say(alice, gid, 'last words');
    await allRead([alice, bob, cleo, dan], gid, 'last words');
    must(await alice.client.closeGroup(gid));
    await eventually([cleo], 'closed', async () => (await view(cleo, gid)).standing === 'closed');
    expect(refused(await cleo.client.sendMessage(gid, 'more'))).toBe('E_CLOSED');
    expect(refused(await alice.client.editMember(gid, { remove: [cleo.pid] }))).toBe('E_CLOSED');
    expect(await texts(cleo, gid)).toEqual(['last words']);
  });
});
