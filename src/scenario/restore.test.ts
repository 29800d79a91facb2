/** A server restored from a backup: its members give back what it lost, and nothing else comes in that way. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { loseData, takeBackup } from './backup.ts';
import { sendFile, sourceOf } from '../client/files.ts';
import { concat } from '../lib/bytes.ts';
import type { Bytes } from '../lib/bytes.ts';
import { sealedHash } from '../crypto/hash.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import type { Replica } from '../engine/replica.ts';
import { judgeFile } from '../ledger/judgeFile.ts';
import { type Hash, idBytes, printId } from '../protocol/ids.ts';
import type { WireItem } from '../protocol/item.ts';
import { encodeRefusal } from '../protocol/request.ts';
import { bareLogin, cheat, refusalOf } from './cheat.ts';
import {
  accept,
  admit,
  allRead,
  ask,
  eventually,
  facts,
  groupOf,
  inGroup,
  inStep,
  makeGroup,
  makeLink,
  must,
  online,
  outgoing,
  refused,
  type Person,
  say,
  setupWith,
  texts,
  view,
  waitingFor,
  type World,
} from './setup.ts';
import type { Gid } from '../protocol/ids.ts';

/** The operator's command, as a process of its own. */
function giveUp(
  of: World,
  group: string,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server/giveUp.ts', group], {
    env: { ...process.env, DATA_DIR: join(of.folder, 'data') },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, said }));
  });
}

let world: World;
afterEach(() => world.close());

const open = (...names: string[]): Promise<World> =>
  setupWith({ memory: true, hurry: 4 }, ...names);

/** What the server holds of a group: its end and T. */
async function held(gid: Gid): Promise<{ readonly t: number; readonly T: string } | null> {
  const last = await world.storage().lastItem(gid);
  return last === null ? null : { t: last.t + 1, T: last.T };
}

/** Waits until the server holds what it held, and nobody sees it behind any more. */
async function mended(people: readonly Person[], gid: Gid, whole: unknown): Promise<void> {
  await eventually(people, 'the server has it back', async () =>
    isDeepStrictEqual(await held(gid), whole),
  );
  for (const one of people)
    await eventually([one], `${one.name} sees the server whole`, async () => {
      const group = await view(one, gid);
      expect(group.halted).toBeNull();
      return group.behind === null && (await one.client.connection()).state === 'online';
    });
}

/** Waits until this person sees everybody's name. */
async function named(one: Person, gid: Gid, people: readonly Person[]): Promise<void> {
  await eventually([one], `${one.name} knows the names`, async () => {
    const { members } = await view(one, gid);
    return people.every((who) => members.some((m) => m.pid === who.pid && m.name === who.name));
  });
}

describe('protocol 11: a server restored from a backup', () => {
  it('gets back entries, messages and keys from whoever is there, and goes on counting', async () => {
    world = await open('alice', 'bob', 'carol', 'dave');
    const [alice, bob, carol, dave] = world.people('alice', 'bob', 'carol', 'dave');
    const gid = await groupOf(alice, [bob, carol, dave]);
    await say(alice, gid, 'before');
    await allRead([alice, bob, carol, dave], gid, 'before');
    await inStep([alice, bob, carol, dave], gid);

    await takeBackup(world);
    carol.line.block(true);
    for (const text of ['one', 'two', 'three']) await say(bob, gid, text);
    await allRead([alice, bob, dave], gid, 'three');
    must(await alice.client.rotateSessionKey(gid));
    await say(bob, gid, 'under a new key');
    await allRead([alice, bob], gid, 'under a new key');
    must(await alice.client.editMember(gid, { remove: [dave.pid] }));
    await say(bob, gid, 'without Dave');
    await allRead([alice, bob], gid, 'without Dave');
    await inStep([alice, bob], gid);
    const whole = await held(gid);
    const log = await facts(alice, gid);

    await loseData(world);
    await world.startServer();
    await mended([alice, bob], gid, whole);
    await say(bob, gid, 'afterwards');
    await allRead([alice, bob], gid, 'afterwards');
    carol.line.block(false);
    await allRead([carol], gid, 'afterwards');
    expect(await texts(carol, gid)).toEqual(await texts(alice, gid));
    expect(await texts(carol, gid)).toContain('under a new key');
    expect(await facts(alice, gid)).toEqual(log);
    expect((await view(dave, gid)).standing).toBe('removed');
    expect(await texts(dave, gid)).not.toContain('without Dave');
  });

  it('gets back a group it never knew, with accounts, vault and name records made since', async () => {
    world = await open('alice');
    const [alice] = world.people('alice');
    await takeBackup(world);
    const [bob, carol] = [await world.join('bob'), await world.join('carol')];
    const code = must(await bob.client.showRecoveryCode());
    const groups = [0, 1].map((place) => [place, code.slice(5 * place, 5 * place + 5)] as const);
    must(await bob.client.proveRecoveryCode(groups));
    const gid = await makeGroup(bob, 'Night watch', [alice.pid]);
    await accept(alice, gid);
    const { link } = await makeLink(bob, gid);
    const hash = await ask(bob, gid, carol, link, 'May I?');
    await say(alice, gid, 'spawned after the backup');
    await allRead([alice, bob], gid, 'spawned after the backup');
    await named(bob, gid, [alice, bob]);
    await inStep([alice, bob], gid);
    const whole = await held(gid);

    await loseData(world);
    await world.startServer();
    await mended([alice, bob], gid, whole);
    // Nothing is taken from what nobody can read: the texts are sealed anew, the link gets a preview, the request is asked again.
    await eventually(
      [bob, carol],
      'Carol asked again',
      async () => (await world.storage().request(gid, carol.pid))?.state === 'waiting',
    );
    expect(await waitingFor(bob, gid, carol)).toBe(hash);
    await eventually([bob], 'the texts are there again', async () => {
      const { state } = await bob.replica(gid);
      const sealed = await world.storage().sealed(gid, 1);
      return sealed !== null && sealedHash(world.primitives, sealed) === state.staff?.hash;
    });
    must(await bob.client.approve(gid, [hash]));
    await inGroup(carol, gid);
    expect((await view(carol, gid)).name).toBe('Night watch');
    await named(carol, gid, [alice, bob, carol]);
    await say(carol, gid, 'here I am');
    await allRead([alice, bob, carol], gid, 'here I am');
    const dave = must(await (await world.guest()).openLink(link));
    expect(dave.preview?.name).toBe('Night watch');
    // The vault came back with its slot: the code of then opens it.
    const tablet = await eventually([bob], 'the code opens the vault', async () => {
      const vault = await world.storage().vault(bob.pid);
      return vault === null ? null : world.restore('tablet', code);
    });
    expect(tablet.pid).toBe(bob.pid);
  });

  it('with a newcomer who holds only the end of it, and a member who holds only the beginning', async () => {
    world = await open('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    await takeBackup(world);
    await say(alice, gid, 'Bob sees this');
    await allRead([bob], gid, 'Bob sees this');
    await inStep([alice, bob], gid);
    const part = await held(gid);
    await eventually(
      [bob],
      'it is stored',
      async () => (await bob.replica(gid)).timeline.end() === part?.t,
    );
    bob.line.block(true);
    await say(alice, gid, 'Bob does not');
    await admit(alice, gid, carol);
    await say(carol, gid, 'Carol is here');
    await allRead([alice, carol], gid, 'Carol is here');
    await inStep([alice, carol], gid);
    const whole = await held(gid);

    alice.line.block(true);
    await loseData(world);
    await world.startServer();
    // Carol knows that something is missing and cannot begin; Bob gives what he has.
    await eventually(
      [carol],
      'Carol sees it',
      async () => (await view(carol, gid)).behind !== null,
    );
    bob.line.block(false);
    await mended([bob], gid, part);
    expect((await view(bob, gid)).behind).toBeNull();
    expect((await view(carol, gid)).behind).not.toBeNull();
    alice.line.block(false);
    await mended([alice, bob, carol], gid, whole);
    await allRead([bob], gid, 'Carol is here');
    await say(bob, gid, 'all of us');
    await allRead([alice, bob, carol], gid, 'all of us');
  });

  it('and restarted half-way: what was given stays, the rest follows, twice given counts once', async () => {
    world = await open('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await takeBackup(world);
    const long = 'x'.repeat(30_000);
    for (let i = 0; i < 30; i++) await say(i % 2 === 0 ? alice : bob, gid, `${String(i)} ${long}`);
    await eventually(
      [alice, bob],
      'all were sent',
      async () => (await texts(alice, gid)).length === 30 && (await texts(bob, gid)).length === 30,
    );
    await inStep([alice, bob], gid);
    const whole = await held(gid);

    await loseData(world);
    let given = 0;
    const count = (one: Person): void => {
      one.line.lies = (request) => {
        if (request.name === 'giveBack') given += 1;
        if (given >= 2) one.line.block(true);
        return null;
      };
    };
    count(alice);
    count(bob);
    await world.startServer();
    await eventually([alice, bob], 'both were cut', () => given >= 2);
    const half = await eventually([], 'something was kept', async () => {
      const now = await held(gid);
      return now !== null && now.t > 4 ? now : null;
    });
    expect(half.t).toBeLessThan(whole?.t ?? 0);
    await world.stopServer();
    await world.startServer();
    expect((await held(gid))?.t).toBeGreaterThanOrEqual(half.t);
    for (const one of [alice, bob]) {
      one.line.lies = () => null;
      one.line.block(false);
    }
    await mended([alice, bob], gid, whole);
    await say(alice, gid, 'and on');
    await allRead([alice, bob], gid, 'and on');
  });

  it('a person who was removed since gives nothing wrong, gets nothing and comes back nowhere', async () => {
    world = await open('alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    await say(mallory, gid, 'hello');
    await allRead([alice, bob, mallory], gid, 'hello');
    await takeBackup(world);
    const then = await cheat(world, mallory, gid);
    must(await alice.client.editMember(gid, { remove: [mallory.pid] }));
    await say(alice, gid, 'without Mallory');
    await allRead([alice, bob], gid, 'without Mallory');
    await inStep([alice, bob], gid);
    const { head } = await alice.replica(gid);
    const whole = await held(gid);
    const { timeline, log } = await alice.replica(gid);

    alice.line.block(true);
    bob.line.block(true);
    await loseData(world);
    await world.startServer();
    const before = await held(gid);
    // A true checkpoint, whoever shows it, closes the group for what is new.
    const wire = await bareLogin(world, mallory);
    const goal = head.checkpoint ?? new Uint8Array();
    const from = before?.t ?? 0;
    const hashes = (change: (hash: string, i: number) => string): Bytes =>
      concat(
        ...timeline
          .range(from, timeline.end())
          .map((item, i) => idBytes(change(item.item, i) as Hash)),
      );
    expect(await wire.get('lost', { checkpoint: goal, from: 0, hashes: new Uint8Array() })).toEqual(
      {
        end: from,
        next: from,
        proven: false,
      },
    );
    expect(await refusalOf(wire, 'send', then.message('still here'))).toBe('E_BUSY');
    const forged = goal.slice();
    forged[40] = (forged[40] ?? 0) ^ 1;
    expect(
      await refusalOf(wire, 'lost', { checkpoint: forged, from, hashes: hashes((x) => x) }),
    ).toBe('E_SIG');
    expect(
      await refusalOf(wire, 'lost', {
        checkpoint: goal,
        from: from + 1,
        hashes: hashes((x) => x).slice(32),
      }),
    ).toBe('E_GAP');
    expect(
      await refusalOf(wire, 'lost', {
        checkpoint: goal,
        from,
        hashes: concat(
          hashes((x) => x),
          new Uint8Array(32),
        ),
      }),
    ).toBe('E_FORMAT');
    expect(
      await refusalOf(wire, 'lost', { checkpoint: goal, from, hashes: hashes((x) => x).slice(1) }),
    ).toBe('E_FORMAT');
    const wrong = hashes((x, i) => (i === 0 ? 'ab'.repeat(32) : x));
    expect(await refusalOf(wire, 'lost', { checkpoint: goal, from, hashes: wrong })).toBe('E_FORK');
    // Nothing is taken before it was proven, and afterwards nothing but the proven items.
    const stray = then.message('a stray one');
    const offer = (items: WireItem[]) => wire.ask('giveBack', { gid, items, objects: [] });
    const item = (head_: Bytes, body: Bytes | null, kind: 0 | 1): WireItem => ({
      t: from,
      kind,
      head: head_,
      body,
      at: 5,
    });
    await offer([item(stray.header, stray.body, 1)]);
    expect(await held(gid)).toEqual(before);
    expect(
      await wire.get('lost', { checkpoint: goal, from, hashes: hashes((x) => x) }),
    ).toMatchObject({ proven: true });
    expect(await offer([item(stray.header, stray.body, 1)])).toMatchObject({
      ok: false,
      error: { name: 'E_FORK' },
    });
    const removal = log.at(-1) ?? new Uint8Array();
    const bent = removal.slice();
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    expect(await offer([item(bent, null, 0)])).toMatchObject({
      ok: false,
      error: { name: 'E_FORK' },
    });
    expect(await held(gid)).toEqual(before);

    alice.line.block(false);
    bob.line.block(false);
    await mended([alice, bob], gid, whole);
    expect(await refusalOf(wire, 'send', then.message('still here'))).not.toBe('answered');
    expect(await refusalOf(wire, 'lacking', { gid })).toBe('E_NOT_MEMBER');
    expect(await refusalOf(wire, 'giveObjects', { gid, bodies: [], boxes: [] })).toBe(
      'E_NOT_MEMBER',
    );
    expect(await texts(mallory, gid)).not.toContain('without Mallory');
    expect(
      (await world.storage().memberships(mallory.pid)).find((one) => one.gid === gid)?.member,
    ).toBe(false);
  });

  it('staff messages come back with their text once somebody of the staff is there', async () => {
    world = await open('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob, carol]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, 2]] }));
    await inStep([alice, bob, carol], gid);
    await takeBackup(world);
    const { link } = await makeLink(alice, gid);
    const dave = await world.join('dave');
    const hash = await ask(alice, gid, dave, link);
    // A rejection is told to the staff by a note in their circle.
    must(await bob.client.reject(gid, hash, { note: '', block: false }));
    must(await alice.client.rotateSessionKey(gid));
    await say(carol, gid, 'done');
    await allRead([alice, bob, carol], gid, 'done');
    await inStep([alice, bob, carol], gid);
    const whole = await held(gid);
    const noted = await eventually([alice], 'the note', async () => {
      const { timeline } = await alice.replica(gid);
      return timeline.range(0, timeline.end()).find((one) => {
        const header = one.message === null ? null : decodeHeader(one.message.header);
        return header?.ok === true && header.value.circle === 1;
      });
    });

    alice.line.block(true);
    bob.line.block(true);
    await loseData(world);
    await world.startServer();
    await mended([carol], gid, whole);
    const bodiless = await world.storage().itemAt(gid, noted.t);
    expect(bodiless).toMatchObject({ kind: 'message', body: null });
    const { generation } = await view(carol, gid);
    expect(await world.storage().boxes(gid, generation, 0)).not.toBeNull();
    expect(await world.storage().boxes(gid, generation, 1)).toBeNull();
    bob.line.block(false);
    await eventually(
      [bob],
      'the staff gave its part',
      async () =>
        (await world.storage().dueBoxes(gid)).length === 0 &&
        (await world.storage().dueBodies(gid, 10)).length === 0,
    );
    expect(await world.storage().itemAt(gid, noted.t)).toMatchObject({ body: noted.message?.body });
    expect(await world.storage().boxes(gid, generation, 1)).not.toBeNull();
  });
});

describe('P009: a server that goes back', () => {
  it('is an alarm, not a halt, and it ends when the server holds as much again', async () => {
    world = await open('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await say(alice, gid, 'kept');
    await allRead([bob], gid, 'kept');
    await takeBackup(world);
    for (const text of ['lost one', 'lost two']) await say(alice, gid, text);
    await allRead([alice, bob], gid, 'lost two');
    await inStep([alice, bob], gid);
    const whole = await held(gid);
    // A server that takes nothing back: it hides, or does not know how.
    const refuse = (one: Person): void => {
      one.line.lies = (request) =>
        request.name === 'lost' ? encodeRefusal(request.id, { name: 'E_NOT_FOUND' }) : null;
    };
    refuse(alice);
    refuse(bob);
    await loseData(world);
    await world.startServer();
    for (const one of [alice, bob]) {
      const seen = await eventually([one], 'the alarm', async () => (await view(one, gid)).behind);
      expect(seen.missing).toBe(2);
      expect(seen.since).toBeGreaterThan(0);
      expect((await view(one, gid)).halted).toBeNull();
      expect(await texts(one, gid)).toContain('lost two');
    }
    for (const one of [alice, bob]) {
      one.line.lies = () => null;
      one.line.cut();
    }
    await mended([alice, bob], gid, whole);
  });
});

describe('protocol 11: messages were taken before anybody gave back', () => {
  /** Alice and Bob hold what was lost; Carol, who was away, wrote first. */
  async function parted(): Promise<Gid> {
    world = await open('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob, carol]);
    await say(alice, gid, 'common');
    await allRead([alice, bob, carol], gid, 'common');
    await inStep([alice, bob, carol], gid);
    await quiet(gid);
    await takeBackup(world);
    carol.line.block(true);
    await say(alice, gid, 'lost from Alice');
    await say(bob, gid, 'lost from Bob');
    await allRead([alice, bob], gid, 'lost from Alice');
    await allRead([alice, bob], gid, 'lost from Bob');
    for (const text of ['said of a lost file', '']) {
      const file = { name: 'plan.txt', media: 'text/plain', text };
      must(await sendFile(bob.client, gid, file, sourceOf(new Uint8Array([1, 2, 3]))));
      await eventually([bob], 'it is sent', async () => (await outgoing(bob, gid)).length === 0);
    }
    alice.line.block(true);
    bob.line.block(true);
    await loseData(world);
    await world.startServer();
    carol.line.block(false);
    await say(carol, gid, 'Carol was first');
    await allRead([carol], gid, 'Carol was first');
    await eventually([carol], 'it is sent', async () => (await outgoing(carol, gid)).length === 0);
    alice.line.block(false);
    bob.line.block(false);
    for (const one of [alice, bob])
      await eventually(
        [one],
        'it halts',
        async () => (await view(one, gid)).halted?.name === 'E_FORK',
      );
    return gid;
  }

  /** Waits until nothing comes by itself any more: names were posted. */
  async function quiet(gid: Gid): Promise<void> {
    await eventually(world.everybody(), 'the names were posted', async () => {
      const { head } = await world.person('alice').replica(gid);
      return head.namesPosted >= head.lastAddition;
    });
    await eventually(world.everybody(), 'all are at one place', async () => {
      const ends = await Promise.all(
        world.everybody().map(async (one) => (await one.replica(gid)).timeline.end()),
      );
      return new Set(ends).size === 1 && ends[0] === (await held(gid))?.t;
    });
  }

  it('halts with proof; a person may go on with the server, keeps own lost texts, and uses no counter twice', async () => {
    const gid = await parted();
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const old = await bob.replica(gid);
    const verdict = judgeFile(world.primitives, must(await bob.client.exportEvidence(gid)));
    expect(verdict.sentence).toMatch(
      /^Proven: the server of group \S+ signed two different timelines/,
    );
    expect(verdict.ok).toBe(true);
    // The others are not stopped by what can no longer be given back.
    await say(carol, gid, 'and goes on');
    await eventually([carol], 'it is sent', async () => (await outgoing(carol, gid)).length === 0);

    for (const one of [alice, bob]) must(await one.client.continueWithServer(gid));
    await allRead([alice, bob], gid, 'and goes on');
    for (const one of [alice, bob]) {
      expect((await view(one, gid)).halted).toBeNull();
      // Of a file what was said with it, if anything.
      expect(await outgoing(one, gid)).toEqual(
        one.name === 'alice' ? ['lost from Alice'] : ['lost from Bob', 'said of a lost file'],
      );
      expect(await texts(one, gid)).not.toContain('lost from Bob');
      const page = must(await one.client.timeline(gid, null));
      const mine = page.items.find((line) => line.kind === 'outgoing');
      must(await one.client.retryMessage(gid, mine?.kind === 'outgoing' ? mine.localId : ''));
    }
    await allRead([alice, bob, carol], gid, 'lost from Alice');
    await allRead([alice, bob, carol], gid, 'lost from Bob');
    await inStep([alice, bob, carol], gid);
    expect(await texts(alice, gid)).toEqual(await texts(carol, gid));
    // No counter of a lost message was used again under its key.
    const now = await bob.replica(gid);
    const names = (replica: Replica): Map<string, string> =>
      new Map(
        replica.timeline.range(0, replica.timeline.end()).flatMap((item) => {
          const header = item.message === null ? null : decodeHeader(item.message.header);
          if (header?.ok !== true) return [];
          const { author, dev, ctr, generation } = header.value;
          return [[`${author} ${dev} ${String(generation)} ${String(ctr)}`, item.item] as const];
        }),
      );
    const before = names(old);
    for (const [name, item] of names(now)) expect(before.get(name) ?? item).toBe(item);
    // A restart finds everything as it was.
    await world.restart('bob');
    await online(bob);
    await say(bob, gid, 'after a restart');
    await allRead([alice, bob, carol], gid, 'after a restart');
  });

  it('where the logs differ too nothing is taken over, and the proof names the entry', async () => {
    world = await open('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, 2]] }));
    await inStep([alice, bob], gid);
    await takeBackup(world);
    bob.line.block(true);
    must(await alice.client.rotateSessionKey(gid));
    await say(alice, gid, 'lost from Alice');
    await allRead([alice], gid, 'lost from Alice');
    alice.line.block(true);
    await loseData(world);
    await world.startServer();
    bob.line.block(false);
    await online(bob);
    expect(refused(await bob.client.continueWithServer(gid))).toBe('E_NOT_FOUND');
    expect(refused(await bob.client.exportEvidence(gid))).toBe('E_NOT_FOUND');
    must(await bob.client.rotateSessionKey(gid));
    alice.line.block(false);
    await eventually(
      [alice],
      'Alice halts',
      async () => (await view(alice, gid)).halted?.name === 'E_FORK',
    );
    expect(refused(await alice.client.continueWithServer(gid))).toBe('E_FORK');
    expect((await view(alice, gid)).halted?.name).toBe('E_FORK');
    expect(await texts(alice, gid)).toContain('lost from Alice');
    const verdict = judgeFile(world.primitives, must(await alice.client.exportEvidence(gid)));
    expect(verdict.sentence).toMatch(/signed two different logs; they differ at entry 3/);
    const log = must(await bob.client.exportLog(gid));
    expect(judgeFile(world.primitives, log)).toMatchObject({ ok: true });
    await say(bob, gid, 'Bob is not stopped');
    await eventually([bob], 'it is sent', async () => (await outgoing(bob, gid)).length === 0);
  });
});

describe('protocol 11: the operator gives up', () => {
  it('what only one who is gone could have brought; the others go on, and who comes back is told', async () => {
    world = await open('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await say(alice, gid, 'common');
    await allRead([alice, bob], gid, 'common');
    await inStep([alice, bob], gid);
    await takeBackup(world);
    bob.line.block(true);
    await say(alice, gid, 'held by Alice alone');
    await allRead([alice], gid, 'held by Alice alone');
    await eventually([alice], 'it is sent', async () => (await outgoing(alice, gid)).length === 0);
    alice.line.lies = (request) =>
      request.name === 'giveBack' ? encodeRefusal(request.id, { name: 'E_NOT_FOUND' }) : null;
    await loseData(world);
    await world.startServer();
    await eventually(
      [alice],
      'Alice showed it',
      async () => (await view(alice, gid)).behind !== null,
    );
    alice.line.block(true);
    bob.line.block(false);
    await online(bob);
    await say(bob, gid, 'waits');
    await world.stopServer();
    expect(await giveUp(world, 'nonsense')).toMatchObject({ code: 1 });
    const done = await giveUp(world, printId(gid));
    expect(done).toMatchObject({ code: 0 });
    expect(done.said).toContain('Given up');
    await world.startServer();
    expect(await giveUp(world, printId(gid))).toMatchObject({ code: 1 });
    await eventually([bob], 'Bob goes on', async () => (await outgoing(bob, gid)).length === 0);
    alice.line.lies = () => null;
    alice.line.block(false);
    await eventually(
      [alice],
      'Alice is told',
      async () => (await view(alice, gid)).halted?.name === 'E_FORK',
    );
    await say(bob, gid, 'still going on');
    await eventually([bob], 'it is sent', async () => (await outgoing(bob, gid)).length === 0);
    must(await alice.client.continueWithServer(gid));
    await allRead([alice], gid, 'still going on');
  });
});

describe('P010: a device that holds nothing, and a server that went back', () => {
  it('believes the shorter log until a member who knows more is there', async () => {
    world = await open('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    carol.line.block(true);
    const gid = await makeGroup(alice, 'Harbour garden', [bob.pid, carol.pid]);
    await accept(bob, gid);
    await inStep([alice, bob], gid);
    await takeBackup(world);
    must(await alice.client.rotateSessionKey(gid));
    await say(alice, gid, 'the newer history');
    await allRead([alice, bob], gid, 'the newer history');
    await inStep([alice, bob], gid);
    const whole = await held(gid);
    alice.line.block(true);
    bob.line.block(true);
    await loseData(world);
    await world.startServer();
    carol.line.block(false);
    await accept(carol, gid);
    expect((await view(carol, gid)).generation).toBe(1);
    expect((await view(carol, gid)).halted).toBeNull();
    bob.line.block(false);
    await mended([bob, carol], gid, whole);
    await allRead([carol], gid, 'the newer history');
    expect((await view(carol, gid)).generation).toBe(2);
  });
});
