import { afterEach, describe, expect, it } from 'vitest';
import { admit, allRead, facts, makeGroup, must, say, setup, texts, type World } from './setup.ts';

let world: World;
afterEach(() => world.close());

describe('a group of real engines on a real server', () => {
  it('AO-01, AO-02, AO-22, AO-23: Alice makes a group, Bob asks through a link, is approved, and both talk', async () => {
    world = await setup('alice', 'bob');
    const alice = world.person('alice');
    const bob = world.person('bob');
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    await say(alice, gid, 'hello bob');
    await say(bob, gid, 'hello alice');
    await allRead([alice, bob], gid, 'hello bob');
    await allRead([alice, bob], gid, 'hello alice');
    expect(await facts(alice, gid)).toEqual(await facts(bob, gid));
    expect(must(await bob.client.group(gid)).name).toBe('Harbour garden');
    expect((await texts(bob, gid)).length).toBe(2);
  });
});
