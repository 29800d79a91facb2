/** Who is here and who types: told to members who listen, to nobody else, and only by who wants it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Gid } from '../protocol/ids.ts';
import { eventually, groupOf, must, named, type Person, setup, type World } from './setup.ts';

let world: World;
afterEach(() => world.close());

function seen(one: Person, gid: Gid): { readonly here: string[]; readonly typing: string[] } {
  const last = one.events.findLast((event) => event.kind === 'signals' && event.gid === gid);
  const names = (people: readonly { readonly name: string | null }[]): string[] =>
    people.map(({ name }) => name ?? '');
  return last?.kind === 'signals'
    ? { here: names(last.here), typing: names(last.typing) }
    : { here: [], typing: [] };
}

describe('signs of life', () => {
  it('8.10: who looks and who types is seen by the others, and ends when they stop or leave', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await named(bob, gid, alice);
    await alice.client.attend(gid, false);
    await eventually([bob], 'Alice is here', () => seen(bob, gid).here.includes('alice'));
    expect(seen(bob, gid).typing).toEqual([]);
    await alice.client.attend(gid, true);
    await eventually([bob], 'Alice types', () => seen(bob, gid).typing.includes('alice'));
    await alice.client.attend(gid, false);
    await eventually([bob], 'she paused', () => seen(bob, gid).typing.length === 0);
    await alice.client.attend(null, false);
    await eventually([bob], 'she is gone', () => seen(bob, gid).here.length === 0);
    expect(seen(alice, gid)).toEqual({ here: [], typing: [] });
  });

  it('8.10: a sign counts though the clock of who gives it goes back a little', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await named(bob, gid, alice);
    await alice.client.attend(gid, true);
    await eventually([bob], 'Alice types', () => seen(bob, gid).typing.includes('alice'));
    world.turnClock('alice', -3000);
    await alice.client.attend(null, false);
    await eventually([bob], 'she is gone', () => seen(bob, gid).here.length === 0);
  });

  it('8.10: who turned it off shows nothing and sees nothing; blocked people are not shown', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob, carol]);
    for (const one of [alice, bob]) await named(carol, gid, one);
    must(await bob.client.changePreferences({ signals: false }));
    must(await carol.client.changePreferences({ block: { pid: alice.pid, on: true } }));
    await bob.client.attend(gid, true);
    await alice.client.attend(gid, true);
    await carol.client.attend(gid, false);
    await eventually([alice], 'Carol is seen', () => seen(alice, gid).here.includes('carol'));
    // What Alice sent came to everybody before what Carol sent came to Alice.
    expect(seen(alice, gid)).toEqual({ here: ['carol'], typing: [] });
    expect(seen(bob, gid)).toEqual({ here: [], typing: [] });
    expect(seen(carol, gid)).toEqual({ here: [], typing: [] });
  });

  it('8.10: the server stores nothing of it', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await named(bob, gid, alice);
    const stored = async (): Promise<number> =>
      (await world.storage().items(gid, 0, 1e6, { items: 1000, bytes: 1e7 }, 'oldest')).length;
    const before = await stored();
    await alice.client.attend(gid, true);
    await eventually([bob], 'Alice types', () => seen(bob, gid).typing.includes('alice'));
    expect(await stored()).toBe(before);
  });
});
