/** A server that lies about the log of a group, behind the real wire: what an honest client makes of it. */
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { nextT } from '../crypto/hash.ts';
import { type Bytes, concat } from '../lib/bytes.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { decodeChain } from '../protocol/card.ts';
import { cheat, roleOp } from './cheat.ts';
import { dice } from './dice.ts';
import { entryItem, forge, messageItem } from './forgery.ts';
import {
  admit,
  allRead,
  eventually,
  groupOf,
  inStep,
  makeGroup,
  makeLink,
  must,
  online,
  type Person,
  refused,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';
import { halts, judged, placeholders, portrait, refusedLines, warnings } from './verdicts.ts';

/** How many places of an entry are damaged, each against a group of its own. */
const FLIPS = Number(process.env['ATTACK_FLIPS'] ?? 4);

let world: World;
afterEach(() => world.close());

/** Alice and Bob in a group; Bob comes through a door. Further people stand by. */
async function aliceAndBob(...more: string[]): Promise<[Person, Person, Gid]> {
  world = await setupWith({ hurry: 10, memory: true, doors: ['bob'] }, 'alice', 'bob', ...more);
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  await inStep([alice, bob], gid);
  return [alice, bob, gid];
}

/** Shows Bob an entry as if it had been appended, signed by the server in every way it can. */
async function append(gid: Gid, entry: Bytes): Promise<void> {
  const forgery = await forge(world, gid);
  forgery.add(entryItem(entry));
  forgery.showTo(world.door('bob'));
}

/** An entry that was refused is evidence, sending stays stopped after a restart, and the last good state is kept. */
async function standsAsItWas(bob: Person, gid: Gid, before: unknown, name: string): Promise<void> {
  expect(await halts(bob, gid)).toBe(name);
  expect(await portrait(bob, gid)).toEqual(before);
  expect(refused(await bob.client.sendMessage(gid, 'is anybody there'))).toBe(name);
  await world.restart('bob');
  expect((await view(bob, gid)).halted?.name).toBe(name);
  expect(await portrait(bob, gid)).toEqual(before);
}

describe('a server that lies about the log', () => {
  it('P001: it appends an entry by which Mallory adds herself: E_NOT_MEMBER, sending stops, no key is ever sealed to her', async () => {
    const [alice, bob, gid] = await aliceAndBob('mallory');
    const mallory = world.person('mallory');
    const before = await portrait(bob, gid);
    const ghost = await cheat(world, mallory, gid, alice);
    const made = ghost.ops({ add: [await ghost.adding(mallory)] }, false);
    await append(gid, made.entry);
    await standsAsItWas(bob, gid, before, 'E_NOT_MEMBER');
    expect(await judged(world, bob, gid)).toMatch(/^Proven/u);
    // Alice, to whom it was not shown, makes the next key for herself and Bob.
    must(await alice.client.rotateSessionKey(gid));
    const { generation } = await view(alice, gid);
    const boxes = await world.storage().boxes(gid, generation, 0);
    expect(boxes?.roster.toSorted()).toEqual([alice.pid, bob.pid].toSorted());
  });

  it(
    `P002: a byte of a valid entry is flipped on the way, at ${String(FLIPS)} places: it is never accepted`,
    { timeout: 60_000 + FLIPS * 5000 },
    async () => {
      const seed = Number(process.env['ATTACK_SEED'] ?? 2);
      process.stdout.write(`ATTACK_SEED=${String(seed)}\n`);
      const chance = dice(seed);
      world = await setupWith({ hurry: 10, memory: true, doors: ['bob'] }, 'alice', 'bob');
      const [alice, bob] = world.people('alice', 'bob');
      for (let i = 0; i < FLIPS; i++) {
        const gid = await groupOf(alice, [bob]);
        await inStep([alice, bob], gid);
        const before = await portrait(bob, gid);
        world.door('bob').script = {
          push(push) {
            if (push.name !== 'items' || push.news.gid !== gid) return null;
            const items = push.news.items.map((item) => {
              const head = item.head.slice();
              const at = chance.below(head.length);
              head[at] = (head[at] ?? 0) ^ (1 << chance.below(8));
              return { ...item, head };
            });
            return [{ name: 'items', news: { ...push.news, items } }];
          },
        };
        must(await alice.client.setPolicy(gid, { announcements: true }));
        await halts(bob, gid);
        expect(await portrait(bob, gid)).toEqual(before);
        world.door('bob').script = {};
      }
    },
  );

  it('P003: two entries are delivered the wrong way round: the missing one is asked for, and nothing is lost', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const held: (() => void)[] = [];
    world.door('bob').script = {
      push(push) {
        if (push.name !== 'items' || held.length > 0) return null;
        return new Promise((resolve) => {
          held.push(() => resolve([push]));
        });
      },
    };
    must(await alice.client.setPolicy(gid, { announcements: true }));
    must(await alice.client.setPolicy(gid, { announcements: false }));
    await inStep([alice, bob], gid);
    expect(held).toHaveLength(1);
    held[0]?.();
    await say(alice, gid, 'and on');
    await allRead([bob], gid, 'and on');
    expect(await view(bob, gid)).toMatchObject({ halted: null, warnings: [] });
    expect((await bob.replica(gid)).log).toHaveLength((await view(alice, gid)).seq + 1);
  });

  it('P004: an entry in the middle is withheld: what follows is not believed, the person is told, and it goes on once it is shown', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const before = await portrait(bob, gid);
    const end = (await bob.replica(gid)).timeline.end();
    const door = world.door('bob');
    door.script = {
      push(push) {
        if (push.name !== 'items') return null;
        const items = push.news.items.filter((item) => item.t !== end);
        return [{ name: 'items', news: { ...push.news, items } }];
      },
      after: {
        subscribe: (value) => ({
          value: { ...value, items: value.items.filter((item) => item.t !== end) },
        }),
      },
    };
    must(await alice.client.setPolicy(gid, { announcements: true }));
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    await eventually([bob], 'bob is told', async () =>
      (await warnings(bob, gid)).includes('withheld'),
    );
    expect(await portrait(bob, gid)).toEqual(before);
    expect((await view(bob, gid)).warnings).toEqual([{ kind: 'withheld', who: null }]);
    // It is asked for again, but not without end.
    const asked = door.heard.filter((request) => request.name === 'subscribe').length;
    expect(asked).toBeLessThan(30);
    door.script = {};
    await inStep([alice, bob], gid);
    expect((await view(bob, gid)).halted).toBeNull();
  });

  it('P005: an entry is delivered twice at its own place: it has one effect', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    world.door('bob').script = { push: (push) => [push, push] };
    must(await alice.client.setPolicy(gid, { announcements: true }));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    expect((await view(bob, gid)).halted).toBeNull();
    expect((await bob.replica(gid)).log).toHaveLength((await view(alice, gid)).seq + 1);
  });

  it('P006: an entry of another group of the same owner is refused: E_GID', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const other = await makeGroup(alice, 'Elsewhere');
    must(await alice.client.setPolicy(other, { announcements: true }));
    const foreign = (await alice.replica(other)).log.at(-1);
    if (foreign === undefined) throw new Error('an entry');
    const before = await portrait(bob, gid);
    await append(gid, foreign);
    await standsAsItWas(bob, gid, before, 'E_GID');
  });

  it('P007: it hands out another card for a person: E_CARD before anything is signed', async () => {
    world = await setupWith(
      { hurry: 10, memory: true, doors: ['alice'] },
      'alice',
      'bob',
      'mallory',
    );
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await makeGroup(alice);
    const before = await portrait(alice, gid);
    const { chain } = await mallory.identity();
    must(decodeChain(chain));
    const door = world.door('alice');
    door.script = { instead: { fetchCards: () => ({ value: { chain } }) } };
    const asked = door.heard.filter(({ name }) => name === 'append').length;
    expect(refused(await alice.client.editMember(gid, { add: [bob.pid] }))).toBe('E_CARD');
    expect(door.heard.filter(({ name }) => name === 'append')).toHaveLength(asked);
    expect(await portrait(alice, gid)).toEqual(before);
  });

  it('P008: it shows the first entry of another group for a link: the link is said to be bad, and nothing is sent', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const other = await makeGroup(alice, 'Elsewhere');
    const { link } = await makeLink(alice, other);
    const [entry0] = (await alice.replica(gid)).log;
    if (entry0 === undefined) throw new Error('a first entry');
    const door = world.door('bob');
    door.script = { after: { preview: (value) => ({ value: { ...value, entry0 } }) } };
    const join = must(await bob.client.openLink(link));
    expect(join).toMatchObject({ state: 'badLink', preview: null });
    expect(refused(await bob.client.requestToJoin(join.joinId, 'hello'))).toBe('E_LINK');
    expect(door.heard.filter(({ name }) => name === 'offer')).toEqual([]);
    expect(await bob.client.ownRequests()).toEqual([]);
  });

  it('P009: it shows a shorter log to a client that knows more: an alarm, nothing is taken back, nothing is sent on top', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const old = await world.branch();
    must(await alice.client.setPolicy(gid, { announcements: true }));
    must(await alice.client.setPolicy(gid, { announcements: false }));
    await say(alice, gid, 'what will be gone');
    await allRead([bob], gid, 'what will be gone');
    const before = await portrait(bob, gid);
    // It does not take back what it threw away.
    const door = world.door('bob');
    door.script = { instead: { lost: () => 'silence' } };
    door.lead(old.port);
    await eventually([bob], 'the alarm', async () => (await view(bob, gid)).behind !== null);
    expect((await view(bob, gid)).behind).toMatchObject({ missing: 3 });
    expect(await portrait(bob, gid)).toEqual(before);
    await say(bob, gid, 'never on top of it');
    await online(bob);
    expect(door.heard.filter(({ name }) => name === 'send')).toEqual([]);
  });

  it('P010: it shows a newcomer a shorter log: the first word of anybody who knows more says so', async () => {
    world = await setupWith({ hurry: 10, memory: true, doors: ['carol'] }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob]);
    await admit(alice, gid, carol);
    await inStep([alice, bob, carol], gid);
    const forgery = await forge(world, gid);
    world.door('carol').script = { push: () => [] };
    must(await alice.client.setPolicy(gid, { announcements: true }));
    must(await alice.client.setPolicy(gid, { announcements: false }));
    await inStep([alice, bob], gid);
    expect((await view(carol, gid)).warnings).toEqual([]);
    const knows = await cheat(world, bob, gid);
    forgery.add(messageItem(knows.message('as you all know')));
    forgery.showTo(world.door('carol'));
    expect(await refusedLines(carol, gid)).toEqual(['E_FORMAT']);
    expect(await texts(carol, gid)).toEqual([]);
  });

  it('P011: it shows two halves different entries at one place: the first word that crosses warns, the answer that crosses proves it, and the proof holds offline', async () => {
    world = await setupWith({ hurry: 10, memory: true, doors: ['alice', 'bob'] }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    must(await alice.client.setPolicy(gid, { modsEditProfile: true }));
    await inStep([alice, bob], gid);
    const other = await world.branch();
    const [toAlice, toBob] = [world.door('alice'), world.door('bob')];
    toBob.lead(other.port);
    await online(bob);
    must(await alice.client.editGroupInfo(gid, { about: 'one half' }));
    must(await bob.client.editGroupInfo(gid, { about: 'the other half' }));
    await say(alice, gid, 'one');
    await say(bob, gid, 'two');
    await allRead([alice], gid, 'one');
    await allRead([bob], gid, 'two');
    // One message of each crosses.
    const [ofAlice, ofBob] = [await forge(world, gid), await forge(world, gid, other.storage)];
    const [one, two] = [ofAlice.items().at(-1), ofBob.items().at(-1)];
    if (one === undefined || two === undefined) throw new Error('both wrote');
    ofAlice.add(two);
    ofBob.add(one);
    const [aliceHas, bobHas] = [ofAlice.items().length, ofBob.items().length];
    ofAlice.showTo(toAlice);
    ofBob.showTo(toBob);
    for (const [reader, author] of [
      [alice, bob],
      [bob, alice],
    ] as const)
      await eventually([reader], `${reader.name} is warned`, async () =>
        (await view(reader, gid)).warnings.some(
          (warning) => warning.kind === 'gossip' && warning.who?.pid === author.pid,
        ),
      );
    expect(await texts(alice, gid)).not.toContain('two');
    expect(await texts(bob, gid)).not.toContain('one');
    // Both answer with what the server signed for them; that crosses too.
    const fromAlice = await eventually([alice], 'she answers', () => ofAlice.items()[aliceHas]);
    const fromBob = await eventually([bob], 'he answers', () => ofBob.items()[bobHas]);
    ofAlice.add(fromBob);
    ofBob.add(fromAlice);
    ofAlice.showTo(toAlice);
    ofBob.showTo(toBob);
    for (const person of [alice, bob]) {
      expect(await halts(person, gid)).toBe('E_FORK');
      expect(await judged(world, person, gid)).toMatch(/^Proven: the server of group/u);
    }
  });

  it('P024, SX-06: a change of roles that carries the owner’s signature from another entry is refused: E_SIG', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const before = await portrait(bob, gid);
    const owner = await cheat(world, alice, gid);
    const old = (await alice.replica(gid)).log.at(-1);
    const made = owner.ops(roleOp(bob, ROLE.moderator));
    if (old === undefined) throw new Error('an entry');
    await append(gid, concat(made.entry.slice(0, -64), old.slice(-64)));
    await standsAsItWas(bob, gid, before, 'E_SIG');
  });

  it('P028: it signs another timeline for a place it has signed before: proof, that holds offline', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    await say(alice, gid, 'hello');
    await allRead([bob], gid, 'hello');
    const before = await portrait(bob, gid);
    const { timeline, head } = await bob.replica(gid);
    expect(head.checkpoint).not.toBeNull();
    const forgery = await forge(world, gid);
    const T = nextT(world.primitives, timeline.T(), 1, '7'.repeat(64) as Hash);
    const checkpoint = forgery.sign({ t: timeline.end(), T });
    world.door('bob').tell('items', { gid, items: [], checkpoint });
    await standsAsItWas(bob, gid, before, 'E_FORK');
    expect(await judged(world, bob, gid)).toMatch(/^Proven: the server of group/u);
    expect(await placeholders(bob, gid)).toEqual([]);
  });
});
