import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { TimelinePage } from '../client/view.ts';
import { admit, allRead, makeGroup, must, say, setup, texts, view, type World } from './setup.ts';

let world: World;
afterEach(() => world.close());

const hasBegun = (page: TimelinePage): boolean => page.items.length > 0;

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
    const { history } = await view(carol, gid);
    expect(history).toMatchObject({ shared: { by: { pid: alice.pid } } });
    expect(history?.unsharedBefore).toBeGreaterThan(0);
    // Bob came before anything was shared, Alice was there from the start.
    expect((await view(bob, gid)).history).toMatchObject({ shared: null });
    expect((await view(bob, gid)).history?.unsharedBefore).toBeGreaterThan(0);
    expect((await view(alice, gid)).history).toEqual({ unsharedBefore: null, shared: null });
    await world.restart('carol');
    expect((await view(carol, gid)).history).toEqual(history);
    expect(await texts(carol, gid)).toEqual(read);
  });

  it('AO-47: the first page with something in it says whether earlier messages can be read; one without says that the talk began before it', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = [world.person('alice'), world.person('bob')];
    const gid = await makeGroup(alice);
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await say(alice, gid, 'shared before Bob');
    const pages: TimelinePage[] = [];
    let over = false;
    const asking = async (): Promise<void> => {
      while (!over) {
        const page = await bob.client.timeline(gid, null);
        if (page.ok) pages.push(page.value);
        await setImmediate();
      }
    };
    const asked = asking();
    try {
      await admit(alice, gid, bob);
      await say(alice, gid, 'hello Bob');
      await allRead([bob], gid, 'hello Bob');
    } finally {
      over = true;
      await asked;
    }
    expect(pages[0]).toMatchObject({ items: [], before: pages.find(hasBegun)?.before });
    for (const page of pages.filter(hasBegun)) expect(page.more).toBe(page.before > 0);
    expect(await texts(bob, gid)).toEqual(['shared before Bob', 'hello Bob']);
  });
});
