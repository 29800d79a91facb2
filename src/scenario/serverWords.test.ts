/** A server that lies about keys, names, links, requests and cards, behind the real wire. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Gid } from '../protocol/ids.ts';
import { bareLogin } from './cheat.ts';
import {
  allRead,
  eventually,
  groupOf,
  inGroup,
  inStep,
  makeGroup,
  makeLink,
  must,
  named,
  type Person,
  refused,
  say,
  setupWith,
  view,
  waitingFor,
  type World,
} from './setup.ts';
import { portrait, warnings } from './verdicts.ts';

let world: World;
afterEach(() => world.close());

async function aliceAndBob(...more: string[]): Promise<[Person, Person, Gid]> {
  world = await setupWith({ hurry: 10, memory: true, doors: ['bob'] }, 'alice', 'bob', ...more);
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  await inStep([alice, bob], gid);
  return [alice, bob, gid];
}

const flipped = (bytes: Bytes, at: number): Bytes => {
  const other = bytes.slice();
  other[at] = (other[at] ?? 0) ^ 1;
  return other;
};

describe('a server that lies about keys', () => {
  it('P018: it replaces the boxes: the hash in the log speaks against it, the server is named and nobody else, and no false key is used', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const door = world.door('bob');
    door.script = {
      after: {
        box: ({ box }) => ({ value: { box: flipped(box, 40) } }),
        boxes: ({ boxes }) => ({ value: { boxes: flipped(boxes, 40) } }),
      },
    };
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    const shown = await view(bob, gid);
    expect(shown.warnings).toEqual([{ kind: 'withheld', who: null }]);
    expect(shown.key.state).toBe('missing');
    const { complaints } = await (await bareLogin(world, alice)).get('requests', { gid });
    expect(complaints).toEqual([]);
    expect(door.heard.filter(({ name }) => name === 'offer')).toEqual([]);
    await say(bob, gid, 'waits for the key');
    expect(door.heard.filter(({ name }) => name === 'send')).toEqual([]);
    door.script = {};
    door.cut();
    await allRead([alice], gid, 'waits for the key');
  });

  it('P019: it serves the box of the generation before for the new one: it is no key here, and the true one is found', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const { generation } = await view(bob, gid);
    const wire = await bareLogin(world, bob);
    const { box } = await wire.get('box', { gid, generation, circle: CIRCLE.everyone });
    const door = world.door('bob');
    door.script = { instead: { box: () => ({ value: { box } }) } };
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    expect(door.heard.filter(({ name }) => name === 'boxes').length).toBeGreaterThan(0);
    expect((await view(bob, gid)).key.state).toBe('secured');
    const keys = [...(await bob.replica(gid)).keys.values()];
    expect(new Set(keys.map((key) => Buffer.from(key.secret).toString('hex'))).size).toBe(
      keys.length,
    );
    await say(bob, gid, 'under the true key');
    await allRead([alice], gid, 'under the true key');
  });
});

describe('a server that lies about words', () => {
  it('P020: it changes the sealed name of the group on the way: the old name stays until the true one is served', async () => {
    const [alice, bob, gid] = await aliceAndBob();
    const door = world.door('bob');
    for (const at of [0, 10, 60, 1000]) {
      door.script = {
        after: {
          sealed: ({ text }) => ({ value: { text: text === null ? null : flipped(text, at) } }),
        },
      };
      const name = `Garden ${String(at)}`;
      const before = await view(bob, gid);
      must(await alice.client.editGroupInfo(gid, { group_name: name }));
      await inStep([alice, bob], gid);
      await eventually([bob], 'the text was asked for', () =>
        door.heard.some((request) => request.name === 'sealed'),
      );
      expect((await view(bob, gid)).name).toBe(before.name);
      expect((await view(bob, gid)).warnings).toEqual([]);
      door.script = {};
      door.cut();
      await eventually([bob], 'the true name', async () => (await view(bob, gid)).name === name);
    }
  });

  it('P021: it shows another preview for a link: the link is said to be bad, and nothing can be asked through it', async () => {
    const [alice, bob, gid] = await aliceAndBob('carol');
    const [one, two] = [await makeGroup(alice, 'One'), await makeGroup(alice, 'Two')];
    const first = await makeLink(alice, one);
    const second = await makeLink(alice, two);
    const wire = await bareLogin(world, alice);
    const other = await wire.get('preview', { gid: two, linkPk: second.pk });
    const door = world.door('bob');
    const lies: ((value: Bytes) => Bytes)[] = [
      (value) => flipped(value, 0),
      (value) => flipped(value, value.length - 1),
      () => other.preview,
    ];
    for (const lie of lies) {
      door.script = {
        after: { preview: (value) => ({ value: { ...value, preview: lie(value.preview) } }) },
      };
      const join = must(await bob.client.openLink(first.link));
      expect(join).toMatchObject({ state: 'badLink', preview: null });
      expect(refused(await bob.client.requestToJoin(join.joinId, ''))).toBe('E_LINK');
    }
    expect(door.heard.filter(({ name }) => name === 'offer')).toEqual([]);
    door.script = {};
    expect(must(await bob.client.openLink(first.link)).preview?.name).toBe('One');
    expect((await view(bob, gid)).warnings).toEqual([]);
  });

  it('P025: it hides who waits from the moderators: who asked is said to wait and nothing else, and is admitted once it is shown', async () => {
    world = await setupWith({ hurry: 10, memory: true, doors: ['alice', 'bob'] }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    const { link } = await makeLink(alice, gid);
    const [staff, joiner] = [world.door('alice'), world.door('bob')];
    staff.script = {
      push: (push) => (push.name === 'requests' ? [] : null),
      after: { requests: (value) => ({ value: { ...value, requests: [] } }) },
    };
    // And it tells the joiner that all is done.
    joiner.script = {
      after: {
        ownRequest: (value) => ({ value: { ...value, state: 'admitted', rejection: null } }),
        auth: (value) => ({
          value: {
            ...value,
            groups: value.groups.map((one) => ({ ...one, member: true })),
          },
        }),
      },
    };
    const join = must(await bob.client.openLink(link));
    must(await bob.client.requestToJoin(join.joinId, 'hello'));
    joiner.tell('standing', { gid });
    joiner.cut();
    await eventually([bob], 'it was asked again', () =>
      joiner.heard.some((request) => request.name === 'ownRequest'),
    );
    expect(must(await alice.client.requests(gid))).toEqual([]);
    const waits = async (): Promise<void> => {
      expect((await bob.client.ownRequests()).map((one) => one.state)).toEqual(['waiting']);
      expect(refused(await bob.client.group(gid))).toBe('E_NOT_FOUND');
      expect(await bob.client.groups()).toEqual([]);
    };
    await waits();
    world.forward(25 * 3600 * 1000);
    joiner.cut();
    await waits();
    staff.script = {};
    staff.cut();
    must(await alice.client.approve(gid, [await waitingFor(alice, gid, bob)]));
    await inGroup(bob, gid);
  });

  it('P026: it swallows the card by which a device is signed out: the person is told that it is not confirmed', async () => {
    world = await setupWith({ hurry: 10, memory: true, doors: ['laptop'] }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    const code = await saveCode(bob.client);
    const laptop = await world.restore('laptop', code);
    await inGroup(laptop, gid);
    await eventually([alice], 'both devices are in the group', async () => {
      const { state } = await alice.replica(gid);
      return state.cards.get(bob.pid)?.devices.length === 2;
    });
    const before = await portrait(alice, gid);
    const door = world.door('laptop');
    // It says that it was done, and does nothing.
    door.script = { instead: { append: () => 'silence' } };
    const lost = (await laptop.client.devices()).find((device) => !device.me);
    if (lost === undefined) throw new Error('two devices');
    must(await laptop.client.signOutDevice(lost.dev));
    await eventually([laptop], 'the card was sent', () =>
      door.heard.some((request) => request.name === 'append'),
    );
    const shown = async (): Promise<number | undefined> =>
      (await laptop.client.devices()).find((device) => device.dev === lost.dev)?.unconfirmed;
    expect(await shown()).toBe(1);
    expect(await portrait(alice, gid)).toEqual(before);
    door.script = {};
    door.cut();
    await eventually([laptop], 'it is confirmed', async () => (await shown()) === 0);
  });

  it('P027: it invents roles, members, a standing and a name: what is shown is what the log says', async () => {
    const [alice, bob, gid] = await aliceAndBob('mallory');
    const mallory = world.person('mallory');
    await named(bob, gid, alice);
    const metadata = must(await bob.client.getGroupMetadata(gid));
    const before = await portrait(bob, gid);
    const elsewhere = await makeGroup(mallory, 'Elsewhere');
    const { head, log } = await mallory.replica(elsewhere);
    const { checkpoint } = head;
    if (checkpoint === null) throw new Error('a checkpoint');
    const door = world.door('bob');
    door.script = {
      after: {
        auth: (value) => ({
          value: {
            ...value,
            groups: [
              ...value.groups.map((one) => ({ ...one, member: false })),
              { gid: elsewhere, member: true, checkpoint },
            ],
          },
        }),
        records: ({ records }) => ({
          value: { records: records.map((one) => ({ ...one, pid: mallory.pid })) },
        }),
      },
      instead: {
        log: () => ({ value: { entries: log, more: false, checkpoint } }),
      },
    };
    door.cut();
    door.tell('standing', { gid: elsewhere });
    door.tell('standing', { gid });
    await say(alice, gid, 'still here');
    await allRead([bob], gid, 'still here');
    expect(must(await bob.client.getGroupMetadata(gid))).toEqual(metadata);
    expect(await portrait(bob, gid)).toMatchObject({
      ...(before as object),
      texts: ['still here'],
    });
    expect((await bob.client.groups()).map((one) => one.gid)).toEqual([gid]);
    const shown = await view(bob, gid);
    expect(
      shown.members.map((one) => `${String(one.name)} ${String(one.role)}`).toSorted(),
    ).toEqual([`alice ${String(ROLE.owner)}`, `bob ${String(ROLE.member)}`]);
    expect(await warnings(bob, gid)).toEqual([]);
  });
});

async function saveCode(client: Client): Promise<string> {
  const code = must(await client.showRecoveryCode());
  must(
    await client.proveRecoveryCode([
      [1, code.slice(5, 10)],
      [4, code.slice(20)],
    ]),
  );
  return code;
}
