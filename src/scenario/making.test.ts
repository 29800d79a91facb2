import { afterEach, describe, expect, it } from 'vitest';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import { bareLogin, bytesOf, cheat } from './cheat.ts';
import {
  accept,
  eventually,
  groupOf,
  inStep,
  lines,
  logWords,
  makeGroup,
  must,
  refused,
  roleIn,
  setup,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

describe('making a group', () => {
  it('AO-01: SpawnGroup makes a new group each time, and nothing else works on it before InitGroup', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const first = must(await alice.client.spawnGroup());
    const second = must(await alice.client.spawnGroup());
    expect(first).not.toBe(second);
    expect(refused(await alice.client.editMember(first, { add: [bob.pid] }))).toBe('E_GEN');
    expect(refused(await alice.client.rotateSessionKey(first))).toBe('E_GEN');
    expect(refused(await alice.client.editGroupInfo(first, { group_name: 'early' }))).toBe(
      'E_BUSY',
    );
    expect((await view(alice, first)).seq).toBe(0);
    must(await alice.client.initGroup(first, { group_name: 'A_family' }, {}));
    expect((await view(alice, first)).name).toBe('A_family');
    expect((await view(alice, second)).name).toBeNull();
  });

  it('AO-02: the spawned group stores its owner, who is the caller', async () => {
    world = await setup('alice');
    const [alice] = world.people('alice');
    const gid = await makeGroup(alice);
    const metadata = must(await alice.client.getGroupMetadata(gid));
    expect(metadata.owner).toBe(alice.pid);
    expect(metadata.members).toEqual([{ pid: alice.pid, role: ROLE.owner }]);
  });

  it('AO-03, AO-04, AO-06, AO-10: InitGroup takes info, member_ops and session_keys in one entry: one owner, moderators, members, generation 1', async () => {
    world = await setup('alice', 'bob', 'carol', 'dave');
    const [alice, bob, carol, dave] = world.people('alice', 'bob', 'carol', 'dave');
    const gid = must(await alice.client.spawnGroup());
    const add = [bob.pid, carol.pid, dave.pid];
    const set_role = [
      [bob.pid, ROLE.moderator],
      [dave.pid, ROLE.observer],
    ] as const;
    must(await alice.client.initGroup(gid, { group_name: 'A_family' }, { add, set_role }));
    for (const one of [bob, carol, dave]) await accept(one, gid);
    const group = await view(carol, gid);
    expect(group).toMatchObject({ name: 'A_family', generation: 1, seq: 1 });
    const roles = new Map(group.members.map((member) => [member.pid, member.role]));
    expect(roles).toEqual(
      new Map([
        [alice.pid, ROLE.owner],
        [bob.pid, ROLE.moderator],
        [carol.pid, ROLE.member],
        [dave.pid, ROLE.observer],
      ]),
    );
    expect([...roles.values()].filter((role) => role === ROLE.owner)).toHaveLength(1);
    expect(await world.storage().boxes(gid, 1, CIRCLE.everyone)).not.toBeNull();
  });

  it('AO-05, AO-33: group info has name, about and rules; GetGroupMetadata gives them with members and roles to every member', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = must(await alice.client.spawnGroup());
    const info = { group_name: 'Harbour', about: 'We dig.', rules: 'Be kind.' };
    must(await alice.client.initGroup(gid, info, { add: [bob.pid] }));
    await accept(bob, gid);
    const metadata = must(await bob.client.getGroupMetadata(gid));
    expect(metadata).toEqual({
      group_name: 'Harbour',
      about: 'We dig.',
      owner: alice.pid,
      generation: 1,
      members: expect.arrayContaining([
        { pid: alice.pid, role: ROLE.owner },
        { pid: bob.pid, role: ROLE.member },
      ]) as unknown,
    });
    expect(await view(bob, gid)).toMatchObject({ about: 'We dig.', rules: 'Be kind.' });
  });

  it('AO-42: InitGroup is accepted once, and only from the owner', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = must(await alice.client.spawnGroup());
    const mallory = await cheat(world, bob, gid, alice);
    const forged = mallory.entry(
      {
        kind: 'InitGroup',
        profileCommit: mallory.replica.state.head,
        staffCommit: mallory.replica.state.head,
        ops: { remove: [], add: [], setRole: [], unban: [] },
        keys: mallory.keys().update,
      },
      mallory.keys().objects,
    );
    expect(await mallory.append(forged)).toBe('E_NOT_MEMBER');
    must(await alice.client.initGroup(gid, { group_name: 'once' }, { add: [bob.pid] }));
    await accept(bob, gid);
    expect(refused(await alice.client.initGroup(gid, { group_name: 'twice' }, {}))).toBe('E_GEN');
    // The same from a client that does not check: the server refuses it too.
    const cheating = await cheat(world, alice, gid);
    const { update, objects } = cheating.keys();
    const again = cheating.entry(
      {
        kind: 'InitGroup',
        profileCommit: cheating.replica.state.head,
        staffCommit: cheating.replica.state.head,
        ops: { remove: [], add: [], setRole: [], unban: [] },
        keys: update,
      },
      objects,
    );
    expect(await cheating.append(again)).toBe('E_GEN');
    expect(await view(bob, gid)).toMatchObject({ name: 'once', seq: 1, halted: null });
  });

  it('AO-26, AO-27: EditGroupInfo changes name, about and rules; only a changed name puts "renamed" into the timeline', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    must(
      await alice.client.editGroupInfo(gid, { group_name: 'Harbour garden', about: 'New words' }),
    );
    await eventually([bob], 'the words', async () => (await view(bob, gid)).about === 'New words');
    expect(await logWords(bob, gid)).not.toContain('renamed');
    must(await alice.client.editGroupInfo(gid, { group_name: 'Quay' }));
    await eventually([bob], 'the name', async () => (await view(bob, gid)).name === 'Quay');
    const named = (await lines(bob, gid)).filter(
      (line) => line.kind === 'log' && line.line.what === 'renamed',
    );
    expect(named).toMatchObject([{ actor: { pid: alice.pid }, line: { name: 'Quay' } }]);
    expect((await view(bob, gid)).about).toBe('New words');
  });

  it('AO-26: a plain member cannot edit the info; a moderator can unless the policy says no', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob, carol]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    await inStep([alice, bob, carol], gid);
    expect(refused(await carol.client.editGroupInfo(gid, { group_name: 'Mine' }))).toBe('E_ROLE');
    must(await bob.client.editGroupInfo(gid, { group_name: 'Ours' }));
    await eventually([carol], 'the name', async () => (await view(carol, gid)).name === 'Ours');
    must(await alice.client.setPolicy(gid, { modsEditProfile: false }));
    await inStep([alice, bob, carol], gid);
    expect(refused(await bob.client.editGroupInfo(gid, { group_name: 'Mine' }))).toBe('E_ROLE');
  });

  it('AO-07: member_ops runs remove, then add, then set_role: one removed and added again is a plain member, and a role may follow in the same call', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    must(await alice.client.editMember(gid, { remove: [bob.pid], add: [bob.pid] }));
    expect(await roleIn(alice, gid, bob)).toBe(ROLE.member);
    must(
      await alice.client.editMember(gid, {
        remove: [bob.pid],
        add: [bob.pid, carol.pid],
        set_role: [
          [bob.pid, ROLE.observer],
          [carol.pid, ROLE.moderator],
        ],
      }),
    );
    expect(await roleIn(alice, gid, bob)).toBe(ROLE.observer);
    expect(await roleIn(alice, gid, carol)).toBe(ROLE.moderator);
    await accept(carol, gid);
    await eventually([bob], 'bob is back', async () => {
      const group = await view(bob, gid);
      return group.generation === 4 && group.key.state === 'secured';
    });
  });

  it('AO-50: what ao heads EditMember is one signed MemberOps entry', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    must(await alice.client.editMember(gid, { add: [bob.pid] }));
    const kinds = await eventually([alice], 'the entry is stored', async () => {
      const { acts } = await alice.replica(gid);
      return acts.length === 3 && acts.map((act) => act.action.kind);
    });
    expect(kinds).toEqual(['SpawnGroup', 'InitGroup', 'MemberOps']);
  });

  it('AO-11, AO-37: what the server stores holds no group name, no text, no person’s name and no key', async () => {
    world = await setup('alice-the-gardener', 'bob');
    const [alice, bob] = world.people('alice-the-gardener', 'bob');
    const gid = await makeGroup(alice, 'Secret orchard name', [bob.pid]);
    await accept(bob, gid);
    must(await alice.client.sendMessage(gid, 'meet me under the pear tree'));
    await eventually([bob], 'the text', async () =>
      (await lines(bob, gid)).some((line) => line.kind === 'message'),
    );
    const { keys } = await alice.replica(gid);
    const wire = await bareLogin(world, alice);
    wire.close();
    await world.stopServer();
    const { readdir, readFile } = await import('node:fs/promises');
    const folder = `${world.folder}/data`;
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    const secrets = [
      ...['Secret orchard name', 'meet me under the pear tree', 'alice-the-gardener'].map(bytesOf),
      ...[...keys.values()].map((key) => key.secret),
      (await alice.identity()).device.secretKey,
      (await alice.identity()).sealing.secretKey,
    ];
    for (const file of files) {
      const bytes = await readFile(`${file.parentPath}/${file.name}`);
      for (const secret of secrets) expect(bytes.includes(Buffer.from(secret))).toBe(false);
    }
  });
});
