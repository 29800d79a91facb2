import { afterEach, describe, expect, it } from 'vitest';
import { admit, allRead, makeGroup, must, say, setup, texts, type World } from './setup.ts';

let world: World;
afterEach(() => world.close());

describe('history for newcomers', () => {
  it('AO-47, SX-14: where history is shared a newcomer pages back over it, as far as the unbroken run reaches', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = [world.person('alice'), world.person('bob'), world.person('carol')];
    const gid = await makeGroup(alice);
    await say(alice, gid, 'before sharing');
    await admit(alice, gid, bob);
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    for (let i = 0; i < 230; i++) await say(alice, gid, `shared ${String(i)}`);
    must(await alice.client.rotateSessionKey(gid));
    await say(bob, gid, 'shared by bob');
    await allRead([alice, bob], gid, 'shared by bob');
    await allRead([alice, bob], gid, 'shared 229');
    await admit(alice, gid, carol);
    await say(alice, gid, 'hello carol');
    await allRead([carol], gid, 'hello carol');
    const read = await texts(carol, gid);
    expect(read).toHaveLength(232);
    expect(read.filter((text) => text.startsWith('shared '))).toHaveLength(231);
    expect(read).not.toContain('before sharing');
    await world.restart('carol');
    expect(await texts(carol, gid)).toEqual(read);
  });
});
