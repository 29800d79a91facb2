/** Links at work: paused, prolonged, capped, ended, and braked when a wave comes through one. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LinkView } from '../client/view.ts';
import type { Gid, LinkPk } from '../protocol/ids.ts';
import { CLIENT } from '../protocol/limits.ts';
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
  type Person,
  refused,
  REVIEWED,
  setup,
  setupWith,
  view,
  waitingFor,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

async function linkOf(one: Person, gid: Gid, pk: LinkPk): Promise<LinkView> {
  const found = must(await one.client.links(gid)).find((link) => link.pk === pk);
  if (found === undefined) throw new Error('no such link');
  return found;
}

describe('links at work', () => {
  it('R6: a paused link takes no new request and keeps those that wait; resumed, it takes them again', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await makeGroup(alice);
    const { pk, link } = await makeLink(alice, gid);
    const early = await ask(alice, gid, bob, link);
    must(await alice.client.changeLink(gid, pk, { paused: true }));
    expect((await linkOf(alice, gid, pk)).state).toBe('paused');
    const late = must(await carol.client.openLink(link));
    expect(late.state).toBe('paused');
    expect(refused(await carol.client.requestToJoin(late.joinId, ''))).toBe('E_LINK');
    must(await alice.client.approve(gid, [early]));
    await inGroup(bob, gid);
    must(await alice.client.changeLink(gid, pk, { paused: false }));
    must(await carol.client.requestToJoin(late.joinId, ''));
    must(await alice.client.approve(gid, [await waitingFor(alice, gid, carol)]));
    await inGroup(carol, gid);
    expect((await linkOf(alice, gid, pk)).uses).toBe(2);
  });

  it('R6: an expired link is prolonged, a used-up one gets a higher cap, its label changes, its uses stay', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await makeGroup(alice);
    const wishes = { ...REVIEWED, maxUses: 1, expires: world.clock.now() + DAY };
    const { pk, link } = await makeLink(alice, gid, wishes);
    must(await alice.client.approve(gid, [await ask(alice, gid, bob, link)]));
    expect(await linkOf(alice, gid, pk)).toMatchObject({ state: 'usedUp', uses: 1 });
    world.forward(2 * DAY);
    expect((await linkOf(alice, gid, pk)).state).not.toBe('live');
    const expires = world.clock.now() + DAY;
    must(await alice.client.changeLink(gid, pk, { maxUses: 5, expires, label: 'Second poster' }));
    expect(await linkOf(alice, gid, pk)).toMatchObject({
      state: 'live',
      uses: 1,
      maxUses: 5,
      expires,
      label: 'Second poster',
    });
    const before = (await view(alice, gid)).seq;
    must(await alice.client.changeLink(gid, pk, { maxUses: 5 }));
    expect((await view(alice, gid)).seq).toBe(before);
    must(await alice.client.approve(gid, [await ask(alice, gid, carol, link)]));
    await inGroup(carol, gid);
  });

  it('R9: several links end in one entry, and what is revoked is never changed again', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    const gid = await makeGroup(alice);
    const made = [await makeLink(alice, gid), await makeLink(alice, gid)];
    const before = (await view(alice, gid)).seq;
    must(
      await alice.client.revokeLink(
        gid,
        made.map(({ pk }) => pk),
      ),
    );
    expect((await view(alice, gid)).seq).toBe(before + 1);
    for (const { pk } of made) expect((await linkOf(alice, gid, pk)).state).toBe('revoked');
    const first = made[0]?.pk ?? ('' as LinkPk);
    expect(refused(await alice.client.changeLink(gid, first, { paused: true }))).toBe('E_LINK');
  });

  it('wave brake: fifty requests through a link in an hour pause it, also while the owner is away; resumed, old ones do not count', async () => {
    world = await setupWith(
      {
        hurry: 20,
        memory: true,
        settings: {
          LIMIT_REQUESTS_PER_LINK_PER_HOUR: '1000',
          LIMIT_PENDING_REQUESTS_PER_GROUP: '1000',
        },
      },
      'alice',
      'bob',
    );
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    const { pk, link } = await makeLink(alice, gid, { ...REVIEWED, maxUses: 0 });
    await inStep([alice, bob], gid);
    alice.line.block(true);
    const wave = CLIENT.waveRequests;
    for (let i = 0; i < wave; i++) await ask(bob, gid, await world.join(`guest${String(i)}`), link);
    await eventually([bob], 'the link is paused', async () => {
      return (await linkOf(bob, gid, pk)).state === 'paused';
    });
    expect((await linkOf(bob, gid, pk)).burst?.requests).toBe(wave);
    expect(must(await bob.client.requests(gid)).every((one) => one.flags.includes('burst'))).toBe(
      true,
    );
    must(await bob.client.changeLink(gid, pk, { paused: false }));
    const resumed = (await view(bob, gid)).seq;
    await ask(bob, gid, await world.join('late'), link);
    await eventually([bob], 'one more waits', async () => {
      return must(await bob.client.requests(gid)).length === wave + 1;
    });
    expect(await linkOf(bob, gid, pk)).toMatchObject({ state: 'live', burst: null });
    expect((await view(bob, gid)).seq).toBe(resumed);
  });
});
