/** Running a group: the log in words, settings, the picture, what the staff notes, reports, news, and what is left of a group. */
import { afterEach, describe, expect, it } from 'vitest';
import { profileCommit, sealedHash } from '../crypto/hash.ts';
import { sealText } from '../crypto/secret/seal.ts';
import { keyOf } from '../engine/replica.ts';
import type { ClientEvent } from '../client/event.ts';
import type { ActView, GroupNews } from '../client/view.ts';
import { pad1024 } from '../protocol/padding.ts';
import { encodeSealedText } from '../protocol/sealed.ts';
import { POLICY } from '../protocol/policy.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import type { Gid } from '../protocol/ids.ts';
import { bytesOf, cheat, refusalOf } from './cheat.ts';
import {
  accept,
  admit,
  allRead,
  ask,
  eventually,
  groupOf,
  inGroup,
  inStep,
  lines,
  makeGroup,
  makeLink,
  must,
  online,
  type Person,
  refused,
  REVIEWED,
  say,
  setup,
  texts,
  view,
  type World,
} from './setup.ts';

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
  await named(alice, [bob, carol]);
}

/** Waits until one knows the names of the others. */
async function named(one: Person, others: readonly Person[]): Promise<void> {
  await eventually([one], 'the names', async () => {
    const { members } = await view(one, gid);
    return others.every((other) => members.some((m) => m.pid === other.pid && m.name !== null));
  });
}

async function acts(one: Person, wishes = {}): Promise<readonly ActView[]> {
  return must(await one.client.activity(gid, wishes)).acts;
}

function newsOf(one: Person): GroupNews[] {
  return one.events.flatMap((event: ClientEvent) =>
    event.kind === 'happened' && event.gid === gid ? [event.news] : [],
  );
}

async function hears(
  one: Person,
  wanted: Partial<GroupNews> & { what: string },
): Promise<GroupNews> {
  return eventually([one], `${one.name} hears of ${wanted.what}`, () =>
    newsOf(one).find((news) => news.what === wanted.what),
  );
}

/** The smallest bytes that count as a picture. */
const PICTURE = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

describe('the log in words', () => {
  it('says who did what to whom, with before and after, the key that began, and the reason', async () => {
    await begin();
    must(await bob.client.editMember(gid, { set_role: [[carol.pid, ROLE.observer]] }));
    must(await bob.client.addNote(gid, { pid: carol.pid }, 'asked to read only'));
    must(await alice.client.editGroupInfo(gid, { group_name: 'Shed' }));
    must(await alice.client.setPolicy(gid, { strictPending: true, modsManageLinks: false }));
    const pk = must(await alice.client.createLink(gid, REVIEWED));
    must(await alice.client.revokeLink(gid, pk));
    must(await alice.client.rotateSessionKey(gid, 'the flyer was photographed'));
    must(await carol.client.leaveGroup(gid, 'moving away'));
    const seen = await eventually([alice], 'all of it', async () => {
      const all = await acts(alice);
      const whole =
        all.some((act) => act.reason === 'the flyer was photographed') &&
        all.some((act) => act.reason === 'asked to read only') &&
        all.some((act) => act.lines[0]?.what === 'left');
      return whole && all;
    });
    const line = (what: string) =>
      seen
        .flatMap((act) => act.lines.map((one) => ({ act, one })))
        .find((x) => x.one.what === what);
    expect(line('left')?.one).toMatchObject({ what: 'left', note: 'moving away' });
    expect(seen.find((act) => act.reason === 'asked to read only')).toMatchObject({
      actor: { name: 'bob' },
      lines: [{ what: 'role', who: { name: 'carol' }, before: ROLE.member, role: ROLE.observer }],
      generation: null,
    });
    expect(line('renamed')?.one).toMatchObject({ before: 'Harbour garden', name: 'Shed' });
    expect(line('policy')?.one).toMatchObject({
      changes: [
        { name: 'strictPending', on: true },
        { name: 'modsManageLinks', on: false },
      ],
    });
    expect(line('linkCreated')?.one).toMatchObject({
      link: { label: 'Poster', role: ROLE.member, maxUses: 25, expires: 0, auto: false },
    });
    // The staff's text has forgotten the label of a link that ended; the log still names it.
    expect(line('linkRevoked')?.one).toMatchObject({ links: [{ pk, label: 'Poster' }] });
    const rotated = seen.find((act) => act.reason === 'the flyer was photographed');
    expect(rotated).toMatchObject({
      lines: [{ what: 'rotated', reason: 'manual', generation: 3 }],
      generation: { number: 3, cause: 'manual' },
    });
    const page = must(await alice.client.activity(gid, {}));
    expect(page.verified).toBe(page.acts[0]?.seq);
    // The same lines stand in the talk; a label is the staff's alone, a note never leaves its circle.
    const asCarol = await acts(carol);
    expect(asCarol.every((act) => act.reason === null)).toBe(true);
    expect(JSON.stringify(asCarol)).not.toContain('Poster');
  });

  it('can be narrowed by who, whom, what and words, and read page by page', async () => {
    await begin();
    for (let at = 0; at < 35; at++)
      must(await bob.client.editMember(gid, { set_role: [[carol.pid, at % 2 === 0 ? 0 : 1]] }));
    must(await alice.client.editGroupInfo(gid, { group_name: 'Shed' }));
    for (let at = 0; at < 35; at++)
      must(await bob.client.editMember(gid, { set_role: [[carol.pid, at % 2 === 0 ? 1 : 0]] }));
    await inStep([alice, bob], gid);
    const by = await acts(alice, { who: alice.pid });
    expect(by.every((act) => act.actor.pid === alice.pid)).toBe(true);
    expect((await acts(alice, { what: 'roles', whom: bob.pid })).length).toBe(1);
    expect((await acts(alice, { find: 'shed' })).map((act) => act.lines[0]?.what)).toEqual([
      'renamed',
    ]);
    expect((await acts(alice, { find: 'nobody of this name' })).length).toBe(0);
    const seqs: number[] = [];
    let before: number | null = null;
    do {
      const page: { acts: readonly ActView[]; before: number | null } = must(
        await alice.client.activity(gid, before === null ? {} : { before }),
      );
      seqs.push(...page.acts.map((act) => act.seq));
      ({ before } = page);
    } while (before !== null);
    const { seq } = await view(alice, gid);
    expect(seqs).toEqual(Array.from({ length: seq + 1 }, (_, at) => seq - at));
  });

  it('keys: each generation with its cause, and whether it passed history on', async () => {
    await begin();
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    must(await alice.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    const keys = must(await alice.client.generations(gid));
    expect(keys.map(({ number, cause, shareable, history }) => [number, cause, shareable, history]))
      // Bob's promotion crossed into the staff, so it came with a key as well.
      .toEqual([
        [4, 'members', true, 'passed'],
        [3, 'manual', true, 'none'],
        [2, 'members', false, 'none'],
        [1, 'start', false, 'none'],
      ]);
    expect(keys[0]?.lines[0]).toMatchObject({ what: 'added', who: [{ pid: dave.pid }] });
  });
});

describe('settings', () => {
  it('SX-19, bug 5: one setting changed never wipes another, also where two people change at once', async () => {
    await begin();
    must(
      await alice.client.editGroupInfo(gid, {
        about: 'Raised beds',
        rules: 'Be kind',
        image: PICTURE,
      }),
    );
    await inStep([alice, bob], gid);
    const both = await Promise.all([
      alice.client.editGroupInfo(gid, { group_name: 'Shed' }),
      bob.client.editGroupInfo(gid, { about: 'Seedlings' }),
      alice.client.setPolicy(gid, { announcements: true }),
    ]);
    both.forEach(must);
    must(await alice.client.setPolicy(gid, { modsEditProfile: false }));
    await inStep([alice, bob, carol], gid);
    for (const one of [alice, bob, carol]) {
      const group = await eventually([one], 'the newest words', async () => {
        const now = await view(one, gid);
        return now.name === 'Shed' && now.about === 'Seedlings' && now;
      });
      expect(group).toMatchObject({
        rules: 'Be kind',
        policy: {
          announcements: true,
          modsEditProfile: false,
          modsManageLinks: true,
          shareableDefault: false,
          strictPending: false,
        },
      });
      expect(must(await one.client.groupImage(gid))).toEqual(PICTURE);
    }
  });

  it('SX-18: a profile of a later version is not shown, not overwritten, and takes no right away', async () => {
    await begin();
    const later = await cheat(world, alice, gid);
    const { replica } = later;
    const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
    if (key === null) throw new Error('no key');
    const json = JSON.stringify({
      salt: 'AAAA',
      group_name: 'Later',
      about: '',
      img: null,
      rules: '',
      colour: 'blue',
    });
    const padded = pad1024(bytesOf(json));
    const sealed = encodeSealedText(
      sealText(world.primitives, key, replica.state.seq + 1, alice.pid, padded),
    );
    const made = later.entry(
      {
        kind: 'EditGroupInfo',
        profileHash: sealedHash(world.primitives, sealed),
        profileCommit: profileCommit(world.primitives, padded),
        policy: null,
      },
      [sealed],
    );
    expect(await later.append(made)).toBe('appended');
    await inStep([alice, bob, carol], gid);
    await eventually([bob], 'the later profile', async () => {
      return refused(await bob.client.editGroupInfo(gid, { about: 'old words' })) === 'E_VERSION';
    });
    expect((await view(bob, gid)).name).toBe('Harbour garden');
    // Bits this version does not know are refused where they are read, so no old client ever sets or clears one.
    const unknown = { ...made };
    const odd = later.entry({
      kind: 'EditGroupInfo',
      profileHash: sealedHash(world.primitives, sealed),
      profileCommit: profileCommit(world.primitives, padded),
      policy: POLICY.announcements,
    });
    const bits = new Uint8Array(odd.entry);
    bits[bits.length - 65] = 0x40;
    expect(await refusalOf(later.wire, 'append', { ...unknown, entry: bits })).toBe('E_FORMAT');
    must(await alice.client.setPolicy(gid, { announcements: true }));
    await inStep([alice, bob, carol], gid);
    expect((await view(carol, gid)).policy.announcements).toBe(true);
    expect((await view(carol, gid)).role).toBe(ROLE.member);
  });

  it('a picture is checked before it is sealed, is the same for everybody, and stands in later previews', async () => {
    await begin();
    const big = new Uint8Array(16 * 1024 + 1);
    big.set(PICTURE);
    expect(refused(await alice.client.editGroupInfo(gid, { image: big }))).toBe('E_LIMIT');
    const script = bytesOf('<svg onload="alert(1)"/>');
    expect(refused(await alice.client.editGroupInfo(gid, { image: script }))).toBe('E_FORMAT');
    must(await alice.client.editGroupInfo(gid, { image: big.subarray(0, 16 * 1024) }));
    await inStep([alice, bob, carol], gid);
    const image = await eventually([carol], 'the picture', async () => {
      const known = await view(carol, gid);
      return known.image;
    });
    expect((await view(alice, gid)).image).toBe(image);
    expect(must(await carol.client.groupImage(gid))?.length).toBe(16 * 1024);
    await world.restart('carol');
    expect(must(await carol.client.groupImage(gid))?.length).toBe(16 * 1024);
    const { link } = await makeLink(bob, gid);
    const shown = must(await dave.client.openLink(link));
    expect(shown.preview?.image?.length).toBe(16 * 1024);
    must(await alice.client.editGroupInfo(gid, { image: null }));
    expect(must(await alice.client.groupImage(gid))).toBeNull();
  });
});

describe('what the staff knows', () => {
  it('notes are read by owner and moderators, by key: not by members, and no more after a demotion', async () => {
    await begin();
    must(await alice.client.addNote(gid, { pid: carol.pid }, 'be patient with her'));
    await eventually([bob], 'the note', async () => {
      const notes = must(await bob.client.notes(gid));
      return notes.some((note) => note.text === 'be patient with her' && note.by.name === 'alice');
    });
    expect(refused(await carol.client.notes(gid))).toBe('E_ROLE');
    expect(refused(await carol.client.addNote(gid, {}, 'me too'))).toBe('E_ROLE');
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.member]] }));
    await eventually([bob], 'the demotion', async () => {
      return (await view(bob, gid)).role === ROLE.member;
    });
    expect(refused(await bob.client.notes(gid))).toBe('E_ROLE');
    expect((await view(bob, gid)).turned).toMatchObject({
      what: 'role',
      by: { pid: alice.pid },
      before: ROLE.moderator,
      now: ROLE.member,
    });
    must(await alice.client.addNote(gid, {}, 'Bob is out'));
    await say(alice, gid, 'hello');
    await allRead([bob], gid, 'hello');
    const stored = await bob.replica(gid);
    const generation = stored.state.generation;
    expect(keyOf(stored, generation, CIRCLE.everyone)).not.toBeNull();
    expect(keyOf(stored, generation, CIRCLE.staff)).toBeNull();
  });

  it('SX-13: a report reaches the moderators and nobody else, also while only they may write', async () => {
    await begin();
    must(await alice.client.editMember(gid, { add: [dave.pid] }));
    await accept(dave, gid);
    await say(dave, gid, 'buy my coins');
    await allRead([carol], gid, 'buy my coins');
    must(await alice.client.setPolicy(gid, { announcements: true }));
    await inStep([alice, bob, carol, dave], gid);
    expect(refused(await carol.client.sendMessage(gid, 'he spams'))).toBe('E_ROLE');
    const item = (await lines(carol, gid)).find(
      (line) => line.kind === 'message' && line.text === 'buy my coins',
    );
    if (item?.kind !== 'message') throw new Error('no message');
    const wishes = { about: dave.pid, item: item.item, text: 'he spams' };
    must(await carol.client.reportMessage(gid, wishes));
    expect(refused(await carol.client.reportMessage(gid, { ...wishes, about: bob.pid }))).toBe(
      'E_NOT_FOUND',
    );
    for (const one of [alice, bob]) {
      const [report] = await eventually([one], 'the report', async () => {
        const reports = must(await one.client.reports(gid));
        return reports.length === 1 && reports;
      });
      expect(report).toMatchObject({
        by: { pid: carol.pid },
        about: { pid: dave.pid },
        quote: 'buy my coins',
        text: 'he spams',
        handled: null,
      });
    }
    for (const one of [carol, dave]) {
      expect(refused(await one.client.reports(gid))).toBe('E_ROLE');
      const mallory = await cheat(world, one, gid);
      expect(await refusalOf(mallory.wire, 'requests', { gid })).toBe('E_ROLE');
    }
    expect(await texts(dave, gid)).not.toContain('he spams');
    const id = must(await bob.client.reports(gid))[0]?.id;
    if (id === undefined) throw new Error('no report');
    must(await bob.client.handleReport(gid, id));
    await eventually([alice], 'it was seen to', async () => {
      const [report] = must(await alice.client.reports(gid));
      return report?.handled?.by.pid === bob.pid;
    });
  });

  it('people who were compared stay marked after a restart and on a further device', async () => {
    await begin();
    must(await alice.client.setVerified(bob.pid, true));
    must(await alice.client.setVerified(carol.pid, true));
    must(await alice.client.setVerified(carol.pid, false));
    expect(refused(await alice.client.setVerified(alice.pid, true))).toBe('E_ROLE');
    const marked = async (one: Person) =>
      (await view(one, gid)).members.filter((m) => m.verified).map((m) => m.pid);
    expect(await marked(alice)).toEqual([bob.pid]);
    await world.restart('alice');
    expect(await marked(alice)).toEqual([bob.pid]);
    await online(alice);
    const code = must(await alice.client.showRecoveryCode());
    const groups = [0, 1].map((place): [number, string] => [
      place,
      code.slice(5 * place, 5 * place + 5),
    ]);
    must(await alice.client.proveRecoveryCode(groups));
    must(await alice.client.setVerified(carol.pid, true));
    const again = await world.restore('alice-laptop', code);
    await inGroup(again, gid);
    expect((await marked(again)).toSorted()).toEqual([bob.pid, carol.pid].toSorted());
    expect(await marked(bob)).toEqual([]);
  });
});

describe('news of a group', () => {
  it('SX-01, SX-02, SX-03: everybody hears once of who comes, goes and is alone', async () => {
    world = await setup('alice', 'bob', 'carol');
    [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    gid = await makeGroup(alice, 'Harbour garden', [bob.pid, carol.pid]);
    await hears(bob, { what: 'invited' });
    const invitation = await view(bob, gid);
    expect(invitation.standing).toBe('invited');
    expect(invitation.members.length).toBe(3);
    await accept(bob, gid);
    await accept(carol, gid);
    await hears(alice, { what: 'allConnected' });
    const connected = newsOf(alice).filter((news) => news.what === 'connected');
    expect(
      new Set(connected.map((news) => (news.what === 'connected' ? news.who.pid : ''))),
    ).toEqual(new Set([bob.pid, carol.pid]));
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    expect(await hears(bob, { what: 'yourRole' })).toMatchObject({
      before: ROLE.member,
      role: ROLE.moderator,
      by: { pid: alice.pid },
    });
    must(await bob.client.editMember(gid, { remove: [carol.pid] }));
    expect(await hears(carol, { what: 'removedYou' })).toMatchObject({
      by: { pid: bob.pid },
      banned: false,
    });
    expect(await hears(alice, { what: 'removed' })).toMatchObject({
      who: { pid: carol.pid },
      by: { pid: bob.pid },
    });
    must(await bob.client.leaveGroup(gid, ''));
    expect(await hears(alice, { what: 'left' })).toMatchObject({ who: { pid: bob.pid } });
    await hears(alice, { what: 'empty' });
    must(await alice.client.rotateSessionKey(gid));
    must(await alice.client.editGroupInfo(gid, { about: 'nobody here' }));
    await world.restart('alice');
    expect(newsOf(alice).filter((news) => news.what === 'empty').length).toBe(1);
  });

  it('SX-04: only the owner closes; everybody is told by whom, and keeps what they have read', async () => {
    await begin();
    await say(alice, gid, 'last words');
    await allRead([bob, carol], gid, 'last words');
    expect(refused(await bob.client.closeGroup(gid))).toBe('E_ROLE');
    expect(refused(await carol.client.closeGroup(gid))).toBe('E_ROLE');
    must(await alice.client.closeGroup(gid));
    for (const one of [bob, carol]) {
      expect(await hears(one, { what: 'closed' })).toMatchObject({ by: { pid: alice.pid } });
      await world.restart(one.name);
      expect((await view(one, gid)).standing).toBe('closed');
      expect(await texts(one, gid)).toContain('last words');
    }
  });

  it('SX-05, bug 3: nobody brings in or acts on a rank above the own', async () => {
    await begin();
    const owner = { role: ROLE.moderator as 0 | 1 };
    expect(refused(await bob.client.createLink(gid, { ...REVIEWED, ...owner }))).not.toBe('taken');
    expect(
      refused(
        await bob.client.editMember(gid, {
          add: [dave.pid],
          set_role: [[dave.pid, ROLE.moderator]],
        }),
      ),
    ).toBe('E_ROLE');
    expect(
      refused(
        await bob.client.editMember(gid, { add: [dave.pid], set_role: [[dave.pid, ROLE.owner]] }),
      ),
    ).not.toBe('taken');
    expect(refused(await bob.client.editMember(gid, { remove: [alice.pid] }))).toBe('E_ROLE');
    must(
      await alice.client.editMember(gid, {
        add: [dave.pid],
        set_role: [[dave.pid, ROLE.moderator]],
      }),
    );
    await inStep([alice, bob, carol], gid);
    expect(refused(await bob.client.editMember(gid, { remove: [dave.pid] }))).toBe('E_ROLE');
    expect((await view(carol, gid)).members.length).toBe(4);
  });

  it('SX-07: an observer reads and does not write; a changed role holds for the next message', async () => {
    await begin();
    await say(carol, gid, 'before');
    await allRead([alice], gid, 'before');
    must(await bob.client.editMember(gid, { set_role: [[carol.pid, ROLE.observer]] }));
    await eventually([carol], 'the role', async () => {
      return (await view(carol, gid)).role === ROLE.observer;
    });
    expect(refused(await carol.client.sendMessage(gid, 'still'))).toBe('E_ROLE');
    await say(alice, gid, 'can you read this');
    await allRead([carol], gid, 'can you read this');
    must(await bob.client.editMember(gid, { set_role: [[carol.pid, ROLE.member]] }));
    await eventually([carol], 'the role', async () => {
      return (await view(carol, gid)).role === ROLE.member;
    });
    await say(carol, gid, 'after');
    await allRead([alice, bob], gid, 'after');
  });
});

describe('what is left of a group', () => {
  it('is kept or erased by who was removed; who comes back is heard again', async () => {
    await begin();
    await say(carol, gid, 'one');
    await allRead([alice], gid, 'one');
    expect(refused(await carol.client.forgetGroup(gid))).toBe('E_ROLE');
    must(await alice.client.editMember(gid, { remove: [carol.pid] }));
    await eventually([carol], 'the removal', async () => {
      return (await view(carol, gid)).standing === 'removed';
    });
    expect((await view(carol, gid)).turned).toMatchObject({
      what: 'removed',
      by: { pid: alice.pid },
    });
    expect(await texts(carol, gid)).toContain('one');
    must(await carol.client.forgetGroup(gid));
    expect(await carol.client.groups()).toEqual([]);
    await world.restart('carol');
    expect(await carol.client.groups()).toEqual([]);
    expect(refused(await carol.client.group(gid))).toBe('E_NOT_FOUND');
    await admit(alice, gid, carol);
    await say(carol, gid, 'two');
    await allRead([alice, bob], gid, 'two');
  });

  it('a closed group that was erased does not come back', async () => {
    await begin();
    must(await alice.client.closeGroup(gid));
    await eventually([carol], 'the end', async () => {
      return (await view(carol, gid)).standing === 'closed';
    });
    must(await carol.client.forgetGroup(gid));
    await world.restart('carol');
    await eventually([carol], 'carol is online', async () => {
      return (await carol.client.connection()).state === 'online';
    });
    expect(await carol.client.groups()).toEqual([]);
  });
});

describe('who asks', () => {
  it('the note of a decision stands beside the act it explains', async () => {
    await begin();
    const { link } = await makeLink(alice, gid);
    const hash = await ask(alice, gid, dave, link);
    must(await alice.client.approve(gid, [hash]));
    must(await alice.client.addNote(gid, { request: hash }, 'Bob vouches for him'));
    await eventually([bob], 'the reason', async () => {
      const all = await acts(bob, { whom: dave.pid });
      return all[0]?.reason === 'Bob vouches for him';
    });
  });
});
