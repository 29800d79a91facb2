/** Faults that other systems of this kind really had, each as what must not happen here. Those that belong to a chapter stand there. */
import { afterEach, expect, it } from 'vitest';
import { encodeRefusal, encodeReply } from '../protocol/request.ts';
import {
  accept,
  admit,
  allRead,
  ask,
  eventually,
  groupOf,
  inGroup,
  inStep,
  makeLink,
  must,
  online,
  refused,
  say,
  setup,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

it('SL-02, bug 7: whoever is a member already is not invited again: it is refused before anything is sent', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  const before = await view(alice, gid);
  const appended: string[] = [];
  alice.line.lies = (request) => {
    if (request.name === 'append') appended.push(request.name);
    return null;
  };
  expect(refused(await alice.client.editMember(gid, { add: [bob.pid] }))).toBe('E_ROSTER');
  expect(appended).toEqual([]);
  expect((await view(alice, gid)).seq).toBe(before.seq);
});

it('SX-20, SL-13, bug 9: who comes back gets what was said meanwhile, and then hears and is heard at once', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  bob.line.block(true);
  const missed = ['one', 'two', 'three', 'four', 'five'];
  for (const text of missed) await say(alice, gid, text);
  bob.line.block(false);
  await bob.client.reconnect();
  await online(bob);
  await allRead([bob], gid, 'five');
  expect(await texts(bob, gid)).toEqual(missed);
  await say(alice, gid, 'live');
  await allRead([bob], gid, 'live');
  await say(bob, gid, 'and back');
  await allRead([alice], gid, 'and back');
});

it('bug 21: an answer that comes late, twice or to nobody changes nothing and ends nothing', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  alice.line.repeats = () => true;
  await say(alice, gid, 'said once');
  for (const id of [0, 1, 2, 3, 1_000_000]) {
    alice.line.inject(encodeReply(id, 'ping', { time: 1 }));
    alice.line.inject(encodeRefusal(id, { name: 'E_STORAGE' }));
  }
  must(await alice.client.rotateSessionKey(gid));
  await say(alice, gid, 'and on');
  await allRead([alice, bob], gid, 'and on');
  expect(await texts(bob, gid)).toEqual(['said once', 'and on']);
  expect((await view(alice, gid)).halted).toBeNull();
});

it('bug 22: who gets another device between asking and being approved comes in and talks', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, []);
  const { link } = await makeLink(alice, gid);
  const hash = await ask(alice, gid, bob, link);
  const phone = await world.enter('phone', must(await bob.client.offerDevice()).code);
  must(await alice.client.approve(gid, [hash]));
  await inGroup(bob, gid);
  await say(bob, gid, 'from the desk');
  await allRead([alice], gid, 'from the desk');
  await eventually([phone], 'the phone is in', async () => {
    const group = await phone.client.group(gid);
    return group.ok && group.value.standing === 'member';
  });
});

it('bug 24: two who are added at the same moment by two moderators know of each other', async () => {
  world = await setup('alice', 'bob', 'carol', 'dave');
  const [alice, bob, carol, dave] = world.people('alice', 'bob', 'carol', 'dave');
  const gid = await groupOf(alice, []);
  await admit(alice, gid, bob);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, 2]] }));
  await eventually([bob], 'Bob is a moderator', async () => (await view(bob, gid)).role === 2);
  const added = await Promise.all([
    alice.client.editMember(gid, { add: [carol.pid] }),
    bob.client.editMember(gid, { add: [dave.pid] }),
  ]);
  for (const one of added) must(one);
  for (const one of [carol, dave]) await accept(one, gid);
  await inStep([alice, bob, carol, dave], gid);
  for (const one of [carol, dave])
    expect((await view(one, gid)).members.map((member) => member.pid).toSorted()).toEqual(
      [alice, bob, carol, dave].map((who) => who.pid).toSorted(),
    );
  await say(carol, gid, 'from Carol');
  await allRead([dave], gid, 'from Carol');
  await say(dave, gid, 'from Dave');
  await allRead([carol], gid, 'from Dave');
});
