/** A long talk: its end is there at once, and everything that needs the whole of it waits for the whole. */
import { afterEach, describe, expect, it } from 'vitest';
import { allRead, groupOf, lines, must, say, setupWith, texts, type World } from './setup.ts';

let world: World;
afterEach(() => world.close());

/** More than the pages of a glance and as many again. */
const MESSAGES = 1200;

describe('a group of many messages', () => {
  it('opens at its end, then is whole: older pages, search, counters and what is sent', async () => {
    world = await setupWith({ memory: true }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    for (let n = 0; n < MESSAGES; n++)
      must(await alice.client.sendMessage(gid, n === 0 ? 'the very first' : `word ${n}`));
    await allRead([bob], gid, `word ${MESSAGES - 1}`);
    const begins = (await bob.client.groups())[0]?.firstUnread ?? Number.NaN;
    await world.restart('bob');

    // Asked in the same breath: what is shown comes from the end, what acts comes after the whole is loaded.
    const [groups, newest, found, sent] = await Promise.all([
      bob.client.groups(),
      bob.client.timeline(gid, null),
      bob.client.search({ text: 'very first' }),
      bob.client.sendMessage(gid, 'from bob'),
    ]);
    expect(groups).toMatchObject([{ gid, members: 2 }]);
    // Above what is held: not the first line of that.
    expect(groups[0]?.firstUnread).toBeLessThanOrEqual(begins);
    const page = must(newest);
    expect(page.items.at(-1)).toMatchObject({ kind: 'message', text: `word ${MESSAGES - 1}` });
    expect(page.more).toBe(true);
    expect(must(found).found.map(({ text }) => text)).toEqual(['the very first']);
    must(sent);
    await allRead([alice], gid, 'from bob');

    const all = await texts(bob, gid);
    expect(all).toHaveLength(MESSAGES + 1);
    expect(all[0]).toBe('the very first');
    expect(new Set(all).size).toBe(all.length);
    expect((await bob.client.groups())[0]).toMatchObject({ unread: MESSAGES, firstUnread: begins });
    await say(alice, gid, 'and back');
    await allRead([bob], gid, 'and back');
    expect((await lines(bob, gid)).some((line) => line.kind === 'unreadable')).toBe(false);
  }, 120_000);
});
