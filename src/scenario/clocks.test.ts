/** Clocks that are off: a device's by a day or three, ahead and behind, and the server's between two runs. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Gid } from '../protocol/ids.ts';
import { encodeRefusal } from '../protocol/request.ts';
import { ROLE } from '../protocol/role.ts';
import {
  admit,
  allRead,
  ask,
  DAY,
  eventually,
  facts,
  groupOf,
  inGroup,
  inStep,
  lines,
  makeGroup,
  makeLink,
  must,
  online,
  outgoing,
  type Person,
  refused,
  REVIEWED,
  say,
  setupWith,
  texts,
  view,
  waitingFor,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

const QUICK = { hurry: 20, memory: true };
const MINUTE = 60_000;

/** What the server says the time is, as a client corrects its own. */
async function serverNow(one: Person, ownOff: number): Promise<number> {
  const connection = await one.client.connection();
  if (connection.state !== 'online') throw new Error('not online');
  return world.clock.now() + ownOff + connection.clockOffBy;
}

/** The times of all entries of a group, in order, as they are signed. */
async function signedTimes(one: Person, gid: Gid): Promise<number[]> {
  return (await one.replica(gid)).acts.map(({ entry }) => entry.time);
}

const inOrder = (times: readonly number[]): void =>
  expect(times).toEqual(times.toSorted((a, b) => a - b));

describe.each([
  ['a day ahead', DAY - MINUTE],
  ['a day behind', MINUTE - DAY],
])('P148: a clock %s', (_, off) => {
  it('of the owner: links, approvals, keys, messages and roles are made in the server’s time, and expire in it', async () => {
    world = await setupWith({ ...QUICK, clocks: { alice: off } }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    await online(alice);
    expect(await alice.client.connection()).toMatchObject({ state: 'online' });
    const gid = await makeGroup(alice);
    const hour = (await serverNow(alice, off)) + 60 * MINUTE;
    const { link, pk } = await makeLink(alice, gid, { ...REVIEWED, expires: hour });
    const hash = await ask(alice, gid, bob, link);
    expect(must(await alice.client.links(gid))[0]?.state).toBe('live');
    expect(must(await alice.client.requests(gid))[0]).toMatchObject({ blocked: null });
    must(await alice.client.approve(gid, [hash]));
    await inGroup(bob, gid);
    await say(alice, gid, 'what time is it');
    await say(bob, gid, 'late');
    await allRead([alice, bob], gid, 'what time is it');
    await allRead([alice, bob], gid, 'late');
    must(await alice.client.rotateSessionKey(gid));
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    await inStep([alice, bob], gid);
    must(await bob.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    const times = await signedTimes(bob, gid);
    inOrder(times);
    for (const time of times) expect(Math.abs(time - world.clock.now())).toBeLessThan(MINUTE);
    // An hour later the link is over for everybody, whatever their clock says.
    world.forward(61 * MINUTE);
    expect(must(await alice.client.links(gid)).find((one) => one.pk === pk)?.state).toBe('expired');
    expect(must(await carol.client.openLink(link)).state).toBe('expired');
    expect(await facts(alice, gid)).toEqual(await facts(bob, gid));
    expect((await view(alice, gid)).warnings).toEqual([]);
    expect((await view(bob, gid)).warnings).toEqual([]);
  });

  it('of who asks: the request lives thirteen days of the server’s time', async () => {
    world = await setupWith({ ...QUICK, clocks: { bob: off } }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    const { link } = await makeLink(alice, gid);
    const hash = await ask(alice, gid, bob, link);
    const [request] = await bob.client.ownRequests();
    const left = (request?.expires ?? 0) - world.clock.now();
    expect(Math.abs(left - 13 * DAY)).toBeLessThan(MINUTE);
    world.forward(12 * DAY);
    for (const one of [alice, bob]) one.line.cut();
    await online(bob);
    expect((await bob.client.ownRequests())[0]?.state).toBe('waiting');
    world.forward(1.1 * DAY);
    bob.line.cut();
    await eventually([bob], 'it has run out', async () => {
      return (await bob.client.ownRequests())[0]?.state === 'expired';
    });
    expect(must(await alice.client.requests(gid))[0]?.state).toBe('expired');
    expect(refused(await alice.client.approve(gid, [hash]))).toBe('E_REQ');
    // Asking again works.
    must(await bob.client.requestToJoin(must(await bob.client.openLink(link)).joinId, ''));
    must(await alice.client.approve(gid, [await waitingFor(alice, gid, bob)]));
    await inGroup(bob, gid);
  });
});

it('P148: a clock that is set right while connected, as systems do: the next act is made in the server’s time', async () => {
  world = await setupWith({ ...QUICK, guards: 20, clocks: { alice: -DAY / 2 } }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  world.turnClock('alice', 0);
  await eventually([alice], 'it is noticed', async () => {
    const connection = await alice.client.connection();
    return connection.state === 'online' && Math.abs(connection.clockOffBy) < MINUTE;
  });
  must(await alice.client.rotateSessionKey(gid));
  await inStep([alice, bob], gid);
  inOrder(await signedTimes(bob, gid));
});

it('P148: a clock a day behind waits no day where the server says when to come back', async () => {
  world = await setupWith({ ...QUICK, clocks: { bob: -DAY } }, 'bob');
  const [bob] = world.people('bob');
  await online(bob);
  let turnedAway = false;
  bob.line.lies = ({ id, name }) => {
    if (turnedAway || name !== 'auth') return null;
    turnedAway = true;
    return encodeRefusal(id, { name: 'E_LIMIT', retryAt: Math.ceil(world.clock.now()) + 1000 });
  };
  bob.line.cut();
  await eventually([bob], 'he was turned away', () => turnedAway);
  await online(bob);
});

describe.each([
  ['ahead', 3 * DAY, 'E_TIME'],
  ['behind', -3 * DAY, null],
])('P148: a clock three days %s', (_, off, refusal) => {
  it('talks; what would be signed ahead of the server is refused until the person says that its time holds, and then everything works', async () => {
    world = await setupWith({ ...QUICK, guards: 20 }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob]);
    const { link } = await makeLink(alice, gid);
    const before = await inStep([alice, bob], gid);
    world.turnClock('alice', off);
    await world.restart('alice');
    await online(alice);
    expect(await alice.client.connection()).toMatchObject({ state: 'online', clockAsks: true });
    // Talking asks no clock.
    await say(alice, gid, 'off by three days');
    await allRead([alice, bob], gid, 'off by three days');
    expect(await outgoing(alice, gid)).toEqual([]);
    const hash = await ask(alice, gid, carol, link);
    const rotated = await alice.client.rotateSessionKey(gid);
    expect(rotated.ok ? null : rotated.error.name).toBe(refusal);
    expect(await inStep([alice, bob], gid)).toBe(rotated.ok ? before + 1 : before);
    must(await alice.client.useServerTime());
    expect(await alice.client.connection()).toMatchObject({ state: 'online', clockAsks: false });
    must(await alice.client.approve(gid, [hash]));
    await inGroup(carol, gid);
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol], gid);
    const times = await signedTimes(bob, gid);
    inOrder(times);
    for (const time of times) expect(Math.abs(time - world.clock.now())).toBeLessThan(MINUTE);
    await say(carol, gid, 'thank you');
    await allRead([alice, bob, carol], gid, 'thank you');
    // Agreed to is this difference, and no other one.
    world.turnClock('alice', 2 * off);
    alice.line.cut();
    await eventually([alice], 'it is asked again', async () => {
      const connection = await alice.client.connection();
      return connection.state === 'online' && connection.clockAsks;
    });
  });
});

it('P148: a newcomer whose clock is three days ahead asks once it was agreed that the server’s time holds', async () => {
  world = await setupWith({ ...QUICK, clocks: { bob: 3 * DAY } }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await makeGroup(alice);
  const { link } = await makeLink(alice, gid);
  const { joinId } = must(await bob.client.openLink(link));
  expect(refused(await bob.client.requestToJoin(joinId, 'hello'))).toBe('E_TIME');
  must(await bob.client.useServerTime());
  must(await bob.client.requestToJoin(joinId, 'hello'));
  must(await alice.client.approve(gid, [await waitingFor(alice, gid, bob)]));
  await inGroup(bob, gid);
});

it('P148: a device whose clock goes back a day between two runs keeps its tasks, its order and its word', async () => {
  world = await setupWith({ hurry: 10, memory: true }, 'alice', 'bob', 'carol');
  const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
  const gid = await groupOf(alice, [bob]);
  const { link } = await makeLink(alice, gid);
  const hash = await ask(alice, gid, carol, link);
  const act = { kind: 'approve', requests: [hash], role: 'link', history: false } as const;
  must(await alice.client.startTask(gid, act, 5000));
  await say(alice, gid, 'first');
  world.turnClock('alice', -DAY);
  await world.restart('alice');
  await say(alice, gid, 'second');
  await allRead([alice, bob], gid, 'second');
  expect(await texts(bob, gid)).toEqual(['first', 'second']);
  const [task] = await alice.client.tasks();
  expect((task?.notBefore ?? 0) - (world.clock.now() - DAY)).toBeLessThanOrEqual(5000);
  await inGroup(carol, gid);
  must(await alice.client.rotateSessionKey(gid));
  await inStep([alice, bob, carol], gid);
  inOrder(await signedTimes(bob, gid));
});

it('P148: a server whose clock jumps a day ahead and back between its runs: times never fall, and no group stops', async () => {
  world = await setupWith({ ...QUICK, guards: 20 }, 'alice', 'bob', 'carol', 'dave');
  const [alice, bob, carol, dave] = world.people('alice', 'bob', 'carol', 'dave');
  const gid = await groupOf(alice, [bob]);
  let said = 0;
  const goOn = async (): Promise<void> => {
    for (const one of [alice, bob]) {
      said += 1;
      await say(one, gid, `word ${String(said)}`);
      await allRead([alice, bob], gid, `word ${String(said)}`);
    }
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
  };
  await goOn();
  for (const jump of [DAY, -DAY, -DAY, DAY]) {
    await world.stopServer();
    world.turnServer(jump);
    await world.startServer();
    for (const one of [alice, bob, carol, dave]) await one.client.reconnect();
    for (const one of [alice, bob, carol, dave]) await online(one);
    await goOn();
    if (jump === -DAY && said < 8) await admit(alice, gid, carol);
  }
  await admit(alice, gid, dave);
  await inStep([alice, bob, carol, dave], gid);
  for (const one of [alice, bob]) {
    const shown = await lines(one, gid);
    inOrder(shown.flatMap((line) => ('at' in line && line.kind !== 'outgoing' ? [line.at] : [])));
    inOrder(await signedTimes(one, gid));
    const words = Array.from({ length: said }, (_, i) => `word ${String(i + 1)}`);
    expect((await texts(one, gid)).filter((text) => text.startsWith('word'))).toEqual(words);
    expect((await view(one, gid)).halted).toBeNull();
  }
});
