/** A server that lies about the timeline of a group, behind the real wire: what an honest client makes of it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Gid, Hash } from '../protocol/ids.ts';
import { ITEM, type WireItem } from '../protocol/item.ts';
import { cheat } from './cheat.ts';
import { forge, messageItem } from './forgery.ts';
import {
  accept,
  allRead,
  eventually,
  groupOf,
  inStep,
  lines,
  makeGroup,
  must,
  outgoing,
  type Person,
  refused,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';
import { halts, judged, placeholders, portrait, refusedLines, warnings } from './verdicts.ts';

let world: World;
afterEach(() => world.close());

/** Three in a group; Bob comes through a door. */
async function three(): Promise<[Person, Person, Person, Gid]> {
  world = await setupWith({ hurry: 10, memory: true, doors: ['bob'] }, 'alice', 'bob', 'carol');
  const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
  const gid = await groupOf(alice, [bob, carol]);
  await inStep([alice, bob, carol], gid);
  // What others acknowledge later would tell Bob sooner than the next message does.
  for (const one of [alice, bob, carol])
    await eventually([one], `${one.name} heard all acknowledgements`, async () => {
      return (await view(one, gid)).checks.agree === 2;
    });
  // The names that Alice posts for the newcomers are the last thing nobody asked for.
  await eventually([bob], 'the names have come', async () => {
    return (await bob.replica(gid)).timeline.end() > 2;
  });
  return [alice, bob, carol, gid];
}

/** Shows Bob nothing of what is said meanwhile; answers where it begins. */
async function unseen(bob: Person, gid: Gid, said: () => Promise<void>): Promise<number> {
  const door = world.door('bob');
  let hidden = 0;
  door.script = {
    push(push) {
      if (push.name !== 'items') return null;
      hidden = Math.max(hidden, ...push.news.items.map((item) => item.t));
      return [];
    },
    instead: { subscribe: () => ({ refuse: { name: 'E_BUSY' } }) },
  };
  const end = (await bob.replica(gid)).timeline.end();
  await said();
  const all = { items: 1000, bytes: 1e9 };
  await eventually([], 'all of it was hidden', async () => {
    return (await world.storage().items(gid, 0, 1000, all, 'oldest')).length === hidden + 1;
  });
  door.script = {};
  return end;
}

const isMessage = (item: WireItem): boolean => item.kind === ITEM.message;

describe('a server that lies about the timeline', () => {
  it('P012: it leaves out one message for one client: the next one of that device says so, and the next one of anybody', async () => {
    const [alice, bob, carol, gid] = await three();
    const end = await unseen(bob, gid, async () => {
      await say(alice, gid, 'left out');
      await allRead([carol], gid, 'left out');
    });
    const forgery = await forge(world, gid);
    forgery.become(forgery.items().slice(0, end));
    forgery.showTo(world.door('bob'));
    await say(alice, gid, 'the next one');
    await allRead([carol], gid, 'the next one');
    expect(await refusedLines(bob, gid)).toContain('E_GAP');
    expect(await texts(bob, gid)).toEqual([]);
    await say(carol, gid, 'from somebody else');
    expect(await refusedLines(bob, gid, 2)).toEqual(['E_GAP', 'E_FORMAT']);
  });

  it('P013: it swaps two messages for one client: the next honest one disagrees, and his doubt is proof for the others', async () => {
    const [alice, bob, carol, gid] = await three();
    await unseen(bob, gid, async () => {
      await say(alice, gid, 'first');
      await allRead([carol], gid, 'first');
      await say(carol, gid, 'second');
      await allRead([alice, carol], gid, 'second');
    });
    const forgery = await forge(world, gid);
    const [first, second] = forgery.items().slice(-2);
    if (first === undefined || second === undefined) throw new Error('two messages');
    forgery.become([...forgery.items().slice(0, -2), second, first]);
    forgery.showTo(world.door('bob'));
    await say(alice, gid, 'the next one');
    await eventually([bob], 'bob is warned', async () =>
      (await warnings(bob, gid)).includes('gossip'),
    );
    expect(await placeholders(bob, gid)).toContain('E_FORK');
    expect(await texts(bob, gid)).not.toContain('the next one');
    // His doubt carries what the server signed for him: proof for everybody else.
    for (const one of [alice, carol]) {
      expect(await halts(one, gid)).toBe('E_FORK');
      expect(await judged(world, one, gid)).toMatch(/^Proven: the server of group/u);
      expect(refused(await one.client.sendMessage(gid, 'nothing more'))).toBe('E_FORK');
    }
  });

  it('P014: it shows a message a second time at a later place: E_REPLAY, and it is read once', async () => {
    const [alice, bob, , gid] = await three();
    await say(alice, gid, 'pay Bob ten');
    await allRead([bob], gid, 'pay Bob ten');
    const forgery = await forge(world, gid);
    forgery.add(...forgery.items().filter(isMessage).slice(-1));
    forgery.showTo(world.door('bob'));
    expect(await refusedLines(bob, gid)).toEqual(['E_REPLAY']);
    expect(await texts(bob, gid)).toEqual(['pay Bob ten']);
  });

  it('P015: it takes a body away that nobody deleted: it is shown as withheld, not as deleted', async () => {
    const [alice, bob, carol, gid] = await three();
    const end = await unseen(bob, gid, async () => {
      await say(alice, gid, 'what was here');
      await allRead([carol], gid, 'what was here');
    });
    const forgery = await forge(world, gid);
    forgery.become(forgery.items().map((item) => (item.t >= end ? { ...item, body: null } : item)));
    forgery.showTo(world.door('bob'));
    expect(await refusedLines(bob, gid)).toEqual(['E_WITHHELD']);
    const gone = (await lines(bob, gid)).filter(
      (line) => line.kind === 'message' && line.gone !== null,
    );
    expect(gone).toEqual([]);
    expect((await view(bob, gid)).halted).toBeNull();
    // The header stays in the chain: what follows is read.
    await say(alice, gid, 'and on');
    await allRead([bob], gid, 'and on');
  });

  it('P016: it accepts a message under the old key after the new one began: E_STALE_GEN at everybody it is shown to', async () => {
    world = await setupWith(
      { hurry: 10, memory: true, doors: ['alice', 'bob', 'carol'] },
      'alice',
      'bob',
      'carol',
    );
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob, carol]);
    await inStep([alice, bob, carol], gid);
    const late = await cheat(world, bob, gid);
    const made = late.message('under the old key');
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol], gid);
    const before = await portrait(carol, gid);
    const forgery = await forge(world, gid);
    forgery.add(messageItem(made));
    for (const one of [alice, bob, carol]) {
      forgery.showTo(world.door(one.name));
      expect(await refusedLines(one, gid)).toEqual(['E_STALE_GEN']);
    }
    expect(await portrait(carol, gid)).toEqual(before);
  });

  it('P017: it says E_STALE_GEN and shows no newer entry: nothing is sealed anew, and the server is named', async () => {
    world = await setupWith(
      { hurry: 20, guards: 20, memory: true, doors: ['bob'] },
      'alice',
      'bob',
    );
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const door = world.door('bob');
    const headers = new Set<string>();
    door.script = {
      instead: {
        send({ header }) {
          headers.add(Buffer.from(header).toString('hex'));
          return { refuse: { name: 'E_STALE_GEN' } };
        },
      },
    };
    await say(bob, gid, 'only once');
    await eventually([bob], 'the server is named', async () =>
      (await warnings(bob, gid)).includes('withheld'),
    );
    door.script = {};
    await allRead([alice, bob], gid, 'only once');
    expect(headers.size).toBe(1);
    expect((await texts(alice, gid)).filter((text) => text === 'only once')).toHaveLength(1);
  });

  it('P022: it gives another T before an older page, or another page: the page is refused, and the true one is read later', async () => {
    world = await setupWith({ hurry: 10, memory: true, doors: ['bob'] }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    for (const text of ['one', 'two', 'three']) await say(alice, gid, text);
    await eventually([alice], 'all are sent', async () => {
      return (await outgoing(alice, gid)).length === 0;
    });
    must(await alice.client.editMember(gid, { add: [bob.pid] }));
    await accept(bob, gid);
    const first = must(await bob.client.timeline(gid, null));
    expect(first.more).toBe(true);
    const door = world.door('bob');
    const before = '7'.repeat(64) as Hash;
    for (const query of [
      (value: { items: WireItem[] }) => ({ value: { ...value, before } }),
      (value: { items: WireItem[] }) => ({
        value: { ...value, items: value.items.toReversed().map((item, i) => ({ ...item, t: i })) },
      }),
      (value: { items: WireItem[] }) => ({ value: { ...value, items: value.items.slice(1) } }),
    ]) {
      door.script = { after: { query: query as never } };
      expect(refused(await bob.client.timeline(gid, first.before))).toBe('E_FORK');
      expect(await placeholders(bob, gid).catch(() => 'refused')).toBe('refused');
    }
    door.script = {};
    expect(await texts(bob, gid)).toEqual(['one', 'two', 'three']);
  });

  it('P023: it acknowledges a message and never shows it: the sender is told within ten seconds, also after a new connection', async () => {
    world = await setupWith({ memory: true, doors: ['bob'] }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const door = world.door('bob');
    const hiding = {
      push: (push: { readonly name: string }) => (push.name === 'items' ? [] : null),
      instead: { subscribe: () => ({ refuse: { name: 'E_BUSY' } }) as const },
    };
    const undelivered = async (): Promise<boolean> => {
      const { items } = must(await bob.client.timeline(gid, null));
      return items.some(
        (line) =>
          line.kind === 'outgoing' &&
          line.send.state === 'failed' &&
          line.send.reason.name === 'E_WITHHELD',
      );
    };
    door.script = hiding;
    const began = Date.now();
    await say(bob, gid, 'into the void');
    await eventually([bob], 'he is told', undelivered);
    expect(Date.now() - began).toBeLessThan(15_000);
    door.cut();
    await eventually([bob], 'he is still told', undelivered);
    door.script = {};
    door.cut();
    await say(bob, gid, 'after it');
    await allRead([alice, bob], gid, 'after it');
    expect(await texts(bob, gid)).toEqual(['into the void', 'after it']);
  });
});
