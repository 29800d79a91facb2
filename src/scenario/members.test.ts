/** Members who cheat, and people who were removed: what honest clients and an honest server make of them. */
import process from 'node:process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sealedHash } from '../crypto/hash.ts';
import { openBox, unwrapPrevious } from '../crypto/secret/groupKey.ts';
import { openMessage, sealMessage, sealText } from '../crypto/secret/seal.ts';
import { concat } from '../lib/bytes.ts';
import { keyOf } from '../engine/replica.ts';
import { padProfile } from '../engine/plans.ts';
import type { Context } from '../engine/context.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { type Gid, ZERO_HASH } from '../protocol/ids.ts';
import { batchOf } from '../protocol/keyUpdate.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import { encodeSealedText } from '../protocol/sealed.ts';
import { encodePayload } from '../protocol/text.ts';
import { cheat, type Cheat, type Made, refusalOf } from './cheat.ts';
import { entryItem, forge, messageItem } from './forgery.ts';
import {
  admit,
  allRead,
  ask,
  eventually,
  groupOf,
  inGroup,
  inStep,
  makeGroup,
  makeLink,
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
import { halts, judged, placeholders, portrait, refusedLines } from './verdicts.ts';

/** How often two moderators change the key at once; 1000 in the full run. */
const RACES = Number(process.env['ATTACK_RACES'] ?? 5);

let world: World;
afterEach(() => world.close());

async function withMallory(): Promise<[Person, Person, Person, Gid]> {
  world = await setupWith(
    { hurry: 10, memory: true, doors: ['alice', 'bob'] },
    'alice',
    'bob',
    'mallory',
  );
  const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
  const gid = await groupOf(alice, [bob, mallory]);
  await inStep([alice, bob, mallory], gid);
  return [alice, bob, mallory, gid];
}

const text = (words: string) => ({ type: 'text', text: words }) as const;

/** Gives the server a message that says it was written under another view than the client has. */
function withView(by: Cheat, t: number): ReturnType<Cheat['sealed']> {
  const { replica, identity } = by;
  const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
  if (key === null) throw new Error('no key');
  const inner = {
    prevOwn: replica.head.ownItem,
    logSeq: replica.state.seq,
    logHead: replica.state.head,
    view: { t, T: replica.timeline.T() },
    time: world.clock.now(),
  };
  const payload = must(encodePayload(text('from the future')));
  const ctr = replica.head.ownCtr + 1;
  const made = sealMessage(world.primitives, identity, key, ctr, inner, payload);
  return { ...made, file: null };
}

/** A rotation by somebody on the staff that seals a name of their own for the group. */
function renaming(by: Cheat, who: Person): Made {
  const { primitives: p } = world;
  const { update, objects } = by.keys();
  const { gid, members, generation } = by.replica.state;
  const boxes = objects[0] ?? new Uint8Array();
  const mine = 32 + 48 * [...members.keys()].toSorted().indexOf(who.pid);
  const box = concat(boxes.slice(0, 32), boxes.slice(mine, mine + 48));
  const secret = openBox(p, box, by.identity.sealing);
  if (secret === null) throw new Error('the own box opens');
  const at = { gid, generation: generation + 1, circle: CIRCLE.everyone };
  const profile = { group_name: 'Mallory’s', about: '', img: null, rules: '' };
  const padded = must(padProfile({ p } as Context, profile));
  const key = { ...at, kc: update.everyone.kc, secret };
  const sealed = encodeSealedText(sealText(p, key, by.replica.state.seq + 1, who.pid, padded));
  const keys = { ...update, profileHash: sealedHash(p, sealed) };
  const others = objects.filter((one) => sealedHash(p, one) !== update.profileHash);
  return by.entry({ kind: 'RotateSessionKey', keys, reason: 'manual' }, [...others, sealed]);
}

describe('a member who cheats', () => {
  it('P032: one counter twice, a jump, a step back: the server takes none, and shown all the same none of them is read', async () => {
    const [, bob, mallory, gid] = await withMallory();
    const cheater = await cheat(world, mallory, gid);
    const first = cheater.sealed(text('one'), { ctr: 1, prevOwn: ZERO_HASH });
    const twin = cheater.sealed(text('another one'), { ctr: 1, prevOwn: ZERO_HASH });
    const jump = cheater.sealed(text('far ahead'), { ctr: 9, prevOwn: first.item });
    const second = cheater.sealed(text('two'), { ctr: 2, prevOwn: first.item });
    const send = (made: typeof first) => refusalOf(cheater.wire, 'send', made);
    expect(await send(first)).toBe('answered');
    await allRead([bob], gid, 'one');
    expect(await send(twin)).toBe('E_REPLAY');
    expect(await send(jump)).toBe('E_GAP');
    expect(await send(second)).toBe('answered');
    await allRead([bob], gid, 'two');
    expect(await send(twin)).toBe('E_REPLAY');
    // A server that works with her shows them.
    const forgery = await forge(world, gid);
    forgery.add(messageItem(twin), messageItem(jump), messageItem(first));
    forgery.showTo(world.door('bob'));
    expect(await refusedLines(bob, gid, 3)).toEqual(['E_REPLAY', 'E_GAP', 'E_REPLAY']);
    expect(await texts(bob, gid)).toEqual(['one', 'two']);
  });

  it('P035: a message whose author says to have seen more than there was is refused: E_FORMAT', async () => {
    const [alice, bob, mallory, gid] = await withMallory();
    const cheater = await cheat(world, mallory, gid);
    const made = withView(cheater, cheater.replica.timeline.end() + 1000);
    expect(await refusalOf(cheater.wire, 'send', made)).toBe('answered');
    for (const one of [alice, bob]) {
      expect(await refusedLines(one, gid)).toEqual(['E_FORMAT']);
      expect(await view(one, gid)).toMatchObject({ halted: null, warnings: [] });
    }
  });

  it('P039: leaving and asking again without end: each time somebody decides, the link counts it, and the group goes on', async () => {
    world = await setupWith(
      { hurry: 10, memory: true, settings: { LIMIT_REQUESTS_PER_LINK_PER_HOUR: '3' } },
      'alice',
      'bob',
      'mallory',
    );
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob]);
    const { link } = await makeLink(alice, gid);
    for (let i = 0; i < 3; i++) {
      const hash = await ask(alice, gid, mallory, link);
      expect((await view(alice, gid)).members).toHaveLength(2);
      must(await alice.client.approve(gid, [hash]));
      await inGroup(mallory, gid);
      must(await mallory.client.leaveGroup(gid, 'and back'));
      await eventually([alice], 'she is gone and the key changed', async () => {
        const now = await view(alice, gid);
        return now.members.length === 2 && now.key.state === 'secured';
      });
    }
    const join_ = must(await mallory.client.openLink(link));
    expect(refused(await mallory.client.requestToJoin(join_.joinId, ''))).toBe('E_LIMIT');
    expect(must(await alice.client.requests(gid)).filter((one) => one.state === 'waiting')).toEqual(
      [],
    );
    await inStep([alice, bob], gid);
    await say(bob, gid, 'still here');
    await allRead([alice, bob], gid, 'still here');
  });

  it('P054: a rotation that seals another name for the group: the old name stays, and its author is named', async () => {
    const [alice, bob, mallory, gid] = await withMallory();
    must(await alice.client.editMember(gid, { set_role: [[mallory.pid, ROLE.moderator]] }));
    await inStep([alice, bob, mallory], gid);
    const cheater = await cheat(world, mallory, gid);
    expect(await cheater.append(renaming(cheater, mallory))).toBe('appended');
    await inStep([alice, bob], gid);
    await world.restart('bob');
    for (const one of [alice, bob]) expect((await view(one, gid)).name).toBe('Harbour garden');
    // A newcomer gets the name from those who held it, not from her.
    const carol = await world.join('carol');
    await admit(alice, gid, carol);
    expect((await view(carol, gid)).name).toBe('Harbour garden');
  });

  it('P054: who does not hold the name and is served another one shows none of it, and names who sealed it', async () => {
    const [alice, bob, mallory, gid] = await withMallory();
    must(await alice.client.editMember(gid, { set_role: [[mallory.pid, ROLE.moderator]] }));
    await inStep([alice, bob, mallory], gid);
    const door = world.door('bob');
    // Bob has not been served the true text of the newest name yet.
    door.script = { after: { sealed: () => ({ value: { text: null } }) } };
    must(await alice.client.editGroupInfo(gid, { group_name: 'Harbour meadow' }));
    await inStep([alice, bob, mallory], gid);
    const cheater = await cheat(world, mallory, gid);
    // Nobody who holds the true text mends it meanwhile.
    alice.line.block(true);
    expect(await cheater.append(renaming(cheater, mallory))).toBe('appended');
    door.script = {};
    door.cut();
    await eventually([bob], 'her name stands beside the fault', async () =>
      (await view(bob, gid)).warnings.some(
        (one) => one.kind === 'profile' && one.who?.pid === mallory.pid,
      ),
    );
    expect((await view(bob, gid)).name).not.toBe('Mallory’s');
    alice.line.block(false);
    await inStep([alice, bob], gid);
    expect((await view(alice, gid)).name).toBe('Harbour meadow');
  });

  it(
    `P057: two moderators change the key in the same moment, ${String(RACES)} times: one generation each, and what is said meanwhile arrives once`,
    async () => {
      world = await setupWith({ hurry: 10, memory: true }, 'alice', 'bob', 'carol');
      const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
      const gid = await groupOf(alice, [bob, carol]);
      must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
      await inStep([alice, bob, carol], gid);
      let slowest = 0;
      for (let i = 0; i < RACES; i++) {
        const { generation } = await view(alice, gid);
        const [first, second] = [await cheat(world, alice, gid), await cheat(world, bob, gid)];
        const word = `during ${String(i)}`;
        const [one, two] = await Promise.all([
          first.append(first.rotation()),
          second.append(second.rotation()),
          say(carol, gid, word),
        ]);
        expect([one, two].toSorted()).toEqual(['E_SEQ', 'appended']);
        const began = Date.now();
        for (const person of [alice, bob, carol])
          await eventually([person], 'the new key', async () => {
            return (await view(person, gid)).generation > generation;
          });
        slowest = Math.max(slowest, Date.now() - began);
        expect((await view(carol, gid)).generation).toBe(generation + 1);
        await allRead([alice, bob, carol], gid, word);
        for (const wire of [first.wire, second.wire]) wire.close();
      }
      process.stdout.write(
        `${String(RACES)} races, the slowest settled in ${String(slowest)} ms\n`,
      );
      expect(slowest).toBeLessThan(20_000);
      const read = await texts(alice, gid);
      expect(new Set(read).size).toBe(read.length);
      expect(read).toHaveLength(RACES);
      expect(await outgoing(carol, gid)).toEqual([]);
    },
    120_000 + RACES * 5000,
  );
});

describe('somebody who was removed', () => {
  it('P062: writes on under the old key and the server delivers it: E_NOT_MEMBER, and nothing else changes', async () => {
    const [alice, bob, mallory, gid] = await withMallory();
    const old = await cheat(world, mallory, gid);
    must(await alice.client.editMember(gid, { remove: [mallory.pid] }));
    await inStep([alice, bob], gid);
    const made = old.message('I am still here');
    expect(await refusalOf(old.wire, 'send', made)).toBe('E_NOT_MEMBER');
    const before = await portrait(bob, gid);
    const forgery = await forge(world, gid);
    forgery.add(messageItem(made));
    for (const one of [alice, bob]) {
      forgery.showTo(world.door(one.name));
      expect(await refusedLines(one, gid)).toEqual(['E_NOT_MEMBER']);
    }
    expect(await portrait(bob, gid)).toEqual(before);
    await say(alice, gid, 'without her');
    await allRead([bob], gid, 'without her');
  });

  it('P063: with every key she ever held and all the server stores she opens nothing of a later generation', async () => {
    const [alice, bob, mallory, gid] = await withMallory();
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await say(alice, gid, 'while she was here');
    await allRead([mallory], gid, 'while she was here');
    const { keys, state } = await mallory.replica(gid);
    const identity = await mallory.identity();
    must(await alice.client.editMember(gid, { remove: [mallory.pid] }));
    must(await alice.client.editGroupInfo(gid, { group_name: 'Without her' }));
    await say(alice, gid, 'after she was removed');
    must(await alice.client.rotateSessionKey(gid));
    await say(bob, gid, 'later still');
    await allRead([alice, bob], gid, 'later still');
    const { primitives: p } = world;
    const held = await alice.replica(gid);
    const storage = world.storage();
    const all = { items: 10_000, bytes: 1e9 };
    const items = await storage.items(gid, 0, 10_000, all, 'oldest');
    let opened = 0;
    let closed = 0;
    for (const item of items) {
      if (item.kind !== 'message' || item.body === null) continue;
      const header = must(decodeHeader(item.head));
      for (const key of keys.values()) {
        const plain = openMessage(p, key, header, item.head, item.body);
        const later = header.generation > state.generation;
        if (later) closed += 1;
        if (plain.ok) opened += 1;
        expect(later && plain.ok).toBe(false);
      }
    }
    // The search means something: she opens what was hers.
    expect(opened).toBeGreaterThan(0);
    expect(closed).toBeGreaterThan(0);
    for (const generation of held.generations.values()) {
      if (generation.generation <= state.generation) continue;
      for (const circle of [CIRCLE.everyone, CIRCLE.staff]) {
        const stored = await storage.boxes(gid, generation.generation, circle);
        if (stored === null) continue;
        expect(stored.roster).not.toContain(mallory.pid);
        for (let i = 0; i < stored.roster.length; i++) {
          const box = new Uint8Array([
            ...stored.boxes.slice(0, 32),
            ...stored.boxes.slice(32 + 48 * i, 80 + 48 * i),
          ]);
          expect(openBox(p, box, identity.sealing)).toBeNull();
        }
        // A wrap leads from the newer key back, never from the older one on.
        const { wrap } = batchOf(generation, circle);
        const before = held.generations.get(generation.generation - 1);
        if (wrap === null || before === undefined) continue;
        for (const key of keys.values())
          expect(
            unwrapPrevious(
              p,
              { ...key, generation: generation.generation },
              wrap,
              batchOf(before, circle),
              before.author,
            ),
          ).toBeNull();
      }
    }
  });

  it('P065: a removed moderator signs on the head before her removal and the server shows it to one client: believed there until the next word from outside', async () => {
    world = await setupWith(
      { hurry: 10, memory: true, doors: ['alice', 'bob'] },
      'alice',
      'bob',
      'mallory',
    );
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    must(await alice.client.editMember(gid, { set_role: [[mallory.pid, ROLE.moderator]] }));
    await inStep([alice, bob, mallory], gid);
    const old = await cheat(world, mallory, gid);
    const door = world.door('bob');
    let hidden = 0;
    door.script = {
      push(push) {
        if (push.name !== 'items') return null;
        hidden += 1;
        return [];
      },
    };
    const forgery = await forge(world, gid);
    must(await alice.client.editMember(gid, { remove: [mallory.pid] }));
    await eventually([alice], 'it is hidden from Bob', () => hidden > 0);
    const made = old.entry({ kind: 'LeaveGroup', note: null });
    forgery.add(entryItem(made.entry));
    forgery.showTo(door);
    await eventually([bob], 'bob believes it', async () => {
      return (await view(bob, gid)).members.length === 2;
    });
    expect((await view(bob, gid)).halted).toBeNull();
    // The next checkpoint the server signed for the others, or their next entry, contradicts it.
    const outside = await forge(world, gid);
    door.tell('items', { gid, items: [], checkpoint: outside.checkpoint() });
    expect(await halts(bob, gid)).toBe('E_FORK');
    expect(await judged(world, bob, gid)).toMatch(/^Proven: the server of group/u);
    expect(refused(await bob.client.sendMessage(gid, 'nothing more'))).toBe('E_FORK');
    expect(await placeholders(bob, gid)).toEqual([]);
  });
});

describe('what the server stores', () => {
  it('P071: holds no word of a preview, an intro, a profile or a name, and none of the secrets that open them', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice, 'Quartermasters of the marsh');
    must(await alice.client.editGroupInfo(gid, { about: 'Lanterns beside the heron' }));
    const { link } = await makeLink(alice, gid, {
      label: 'Bulletin at the ferry',
      expires: 0,
      maxUses: 3,
      role: 1,
      auto: false,
    });
    await ask(alice, gid, bob, link, 'Cinnamon on the windowsill');
    const secret = link.split('#')[1]?.split('.')[2] ?? '';
    const bytes = Buffer.from(secret, 'base64url');
    const words: (string | Buffer)[] = [
      'Quartermasters',
      'Lanterns',
      'Bulletin',
      'Cinnamon',
      secret,
      bytes,
    ];
    for (const key of (await alice.replica(gid)).keys.values()) words.push(Buffer.from(key.secret));
    const folder = join(world.folder, 'data');
    const files = await readdir(folder);
    expect(files).toContain('conclave.sqlite');
    const stored = Buffer.concat(
      await Promise.all(files.map((file) => readFile(join(folder, file)))),
    );
    expect(bytes).toHaveLength(32);
    for (const word of words) expect(stored.includes(word)).toBe(false);
    // The search means something: what is public is found.
    expect(stored.includes(Buffer.from(gid, 'hex')) || stored.includes(gid)).toBe(true);
  });
});
