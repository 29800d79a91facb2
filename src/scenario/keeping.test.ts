import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import {
  admit,
  allRead,
  eventually,
  facts,
  inGroup,
  makeGroup,
  must,
  say,
  setup,
  texts,
  type Person,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

/** Makes a recovery code and types two of its groups back. */
async function saveCode(client: Client): Promise<string> {
  const code = must(await client.showRecoveryCode());
  const groups = [
    [1, code.slice(5, 10)],
    [4, code.slice(20)],
  ] as const;
  must(await client.proveRecoveryCode(groups));
  return code;
}

async function rosterSettled(
  people: readonly Person[],
  gid: Awaited<ReturnType<typeof makeGroup>>,
): Promise<void> {
  await eventually(people, 'everybody stands at one place', async () => {
    const all = await Promise.all(people.map(async (one) => JSON.stringify(await facts(one, gid))));
    return new Set(all).size === 1;
  });
}

describe('a recovery code', () => {
  it('13: takes the account back on an empty device with every group, its history and the right to speak', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = [world.person('alice'), world.person('bob')];
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    await say(alice, gid, 'before the loss');
    await allRead([bob], gid, 'before the loss');
    const code = await saveCode(bob.client);
    const laptop = await world.restore('laptop', code.toLowerCase().replace(/(.{5})/gu, '$1 '));
    expect(laptop.pid).toBe(bob.pid);
    await inGroup(laptop, gid);
    await allRead([laptop], gid, 'before the loss');
    await say(laptop, gid, 'back again');
    await allRead([alice, bob, laptop], gid, 'back again');
    await say(bob, gid, 'and the old device still works');
    await allRead([alice, laptop], gid, 'and the old device still works');
    await rosterSettled([alice, bob, laptop], gid);
    expect(await texts(laptop, gid)).toEqual(await texts(bob, gid));
    const devices = await laptop.client.devices();
    expect(devices.map((device) => [device.name, device.me])).toEqual([
      ['bob', false],
      ['laptop', true],
    ]);
  });

  it('P141: a wrong code opens nothing and changes nothing; a code of another form is said to be none', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    const code = await saveCode(alice.client);
    const guest = await world.guest();
    expect(await guest.restoreAccount('hello')).toMatchObject({ error: { name: 'E_FORMAT' } });
    const wrong = `${code.slice(0, 25)}${code.endsWith('0') ? '1' : '0'}`;
    expect(await guest.restoreAccount(wrong)).toMatchObject({ error: { name: 'E_AUTH' } });
    expect(await guest.account()).toBeNull();
    expect(must(await guest.restoreAccount(code)).pid).toBe(alice.pid);
  });

  it('13: is proved only by its own groups; a new code ends the old one once it is proved', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    expect(await alice.client.recovery()).toEqual({ state: 'none' });
    const first = must(await alice.client.showRecoveryCode());
    expect(await alice.client.recovery()).toEqual({ state: 'unproved' });
    expect(must(await alice.client.showRecoveryCode())).toBe(first);
    const wrong = await alice.client.proveRecoveryCode([
      [0, first.slice(0, 5)],
      [1, 'ZZZZZ'],
    ]);
    expect(wrong).toMatchObject({ error: { name: 'E_AUTH' } });
    await saveCode(alice.client);
    expect(await alice.client.recovery()).toEqual({ state: 'proved' });
    const second = await saveCode(alice.client);
    expect(second).not.toBe(first);
    const guest = await world.guest();
    expect(await guest.restoreAccount(first)).toMatchObject({ error: { name: 'E_AUTH' } });
    expect(must(await guest.restoreAccount(second)).pid).toBe(alice.pid);
  });

  it('13: takes back fifty groups', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    for (let i = 0; i < 50; i++) await makeGroup(alice, `Group ${String(i)}`);
    const code = await saveCode(alice.client);
    const began = Date.now();
    const laptop = await world.restore('laptop', code);
    await eventually([laptop], 'all fifty are back', async () => {
      const groups = await laptop.client.groups();
      return groups.length === 50 && groups.every((group) => group.name !== null);
    });
    process.stdout.write(`fifty groups restored in ${String(Date.now() - began)} ms\n`);
  });
});

describe('devices', () => {
  it('P068: a device that was signed out is cut off: refused at the door, its messages refused, and the key changes', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = [world.person('alice'), world.person('bob')];
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    const code = await saveCode(bob.client);
    const laptop = await world.restore('laptop', code);
    await inGroup(laptop, gid);
    await rosterSettled([alice, bob, laptop], gid);
    const before = must(await alice.client.group(gid)).generation;
    const lost = (await laptop.client.devices()).find((device) => !device.me);
    must(await laptop.client.signOutDevice(lost?.dev ?? (bob.pid.slice(0, 32) as never)));
    await eventually([alice], 'the key changed', async () => {
      const group = must(await alice.client.group(gid));
      return group.generation > before && group.key.state === 'secured';
    });
    await eventually(
      [bob],
      'the lost device is refused',
      async () => (await bob.client.connection()).state === 'refused',
    );
    await say(alice, gid, 'after the sign-out');
    await allRead([laptop], gid, 'after the sign-out');
    await say(bob, gid, 'never heard').catch(() => undefined);
    await say(laptop, gid, 'still me');
    await allRead([alice], gid, 'still me');
    expect(await texts(alice, gid)).not.toContain('never heard');
    expect(await texts(bob, gid)).not.toContain('after the sign-out');
    await eventually([laptop], 'confirmed everywhere', async () =>
      (await laptop.client.devices()).every((device) => device.unconfirmed === 0),
    );
  });

  it('P145, P146: a restored device starts its own counters; both devices write and nothing is refused', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = [world.person('alice'), world.person('bob')];
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    const laptop = await world.restore('laptop', await saveCode(bob.client));
    await inGroup(laptop, gid);
    await rosterSettled([alice, bob, laptop], gid);
    for (let i = 0; i < 10; i++) {
      await say(bob, gid, `desk ${String(i)}`);
      await say(laptop, gid, `laptop ${String(i)}`);
    }
    for (const word of ['desk', 'laptop']) await allRead([alice, bob, laptop], gid, `${word} 9`);
    expect(await texts(alice, gid)).toHaveLength(20);
    expect(await texts(laptop, gid)).toEqual(await texts(alice, gid));
  });

  it('13: logging out asks for a proved code, and then leaves nothing behind', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    await makeGroup(alice);
    expect(await alice.client.logOut(false)).toMatchObject({ error: { name: 'E_PENDING' } });
    const code = await saveCode(alice.client);
    must(await alice.client.logOut(false));
    expect(alice.events.at(-1)).toEqual({ kind: 'stopped', reason: 'loggedOut' });
    await world.restart('alice');
    expect(await alice.client.account()).toBeNull();
    expect(must(await alice.client.restoreAccount(code)).name).toBe('alice');
  });
});

describe('a group that outlives its owner', () => {
  it('P056: ownership changes hands only when the moderator accepts', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = [world.person('alice'), world.person('bob')];
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    expect(await alice.client.offerOwnership(gid, bob.pid)).toMatchObject({
      error: { name: 'E_ROLE' },
    });
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, 2]] }));
    must(await alice.client.offerOwnership(gid, bob.pid));
    await eventually(
      [bob],
      'Bob sees the offer',
      async () => must(await bob.client.group(gid)).offer?.toMe === true,
    );
    expect(must(await alice.client.group(gid)).role).toBe(3);
    must(await bob.client.acceptOwnership(gid));
    await eventually(
      [alice, bob],
      'Bob is the owner',
      async () => must(await bob.client.group(gid)).role === 3,
    );
    await rosterSettled([alice, bob], gid);
    expect(must(await alice.client.group(gid))).toMatchObject({ role: 2, offer: null });
    must(await alice.client.leaveGroup(gid, ''));
  });

  it('9: when the owner is lost a moderator opens a successor; roles and bans are carried over, and each member joins with one act', async () => {
    world = await setup('alice', 'bob', 'carol', 'dave');
    const [alice, bob, carol, dave] = ['alice', 'bob', 'carol', 'dave'].map((name) =>
      world.person(name),
    ) as [Person, Person, Person, Person];
    const gid = await makeGroup(alice);
    for (const one of [bob, carol, dave]) await admit(alice, gid, one);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, 2]] }));
    must(await alice.client.editMember(gid, { ban: [dave.pid] }));
    await rosterSettled([alice, bob, carol], gid);
    const next = must(await bob.client.openSuccessor(gid));
    expect(must(await bob.client.openSuccessor(gid))).toBe(next);
    await eventually(
      [carol],
      'Carol hears of it',
      async () => must(await carol.client.group(gid)).successor !== null,
    );
    expect(must(await carol.client.group(gid)).successor).toMatchObject({
      gid: next,
      byOwner: false,
      joined: false,
    });
    must(await carol.client.joinSuccessor(gid));
    await inGroup(carol, next);
    await say(carol, next, 'here we go on');
    await allRead([bob], next, 'here we go on');
    const group = must(await bob.client.group(next));
    expect(group).toMatchObject({ role: 3, name: 'Harbour garden' });
    expect(group.banned.map((one) => one.pid)).toEqual([dave.pid]);
    expect(await carol.client.openSuccessor(gid)).toMatchObject({ error: { name: 'E_ROLE' } });
  });
});
