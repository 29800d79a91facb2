/** What a person sets for themself: how loud a group is, who is folded, who is written to alone, who is who. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../client/event.ts';
import type { GroupSummary } from '../client/view.ts';
import type { Gid } from '../protocol/ids.ts';
import {
  accept,
  allRead,
  eventually,
  groupOf,
  must,
  named,
  type Person,
  refused,
  say,
  setup,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

async function summary(one: Person, gid: Gid): Promise<GroupSummary> {
  const found = (await one.client.groups()).find((group) => group.gid === gid);
  if (found === undefined) throw new Error(`${one.name} has no such group`);
  return found;
}

const heard = (one: Person): readonly string[] =>
  one.events.flatMap((event: ClientEvent) => (event.kind === 'arrived' ? [event.text] : []));

describe('how loud a group is', () => {
  it('tells of messages of others as they come; mentions alone, or nothing, where the person chose so', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await say(alice, gid, 'everybody hears');
    await allRead([bob], gid, 'everybody hears');
    await eventually([bob], 'heard', () => heard(bob).includes('everybody hears'));
    expect((await summary(bob, gid)).unread).toBe(1);

    must(await bob.client.changePreferences({ group: { gid, loudness: 'mentions' } }));
    await say(alice, gid, 'quiet');
    must(await alice.client.sendMessage(gid, 'you, bob', { mentions: [bob.pid] }));
    await allRead([bob], gid, 'you, bob');
    await eventually([bob], 'the mention is heard', () => heard(bob).includes('you, bob'));
    expect(heard(bob)).not.toContain('quiet');
    expect(await summary(bob, gid)).toMatchObject({
      unread: 3,
      mentioned: true,
      loudness: 'mentions',
    });

    must(await bob.client.changePreferences({ group: { gid, loudness: 'none' } }));
    await say(alice, gid, 'silence');
    await allRead([bob], gid, 'silence');
    await world.restart('bob');
    expect((await summary(bob, gid)).loudness).toBe('none');
    expect(heard(bob)).not.toContain('silence');
    expect(heard(alice)).toEqual([]);
  });
});

describe('blocking for oneself', () => {
  it('does not count, tell or show what the person writes, until they are unblocked', async () => {
    world = await setup('alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    await named(bob, gid, mallory);
    must(await bob.client.changePreferences({ block: { pid: mallory.pid, on: true } }));
    expect((await bob.client.preferences()).blocked).toMatchObject([
      { pid: mallory.pid, name: 'mallory' },
    ]);
    await say(mallory, gid, 'noise');
    await say(alice, gid, 'a word');
    await allRead([bob], gid, 'a word');
    await allRead([bob], gid, 'noise');
    await eventually([bob], 'told of Alice', () => heard(bob).includes('a word'));
    expect(heard(bob)).not.toContain('noise');
    expect(await summary(bob, gid)).toMatchObject({ unread: 1, last: { text: 'a word' } });
    must(await bob.client.changePreferences({ block: { pid: mallory.pid, on: false } }));
    expect((await summary(bob, gid)).unread).toBe(2);
  });
});

describe('a conversation of two', () => {
  it('is called after the other one, is found again, and begins once they accept', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const both = await groupOf(alice, [bob]);
    await named(alice, both, bob);
    await named(bob, both, alice);
    const gid = must(await alice.client.openPair(bob.pid));
    expect(must(await alice.client.openPair(bob.pid))).toBe(gid);
    expect(await summary(alice, gid)).toMatchObject({ name: 'bob', pair: true, members: 2 });
    expect((await summary(alice, both)).pair).toBe(false);
    await accept(bob, gid);
    expect(await summary(bob, gid)).toMatchObject({ name: 'alice', pair: true });
    await say(bob, gid, 'only you');
    await allRead([alice], gid, 'only you');
    expect(must(await bob.client.openPair(alice.pid))).toBe(gid);
    expect(refused(await alice.client.openPair(alice.pid))).toBe('E_ROSTER');
  });
});

describe('a changed identity', () => {
  const again = async (compared: boolean) => {
    world = await setupWith({ hurry: 10 }, 'alice', 'carol');
    const [alice, carol] = world.people('alice', 'carol');
    const gid = await groupOf(alice, [carol]);
    await named(alice, gid, carol);
    if (compared) must(await alice.client.setVerified(carol.pid, true));
    must(await alice.client.editMember(gid, { remove: [carol.pid] }));
    const other = await world.guest();
    const account = must(await other.createAccount('carol'));
    must(await alice.client.editMember(gid, { add: [account.pid] }));
    await eventually([alice], 'the invitation comes', async () =>
      (await other.groups()).some((group) => group.gid === gid),
    );
    must(await other.acceptInvitation(gid));
    await eventually([alice], 'Alice sees it', async () => {
      const { changedIdentities } = await view(alice, gid);
      return changedIdentities.length === 1;
    });
    return { alice, carol, gid, other, pid: account.pid };
  };

  it('of somebody who was never compared is said, and nothing waits', async () => {
    const { alice, carol, gid, pid } = await again(false);
    expect((await view(alice, gid)).changedIdentities).toMatchObject([
      { who: { pid, name: 'carol' }, before: { pid: carol.pid }, compared: false },
    ]);
    await say(alice, gid, 'goes out');
    await allRead([alice], gid, 'goes out');
    must(await alice.client.changePreferences({ accept: pid }));
    expect((await view(alice, gid)).changedIdentities).toEqual([]);
  });

  it('of somebody who was compared holds what is written until the person decides', async () => {
    const { alice, gid, pid } = await again(true);
    await say(alice, gid, 'for carol');
    await eventually([alice], 'it is held', async () => {
      const { items } = must(await alice.client.timeline(gid, null));
      return items.some((item) => item.kind === 'outgoing' && item.send.state === 'held');
    });
    await world.restart('alice');
    expect((await view(alice, gid)).changedIdentities).toMatchObject([{ compared: true }]);
    expect(await texts(alice, gid)).not.toContain('for carol');
    must(await alice.client.setVerified(pid, true));
    await allRead([alice], gid, 'for carol');
    expect((await view(alice, gid)).changedIdentities).toEqual([]);
  });
});
