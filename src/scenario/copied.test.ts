/** One profile in two places: nobody speaks with two tongues for long. */
import { afterEach, expect, it } from 'vitest';
import {
  allRead,
  eventually,
  groupOf,
  must,
  type Person,
  refused,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

const copied = (one: Person): Promise<unknown> =>
  eventually([one], `${one.name} notices its copy`, async () => {
    return (await one.client.connection()).state === 'copied';
  });

it('P147: a copied profile stops sending when it hears itself, and goes on as a device of its own; no counter is used twice', async () => {
  world = await setupWith({ hurry: 10, memory: true }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  await say(bob, gid, 'before the copy');
  await allRead([alice, bob], gid, 'before the copy');
  const clone = await world.copy('bob', 'clone');
  await say(bob, gid, 'from the desk');
  await allRead([alice], gid, 'from the desk');
  await copied(clone);
  expect(refused(await clone.client.sendMessage(gid, 'never sent'))).toBe('E_DEVICE');
  await world.restart('clone');
  await copied(clone);
  must(await clone.client.enrolAgain());
  await eventually([clone], 'the clone has a place of its own', async () => {
    return (await clone.client.connection()).state === 'online';
  });
  // The old device stands in no card any more: whoever still holds its keys is out.
  await eventually([bob], 'the desk is out', async () => {
    const connection = await bob.client.connection();
    return connection.state === 'refused' && connection.reason.name === 'E_DEVICE';
  });
  await eventually([clone], 'the new card is in the log', async () => {
    return (await view(clone, gid)).key.state === 'secured';
  });
  await say(clone, gid, 'on its own now');
  await allRead([alice, clone], gid, 'on its own now');
  expect(await texts(alice, gid)).toEqual(['before the copy', 'from the desk', 'on its own now']);
  expect((await view(alice, gid)).halted).toBeNull();
});

it('P147: two copies that write at the same time: the one the server did not take first stops, and its message goes out as of a new device', async () => {
  world = await setupWith({ hurry: 10, memory: true }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  await say(bob, gid, 'before');
  await allRead([alice, bob], gid, 'before');
  bob.line.block(true);
  const clone = await world.copy('bob', 'clone');
  await say(bob, gid, 'at the desk');
  await say(clone, gid, 'at the clone');
  await allRead([alice], gid, 'at the clone');
  bob.line.block(false);
  await bob.client.reconnect();
  await copied(bob);
  must(await bob.client.enrolAgain());
  await allRead([alice, bob], gid, 'at the desk');
  expect(await texts(alice, gid)).toEqual(['before', 'at the clone', 'at the desk']);
});
