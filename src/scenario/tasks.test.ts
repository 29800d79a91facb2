/** The work tray: acts of the staff that survive restarts and races, and are told in words. */
import { afterEach, describe, expect, it } from 'vitest';
import type { TaskView } from '../client/view.ts';
import type { Gid } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import {
  ask,
  eventually,
  groupOf,
  inGroup,
  inStep,
  makeGroup,
  makeLink,
  must,
  type Person,
  refused,
  roleIn,
  setup,
  view,
  waitingFor,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

async function ended(one: Person, id: string): Promise<TaskView> {
  return eventually([one], 'the act has ended', async () => {
    const task = (await one.client.tasks()).find((other) => other.id === id);
    return task !== undefined && (task.state === 'done' || task.state === 'failed') && task;
  });
}

const outcomes = (task: TaskView) => task.rows.map((row) => [row.person?.pid, row.outcome]);

/** Alice owns, Bob moderates. */
async function staffOfTwo(...others: string[]): Promise<{ alice: Person; bob: Person; gid: Gid }> {
  world = await setup('alice', 'bob', ...others);
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
  await inStep([alice, bob], gid);
  return { alice, bob, gid };
}

describe('the work tray', () => {
  it('one entry for a batch: many approved with one role and one key change, and an answer for each', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `guest${String(i)}`);
    world = await setup('alice', ...names);
    const alice = world.person('alice');
    const gid = await makeGroup(alice);
    const { link } = await makeLink(alice, gid);
    const requests = [];
    for (const name of names) requests.push(await ask(alice, gid, world.person(name), link));
    const gone = world.person('guest0');
    must(await gone.client.withdraw(gid));
    await eventually([alice], 'it is gone', async () => {
      return must(await alice.client.requests(gid)).length === names.length - 1;
    });
    const before = await view(alice, gid);
    const preview = must(await alice.client.previewApproval(gid, requests));
    expect(preview).toMatchObject({ members: 8, generation: before.generation + 1 });
    expect(preview.rows.filter((row) => row.outcome === 'leftOut')).toMatchObject([
      { request: requests[0], why: { name: 'E_REQ' } },
    ]);
    const id = must(
      await alice.client.startTask(gid, {
        kind: 'approve',
        requests,
        role: 'observer',
        history: true,
      }),
    );
    const task = await ended(alice, id);
    const after = await view(alice, gid);
    expect(after).toMatchObject({ seq: before.seq + 1, generation: before.generation + 1 });
    expect(task).toMatchObject({ state: 'done', generation: after.generation });
    expect(task.rows.map((row) => row.outcome)).toEqual([
      'leftOut',
      ...names.slice(1).map(() => 'done'),
    ]);
    for (const name of names.slice(1)) {
      await inGroup(world.person(name), gid);
      expect(await roleIn(alice, gid, world.person(name))).toBe(ROLE.observer);
    }
    must(await alice.client.dismissTask(id));
    expect(await alice.client.tasks()).toEqual([]);
  });

  it('SX-09: two moderators on one request: the later one is told who was first, and nobody is admitted twice', async () => {
    const { alice, bob, gid } = await staffOfTwo('carol');
    const carol = world.person('carol');
    const { link } = await makeLink(alice, gid);
    const hash = await ask(alice, gid, carol, link);
    await waitingFor(bob, gid, carol);
    const act = { kind: 'approve', requests: [hash], role: 'link', history: true } as const;
    const first = await ended(alice, must(await alice.client.startTask(gid, act)));
    const second = await ended(bob, must(await bob.client.startTask(gid, act)));
    expect(outcomes(first)).toEqual([[carol.pid, 'done']]);
    expect(second).toMatchObject({ state: 'done', generation: null });
    expect(second.rows).toMatchObject([
      { outcome: 'already', by: { pid: alice.pid }, person: { pid: carol.pid } },
    ]);
    const late = await ended(
      bob,
      must(
        await bob.client.startTask(gid, {
          kind: 'reject',
          requests: [hash],
          note: '',
          block: false,
        }),
      ),
    );
    expect(late.rows).toMatchObject([{ outcome: 'already', by: { pid: alice.pid } }]);
  });

  it('two moderators on one removal, and one of them on more people: what is left is done in one entry', async () => {
    const { alice, bob, gid } = await staffOfTwo('carol', 'dave');
    const [carol, dave] = world.people('carol', 'dave');
    must(await alice.client.editMember(gid, { add: [carol.pid, dave.pid] }));
    await inStep([alice, bob], gid);
    const remove = (...people: Person[]) =>
      ({
        kind: 'remove',
        people: people.map((one) => one.pid),
        ban: false,
        reason: 'spam',
      }) as const;
    await ended(alice, must(await alice.client.startTask(gid, remove(carol))));
    const both = await ended(bob, must(await bob.client.startTask(gid, remove(carol, dave))));
    expect(both.rows).toMatchObject([
      { person: { pid: carol.pid }, outcome: 'already', by: { pid: alice.pid } },
      { person: { pid: dave.pid }, outcome: 'done', by: { pid: bob.pid } },
    ]);
    expect((await view(bob, gid)).members).toHaveLength(2);
  });

  it('P058: a moderator demoted while an act waits is told so and by whom, and nothing happens', async () => {
    const { alice, bob, gid } = await staffOfTwo('carol');
    const carol = world.person('carol');
    must(await alice.client.editMember(gid, { add: [carol.pid] }));
    await inStep([alice, bob], gid);
    bob.line.block(true);
    const id = must(
      await bob.client.startTask(gid, {
        kind: 'remove',
        people: [carol.pid],
        ban: false,
        reason: '',
      }),
    );
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
    bob.line.block(false);
    must({ ok: true, value: await bob.client.reconnect() });
    const task = await ended(bob, id);
    expect(task).toMatchObject({
      state: 'failed',
      reason: { name: 'E_ROLE' },
      by: { pid: alice.pid },
    });
    expect(await roleIn(alice, gid, carol)).toBe(ROLE.member);
  });

  it('an act survives a restart, is done once, and can be taken back before its time', async () => {
    const { alice, bob, gid } = await staffOfTwo('carol');
    const carol = world.person('carol');
    const { link } = await makeLink(alice, gid);
    const hash = await ask(bob, gid, carol, link);
    const reject = { kind: 'reject', requests: [hash], note: 'no', block: false } as const;
    const early = must(await bob.client.startTask(gid, reject, 10_000));
    expect(await bob.client.tasks()).toMatchObject([{ id: early, state: 'waiting' }]);
    must(await bob.client.cancelTask(early));
    expect(refused(await bob.client.cancelTask(early))).toBe('E_NOT_FOUND');
    const late = must(await bob.client.startTask(gid, reject, 10_000));
    await world.restart('bob');
    expect(await bob.client.tasks()).toMatchObject([{ id: late, state: 'waiting', act: reject }]);
    world.forward(10_000);
    await world.restart('bob');
    expect(await ended(bob, late)).toMatchObject({ state: 'done', rows: [{ outcome: 'done' }] });
    await eventually([alice], 'it is rejected', async () => {
      return must(await alice.client.requests(gid)).some((one) => one.state === 'rejected');
    });
    // Rejected can be approved until it runs out.
    must(await alice.client.approve(gid, [hash]));
    await inGroup(carol, gid);
  });
});
