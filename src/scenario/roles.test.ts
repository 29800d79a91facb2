import { afterEach, describe, expect, it } from 'vitest';
import { readStaffText } from '../engine/plans.ts';
import { ROLE } from '../protocol/role.ts';
import { cheat, roleOp } from './cheat.ts';
import {
  accept,
  eventually,
  facts,
  groupOf,
  inStep,
  makeLink,
  must,
  type Person,
  refused,
  REVIEWED,
  roleIn,
  setup,
  view,
  type World,
} from './setup.ts';
import type { Gid } from '../protocol/ids.ts';

let world: World;
let gid: Gid;
let alice: Person;
let bob: Person;
let carol: Person;
let dave: Person;
afterEach(() => world.close());

/** Alice owns, Bob moderates, Carol is a member; Dave is outside. */
async function begin(): Promise<void> {
  world = await setup('alice', 'bob', 'carol', 'dave');
  [alice, bob, carol, dave] = world.people('alice', 'bob', 'carol', 'dave');
  gid = await groupOf(alice, [bob, carol]);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
  await inStep([alice, bob, carol], gid);
}

describe('who may do what', () => {
  it('AO-15: the owner gives and withdraws the moderator role', async () => {
    await begin();
    expect(await roleIn(carol, gid, bob)).toBe(ROLE.moderator);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
    await eventually(
      [carol],
      'the demotion',
      async () => (await roleIn(carol, gid, bob)) === ROLE.member,
    );
    await inStep([alice, bob, carol], gid);
    expect(refused(await bob.client.rotateSessionKey(gid))).toBe('E_ROLE');
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    await inStep([alice, bob, carol], gid);
    must(await bob.client.rotateSessionKey(gid));
  });

  it('AO-16: a moderator cannot give or take the moderator role, only move lower ranks between observer and member', async () => {
    await begin();
    expect(
      refused(await bob.client.editMember(gid, { set_role: [[carol.pid, ROLE.moderator]] })),
    ).toBe('E_ROLE');
    expect(refused(await bob.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }))).toBe(
      'E_ROLE',
    );
    const mallory = await cheat(world, bob, gid);
    expect(await mallory.append(mallory.ops(roleOp(bob, ROLE.member)))).toBe('E_ROLE');
    must(await bob.client.editMember(gid, { set_role: [[carol.pid, ROLE.observer]] }));
    await eventually(
      [carol],
      'observer',
      async () => (await roleIn(carol, gid, carol)) === ROLE.observer,
    );
    expect(refused(await carol.client.sendMessage(gid, 'may I?'))).toBe('E_ROLE');
  });

  it('AO-17: set_role on a non-member is refused and changes nothing', async () => {
    await begin();
    const before = await facts(alice, gid);
    expect(
      refused(await alice.client.editMember(gid, { set_role: [[dave.pid, ROLE.moderator]] })),
    ).toBe('E_ROSTER');
    const mallory = await cheat(world, alice, gid);
    const made = mallory.entry({
      kind: 'MemberOps',
      ops: {
        remove: [],
        add: [],
        setRole: [{ pid: dave.pid, role: ROLE.observer }],
        unban: [],
      },
      keys: null,
    });
    expect(await mallory.append(made)).toBe('E_ROSTER');
    expect(await facts(alice, gid)).toEqual(before);
  });

  it('AO-18: owner and moderators add members directly; the added one sees an invitation', async () => {
    await begin();
    expect(refused(await carol.client.editMember(gid, { add: [dave.pid] }))).toBe('E_ROLE');
    must(await bob.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    const group = await view(dave, gid);
    expect(group.members.find((member) => member.pid === dave.pid)).toMatchObject({
      via: 'direct',
      addedBy: { pid: bob.pid },
    });
    expect(refused(await alice.client.editMember(gid, { add: [dave.pid] }))).toBe('E_ROSTER');
  });

  it('AO-19: owner and moderators remove members; a plain member and an outsider cannot', async () => {
    await begin();
    must(await alice.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    await inStep([alice, bob, carol, dave], gid);
    expect(refused(await carol.client.editMember(gid, { remove: [dave.pid] }))).toBe('E_ROLE');
    must(await bob.client.editMember(gid, { remove: [dave.pid] }));
    await eventually([dave], 'removed', async () => (await view(dave, gid)).standing === 'removed');
    const outsider = await cheat(world, dave, gid, carol);
    const made = outsider.entry({
      kind: 'MemberOps',
      ops: { remove: [{ pid: carol.pid, ban: false }], add: [], setRole: [], unban: [] },
      keys: outsider.keys().update,
    });
    expect(['E_NOT_MEMBER', 'E_SEQ']).toContain(await outsider.append(made));
    must(await alice.client.editMember(gid, { remove: [carol.pid] }));
    expect(await roleIn(alice, gid, carol)).toBeNull();
  });

  it('AO-20: the owner cannot be removed, and a moderator cannot remove another', async () => {
    await begin();
    must(
      await alice.client.editMember(gid, {
        add: [dave.pid],
        set_role: [[dave.pid, ROLE.moderator]],
      }),
    );
    await accept(dave, gid);
    await inStep([alice, bob, dave], gid);
    for (const victim of [alice, dave]) {
      expect(refused(await bob.client.editMember(gid, { remove: [victim.pid] }))).toBe('E_ROLE');
      expect(refused(await bob.client.editMember(gid, { ban: [victim.pid] }))).toBe('E_ROLE');
    }
    const mallory = await cheat(world, bob, gid);
    const made = mallory.entry({
      kind: 'MemberOps',
      ops: { remove: [{ pid: alice.pid, ban: false }], add: [], setRole: [], unban: [] },
      keys: mallory.keys().update,
    });
    expect(await mallory.append(made)).toBe('E_ROLE');
    expect(await roleIn(bob, gid, alice)).toBe(ROLE.owner);
  });

  it('AO-13: a moderator rotates as well as the owner', async () => {
    await begin();
    const before = (await view(carol, gid)).generation;
    must(await bob.client.rotateSessionKey(gid));
    must(await alice.client.rotateSessionKey(gid));
    await eventually([carol], 'two rotations', async () => {
      const group = await view(carol, gid);
      return group.generation === before + 2 && group.key.state === 'secured';
    });
  });

  it('AO-14: a plain member and an outsider cannot rotate, not even with a hand-made entry', async () => {
    await begin();
    const before = await facts(alice, gid);
    expect(refused(await carol.client.rotateSessionKey(gid))).toBe('E_ROLE');
    const member = await cheat(world, carol, gid);
    expect(await member.append(member.rotation())).toBe('E_ROLE');
    const outsider = await cheat(world, dave, gid, carol);
    expect(await outsider.append(outsider.rotation())).toBe('E_NOT_MEMBER');
    expect(await facts(alice, gid)).toEqual(before);
  });

  it('AO-21: owner and moderators make links, a plain member cannot; the policy can keep it to the owner', async () => {
    await begin();
    await makeLink(bob, gid);
    await makeLink(alice, gid);
    await inStep([alice, bob, carol], gid);
    expect(must(await alice.client.links(gid))).toHaveLength(2);
    expect(refused(await carol.client.createLink(gid, REVIEWED))).not.toBe('E_OFFLINE');
    const mallory = await cheat(world, carol, gid, alice);
    const made = mallory.entry({
      kind: 'LinkOps',
      links: {
        create: [],
        revoke: [must(await alice.client.links(gid))[0]?.pk ?? ('' as never)],
        staffHash: '0'.repeat(64) as never,
        staffCommit: '0'.repeat(64) as never,
      },
    });
    expect(await mallory.append(made)).toBe('E_ROLE');
    must(await alice.client.setPolicy(gid, { modsManageLinks: false }));
    await inStep([alice, bob, carol], gid);
    expect(refused(await bob.client.createLink(gid, REVIEWED))).toBe('E_ROLE');
  });

  it('R9: the links of a moderator who was demoted are revoked', async () => {
    await begin();
    const { pk } = await makeLink(bob, gid);
    await inStep([alice, bob], gid);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
    const link = must(await alice.client.links(gid)).find((one) => one.pk === pk);
    expect(link?.state).toBe('revoked');
  });

  it('R9: after somebody left the staff the next change of links renews every intake pair, also by who came later', async () => {
    await begin();
    const { pk } = await makeLink(alice, gid);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
    must(await alice.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    must(await alice.client.editMember(gid, { set_role: [[dave.pid, ROLE.moderator]] }));
    await inStep([alice, bob, carol, dave], gid);
    const intake = async (one: Person): Promise<number | undefined> =>
      readStaffText(await one.replica(gid))?.links.find((link) => link.pk === (pk as string))
        ?.intake_secrets.length;
    expect(await intake(alice)).toBe(1);
    await eventually([dave], 'dave reads the staff text', async () =>
      must(await dave.client.links(gid)).some((link) => link.pk === pk && link.label !== null),
    );
    await makeLink(dave, gid);
    await inStep([alice, dave], gid);
    await eventually([alice], 'the pair was renewed', async () => (await intake(alice)) === 2);
    await makeLink(alice, gid);
    expect(await intake(alice)).toBe(2);
  });

  it('R3: a ban keeps a person out until it is lifted', async () => {
    await begin();
    must(await bob.client.editMember(gid, { ban: [carol.pid] }));
    await inStep([alice, bob], gid);
    expect((await view(alice, gid)).banned.map((one) => one.pid)).toEqual([carol.pid]);
    expect(refused(await bob.client.editMember(gid, { add: [carol.pid] }))).toBe('E_BANNED');
    const { link } = await makeLink(alice, gid);
    const join = must(await carol.client.openLink(link));
    expect(refused(await carol.client.requestToJoin(join.joinId, ''))).toBe('E_BANNED');
    must(await bob.client.editMember(gid, { unban: [carol.pid] }));
    must(await carol.client.requestToJoin(join.joinId, ''));
  });
});
