/** A server that lies, and members who do not play by the rules: what honest clients make of it. */
import { afterEach, describe, expect, it } from 'vitest';
import { boxesHash, itemHash } from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import { sealFile } from '../crypto/secret/file.ts';
import { buildBoxes, fingerprint, keyCommitment } from '../crypto/secret/groupKey.ts';
import { linkKeys, parseLink, sealPreview } from '../crypto/secret/joinLink.ts';
import { sealRecord } from '../crypto/secret/seal.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { sealPks } from '../engine/keyring.ts';
import { keyOf } from '../engine/replica.ts';
import { createTimeline } from '../engine/timeline.ts';
import { type Bytes, ascii, concat, toBase64url, toHex } from '../lib/bytes.ts';
import { u16, v16 } from '../protocol/codec.ts';
import { decodeHeader, encodeHeader } from '../protocol/envelope.ts';
import type { Dev, Gid, Hash, Pid } from '../protocol/ids.ts';
import { ITEM } from '../protocol/item.ts';
import { decodeServerFrame, encodePush, type PushOf } from '../protocol/push.ts';
import { encodeRefusal, encodeReply } from '../protocol/request.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import {
  encodeAckBody,
  encodeMemberRecord,
  encodeNameRecordBody,
  RECORD,
} from '../protocol/sealed.ts';
import { encodePreview } from '../protocol/text.ts';
import { bareLogin, cheat } from './cheat.ts';
import {
  accept,
  allRead,
  DAY,
  eventually,
  facts,
  groupOf,
  inGroup,
  inStep,
  logWords,
  makeGroup,
  makeLink,
  must,
  online,
  outgoing,
  type Person,
  say,
  setup,
  setupWith,
  texts,
  view,
  waitingFor,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function kinds(one: Person, gid: Gid): Promise<string[]> {
  return (await view(one, gid)).warnings.map((warning) => warning.kind);
}

describe('a member who lies', () => {
  it('P033: an acknowledgement that carries the checkpoint of another group halts nobody', async () => {
    world = await setup('alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    const other = await makeGroup(mallory, 'Elsewhere');
    await inStep([alice, bob, mallory], gid);
    const foreign = await eventually([mallory], 'a checkpoint of the other group', async () => {
      return (await mallory.replica(other)).head.checkpoint;
    });
    const { wire, identity, replica } = await cheat(world, mallory, gid);
    const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
    if (key === null) throw new Error('no key');
    const { pid, dev } = identity;
    const { generation } = key;
    const body = encodeAckBody({ gid, pid, dev, generation, checkpoint: foreign });
    const { primitives: p } = world;
    const ack = concat(body, signLabelled(p, SIGN.ack, identity.device.secretKey, body));
    const record = encodeMemberRecord(sealRecord(p, key, pid, RECORD.ack, ack));
    await wire.get('putRecord', { gid, record });
    await say(alice, gid, 'still here');
    await allRead([alice, bob], gid, 'still here');
    await pause(300);
    expect((await view(bob, gid)).halted).toBeNull();
    expect((await view(alice, gid)).halted).toBeNull();
  });

  it('P036: a name record over its limit in a names file is passed over, and the client starts again', async () => {
    world = await setup('alice', 'bob', 'mallory', 'dave');
    const [alice, bob, mallory, dave] = world.people('alice', 'bob', 'mallory', 'dave');
    const gid = await groupOf(alice, [bob, mallory]);
    // Dave has not accepted, so that somebody's name is missing and files of names are looked at.
    must(await alice.client.editMember(gid, { add: [dave.pid] }));
    await inStep([alice, bob, mallory], gid);
    const cheater = await cheat(world, mallory, gid);
    const { identity } = cheater;
    const { primitives: p } = world;
    const body = encodeNameRecordBody({
      gid,
      pid: identity.pid,
      dev: identity.dev,
      version: 0xfffffff0,
      name: ascii('Big'),
      avatar: ascii('x'.repeat(60_000)),
    });
    const bytes = concat(body, signLabelled(p, SIGN.name, identity.device.secretKey, body));
    const file = sealFile(p, namesOf(bytes));
    await cheater.wire.get('putBlob', {
      gid,
      blob: file.blob,
      total: file.bytes.length,
      offset: 0,
      part: file.bytes,
    });
    const message = cheater.sealed({
      type: 'names',
      blob: file.blob,
      key: toBase64url(file.key),
      hash: file.hash,
      bytes: file.bytes.length,
    });
    await cheater.wire.get('send', message);
    await say(alice, gid, 'after');
    await allRead([bob], gid, 'after');
    await pause(500);
    const held = (await bob.replica(gid)).head.names.map((one) => one.record.length);
    expect(Math.max(...held)).toBeLessThan(2048);
    await world.restart('bob');
    expect(await texts(bob, gid)).toContain('after');
  });

  it('P045: a poisoned box of the staff circle is complained about and healed', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    must(
      await alice.client.editMember(gid, {
        set_role: [
          [bob.pid, ROLE.moderator],
          [mallory.pid, ROLE.moderator],
        ],
      }),
    );
    await inStep([alice, bob, mallory], gid);
    const { primitives: p } = world;
    const cheater = await cheat(world, mallory, gid);
    const { generation } = cheater.replica.state;
    const { update, objects } = cheater.keys();
    const staff = objects[1] ?? new Uint8Array();
    const order = [alice.pid, bob.pid, mallory.pid].toSorted().indexOf(bob.pid);
    const poisoned = staff.slice();
    poisoned[32 + 48 * order] = (poisoned[32 + 48 * order] ?? 0) ^ 1;
    const keys = { ...update, staff: { ...update.staff, boxesHash: boxesHash(p, poisoned) } };
    const made = cheater.entry({ kind: 'RotateSessionKey', keys, reason: 'manual' }, [
      ...objects.slice(0, 1),
      poisoned,
      ...objects.slice(2),
    ]);
    expect(await cheater.append(made)).toBe('appended');
    await eventually([alice, bob], 'a moderator rotates', async () => {
      return (await view(alice, gid)).generation >= generation + 2;
    });
    const healed = await eventually([bob], 'bob holds the staff key', async () => {
      const replica = await bob.replica(gid);
      return keyOf(replica, replica.state.generation, CIRCLE.staff);
    });
    expect(healed.generation).toBeGreaterThan(generation + 1);
    expect(await kinds(alice, gid)).toContain('boxes');
  });

  it('R5: one key for both circles is refused by those who hold both', async () => {
    world = await setup('alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    must(
      await alice.client.editMember(gid, {
        set_role: [
          [bob.pid, ROLE.moderator],
          [mallory.pid, ROLE.moderator],
        ],
      }),
    );
    await inStep([alice, bob, mallory], gid);
    const { primitives: p } = world;
    const cheater = await cheat(world, mallory, gid);
    const { state } = cheater.replica;
    const generation = state.generation + 1;
    const secret = p.random(32);
    const { update } = cheater.keys();
    const made = ([CIRCLE.everyone, CIRCLE.staff] as const).map((circle) => {
      const at = { gid, generation, circle };
      const batch = circle === CIRCLE.everyone ? update.everyone : update.staff;
      const boxes = buildBoxes(p, secret, at, sealPks(state, circle));
      const kc = keyCommitment(p, secret, at, batch.rosterHash, mallory.pid);
      return { boxes, batch: { ...batch, kc, boxesHash: boxesHash(p, boxes), wrap: null } };
    });
    const [everyone, staff] = made;
    if (everyone === undefined || staff === undefined) throw new Error('two circles');
    const zero = '0'.repeat(64) as Hash;
    const keys = {
      everyone: everyone.batch,
      staff: staff.batch,
      profileHash: zero,
      staffHash: zero,
    };
    const entry = cheater.entry({ kind: 'RotateSessionKey', keys, reason: 'manual' }, [
      everyone.boxes,
      staff.boxes,
    ]);
    expect(await cheater.append(entry)).toBe('appended');
    const held = await eventually([bob], 'bob has read the rotation', async () => {
      const replica = await bob.replica(gid);
      return replica.state.generation >= generation && replica;
    });
    const prints = [...held.keys.values()].map((key) => fingerprint(p, key.secret));
    expect(new Set(prints).size).toBe(prints.length);
    expect(await kinds(bob, gid)).toContain('boxes');
  });

  it('protocol 9: an entry whose view disagrees is a warning that names its author', async () => {
    world = await setup('alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    await inStep([alice, bob, mallory], gid);
    const cheater = await cheat(world, mallory, gid);
    const { timeline } = cheater.replica;
    cheater.replica.timeline = createTimeline(
      world.primitives,
      { t: timeline.end(), T: '7'.repeat(64) as Hash },
      [],
    );
    expect(await cheater.append(cheater.entry({ kind: 'LeaveGroup', note: null }))).toBe(
      'appended',
    );
    const warned = await eventually([bob], 'bob is warned', async () => {
      return (await view(bob, gid)).warnings.find((warning) => warning.kind === 'gossip') ?? null;
    });
    expect(warned.who?.pid).toBe(mallory.pid);
    expect((await view(bob, gid)).halted).toBeNull();
  });
});

/** A names file of one record, whatever its size. */
function namesOf(record: Bytes): Bytes {
  return concat(u16(1), v16(record));
}

describe('admission without review', () => {
  it('R6: a link admits no more people by itself than its cap says', async () => {
    world = await setupWith({ hurry: 5 }, 'alice', 'bob', 'carol', 'dave');
    const [alice, bob, carol, dave] = world.people('alice', 'bob', 'carol', 'dave');
    const gid = await makeGroup(alice);
    const { link } = await makeLink(alice, gid, {
      label: 'Open evening',
      expires: world.clock.now() + DAY,
      maxUses: 1,
      role: 1,
      auto: true,
    });
    alice.line.block(true);
    const guests = [bob, carol, dave];
    for (const one of guests) {
      const join = must(await one.client.openLink(link));
      must(await one.client.requestToJoin(join.joinId, ''));
    }
    alice.line.block(false);
    await eventually([alice], 'one is admitted', async () => {
      return (await view(alice, gid)).members.length > 1;
    });
    await pause(3000);
    expect((await view(alice, gid)).members).toHaveLength(2);
    expect((await view(alice, gid)).members.map((member) => member.via)).toContain('link');
  });

  it('R6: a link that expired meanwhile admits nobody by itself', async () => {
    world = await setupWith({ hurry: 5 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    const { link } = await makeLink(alice, gid, {
      label: 'Open evening',
      expires: world.clock.now() + DAY,
      maxUses: 10,
      role: 1,
      auto: true,
    });
    alice.line.block(true);
    const join = must(await bob.client.openLink(link));
    must(await bob.client.requestToJoin(join.joinId, ''));
    world.forward(DAY + 60_000);
    alice.line.block(false);
    const hash = await waitingFor(alice, gid, bob);
    await pause(3000);
    expect((await view(alice, gid)).members).toHaveLength(1);
    // A person may still say yes.
    must(await alice.client.approve(gid, [hash]));
    await inGroup(bob, gid);
  });
});

describe('a server that lies', () => {
  it('P018: it serves another box than its own record says; the true one is found, and nobody is blamed for it', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const wire = await bareLogin(world, bob);
    const { generation } = await view(bob, gid);
    const { box } = await wire.get('box', { gid, generation, circle: CIRCLE.everyone });
    // P019: a box of the generation before.
    bob.line.lies = (request) =>
      request.name === 'box' ? encodeReply(request.id, 'box', { box }) : null;
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    expect((await view(bob, gid)).key.state).toBe('secured');
    expect(await kinds(bob, gid)).toEqual([]);
    // It holds all boxes back: the server is named, not the author.
    bob.line.lies = (request) =>
      request.name === 'box' || request.name === 'boxes'
        ? encodeRefusal(request.id, { name: 'E_NOT_FOUND' })
        : null;
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    expect((await view(bob, gid)).warnings).toEqual([{ kind: 'withheld', who: null }]);
    expect((await view(bob, gid)).key.state).toBe('missing');
    const asked = await (await bareLogin(world, alice)).get('requests', { gid });
    expect(asked.complaints).toEqual([]);
    // The next time it is asked it answers, and the key is there without a rotation.
    bob.line.lies = () => null;
    bob.line.cut();
    await eventually([bob], 'the key is fetched', async () => {
      return (await view(bob, gid)).key.state === 'secured';
    });
  });

  it('P005: an entry shown a second time at a later position halts, and is no second line', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const before = await logWords(bob, gid);
    const replica = await bob.replica(gid);
    const again = replica.log[replica.state.seq];
    if (again === undefined) throw new Error('no entry');
    const item = {
      t: replica.timeline.end(),
      kind: ITEM.entry,
      head: again,
      body: null,
      at: world.clock.now(),
    };
    bob.line.inject(encodePush('items', { gid, items: [item], checkpoint: null }));
    await eventually([bob], 'bob halts', async () => (await view(bob, gid)).halted !== null);
    expect((await view(bob, gid)).halted?.name).toBe('E_FORK');
    expect(await logWords(bob, gid)).toEqual(before);
    expect((await bob.replica(gid)).head.evidence).toEqual([again]);
  });

  it('P036: a message header of another length is a placeholder, and the client starts again', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const end = (await bob.replica(gid)).timeline.end();
    const item = {
      t: end,
      kind: ITEM.message,
      head: new Uint8Array([1, 2, 3]),
      body: null,
      at: world.clock.now(),
    };
    bob.line.inject(encodePush('items', { gid, items: [item], checkpoint: null }));
    await eventually([bob], 'it is stored', async () => {
      return (await bob.replica(gid).catch(() => null)) === null ||
        (await bob.replica(gid)).timeline.end() > end
        ? true
        : null;
    });
    await world.restart('bob');
    expect((await view(bob, gid)).members).toHaveLength(2);
  });

  it('protocol 9: headers of devices nobody ever named leave no trace but their placeholders', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const replica = await bob.replica(gid);
    const { primitives: p } = world;
    const end = replica.timeline.end();
    const items = Array.from({ length: 100 }, (_, i) => ({
      t: end + i,
      kind: ITEM.message,
      head: encodeHeader({
        gid,
        author: i % 2 === 0 ? alice.pid : (toHex(p.random(32)) as Pid),
        dev: toHex(p.random(16)) as Dev,
        generation: replica.state.generation,
        circle: CIRCLE.everyone,
        ctr: 1,
        nonce: p.random(24),
        bodyLength: 420,
        bodyHash: toHex(p.random(32)) as Hash,
      }),
      body: null,
      at: world.clock.now(),
    }));
    bob.line.inject(encodePush('items', { gid, items, checkpoint: null }));
    const held = await eventually([bob], 'they are stored', async () => {
      const now = await bob.replica(gid);
      return now.timeline.end() === end + 100 && now;
    });
    expect(held.chains.size).toBeLessThanOrEqual(2);
  });

  it('P017: it says E_STALE_GEN or E_PENDING without cause, and gets the same bytes again, nothing sealed anew', async () => {
    world = await setupWith({ hurry: 20 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    for (const name of ['E_PENDING', 'E_STALE_GEN'] as const) {
      const seen = new Map<number, Set<string>>();
      let refusals = 0;
      bob.line.lies = (request) => {
        if (request.name !== 'send') return null;
        const header = must(decodeHeader(request.args.header));
        const items = seen.get(header.ctr) ?? new Set();
        seen.set(header.ctr, items.add(itemHash(world.primitives, request.args.header)));
        refusals += 1;
        return encodeRefusal(request.id, { name });
      };
      await say(bob, gid, `one ${name}`);
      await say(bob, gid, `two ${name}`);
      await eventually([bob], 'it was refused', () => refusals > 0);
      await pause(500);
      bob.line.cut();
      await online(bob);
      await pause(500);
      expect([...seen.values()].every((items) => items.size === 1)).toBe(true);
      // Honest again: all of it arrives once.
      bob.line.lies = () => null;
      bob.line.cut();
      await allRead([alice, bob], gid, `two ${name}`);
      expect(await outgoing(bob, gid)).toEqual([]);
      expect((await texts(alice, gid)).filter((text) => text.endsWith(name))).toHaveLength(2);
    }
  });

  it('protocol 11: it refuses a message for a reason the log does not show: the counter is not given back, and the person is told', async () => {
    world = await setupWith({ hurry: 20 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const seen = new Map<number, Set<string>>();
    bob.line.lies = (request) => {
      if (request.name !== 'send') return null;
      const header = must(decodeHeader(request.args.header));
      const items = seen.get(header.ctr) ?? new Set();
      seen.set(header.ctr, items.add(itemHash(world.primitives, request.args.header)));
      return encodeRefusal(request.id, { name: 'E_ROLE' });
    };
    await say(bob, gid, 'am I an observer');
    await eventually([bob], 'bob is told', async () =>
      (await kinds(bob, gid)).includes('withheld'),
    );
    const [line] = await outgoing(bob, gid);
    expect(line).toBe('am I an observer');
    await say(bob, gid, 'and now');
    bob.line.lies = () => null;
    bob.line.cut();
    await online(bob);
    await allRead([alice, bob], gid, 'and now');
    expect(await texts(alice, gid)).toEqual(['am I an observer', 'and now']);
    expect([...seen.values()].every((items) => items.size === 1)).toBe(true);
  });

  it('P023: it acknowledges a message and never shows it: the sender is told, and nothing is sent twice once it does', async () => {
    world = await setupWith({ hurry: 20 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    bob.line.twists = (frame) => {
      const read = decodeServerFrame(frame);
      const items = read.ok && read.value.kind === 'push' && read.value.push.name === 'items';
      return items ? new Uint8Array() : frame;
    };
    bob.line.lies = (request) =>
      request.name === 'subscribe' ? encodeRefusal(request.id, { name: 'E_BUSY' }) : null;
    await say(bob, gid, 'into the void');
    await eventually([bob], 'he is told', async () => {
      const { items } = must(await bob.client.timeline(gid, null));
      return items.some(
        (line) =>
          line.kind === 'outgoing' &&
          line.send.state === 'failed' &&
          line.send.reason.name === 'E_WITHHELD',
      );
    });
    bob.line.twists = (frame) => frame;
    bob.line.lies = () => null;
    bob.line.cut();
    await say(bob, gid, 'after it');
    await allRead([alice, bob], gid, 'after it');
    expect(await texts(bob, gid)).toEqual(['into the void', 'after it']);
    expect(await outgoing(bob, gid)).toEqual([]);
  });

  it('P148: a clock said to be days ahead makes no moderator rotate again and again', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const before = await facts(bob, gid);
    const hellos: PushOf<'hello'>[] = [];
    alice.line.twists = (frame) => {
      const read = decodeServerFrame(frame);
      if (read.ok && read.value.kind === 'push' && read.value.push.name === 'hello')
        hellos.push(read.value.push.news);
      return frame;
    };
    alice.line.cut();
    const hello = await eventually([alice], 'hello', () => hellos[0]);
    await online(alice);
    alice.line.inject(encodePush('hello', { ...hello, time: world.clock.now() + 8 * DAY }));
    await say(alice, gid, 'what time is it');
    await allRead([alice, bob], gid, 'what time is it');
    await pause(2000);
    expect(await facts(bob, gid)).toEqual(before);
  });

  it('protocol 10: another preview than the log names is a warning once the newcomer can see the log', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await makeGroup(alice);
    const { link } = await makeLink(alice, gid);
    const { primitives: p } = world;
    const parsed = must(parseLink(p, link));
    const keys = linkKeys(p, parsed.secret);
    // The server and somebody who knows the link, together.
    const json = encodePreview({
      name: 'Harbour garden',
      about: '',
      image: null,
      rules: '',
      size: '1-9',
      inviter: 'alice',
      review: true,
      history: 'none',
      intake_pk: toBase64url(p.boxPublicKey(p.random(32))),
      made: world.clock.now(),
    });
    const fake = sealPreview(p, await carol.identity(), gid, keys, must(json));
    const wire = await bareLogin(world, carol);
    const honest = await wire.get('preview', { gid, linkPk: keys.pk });
    bob.line.lies = (request) =>
      request.name === 'preview'
        ? encodeReply(request.id, 'preview', { ...honest, preview: fake })
        : null;
    const join = must(await bob.client.openLink(link));
    must(await bob.client.requestToJoin(join.joinId, 'hello'));
    must(await alice.client.approve(gid, [await waitingFor(alice, gid, bob)]));
    await inGroup(bob, gid);
    await eventually([bob], 'bob is warned', async () => {
      return (await kinds(bob, gid)).includes('preview');
    });
    // Nobody lied to Carol.
    const other = must(await carol.client.openLink(link));
    must(await carol.client.requestToJoin(other.joinId, 'hello'));
    must(await alice.client.approve(gid, [await waitingFor(alice, gid, carol)]));
    await inGroup(carol, gid);
    expect(await kinds(carol, gid)).toEqual([]);
  });
});

describe('reading backwards', () => {
  it('AO-37: pages of long messages are read to the beginning', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    for (let i = 0; i < 24; i++) await say(alice, gid, `${String(i)} ${'x'.repeat(40_000)}`);
    await eventually(
      [alice],
      'all are sent',
      async () => (await outgoing(alice, gid)).length === 0,
    );
    must(await alice.client.editMember(gid, { add: [bob.pid] }));
    await accept(bob, gid);
    const read = await texts(bob, gid);
    expect(read.filter((text) => text.length > 40_000)).toHaveLength(24);
  });
});
