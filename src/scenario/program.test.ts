/** A program on the client for Node, as it is published: what a server that lies is worth to it. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, expect, it } from 'vitest';
import type { ClientEvent } from '../client/event.ts';
import { type Client, createClient, FAILURE_TEXT } from '../sdk/node.ts';
import { forge } from './forgery.ts';
import { nextT } from '../crypto/hash.ts';
import type { Hash } from '../protocol/ids.ts';
import {
  eventually,
  makeGroup,
  makeLink,
  must,
  refused,
  setupWith,
  waitingFor,
  type World,
} from './setup.ts';

let world: World;
let program: Client;
afterEach(async () => {
  await program.close();
  await world.close();
});

it('P028: a program hears that its group is halted, has a sentence for it, stays halted after a restart, and its evidence is judged by verify-log', async () => {
  world = await setupWith({ hurry: 10, memory: true, doors: ['program'] }, 'alice');
  const [alice] = world.people('alice');
  const gid = await makeGroup(alice);
  const { link } = await makeLink(alice, gid);
  const door = world.door('program');
  const options = {
    server: `ws://127.0.0.1:${String(door.port)}/session`,
    origin: door.address,
    folder: join(world.folder, 'program'),
  };
  program = await createClient(options);
  const { pid } = must(await program.createAccount('Erin'));
  const { joinId } = must(await program.openLink(link));
  must(await program.requestToJoin(joinId, ''));
  const hash = await waitingFor(alice, gid, { ...alice, pid });
  must(await alice.client.approve(gid, [hash]));
  const group = async () => must(await program.group(gid));
  await eventually([alice], 'the program is in', async () => {
    const found = await program.group(gid);
    return found.ok && found.value.standing === 'member' && found.value.key.state !== 'missing';
  });
  must(await program.sendMessage(gid, 'hello'));
  const texts = async (): Promise<string[]> =>
    must(await program.timeline(gid, null)).items.flatMap((line) =>
      line.kind === 'message' ? [line.text] : [],
    );
  await eventually([alice], 'it is said', async () => (await texts()).includes('hello'));
  expect(refused(await program.exportEvidence(gid))).toBe('E_NOT_FOUND');

  // The server signs another timeline for the place it has signed before.
  const forgery = await forge(world, gid);
  const t = forgery.items().length;
  const T = nextT(world.primitives, 'a'.repeat(64) as Hash, 1, '7'.repeat(64) as Hash);
  const told: ClientEvent[] = [];
  program.listen((event) => told.push(event));
  door.tell('items', { gid, items: [], checkpoint: forgery.sign({ t, T }) });
  const reason = await eventually([], 'it is halted', async () => (await group()).halted);
  expect(reason.name).toBe('E_FORK');
  expect(FAILURE_TEXT[reason.name].sentence).toBe(
    'The server has shown two different histories of this group.',
  );
  expect(told.some((event) => event.kind === 'group' && event.gid === gid)).toBe(true);
  expect(refused(await program.sendMessage(gid, 'is anybody there'))).toBe('E_FORK');

  await program.close();
  program = await createClient(options);
  expect((await group()).halted).toEqual(reason);
  expect(refused(await program.sendMessage(gid, 'is anybody there'))).toBe('E_FORK');
  expect(await texts()).toEqual(['hello']);

  const file = join(world.folder, 'evidence.jsonl');
  await writeFile(file, must(await program.exportEvidence(gid)));
  const judged = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/verifyLog.ts', file], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
  expect(judged.stderr).toBe('');
  expect(judged.stdout).toMatch(/^Proven: the server of group/u);
  expect(judged.status).toBe(0);
});
