import { afterEach, describe, expect, it } from 'vitest';
import {
  accept,
  admit,
  eventually,
  groupOf,
  inStep,
  must,
  type Person,
  say,
  allRead,
  setup,
  setupWith,
  view,
  type World,
} from './setup.ts';
import type { Gid } from '../protocol/ids.ts';

let world: World;
afterEach(() => world.close());

async function quietMessages(gid: Gid): Promise<number> {
  const page = { items: 1000, bytes: 10_000_000 };
  const items = await world.storage().items(gid, 0, 1e6, page, 'oldest');
  return items.filter((item) => item.kind === 'message').length;
}

async function named(one: Person, gid: Gid, people: readonly Person[]): Promise<void> {
  await eventually([one], `${one.name} knows all names`, async () => {
    const { members } = await view(one, gid);
    return people.every((who) =>
      members.some((member) => member.pid === who.pid && member.name === who.name),
    );
  });
}

describe('names of members', () => {
  it('8: a newcomer is given everybody’s name, and everybody learns the newcomer’s', async () => {
    world = await setup('alice', 'bob', 'carol', 'dave');
    const people = world.people('alice', 'bob', 'carol', 'dave');
    const [alice, bob, carol, dave] = people;
    const gid = await groupOf(alice, [bob]);
    await admit(alice, gid, carol);
    must(await alice.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    await inStep(people, gid);
    for (const one of people) await named(one, gid, people);
  });

  it('8: names the server will not take are not pressed on it', async () => {
    // Three names of 200 bytes make a file larger than this server takes.
    const names = ['a', 'b', 'c'].map((letter) => letter + '🌻'.repeat(49));
    const settings = { LIMIT_BLOB_BYTES: '1024' };
    world = await setupWith({ settings, memory: true }, ...names);
    const [alice, bob, carol] = world.people(names[0] ?? '', names[1] ?? '', names[2] ?? '');
    const gid = await groupOf(alice, [bob, carol]);
    await named(alice, gid, [alice, bob, carol]);
    const dave = await world.join('dave');
    must(await alice.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    const before = alice.line.sent();
    await new Promise<void>((resolve) => void world.clock.after(1500, resolve));
    expect(alice.line.sent() - before).toBeLessThan(10);
  });

  it('8: one addition is followed by one message with the names', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob]);
    await named(bob, gid, [alice, bob]);
    const before = await eventually([alice], 'the first names', async () => {
      const { head, outbox } = await alice.replica(gid);
      return head.namesPosted === head.lastAddition && outbox.length === 0 && quietMessages(gid);
    });
    must(await alice.client.editMember(gid, { add: [carol.pid] }));
    await accept(carol, gid);
    await named(carol, gid, [alice, bob, carol]);
    await say(alice, gid, 'after the names');
    await allRead([bob, carol], gid, 'after the names');
    expect((await quietMessages(gid)) - before).toBe(2);
  });
});
