import { afterEach, describe, expect, it } from 'vitest';
import type { MessageQuery } from '../client/client.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import type { Gid } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { bareLogin, cheat, refusalOf } from './cheat.ts';
import {
  allRead,
  eventually,
  groupOf,
  inStep,
  lines,
  makeGroup,
  must,
  type Person,
  refused,
  say,
  setup,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
let gid: Gid;
let alice: Person;
let bob: Person;
afterEach(() => world.close());

async function begin(): Promise<void> {
  world = await setup('alice', 'bob');
  [alice, bob] = world.people('alice', 'bob');
  gid = await groupOf(alice, [bob]);
}

/** Messages with a second between them, each read by both before the next. */
async function talk(...words: readonly string[]): Promise<void> {
  for (const word of words) {
    await say(alice, gid, word);
    await allRead([alice, bob], gid, word);
    world.forward(1000);
  }
}

const whole: MessageQuery = { from: 0, until: 2 ** 48, limit: 200, order: 'asc' };

describe('sending', () => {
  it('AO-35: a message is kept with author, device key, generation and time', async () => {
    await begin();
    await talk('one');
    const [line] = (await lines(bob, gid)).filter((one) => one.kind === 'message');
    expect(line).toMatchObject({ author: { pid: alice.pid }, generation: 1, text: 'one' });
    const page = { items: 100, bytes: 1_000_000 };
    const stored = (await world.storage().items(gid, 0, 100, page, 'oldest')).find(
      (item) => item.kind === 'message' && item.author === alice.pid && item.t === line?.t,
    );
    const header = must(decodeHeader(stored?.head ?? new Uint8Array()));
    expect(header).toMatchObject({ author: alice.pid, generation: 1, gid });
    expect(header.dev).toBe((await alice.identity()).dev);
    expect(Math.abs((stored?.at ?? 0) - world.clock.now())).toBeLessThan(60_000);
  });

  it('AO-36, bug 20: author and device are the connection’s; a message or an entry in another’s name is refused', async () => {
    await begin();
    await talk('honest');
    const mallory = await cheat(world, bob, gid);
    const { dev } = await alice.identity();
    for (const change of [{ author: alice.pid }, { dev }, { author: alice.pid, dev }])
      expect(await refusalOf(mallory.wire, 'send', mallory.message('forged', change))).toBe(
        'E_AUTH',
      );
    const victim = await cheat(world, alice, gid);
    const made = victim.rotation();
    expect(await refusalOf(mallory.wire, 'append', made)).toBe('E_AUTH');
    expect(await texts(alice, gid)).toEqual(['honest']);
  });

  it('AO-36: a body signed with a key that is not the author’s becomes a placeholder and changes nothing else', async () => {
    await begin();
    const mallory = await cheat(world, bob, gid);
    // The header is Bob's own; the body is not what his device signed.
    const made = mallory.message('x', { ctr: mallory.replica.head.ownCtr + 1 });
    expect(await refusalOf(mallory.wire, 'send', made)).toBe('answered');
    await say(alice, gid, 'after it');
    await allRead([alice], gid, 'after it');
    const bad = (await lines(alice, gid)).filter((line) => line.kind === 'unreadable');
    expect(bad).toMatchObject([{ author: { pid: bob.pid }, reason: { name: 'E_AEAD' } }]);
  });

  it('AO-37: a body is encrypted: the server refuses bytes that are not the ones the header names, and stores no plain text', async () => {
    await begin();
    const mallory = await cheat(world, bob, gid);
    const made = mallory.message('hello');
    const body = new Uint8Array(made.body.length);
    expect(await refusalOf(mallory.wire, 'send', { ...made, body })).toBe('E_FORMAT');
    await talk('only between us');
    const page = { items: 100, bytes: 1_000_000 };
    for (const item of await world.storage().items(gid, 0, 100, page, 'oldest')) {
      const bytes = item.kind === 'message' ? (item.body ?? item.head) : item.head;
      expect(Buffer.from(bytes).includes('only between us')).toBe(false);
    }
  });

  it('AO-38: non-members cannot send', async () => {
    await begin();
    const erin = await world.join('erin');
    expect(refused(await erin.client.sendMessage(gid, 'hi'))).toBe('E_NOT_FOUND');
    const mallory = await cheat(world, erin, gid, bob);
    expect(await refusalOf(mallory.wire, 'send', mallory.message('hi'))).toBe('E_NOT_MEMBER');
    expect(await texts(alice, gid)).toEqual([]);
  });

  it('AO-48: members who are connected are told of a new message without asking', async () => {
    await begin();
    const before = bob.events.length;
    await say(alice, gid, 'news');
    const told = await eventually([bob], 'the news', () =>
      bob.events
        .slice(before)
        .flatMap((event) => (event.kind === 'timeline' ? event.items : []))
        .find((line) => line.kind === 'message' && line.text === 'news'),
    );
    expect(told).toMatchObject({ author: { pid: alice.pid }, mine: false });
    if (told.kind !== 'message') throw new Error('the news is a message');
    const unread = async () => (await bob.client.groups())[0];
    expect(await unread()).toMatchObject({
      unread: 1,
      firstUnread: told.t,
      last: { text: 'news' },
    });
    await say(alice, gid, 'more news');
    await allRead([bob], gid, 'more news');
    expect(await unread()).toMatchObject({ unread: 2, firstUnread: told.t });
    await bob.client.markRead(gid, told.t);
    expect(await unread()).toMatchObject({ unread: 1, firstUnread: told.t + 1 });
    await bob.client.markRead(gid, told.t + 1);
    expect(await unread()).toMatchObject({ unread: 0, firstUnread: null });
  });
});

describe('QueryMessage', () => {
  it('AO-39: from and until bound the time, limit the count, order its direction', async () => {
    await begin();
    await talk('one', 'two', 'three', 'four');
    const all = must(await bob.client.queryMessage(gid, whole));
    const said = all.filter((line) => line.kind === 'message');
    const [first, second, third] = said;
    expect(said.map((line) => line.text)).toEqual(['one', 'two', 'three', 'four']);
    const some = { ...whole, from: second?.at ?? 0, until: third?.at ?? 0 };
    const between = must(await bob.client.queryMessage(gid, some));
    expect(between.map((line) => line.kind === 'message' && line.text)).toEqual(['two', 'three']);
    const newest = must(await bob.client.queryMessage(gid, { ...whole, limit: 2, order: 'desc' }));
    expect(newest.map((line) => line.kind === 'message' && line.text)).toEqual(['four', 'three']);
    const late = must(await bob.client.queryMessage(gid, { ...whole, from: first?.at ?? 0 }));
    expect(late.map((line) => line.kind === 'message' && line.text)).toContain('one');
    // The same from the server, in sealed form.
    const wire = await bareLogin(world, bob);
    const page = await wire.get('query', { gid, by: 'time', ...some });
    expect(page.items.map((item) => item.at)).toEqual([second?.at, third?.at]);
    const last = await wire.get('query', { gid, by: 'time', ...whole, limit: 2, order: 'desc' });
    expect(last.items.map((item) => item.at)).toEqual([said.at(-2)?.at, said.at(-1)?.at]);
  });

  it('AO-40: messages and group logs come interleaved by time; the log is readable without any key', async () => {
    await begin();
    await talk('one');
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    await inStep([alice, bob], gid);
    world.forward(1000);
    await talk('two');
    must(await alice.client.editGroupInfo(gid, { group_name: 'Quay' }));
    await eventually([bob], 'the name', async () => (await view(bob, gid)).name === 'Quay');
    await eventually([bob], 'in words', async () => {
      const found = must(await bob.client.queryMessage(gid, whole));
      return found.some((line) => line.kind === 'log' && line.line.what === 'renamed');
    });
    const found = must(await bob.client.queryMessage(gid, whole));
    const words = found.map((line) => {
      if (line.kind === 'message') return line.text;
      return line.kind === 'log' ? line.line.what : line.kind;
    });
    expect(words.slice(-4)).toEqual(['one', 'role', 'two', 'renamed']);
    expect(found.map((line) => line.at)).toEqual(
      found.map((line) => line.at).toSorted((a, b) => a - b),
    );
    // Plain on the wire: who, what and whom stand in the signed entry.
    const wire = await bareLogin(world, bob);
    const entries = await wire.get('log', { gid, seq: 2 });
    expect(Buffer.from(entries.entries[0] ?? []).includes(Buffer.from(bob.pid, 'hex'))).toBe(true);
  });

  it('AO-41: bounds are inclusive, an unknown order is refused, the limit is capped', async () => {
    await begin();
    await talk('one', 'two', 'three');
    const said = must(await bob.client.queryMessage(gid, whole)).filter(
      (line) => line.kind === 'message',
    );
    const at = said[1]?.at ?? 0;
    const exact = must(await bob.client.queryMessage(gid, { ...whole, from: at, until: at }));
    expect(exact.map((line) => line.kind === 'message' && line.text)).toEqual(['two']);
    const sideways = { ...whole, order: 'sideways' as 'asc' };
    expect(refused(await bob.client.queryMessage(gid, sideways))).toBe('E_FORMAT');
    expect(refused(await bob.client.queryMessage(gid, { ...whole, limit: 201 }))).toBe('E_LIMIT');
    expect(refused(await bob.client.queryMessage(gid, { ...whole, from: 2, until: 1 }))).toBe(
      'E_FORMAT',
    );
    const wire = await bareLogin(world, bob);
    const query = { gid, by: 'time', ...whole } as const;
    expect(await refusalOf(wire, 'query', { ...query, limit: 201 })).toBe('E_LIMIT');
    expect(await refusalOf(wire, 'query', { ...query, from: 2, until: 1 })).toBe('E_FORMAT');
    expect(await refusalOf(wire, 'query', { ...query, order: 'sideways' as 'asc' })).toBe(
      'E_FORMAT',
    );
    expect((await wire.get('query', { ...query, from: at, until: at })).items).toHaveLength(1);
  });

  it('AO-41: equal times keep their order, and paging loses and repeats nothing', async () => {
    await begin();
    const words = Array.from({ length: 40 }, (_, i) => `word ${String(i)}`);
    for (const word of words) await say(alice, gid, word);
    await allRead([bob], gid, 'word 39');
    // One moment for all: pages by position are told apart by t.
    const wire = await bareLogin(world, bob);
    const seen: number[] = [];
    for (let from = 0; ;) {
      const page = await wire.get('query', {
        gid,
        by: 'position',
        from,
        until: 1e6,
        limit: 7,
        order: 'asc',
      });
      if (page.items.length === 0) break;
      seen.push(...page.items.map((item) => item.t));
      from = (page.items.at(-1)?.t ?? from) + 1;
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, t) => t));
    const forth = must(await bob.client.queryMessage(gid, whole));
    const back = must(await bob.client.queryMessage(gid, { ...whole, order: 'desc' }));
    expect(back.toReversed()).toEqual(forth);
    const said = forth.flatMap((line) => (line.kind === 'message' ? [line.text] : []));
    expect(said).toEqual(words);
  });

  it('AO-41: the client’s pages of the timeline join without gap or repetition', async () => {
    await begin();
    const words = Array.from({ length: 150 }, (_, i) => `line ${String(i)}`);
    for (const word of words) must(await alice.client.sendMessage(gid, word));
    await allRead([alice, bob], gid, 'line 149');
    expect(must(await bob.client.timeline(gid, null)).more).toBe(true);
    expect(await texts(bob, gid)).toEqual(words);
  });

  it('AO-49: GetGroupMetadata and QueryMessage change no state', async () => {
    await begin();
    await talk('one', 'two');
    // The names a newcomer is given are a message too: first everything on its way has come.
    const last = await eventually([alice, bob], 'nothing is on its way', async () => {
      const [hers, his] = [await alice.replica(gid), await bob.replica(gid)];
      const item = await world.storage().lastItem(gid);
      const end = (item?.t ?? 0) + 1;
      const posted = hers.head.namesPosted >= hers.head.lastAddition && hers.outbox.length === 0;
      return posted && hers.timeline.end() === end && his.timeline.end() === end && item;
    });
    const held = async (one: Person): Promise<unknown> => {
      const { state, timeline, generations } = await one.replica(gid);
      return { head: state.head, end: timeline.end(), T: timeline.T(), generations };
    };
    const before = [await held(alice), await held(bob)];
    const wire = await bareLogin(world, bob);
    for (let i = 0; i < 5; i++) {
      must(await alice.client.getGroupMetadata(gid));
      must(await bob.client.getGroupMetadata(gid));
      must(await bob.client.queryMessage(gid, { ...whole, order: 'desc' }));
      await wire.get('query', { gid, by: 'time', ...whole });
      await wire.get('log', { gid, seq: 0 });
    }
    expect(await world.storage().lastItem(gid)).toEqual(last);
    expect([await held(alice), await held(bob)]).toEqual(before);
  });

  it('14: who is no member reads nothing but entry 0', async () => {
    world = await setup('alice', 'erin');
    const [owner, erin] = world.people('alice', 'erin');
    gid = await makeGroup(owner);
    const wire = await bareLogin(world, erin);
    const query = { gid, by: 'time', ...whole } as const;
    expect(await refusalOf(wire, 'query', query)).toBe('E_NOT_MEMBER');
    expect((await wire.get('log', { gid, seq: 0 })).entries).toHaveLength(1);
  });
});
