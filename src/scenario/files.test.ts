/** Files in the talk: sealed here, stored blind, found right at the others, and gone when nobody needs them. */
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { fetchFile, sendFile, sourceOf } from '../client/files.ts';
import type { TimelineItem } from '../client/view.ts';
import { type Bytes, concat, equal } from '../lib/bytes.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { bendFiles } from '../server/testing/bendFiles.ts';
import {
  eventually,
  groupOf,
  must,
  type Person,
  refused,
  setup,
  setupWith,
  lines,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

const MIB = 1024 * 1024;
type Message = Extract<TimelineItem, { kind: 'message' }>;

const contentOf = (length: number): Bytes => {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return bytes;
};

const send = (who: Person, gid: Gid, name: string, content: Bytes, text = '') =>
  sendFile(who.client, gid, { name, media: 'application/octet-stream', text }, sourceOf(content));

const fileLine = (who: Person, gid: Gid, name: string): Promise<Message> =>
  eventually([who], `${name} at ${who.name}`, async () =>
    (await lines(who, gid)).find(
      (item): item is Message => item.kind === 'message' && item.file?.name === name,
    ),
  );

const fetched = async (who: Person, gid: Gid, item: Hash): Promise<Bytes> =>
  concat(...must(await fetchFile(who.client, gid, item)));

const keysOf = (who: Person, gid: Gid) =>
  eventually([who], 'nothing of the file is left here', async () => {
    const { outbox } = await who.replica(gid);
    return outbox.length === 0;
  });

it.each([0, 1, 255, 256, 65_535, 65_536, 65_537, 300_000, 5 * MIB])(
  '9.14: %i bytes arrive as they were, named, with what was said',
  async (length) => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    const content = contentOf(length);
    must(await send(alice, gid, 'plan.bin', content, 'the plan'));
    const line = await fileLine(bob, gid, 'plan.bin');
    expect(line).toMatchObject({ text: 'the plan', file: { bytes: length, preview: null } });
    expect(equal(await fetched(bob, gid, line.item), content)).toBe(true);
    await keysOf(alice, gid);
  },
);

it('9.14: a name is shown and saved without path, controls and what turns text around', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  must(await send(alice, gid, '../../etc/inv\u202Egpj.exe', contentOf(1)));
  expect((await fileLine(bob, gid, '_.._etc_invgpj.exe')).file?.name).toBe('_.._etc_invgpj.exe');
});

it('16: what is too large, or has no room, is refused before anything is sealed', async () => {
  world = await setupWith(
    { settings: { LIMIT_BLOB_BYTES: '100000', LIMIT_BLOB_PID_BYTES: '300000' } },
    'alice',
    'bob',
  );
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  const room = must(await alice.client.fileRoom(gid));
  expect(room.fileBytes).toBe(100_000);
  expect(refused(await send(alice, gid, 'big', contentOf(100_001)))).toBe('E_LIMIT');
  must(await send(alice, gid, 'one', contentOf(100_000)));
  await fileLine(bob, gid, 'one');
  must(await send(alice, gid, 'two', contentOf(100_000)));
  await fileLine(bob, gid, 'two');
  expect(refused(await send(alice, gid, 'three', contentOf(100_000)))).toBe('E_LIMIT');
  must(await send(bob, gid, 'mine', contentOf(100_000)));
  await fileLine(alice, gid, 'mine');
});

it('9.14: an upload goes on where it was after the client ended in the middle of it', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  const content = contentOf(5 * MIB);
  const stopped = new Promise<void>((resolve) => {
    const undo = alice.client.listen((event) => {
      const sending =
        event.kind === 'timeline' &&
        event.items.some(
          (item) =>
            item.kind === 'outgoing' && item.send.state === 'uploading' && item.send.sent > MIB,
        );
      if (!sending) return;
      undo();
      void world.stopAfter('alice', 1).then(resolve);
    });
  });
  must(await send(alice, gid, 'long.bin', content));
  await stopped;
  const held = await world.storage().unfinishedUploads(alice.pid);
  expect(held).toBe(1);
  await world.restart('alice');
  const line = await fileLine(bob, gid, 'long.bin');
  expect(equal(await fetched(bob, gid, line.item), content)).toBe(true);
  const bytes = await world.storage().blobBytes({ pid: alice.pid });
  // One upload, not two.
  expect(bytes).toBeLessThan(9 * MIB);
});

it('9.14: texts overtake a file that is still on its way, and calling it off leaves nothing here or there', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  const before = await world.storage().blobBytes({ pid: alice.pid });
  const localId = new Promise<string>((resolve) => {
    const undo = alice.client.listen((event) => {
      if (event.kind !== 'timeline') return;
      for (const item of event.items)
        if (item.kind === 'outgoing' && item.send.state === 'uploading' && item.send.sent > 0) {
          undo();
          resolve(item.localId);
        }
    });
  });
  must(await send(alice, gid, 'long.bin', contentOf(5 * MIB)));
  must(await alice.client.sendMessage(gid, 'first'));
  must(await alice.client.discardMessage(gid, await localId));
  await eventually([bob], 'the text', async () =>
    (await lines(bob, gid)).some((item) => item.kind === 'message' && item.text === 'first'),
  );
  await eventually([alice], 'nothing of it is stored', async () => {
    const stored = await world.storage().blobBytes({ pid: alice.pid });
    return stored === before;
  });
  await keysOf(alice, gid);
  expect(
    (await lines(bob, gid)).some((item) => item.kind === 'message' && item.file !== null),
  ).toBe(false);
});

it('9.14: a sealed message whose file the server lost and takes no more goes without it, and does not hold up the next', async () => {
  world = await setupWith({ memory: true, doors: ['alice'] }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  const door = world.door('alice');
  let lost = false;
  door.script = {
    instead: {
      send({ file }) {
        if (file === null) return null;
        lost = true;
        return { refuse: { name: 'E_NOT_FOUND' } };
      },
      putBlob: () => (lost ? { refuse: { name: 'E_LIMIT' } } : null),
    },
  };
  must(await send(alice, gid, 'lost.bin', contentOf(1000), 'the plan'));
  await eventually([alice], 'the file is lost', () => Promise.resolve(lost));
  must(await alice.client.sendMessage(gid, 'the next'));
  await eventually([bob], 'the next is read', async () =>
    (await lines(bob, gid)).some((item) => item.kind === 'message' && item.text === 'the next'),
  );
  const line = await fileLine(bob, gid, 'lost.bin');
  expect(line.text).toBe('the plan');
  await keysOf(alice, gid);
});

it('9.14a: deleting a message takes its file off the server; who was never a member gets none', async () => {
  world = await setup('alice', 'bob', 'mallory');
  const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
  const gid = await groupOf(alice, [bob]);
  must(await send(alice, gid, 'secret.txt', contentOf(1000)));
  const line = await fileLine(bob, gid, 'secret.txt');
  expect(refused(await mallory.client.openFile(gid, line.item))).toBe('E_NOT_FOUND');
  const before = await world.storage().blobBytes({ gid });
  must(await alice.client.deleteMessage(gid, line.item));
  await eventually([alice, bob], 'the file is gone', async () => {
    const now = await world.storage().blobBytes({ gid });
    return now < before;
  });
  await eventually([bob], 'the message is gone', async () =>
    (await lines(bob, gid)).some(
      (item) => item.kind === 'message' && item.gone !== null && item.file === null,
    ),
  );
  expect(refused(await bob.client.openFile(gid, line.item))).toBe('E_NOT_FOUND');
});

it('9.14a: names and the picture of a group outlive the sweep, also after the group was renamed by somebody else', async () => {
  world = await setupWith({ memory: true }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
  const image = new Uint8Array([0xff, 0xd8, 0xff, ...contentOf(500)]);
  must(await alice.client.editGroupInfo(gid, { image: image.slice() }));
  await eventually([bob], 'bob may edit', async () => {
    const done = await bob.client.editGroupInfo(gid, { about: 'tools are shared' });
    return done.ok;
  });
  const before = await world.storage().blobBytes({ gid });
  world.forward(8 * 24 * 60 * 60 * 1000);
  await world.storage().commit([{ kind: 'dropUnnamed', before: world.clock.now() }]);
  expect(await world.storage().blobBytes({ gid })).toBe(before);
  expect(before).toBeGreaterThan(0);
});

it('9.14: bytes that were changed on the disk of the server are named, and nothing of the file is handed out as whole', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  must(await send(alice, gid, 'plan.bin', contentOf(400_000)));
  const line = await fileLine(bob, gid, 'plan.bin');
  await world.stopServer();
  bendFiles(join(world.folder, 'data'));
  await world.startServer();
  const named = await eventually([bob], 'an answer of the server', async () => {
    const name = refused(await fetchFile(bob.client, gid, line.item));
    return name === 'E_OFFLINE' || name === 'E_AUTH' ? null : name;
  });
  expect(named).toBe('E_AEAD');
  // Nothing else is hurt by it.
  must(await send(bob, gid, 'again.bin', contentOf(10)));
  await fileLine(alice, gid, 'again.bin');
});
