/** Somebody between a client and the server, and connections that break: nothing is half done, nothing changed is believed. */
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bytes } from '../lib/bytes.ts';
import { ROLE } from '../protocol/role.ts';
import { cheat } from './cheat.ts';
import { dice } from './dice.ts';
import {
  allRead,
  ask,
  eventually,
  groupOf,
  inGroup,
  inStep,
  makeGroup,
  makeLink,
  must,
  online,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';
import { portrait } from './verdicts.ts';

let world: World;
afterEach(() => world.close());

describe('somebody in the middle', () => {
  it('P080: who holds the connection open and changes bytes changes nothing: what was changed is dropped, and all is there afterwards', async () => {
    const seed = Number(process.env['ATTACK_SEED'] ?? 80);
    process.stdout.write(`ATTACK_SEED=${String(seed)}\n`);
    const chance = dice(seed);
    world = await setupWith({ hurry: 10, memory: true, doors: ['bob'] }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const door = world.door('bob');
    let changed = 0;
    /** Changes one bit of so many frames, the next ones that come. */
    const flips = (frames: number): ((frame: Bytes) => Bytes) => {
      const last = changed + frames;
      return (frame) => {
        if (changed >= last) return frame;
        changed += 1;
        const other = frame.slice();
        const at = chance.below(other.length);
        other[at] = (other[at] ?? 0) ^ (1 << chance.below(8));
        return other;
      };
    };
    const spoken = Array.from({ length: 8 }, (_, i) => `word ${String(i)}`);
    for (const word of spoken) {
      const before = changed;
      door.script = { bytes: { up: flips(1) } };
      await say(bob, gid, word);
      await eventually([bob], 'it was changed', () => changed > before);
      door.script = {};
      door.cut();
      await online(bob);
    }
    await allRead([alice, bob], gid, spoken.at(-1) ?? '');
    expect(await texts(alice, gid)).toEqual(spoken);
    expect(await view(alice, gid)).toMatchObject({ halted: null, warnings: [] });

    const before = changed;
    door.script = { bytes: { down: flips(3) } };
    for (let i = 0; i < 8; i++) await say(alice, gid, `answer ${String(i)}`);
    await eventually([bob], 'three were changed', () => changed === before + 3);
    door.script = {};
    door.cut();
    // What was changed is a message nobody reads, or it contradicts what the server signed, and he stops: never another word.
    await eventually([bob], 'he reads on, or has stopped', async () => {
      const read = await texts(bob, gid);
      return read.includes('answer 7') || (await view(bob, gid)).halted !== null;
    });
    const answers = Array.from({ length: 8 }, (_, i) => `answer ${String(i)}`);
    expect(
      (await texts(bob, gid)).filter((text) => !spoken.includes(text) && !answers.includes(text)),
    ).toEqual([]);
    const shown = await view(bob, gid);
    expect(shown.members.map((one) => one.pid).toSorted()).toEqual([alice.pid, bob.pid].toSorted());
  });

  it('P083: an approval and a rotation are cut off at every frame: afterwards they are done or not done, never half', async () => {
    world = await setupWith({ hurry: 20, memory: true, doors: ['alice'] }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob]);
    const { link } = await makeLink(alice, gid);
    const door = world.door('alice');
    let cuts = 0;
    for (let step = 0; step < 8; step++) {
      const hash = await ask(alice, gid, carol, link);
      const before = await view(alice, gid);
      let frames = 0;
      const count = (frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
        frames += 1;
        if (frames === step + 1) {
          cuts += 1;
          door.cut();
        }
        return frame;
      };
      door.script = { bytes: { up: count, down: count } };
      const done = await alice.client.approve(gid, [hash]);
      door.script = {};
      door.cut();
      await online(alice);
      await inStep([alice, bob], gid);
      const after = await view(bob, gid);
      const inside = after.members.some((one) => one.pid === carol.pid);
      // The member and the key come together.
      expect(after.generation).toBe(before.generation + (inside ? 1 : 0));
      expect(after.key.state).toBe('secured');
      expect(done.ok && !inside).toBe(false);
      if (!inside) must(await alice.client.approve(gid, [hash]));
      await inGroup(carol, gid);
      await say(carol, gid, `after ${String(step)}`);
      await allRead([alice, bob], gid, `after ${String(step)}`);
      must(await alice.client.editMember(gid, { remove: [carol.pid] }));
      await inStep([alice, bob], gid);
    }
    expect(cuts).toBeGreaterThan(4);
  });

  it('P084: the same submission, repeated ten times, is one entry', async () => {
    world = await setupWith({ hurry: 10, memory: true, doors: ['bob'] }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice, 'Harbour garden', [bob.pid]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    await eventually([bob], 'bob is in', async () => (await bob.client.group(gid)).ok);
    await inStep([alice, bob], gid);
    const { seq } = await view(alice, gid);
    const cheater = await cheat(world, bob, gid);
    const made = cheater.rotation();
    for (let i = 0; i < 10; i++) expect(await cheater.append(made)).toBe('appended');
    await eventually([alice], 'it is there', async () => (await view(alice, gid)).seq > seq);
    await inStep([alice, bob], gid);
    expect((await view(alice, gid)).seq).toBe(seq + 1);
    // The same through a client whose answers are lost: it tries again, and nothing is done twice.
    let lost = 0;
    const door = world.door('bob');
    door.script = {
      after: {
        append: () => {
          lost += 1;
          if (lost > 3) return null;
          door.cut();
          return 'silence';
        },
      },
    };
    const before = await portrait(alice, gid);
    expect(before).toBeDefined();
    must(await bob.client.editGroupInfo(gid, { about: 'once' }));
    await eventually([alice], 'it is done', async () => (await view(alice, gid)).about === 'once');
    await inStep([alice, bob], gid);
    expect((await view(alice, gid)).seq).toBe(seq + 2);
  });
});
