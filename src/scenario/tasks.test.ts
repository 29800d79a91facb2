/** The work tray: acts of the staff that survive restarts and races, and are told in words. */
import { afterEach, describe, expect, it } from 'vitest';
import type { TaskView } from '../client/view.ts';
import type { Gid } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { decodePayload } from '../protocol/text.ts';
import {
  accept,
  admit,
  allRead,
  ask,
  DAY,
  eventually,
  groupOf,
  inGroup,
  inStep,
  lines,
  makeGroup,
  makeLink,
  must,
  type Person,
  refused,
  roleIn,
  say,
  setup,
  texts,
  view,
  waitingFor,
  type World,
} from './setup.ts';

const HOUR = DAY / 24;

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

describe('hiding what somebody wrote', () => {
  /** Alice owns, Bob moderates; Carol is to be removed, Dave stays and comes back later from what he stored. */
  async function spammed(count: number) {
    const { alice, bob, gid } = await staffOfTwo('carol', 'dave');
    const [carol, dave] = world.people('carol', 'dave');
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.editMember(gid, { add: [carol.pid, dave.pid] }));
    for (const one of [carol, dave]) await accept(one, gid);
    await inStep([alice, bob, carol, dave], gid);
    await say(carol, gid, 'old spam');
    await allRead([alice, bob, carol, dave], gid, 'old spam');
    world.forward(2 * HOUR);
    for (let i = 0; i < count; i++) await say(carol, gid, `spam ${String(i)}`);
    await say(dave, gid, 'what dave says');
    const everybody = [alice, bob, carol, dave];
    await allRead(everybody, gid, `spam ${String(count - 1)}`);
    await allRead(everybody, gid, 'what dave says');
    return { alice, bob, carol, dave, gid };
  }

  const spamAt = async (one: Person, gid: Gid): Promise<number> =>
    JSON.stringify(await lines(one, gid)).split('spam').length - 1;
  const seesSpam = (one: Person, gid: Gid, count: number): Promise<unknown> =>
    eventually([one], `${one.name} sees ${String(count)}`, async () => {
      return (await spamAt(one, gid)) === count;
    });

  it('SX-11: removed with "also hide their messages", everything of theirs is hidden at everybody, in quotes too, and shown again by one undo', async () => {
    const { alice, bob, carol, dave, gid } = await spammed(25);
    const said = (await lines(dave, gid)).find(
      (line) => line.kind === 'message' && line.text === 'spam 3',
    );
    if (said?.kind !== 'message') throw new Error('not said');
    must(await dave.client.sendMessage(gid, 'stop it', { reply: said.item }));
    await allRead([alice, bob, carol], gid, 'stop it');
    const since = world.clock.now() - HOUR;
    expect(must(await bob.client.countMessages(gid, [carol.pid], [since, 0]))).toEqual({
      since: [25, 26],
      all: true,
    });
    // What is written between the choice and the removal is hidden with the rest.
    bob.line.block(true);
    await eventually([bob], 'bob is offline', async () => {
      return (await bob.client.connection()).state !== 'online';
    });
    const people = [carol.pid];
    const removal = must(
      await bob.client.startTask(gid, { kind: 'remove', people, ban: false, reason: '' }),
    );
    const hiding = must(await bob.client.startTask(gid, { kind: 'hide', people, since: 0 }));
    await say(carol, gid, 'late spam');
    await allRead([alice, dave], gid, 'late spam');
    // One that is hidden already is not hidden twice, and stays hidden when the rest is shown.
    must(await alice.client.hideMessage(gid, said.item, true, 'advertising'));
    await seesSpam(dave, gid, 26);
    bob.line.block(false);
    await bob.client.reconnect();
    await ended(bob, removal);
    const hidden = await ended(bob, hiding);
    expect(hidden).toMatchObject({ state: 'done', progress: { done: 26, total: 26 } });
    // Named, though a member no more.
    expect(hidden.rows).toMatchObject([{ person: { pid: carol.pid, name: 'carol' } }]);
    for (const one of [alice, bob, dave]) await seesSpam(one, gid, 0);
    expect(must(await bob.client.countMessages(gid, people, [0])).since).toEqual([0]);
    for (const one of [alice, bob, dave]) {
      const quoting = (await lines(one, gid)).find(
        (line) => line.kind === 'message' && line.text === 'stop it',
      );
      expect(quoting).toMatchObject({ reply: { text: null } });
      expect(must(await one.client.messageDetails(gid, said.item)).versions).toEqual([]);
    }
    const again = await ended(
      bob,
      must(await bob.client.startTask(gid, { kind: 'hide', people, since: 0 })),
    );
    expect(again).toMatchObject({ state: 'done', progress: { done: 0, total: 0 }, undo: null });
    expect((await texts(dave, gid)).includes('what dave says')).toBe(true);

    if (hidden.undo === null) throw new Error('nothing to undo');
    const shown = await ended(bob, must(await bob.client.startTask(gid, hidden.undo)));
    expect(shown).toMatchObject({ state: 'done', progress: { done: 26, total: 26 } });
    for (const one of [alice, dave]) await seesSpam(one, gid, 26);
    const first = (await lines(dave, gid)).find(
      (line) => line.kind === 'message' && line.item === said.item,
    );
    expect(first).toMatchObject({ gone: { what: 'hidden', by: { pid: alice.pid } } });
  });

  it('SX-11: of the last hour only that is hidden, and who comes later and reads back sees none of it', async () => {
    const { alice, bob, carol, dave, gid } = await spammed(3);
    const people = [carol.pid];
    must(await alice.client.editMember(gid, { remove: people }));
    const since = world.clock.now() - HOUR;
    await ended(bob, must(await bob.client.startTask(gid, { kind: 'hide', people, since })));
    for (const one of [alice, bob, dave])
      await eventually([one], 'the old one is left', async () => {
        const told = await texts(one, gid);
        return told.includes('old spam') && !told.some((text) => text.startsWith('spam'));
      });
    const erin = await world.join('erin');
    await admit(alice, gid, erin);
    await eventually([erin], 'erin reads back', async () =>
      (await texts(erin, gid)).includes('old spam'),
    );
    await seesSpam(erin, gid, 1);
  });

  it('SX-11: a hiding that is interrupted goes on after a restart, says how far it is, and says no message twice', async () => {
    const { alice, bob, carol, dave, gid } = await spammed(30);
    const people = [carol.pid];
    must(await alice.client.editMember(gid, { remove: people }));
    await inStep([alice, bob, dave], gid);
    const id = must(await bob.client.startTask(gid, { kind: 'hide', people, since: 0 }));
    await eventually([bob], 'some are hidden', async () => {
      const task = (await bob.client.tasks()).find((one) => one.id === id);
      return task?.progress !== null && (task?.progress.done ?? 0) > 0;
    });
    await world.restart('bob');
    const task = await ended(bob, id);
    expect(task).toMatchObject({ state: 'done', progress: { done: 31, total: 31 } });
    await seesSpam(dave, gid, 0);
    const { timeline } = await dave.replica(gid);
    const hides = timeline.range(0, timeline.end()).flatMap((item) => {
      const bytes = item.message?.payload ?? null;
      const payload = bytes === null ? null : decodePayload(bytes);
      return payload?.ok === true && payload.value.type === 'hide' ? [payload.value.of] : [];
    });
    expect(hides).toHaveLength(31);
    expect(new Set(hides).size).toBe(31);
  });

  it('SX-11, P058: who was demoted hides nothing, and is told by whom', async () => {
    const { alice, bob, carol, dave, gid } = await spammed(1);
    bob.line.block(true);
    await eventually([bob], 'bob is offline', async () => {
      return (await bob.client.connection()).state !== 'online';
    });
    const id = must(
      await bob.client.startTask(gid, { kind: 'hide', people: [carol.pid], since: 0 }),
    );
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
    bob.line.block(false);
    await bob.client.reconnect();
    expect(await ended(bob, id)).toMatchObject({
      state: 'failed',
      reason: { name: 'E_ROLE' },
      by: { pid: alice.pid },
    });
    await inStep([bob, dave], gid);
    expect(await spamAt(dave, gid)).toBe(2);
    expect((await lines(dave, gid)).filter((line) => line.kind === 'unreadable')).toEqual([]);
  });

  it.each(['taken back', 'failed'])(
    'SX-11: where the removal is %s, nobody is hidden for it, and the card says so',
    async (how) => {
      const { alice, bob, carol, dave, gid } = await spammed(1);
      bob.line.block(true);
      await eventually([bob], 'bob is offline', async () => {
        return (await bob.client.connection()).state !== 'online';
      });
      const people = [carol.pid];
      const removal = must(
        await bob.client.startTask(gid, { kind: 'remove', people, ban: false, reason: '' }),
      );
      const hiding = must(await bob.client.startTask(gid, { kind: 'hide', people, since: 0 }));
      const other = must(
        await bob.client.startTask(gid, { kind: 'hide', people: [dave.pid], since: 0 }),
      );
      if (how === 'taken back') must(await bob.client.cancelTask(removal));
      else must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
      bob.line.block(false);
      await bob.client.reconnect();
      expect(await ended(bob, hiding)).toMatchObject({ state: 'failed', unremoved: true });
      expect(await ended(bob, other)).toMatchObject({ unremoved: false });
      await inStep([bob, dave], gid);
      expect(await spamAt(dave, gid)).toBe(2);
    },
  );
});
