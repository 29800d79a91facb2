import { afterEach, describe, expect, it } from 'vitest';
import type { Gid } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { bareLogin, cheat, refusalOf } from './cheat.ts';
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
  type Person,
  refused,
  REVIEWED,
  roleIn,
  say,
  setupWith,
  texts,
  view,
  waitingFor,
  type World,
} from './setup.ts';

let world: World;
let gid: Gid;
let alice: Person;
let bob: Person;
let carol: Person;
afterEach(() => world.close());

/** Alice owns; Bob and Carol are outside. */
async function begin(): Promise<void> {
  world = await setupWith({ hurry: 5 }, 'alice', 'bob', 'carol');
  [alice, bob, carol] = world.people('alice', 'bob', 'carol');
  gid = await makeGroup(alice);
}

const ownState = async (one: Person): Promise<string | undefined> =>
  (await one.client.ownRequests()).at(-1)?.state;

describe('joining through a link', () => {
  it('AO-22: who holds the link asks with a note; asking again does not make a second request; a member’s request is refused', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    await ask(alice, gid, bob, link, 'I water the plants');
    const again = must(await bob.client.openLink(link));
    expect(again.state).toBe('asked');
    must(await bob.client.requestToJoin(again.joinId, 'me again'));
    const requests = must(await alice.client.requests(gid));
    expect(requests).toMatchObject([{ person: { pid: bob.pid }, note: 'I water the plants' }]);
    must(await alice.client.approve(gid, [requests[0]?.hash ?? ('' as never)]));
    await inGroup(bob, gid);
    const member = must(await bob.client.openLink(link));
    expect(member.state).toBe('member');
    const outcome = await bob.client.requestToJoin(member.joinId, '');
    expect(refused(outcome)).toBe('E_ROSTER');
    expect(must(await alice.client.requests(gid))).toEqual([]);
  });

  it('AO-22: the six words of a request are the same for who asks and who decides', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    await ask(alice, gid, bob, link);
    const [seen] = must(await alice.client.requests(gid));
    const [own] = await bob.client.ownRequests();
    expect(seen?.code.split(' ')).toHaveLength(6);
    expect(own?.code).toBe(seen?.code);
    expect(seen?.person.name).toBe('bob');
  });

  it('AO-23, AO-24: approval admits in the same entry as the new key and clears the request', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    const before = await view(alice, gid);
    const hash = await ask(alice, gid, bob, link);
    must(await alice.client.approve(gid, [hash]));
    const after = await view(alice, gid);
    expect(after.seq).toBe(before.seq + 1);
    expect(after.generation).toBe(before.generation + 1);
    expect(after.key.state).toBe('secured');
    expect(await roleIn(alice, gid, bob)).toBe(ROLE.member);
    await inGroup(bob, gid);
    await eventually([alice], 'the queue is empty', async () => {
      return must(await alice.client.requests(gid)).length === 0;
    });
    await eventually([bob], 'admitted', async () => (await ownState(bob)) === 'admitted');
    // Approving once more is no second admission.
    must(await alice.client.approve(gid, [hash]));
    expect((await view(alice, gid)).seq).toBe(after.seq);
  });

  it('AO-23: rejection only clears the request, and the applicant reads the note', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    const before = await facts(alice, gid);
    const hash = await ask(alice, gid, bob, link);
    must(await alice.client.reject(gid, hash, { note: 'Full until May', block: false }));
    const own = await eventually([bob], 'bob hears of it', async () => {
      const [request] = await bob.client.ownRequests();
      return request?.state === 'rejected' && request;
    });
    expect(own.note).toBe('Full until May');
    expect(await facts(alice, gid)).toEqual(before);
    const left = must(await alice.client.requests(gid)).filter((one) => one.state === 'waiting');
    expect(left).toEqual([]);
    // Rejected without a block: asking again is allowed.
    const join = must(await bob.client.openLink(link));
    must(await bob.client.requestToJoin(join.joinId, 'May is here'));
    await waitingFor(alice, gid, bob);
  });

  it('AO-23: a rejection that blocks takes no further request of that person', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    const hash = await ask(alice, gid, bob, link);
    must(await alice.client.reject(gid, hash, { note: 'no', block: true }));
    await eventually([bob], 'rejected', async () => (await ownState(bob)) === 'rejected');
    const join = must(await bob.client.openLink(link));
    expect(refused(await bob.client.requestToJoin(join.joinId, 'please'))).toBe('E_BANNED');
  });

  it('AO-22: a withdrawn request is gone and cannot be approved', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    const hash = await ask(alice, gid, bob, link);
    must(await bob.client.withdraw(gid));
    expect(await ownState(bob)).toBe('withdrawn');
    await eventually([alice], 'gone', async () => {
      return must(await alice.client.requests(gid)).length === 0;
    });
    expect(refused(await alice.client.approve(gid, [hash]))).toBe('E_REQ');
    expect(await roleIn(alice, gid, bob)).toBeNull();
  });

  it('AO-25, SX-08, bug 2: who waits is no member: gets no key, no message, no log, and cannot send', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    await ask(alice, gid, bob, link);
    await say(alice, gid, 'among us');
    await allRead([alice], gid, 'among us');
    expect(await bob.client.groups()).toEqual([]);
    expect(refused(await bob.client.sendMessage(gid, 'hello?'))).toBe('E_NOT_FOUND');
    const wire = await bareLogin(world, bob);
    const outside = 'E_NOT_MEMBER';
    expect(await refusalOf(wire, 'box', { gid, generation: 1, circle: 0 })).toBe(outside);
    expect(await refusalOf(wire, 'boxes', { gid, generation: 1, circle: 0 })).toBe(outside);
    expect(await refusalOf(wire, 'subscribe', { gid, t: 0 })).toBe(outside);
    expect(await refusalOf(wire, 'log', { gid, seq: 1 })).toBe(outside);
    expect(await refusalOf(wire, 'sealed', { gid, circle: 0 })).toBe(outside);
    expect(await refusalOf(wire, 'records', { gid })).toBe(outside);
    const mallory = await cheat(world, bob, gid, alice);
    expect(await refusalOf(mallory.wire, 'send', mallory.message('let me in'))).toBe(outside);
    expect(await texts(alice, gid)).toEqual(['among us']);
  });

  it('AO-34: pending requests are for owner and moderators only; for others the field is absent and the server refuses', async () => {
    await begin();
    must(await alice.client.editMember(gid, { add: [carol.pid] }));
    const { link } = await makeLink(alice, gid);
    await ask(alice, gid, bob, link, 'for staff only');
    await eventually([carol], 'invited', async () => (await carol.client.group(gid)).ok);
    must(await carol.client.acceptInvitation(gid));
    await inGroup(carol, gid);
    const staff = must(await alice.client.getGroupMetadata(gid));
    expect(staff.requests).toMatchObject([{ note: 'for staff only' }]);
    expect('requests' in must(await carol.client.getGroupMetadata(gid))).toBe(false);
    expect(await refusalOf(await bareLogin(world, carol), 'requests', { gid })).toBe('E_ROLE');
    expect(await refusalOf(await bareLogin(world, bob), 'requests', { gid })).toBe('E_NOT_MEMBER');
  });

  it('AO-28: approval, direct addition, removal, leave and roles each put a line into the timeline', async () => {
    await begin();
    await admit(alice, gid, bob);
    must(await alice.client.editMember(gid, { add: [carol.pid] }));
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    must(await alice.client.editMember(gid, { remove: [carol.pid] }));
    await inStep([alice, bob], gid);
    must(await bob.client.leaveGroup(gid, 'off to sea'));
    const told = await eventually([alice], 'the leave', async () => {
      const all = (await lines(alice, gid)).flatMap((line) =>
        line.kind === 'log' ? [line.line] : [],
      );
      return all.some((line) => line.what === 'left') && all;
    });
    const named = told.map((line) => line.what);
    expect(named.filter((what) => !what.startsWith('link') && what !== 'rotated')).toEqual([
      'created',
      'added',
      'added',
      'role',
      'removed',
      'left',
    ]);
    expect(told).toContainEqual({ what: 'left', note: 'off to sea' });
    expect(told.filter((line) => line.what === 'added')).toMatchObject([
      { via: 'link', who: [{ pid: bob.pid }] },
      { via: 'direct', who: [{ pid: carol.pid }] },
    ]);
  });

  it('AO-18: who was added directly sees an invitation; declining it is LeaveGroup', async () => {
    await begin();
    must(await alice.client.editMember(gid, { add: [bob.pid] }));
    await eventually([bob], 'invited', async () => {
      const group = await bob.client.group(gid);
      return group.ok && group.value.standing === 'invited';
    });
    must(await bob.client.leaveGroup(gid, ''));
    await eventually([alice], 'bob is gone', async () => {
      return (await roleIn(alice, gid, bob)) === null;
    });
    expect((await view(bob, gid)).standing).toBe('left');
  });
});

describe('links', () => {
  it('R6: an expired link takes no request', async () => {
    await begin();
    const expires = world.clock.now() + DAY;
    const { link } = await makeLink(alice, gid, { ...REVIEWED, expires });
    const join = must(await bob.client.openLink(link));
    expect(join.state).toBe('open');
    world.forward(DAY + 1000);
    expect(must(await bob.client.joining(join.joinId)).state).toBe('expired');
    expect(refused(await bob.client.requestToJoin(join.joinId, ''))).toBe('E_LINK');
    const [seen] = must(await alice.client.links(gid));
    expect(seen?.state).toBe('expired');
  });

  it('R6: a link admits as many as its cap says; whoever asked before is then approved directly', async () => {
    await begin();
    const { link } = await makeLink(alice, gid, { ...REVIEWED, maxUses: 1 });
    const first = await ask(alice, gid, bob, link);
    const second = await ask(alice, gid, carol, link);
    must(await alice.client.approve(gid, [first]));
    const [seen] = must(await alice.client.links(gid));
    expect(seen).toMatchObject({ state: 'usedUp', uses: 1 });
    const dave = await world.join('dave');
    expect(must(await dave.client.openLink(link)).state).toBe('usedUp');
    must(await alice.client.approve(gid, [second]));
    await inGroup(carol, gid);
    const group = await view(alice, gid);
    expect(group.members.map((one) => [one.pid, one.via])).toEqual(
      expect.arrayContaining([
        [bob.pid, 'link'],
        [carol.pid, 'direct'],
      ]),
    );
  });

  it('R6: a revoked link takes no request, also for who opened it before', async () => {
    await begin();
    const { pk, link } = await makeLink(alice, gid);
    const join = must(await bob.client.openLink(link));
    must(await alice.client.revokeLink(gid, pk));
    expect(refused(await bob.client.requestToJoin(join.joinId, ''))).toBe('E_LINK');
    expect(must(await bob.client.joining(join.joinId)).state).toBe('revoked');
    expect(refused(await alice.client.copyLink(gid, pk))).toBe('E_LINK');
  });

  it('10: a link without review admits by itself, needs an end within 30 days and a cap of 100', async () => {
    await begin();
    const auto = { ...REVIEWED, auto: true, expires: world.clock.now() + 29 * DAY, maxUses: 2 };
    for (const wrong of [
      { ...auto, expires: 0 },
      { ...auto, expires: world.clock.now() + 31 * DAY },
      { ...auto, maxUses: 0 },
      { ...auto, maxUses: 101 },
    ])
      expect(refused(await alice.client.createLink(gid, wrong))).toBe('E_LINK');
    const { link } = await makeLink(alice, gid, auto);
    for (const one of [bob, carol]) {
      const join = must(await one.client.openLink(link));
      expect(join.preview?.review).toBe(false);
      must(await one.client.requestToJoin(join.joinId, ''));
    }
    for (const one of [bob, carol]) await inGroup(one, gid);
    await eventually(
      [alice],
      'both came',
      async () => (await view(alice, gid)).members.length === 3,
    );
  });

  it('10: a link without review does not take back who was removed', async () => {
    await begin();
    await admit(alice, gid, bob);
    must(await alice.client.editMember(gid, { remove: [bob.pid] }));
    await eventually([bob], 'removed', async () => (await view(bob, gid)).standing === 'removed');
    const auto = { ...REVIEWED, auto: true, expires: world.clock.now() + DAY, maxUses: 5 };
    const { link } = await makeLink(alice, gid, auto);
    await ask(alice, gid, bob, link);
    const join = must(await carol.client.openLink(link));
    must(await carol.client.requestToJoin(join.joinId, ''));
    await inGroup(carol, gid);
    expect(await roleIn(alice, gid, bob)).toBeNull();
    const [waits] = must(await alice.client.requests(gid));
    expect(waits).toMatchObject({ person: { pid: bob.pid }, flags: ['wasMember'] });
    // A person still can decide to.
    must(await alice.client.approve(gid, [waits?.hash ?? ('' as never)]));
    await inGroup(bob, gid);
  });

  it('10: a link without review does not take who was rejected, also not on a new request', async () => {
    await begin();
    const { link } = await makeLink(alice, gid, REVIEWED);
    const first = await ask(alice, gid, bob, link);
    must(await alice.client.reject(gid, first, { note: 'not now', block: false }));
    await eventually([bob], 'told', async () =>
      (await bob.client.ownRequests()).some((own) => own.state === 'rejected'),
    );
    const auto = { ...REVIEWED, auto: true, expires: world.clock.now() + DAY, maxUses: 5 };
    const { link: open } = await makeLink(alice, gid, auto);
    await ask(alice, gid, bob, open);
    const join = must(await carol.client.openLink(open));
    must(await carol.client.requestToJoin(join.joinId, ''));
    await inGroup(carol, gid);
    expect(await roleIn(alice, gid, bob)).toBeNull();
    const waiting = must(await alice.client.requests(gid));
    expect(waiting.some((one) => one.person.pid === bob.pid && one.state === 'waiting')).toBe(true);
  });

  it('10: a link that makes observers', async () => {
    await begin();
    await admit(alice, gid, bob, { ...REVIEWED, role: ROLE.observer });
    expect(await roleIn(bob, gid, bob)).toBe(ROLE.observer);
    expect(refused(await bob.client.sendMessage(gid, 'psst'))).toBe('E_ROLE');
  });

  it('SX-09, bug 1: two moderators approve the same request at once: one admission', async () => {
    world = await setupWith({ hurry: 5 }, 'alice', 'bob', 'carol');
    [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    gid = await groupOf(alice, [bob]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    await inStep([alice, bob], gid);
    const { link } = await makeLink(alice, gid);
    const hash = await ask(alice, gid, carol, link);
    await waitingFor(bob, gid, carol);
    const before = (await view(alice, gid)).generation;
    const both = await Promise.all([
      alice.client.approve(gid, [hash]),
      bob.client.approve(gid, [hash]),
    ]);
    for (const outcome of both) must(outcome);
    await inGroup(carol, gid);
    await inStep([alice, bob, carol], gid);
    expect((await view(alice, gid)).generation).toBe(before + 1);
  });
});
