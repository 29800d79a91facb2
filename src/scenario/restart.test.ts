/** Killing and starting again: the server as its own process, clients from their folders. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import type { Gid } from '../protocol/ids.ts';
import { dice } from './dice.ts';
import { killAll, startProcess } from './serverProcess.ts';
import {
  accept,
  allRead,
  eventually,
  facts,
  groupOf,
  inStep,
  lines,
  makeGroup,
  must,
  online,
  outgoing,
  type Person,
  say,
  setup,
  setupWith,
  texts,
  type World,
} from './setup.ts';

let world: World;
let dataDir: string | null = null;
afterEach(async () => {
  await world.close();
  killAll();
  if (dataDir !== null) await rm(dataDir, { recursive: true, force: true });
  dataDir = null;
});

describe('a server that is killed', () => {
  it('SL-23: messages flow while the server is killed again and again: nothing acknowledged is missing, the outbox delivers the rest, nothing comes twice', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'conclave-killed-'));
    let server = await startProcess(dataDir, 0);
    const { port } = server;
    world = await setupWith({ foreignServer: true, port, hurry: 5 }, 'alice', 'bob', 'carol');
    const people = world.people('alice', 'bob', 'carol');
    const [alice, bob, carol] = people;
    const gid = await groupOf(alice, [bob, carol]);
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 100_000);
    process.stdout.write(`FUZZ_SEED=${String(seed)}\n`);
    const d = dice(seed);
    const said: string[] = [];
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 12; i++) {
        const one = d.pick(people);
        const text = `${String(round)}/${String(i)} ${one.name}`;
        said.push(text);
        await say(one, gid, text);
      }
      // Somewhere in the middle of it: what was told as stored must be there afterwards.
      const goal = said.length - d.below(10);
      const acknowledged = await eventually([alice], 'some are stored', async () => {
        const seen = await texts(alice, gid);
        return seen.length >= Math.min(goal, said.length - 1) && seen;
      });
      await server.kill();
      server = await startProcess(dataDir, port);
      for (const one of people) await one.client.reconnect();
      for (const one of people) await online(one);
      expect((await texts(alice, gid)).slice(0, acknowledged.length)).toEqual(acknowledged);
    }
    for (const one of people)
      await eventually([one], 'all of it', async () => {
        return (await texts(one, gid)).length === said.length;
      });
    const told = await texts(alice, gid);
    expect(told.toSorted()).toEqual(said.toSorted());
    for (const one of people) {
      expect(await texts(one, gid), `seed ${String(seed)}`).toEqual(told);
      expect(await outgoing(one, gid)).toEqual([]);
      const own = said.filter((text) => text.endsWith(one.name));
      expect(told.filter((text) => text.endsWith(one.name))).toEqual(own);
    }
    await inStep(people, gid);
    await server.kill();
  });
});

describe('a client that starts again', () => {
  let gid: Gid;
  let alice: Person;
  let bob: Person;
  const begin = async (): Promise<void> => {
    world = await setup('alice', 'bob');
    [alice, bob] = world.people('alice', 'bob');
    gid = await groupOf(alice, [bob]);
  };

  it('SL-23, bug 16: shows the same timeline and facts from its folder, without a server', async () => {
    await begin();
    for (let i = 0; i < 80; i++) await say(i % 2 === 0 ? alice : bob, gid, `line ${String(i)}`);
    await eventually([bob], 'all lines', async () => (await texts(bob, gid)).length === 80);
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    await eventually([bob], 'nothing on its way', async () => {
      return (await outgoing(bob, gid)).length === 0;
    });
    const before = { lines: await lines(bob, gid), facts: await facts(bob, gid) };
    await eventually([bob], 'stored', async () => {
      const { timeline, state } = await bob.replica(gid);
      const last = before.lines.at(-1);
      return last?.kind === 'log' && timeline.end() === last.t + 1 && state.generation === 2;
    });
    bob.line.block(true);
    await world.restart('bob');
    expect(await bob.client.account()).toMatchObject({ pid: bob.pid, name: 'bob' });
    expect(await lines(bob, gid)).toEqual(before.lines);
    expect(await facts(bob, gid)).toEqual(before.facts);
  });

  it('11: the outbox survives a restart while offline and goes out in order when the line is back', async () => {
    await begin();
    await say(bob, gid, 'before');
    await allRead([alice, bob], gid, 'before');
    bob.line.block(true);
    for (const word of ['one', 'two', 'three']) await say(bob, gid, word);
    expect(await outgoing(bob, gid)).toEqual(['one', 'two', 'three']);
    await world.restart('bob');
    expect(await outgoing(bob, gid)).toEqual(['one', 'two', 'three']);
    must(await alice.client.rotateSessionKey(gid));
    bob.line.block(false);
    await bob.client.reconnect();
    await allRead([alice, bob], gid, 'three');
    expect(await texts(alice, gid)).toEqual(['before', 'one', 'two', 'three']);
    expect(await outgoing(bob, gid)).toEqual([]);
  });

  it('11: a message whose acknowledgement was lost is not sent twice after a restart', async () => {
    await begin();
    for (let round = 0; round < 10; round++) {
      await say(bob, gid, `round ${String(round)}`);
      // Cut and restarted at once: whether it was stored is not known to the client.
      bob.line.cut();
      await world.restart('bob');
    }
    await allRead([alice, bob], gid, 'round 9');
    const due = Array.from({ length: 10 }, (_, i) => `round ${String(i)}`);
    expect(await texts(alice, gid)).toEqual(due);
    expect(await texts(bob, gid)).toEqual(due);
  });

  it('11: a message waits in a stopped server’s absence and is told as waiting, not as sent', async () => {
    await begin();
    await world.stopServer();
    await eventually([bob], 'bob is offline', async () => {
      return (await bob.client.connection()).state !== 'online';
    });
    await say(bob, gid, 'patience');
    const page = must(await bob.client.timeline(gid, null));
    expect(page.items.at(-1)).toMatchObject({ kind: 'outgoing', send: { state: 'queued' } });
    await world.startServer();
    await allRead([alice, bob], gid, 'patience');
    expect(await outgoing(bob, gid)).toEqual([]);
  });

  it('10: a request waits through restarts of applicant, staff and server', async () => {
    world = await setup('alice', 'bob');
    [alice, bob] = world.people('alice', 'bob');
    gid = await makeGroup(alice);
    const pk = must(
      await alice.client.createLink(gid, {
        label: '',
        expires: 0,
        maxUses: 0,
        role: 1,
        auto: false,
      }),
    );
    const join = must(await bob.client.openLink(must(await alice.client.copyLink(gid, pk))));
    must(await bob.client.requestToJoin(join.joinId, 'patient'));
    await world.restart('bob');
    await world.stopServer();
    await world.startServer();
    await world.restart('alice');
    const hash = await eventually([alice], 'the request', async () => {
      const [request] = must(await alice.client.requests(gid));
      return request?.note === 'patient' && request.hash;
    });
    must(await alice.client.approve(gid, [hash]));
    await eventually([bob], 'admitted', async () => {
      const [own] = await bob.client.ownRequests();
      return own?.state === 'admitted';
    });
    await say(bob, gid, 'here');
    await allRead([alice], gid, 'here');
  });

  it('13: an invitation survives a restart and can still be accepted', async () => {
    world = await setup('alice', 'bob');
    [alice, bob] = world.people('alice', 'bob');
    gid = await makeGroup(alice, 'Harbour garden', [bob.pid]);
    await eventually([bob], 'invited', async () => (await bob.client.group(gid)).ok);
    await world.restart('bob');
    await accept(bob, gid);
    await say(bob, gid, 'thank you');
    await allRead([alice], gid, 'thank you');
  });

  it('SL-03: a client closed in the middle of its work leaves no half-done state behind', async () => {
    await begin();
    for (let round = 0; round < 5; round++) {
      const work = [
        alice.client.rotateSessionKey(gid),
        alice.client.sendMessage(gid, `late ${String(round)}`),
        alice.client.editGroupInfo(gid, { group_name: `Name ${String(round)}` }),
      ];
      await world.restart('alice');
      // Each is answered, one way or another, though its client is gone.
      await Promise.all(work);
    }
    await online(alice);
    await say(alice, gid, 'the end');
    await allRead([alice, bob], gid, 'the end');
    await inStep([alice, bob], gid);
    expect(await texts(bob, gid)).toEqual(await texts(alice, gid));
  });
});
