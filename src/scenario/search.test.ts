/** Searching messages on real engines: by word, person, day and kind, in one group and in all; edits, deletions and blocks of pages. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SearchWishes } from '../client/client.ts';
import type { Hash } from '../protocol/ids.ts';
import {
  allRead,
  eventually,
  groupOf,
  lines,
  must,
  named,
  type Person,
  say,
  setup,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

const find = async (one: Person, wishes: Partial<SearchWishes>): Promise<readonly string[]> =>
  must(await one.client.search({ text: '', ...wishes })).found.map(({ text }) => text);

async function itemOf(one: Person, gid: Parameters<typeof lines>[1], text: string): Promise<Hash> {
  const line = (await lines(one, gid)).find((row) => row.kind === 'message' && row.text === text);
  if (line?.kind !== 'message') throw new Error(`no message "${text}"`);
  return line.item;
}

describe('search', () => {
  it('finds texts as they stand, newest first, in one group or in all, and says how far back', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const garden = await groupOf(alice, [bob]);
    const choir = await groupOf(alice, [bob]);
    await named(alice, garden, bob);
    await say(bob, garden, 'The Gärtner brings raised beds');
    await say(alice, garden, 'raised eyebrows at https://example.org/x');
    await say(alice, choir, 'we raised our voices');
    await allRead([alice], garden, 'The Gärtner brings raised beds');
    await allRead([alice], garden, 'raised eyebrows at https://example.org/x');
    await allRead([alice, bob], choir, 'we raised our voices');

    expect(await find(alice, { text: 'RAISED' })).toHaveLength(3);
    expect(await find(alice, { text: 'raised', gid: choir })).toEqual(['we raised our voices']);
    expect(await find(alice, { text: 'gartner beds' })).toEqual(['The Gärtner brings raised beds']);
    expect(await find(alice, { text: 'raised', from: 'BOB' })).toEqual([
      'The Gärtner brings raised beds',
    ]);
    expect(await find(alice, { has: 'link' })).toEqual([
      'raised eyebrows at https://example.org/x',
    ]);
    expect(await find(alice, { text: 'ra' })).toHaveLength(3);
    expect(await find(alice, { text: 'nowhere' })).toEqual([]);
    const all = must(await alice.client.search({ text: 'raised' }));
    expect(all.reach).toEqual(
      expect.arrayContaining([
        { gid: garden, since: null },
        { gid: choir, since: null },
      ]),
    );
    const newest = all.found[0];
    expect(await find(alice, { text: 'raised', before: newest?.at ?? 0 })).not.toContain(
      newest?.text,
    );
    expect(await find(alice, { text: 'raised', since: (newest?.at ?? 0) + 1 })).toEqual([]);
  });

  it('follows edits, and loses what was deleted or hidden, also after a restart', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    for (const text of ['first plan', 'second plan', 'third plan']) await say(bob, gid, text);
    await allRead([alice, bob], gid, 'third plan');
    must(await bob.client.editMessage(gid, await itemOf(bob, gid, 'first plan'), 'better idea'));
    must(await bob.client.deleteMessage(gid, await itemOf(bob, gid, 'second plan')));
    must(await alice.client.hideMessage(gid, await itemOf(alice, gid, 'third plan'), true, ''));
    await eventually(
      [alice],
      'all of it is taken in',
      async () => (await find(alice, { text: 'plan' })).length === 0,
    );
    expect(await find(alice, { text: 'idea' })).toEqual(['better idea']);
    await world.restart('alice');
    expect(await find(alice, { text: 'plan' })).toEqual([]);
    expect(await find(alice, { text: 'better' })).toEqual(['better idea']);
  });

  it('reaches over many pages, a part at a time and without a gap, also where an old message was edited late', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    for (let i = 0; i < 300; i++)
      await say(alice, gid, i % 5 === 0 ? `a needle ${String(i)}` : `hay ${String(i)}`);
    must(await alice.client.editMessage(gid, await itemOf(alice, gid, 'hay 1'), 'late needle'));
    await eventually(
      [bob],
      'the edit is read',
      async () => (await find(bob, { text: 'late needle' })).length === 1,
    );
    const first = must(await bob.client.search({ text: 'needle' }));
    expect(first.found).toHaveLength(50);
    expect(first.more).toBe(true);
    const rest = must(
      await bob.client.search({ text: 'needle', before: first.found.at(-1)?.at ?? 0 }),
    );
    const texts = new Set([...first.found, ...rest.found].map(({ text }) => text));
    expect(texts.size).toBe(61);
    expect(rest.found.slice(-2).map(({ text }) => text)).toEqual(['late needle', 'a needle 0']);
    expect(rest.more).toBe(false);
  });
});
