/** What the staff is told of earlier times: how somebody came and went, who rejected, how a link ended. */
import { afterEach, describe, expect, it } from 'vitest';
import { ROLE } from '../protocol/role.ts';
import {
  ask,
  DAY,
  eventually,
  groupOf,
  inGroup,
  inStep,
  makeGroup,
  makeLink,
  must,
  REVIEWED,
  setup,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

describe('the past, as the staff sees it', () => {
  it('10: a request says how its account was in the group before, who ended that, and who rejected it', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    const { pk, link } = await makeLink(alice, gid, { ...REVIEWED, label: 'Poster' });
    const first = await ask(alice, gid, bob, link);
    expect(must(await alice.client.requests(gid))).toMatchObject([{ past: [], rejectedBy: null }]);
    must(await alice.client.approve(gid, [first]));
    await inGroup(bob, gid);
    const member = (await view(alice, gid)).members.find((one) => one.pid === bob.pid);
    expect(member).toMatchObject({ via: 'link', link: { pk, label: 'Poster' } });
    must(await alice.client.editMember(gid, { remove: [bob.pid] }));
    const again = await ask(alice, gid, bob, link);
    must(await alice.client.reject(gid, again, { note: '', block: false }));
    const told = await eventually([alice], 'it is rejected', async () => {
      const one = must(await alice.client.requests(gid)).find((other) => other.hash === again);
      return one?.state === 'rejected' && one;
    });
    expect(told.rejectedBy?.pid).toBe(alice.pid);
    expect(told.past.map((step) => [step.what, step.by?.pid])).toEqual([
      ['joined', alice.pid],
      ['removed', alice.pid],
    ]);
  });

  it('R9: a link says whether it was revoked by hand, ended with the place of its maker, or because of a ban', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob, carol]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    await inStep([alice, bob], gid);
    const byHand = await makeLink(alice, gid);
    const open = await makeLink(alice, gid, {
      ...REVIEWED,
      auto: true,
      maxUses: 5,
      expires: world.clock.now() + DAY,
    });
    const ofBob = await makeLink(bob, gid);
    const left = await makeLink(alice, gid);
    await inStep([alice, bob], gid);
    must(await bob.client.revokeLink(gid, byHand.pk));
    await inStep([alice, bob], gid);
    must(await alice.client.editMember(gid, { ban: [carol.pid] }));
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
    const links = must(await alice.client.links(gid));
    const endOf = (pk: string) => links.find((link) => link.pk === pk)?.ended;
    expect(endOf(byHand.pk)).toMatchObject({ how: 'revoked', by: { pid: bob.pid } });
    expect(endOf(open.pk)).toMatchObject({ how: 'ban', by: { pid: alice.pid } });
    expect(endOf(ofBob.pk)).toMatchObject({ how: 'maker', by: { pid: alice.pid } });
    expect(endOf(left.pk)).toBeNull();
  });
});
