/** Deleting an account: all of it, or nothing yet. */
import { afterEach, describe, expect, it } from 'vitest';
import type { DeletionView } from '../client/view.ts';
import {
  admit,
  allRead,
  ask,
  eventually,
  groupOf,
  inGroup,
  makeGroup,
  makeLink,
  must,
  type Person,
  refused,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

const farewell = (one: Person): Promise<DeletionView> =>
  eventually([one], `${one.name} is gone`, () => {
    const last = one.events.findLast((event) => event.kind === 'deletion');
    return last?.kind === 'deletion' && last.deletion.state === 'done' && last.deletion;
  });

describe('13: deleting an account', () => {
  it('closes what was to be closed, leaves the rest, withdraws, ends other devices, drops what the server keeps, erases', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const shared = await groupOf(alice, [bob]);
    await say(bob, shared, 'I was here');
    await allRead([alice, bob], shared, 'I was here');
    const own = await makeGroup(bob, 'Greenhouse');
    await admit(bob, own, alice);
    const hers = await makeGroup(carol, 'Choir');
    const { link } = await makeLink(carol, hers);
    await ask(carol, hers, bob, link);
    const phone = await world.enter('phone', must(await bob.client.offerDevice()).code);
    await inGroup(phone, shared);
    expect(refused(await bob.client.deleteAccount([]))).toBe('E_ROLE');
    expect(await bob.client.deletion()).toBeNull();

    must(await bob.client.deleteAccount([own]));
    const { steps } = await farewell(bob);
    expect(steps.map(({ name, outcome, reason }) => [name, outcome, reason])).toEqual([
      ['Choir', 'withdrawn', null],
      ['Harbour garden', 'left', null],
      ['Greenhouse', 'closed', null],
    ]);
    await eventually([alice], 'Bob left and his group is closed', async () => {
      const { members } = await view(alice, shared);
      return (
        !members.some((one) => one.pid === bob.pid) &&
        (await view(alice, own)).standing === 'closed'
      );
    });
    await eventually([carol], 'his request is gone', async () =>
      must(await carol.client.requests(hers)).every((one) => one.state !== 'waiting'),
    );
    await eventually([phone], 'his phone is out', async () => {
      const connection = await phone.client.connection();
      return connection.state === 'refused' && connection.reason.name === 'E_DEVICE';
    });
    // What he said stays with those who read it.
    expect(await texts(alice, shared)).toContain('I was here');
    const storage = world.storage();
    expect(await storage.vault(bob.pid)).toBeNull();
    for (const gid of [shared, own, hers]) {
      expect((await storage.records(gid)).some((one) => one.pid === bob.pid)).toBe(false);
      expect(await storage.request(gid, bob.pid)).toBeNull();
    }
    expect(bob.events.at(-1)).toEqual({ kind: 'stopped', reason: 'deleted' });
    await world.restart('bob');
    expect(await bob.client.account()).toBeNull();
    expect(await bob.client.groups()).toEqual([]);
  });

  it('waits while offline, goes on after a restart, or erases this device with a report of what was left undone', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob, carol]);
    for (const one of [bob, carol]) {
      one.line.block(true);
      must(await one.client.deleteAccount([]));
      expect(await one.client.deletion()).toMatchObject({ state: 'running', left: 1 });
    }
    await world.restart('bob');
    expect(await bob.client.deletion()).toMatchObject({ state: 'running', left: 1 });
    bob.line.block(false);
    await bob.client.reconnect();
    expect((await farewell(bob)).steps).toMatchObject([{ gid, outcome: 'left' }]);
    must(await carol.client.eraseNow());
    expect((await farewell(carol)).steps).toMatchObject([
      { gid, outcome: 'kept', reason: { name: 'E_OFFLINE' } },
    ]);
    await world.restart('carol');
    expect(await carol.client.account()).toBeNull();
    await eventually([alice], 'Bob left, Carol could not', async () => {
      const { members } = await view(alice, gid);
      return members.length === 2 && members.some((one) => one.pid === carol.pid);
    });
  });
});
