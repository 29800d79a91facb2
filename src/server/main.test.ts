import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSodium } from '../crypto/sodium.ts';
import { MIGRATIONS } from './storage/migrations.ts';
import { openFolder, testFolder, type TestFolder } from './testing/folder.ts';
import { startGroup } from './testing/groupLog.ts';
import { openHouse } from './testing/house.ts';
import { person } from './testing/person.ts';
import { connect } from './testing/wireClient.ts';

const p = await loadSodium();

interface Running {
  readonly child: ChildProcess;
  /** The line on stdout, once there. */
  readonly ready: Promise<string>;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly stderr: string;
    readonly stdout: string;
  }>;
}

function start(env: Record<string, string>): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server/main.ts'], {
    cwd: path.join(import.meta.dirname, '../..'),
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', LOG_LEVEL: 'error', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('\n')) resolve(stdout);
    });
    child.on('exit', () => reject(new Error(`ended early: ${stderr}`)));
  });
  ready.catch(() => undefined);
  const ended = new Promise<{ code: number | null; stderr: string; stdout: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stderr, stdout }));
  });
  return { child, ready, ended };
}

const portOf = (line: string): number =>
  Number(/^Conclave is ready on http:\/\/localhost:(\d+)\n$/.exec(line)?.[1]);

describe('the server as a process', () => {
  let folder: TestFolder;
  let running: Running[] = [];
  beforeEach(() => {
    folder = testFolder();
    running = [];
  });
  afterEach(async () => {
    for (const { child, ended } of running) {
      child.kill('SIGKILL');
      await ended;
    }
    folder.remove();
  });
  const run = (env: Record<string, string> = {}): Running => {
    const started = start({ DATA_DIR: folder.path, ...env });
    running.push(started);
    return started;
  };

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it in order, with exit code 0 and a bye',
    async (signal) => {
      const { child, ready, ended } = run();
      const client = await connect(portOf(await ready));
      child.kill(signal);
      expect(await client.next('bye')).toMatchObject({ name: 'E_OFFLINE' });
      expect(await ended).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('a wrong setting is one line on stderr and exit code 1', async () => {
    const { code, stderr, stdout } = await run({ LIMIT_QUERY_ITEMS: 'many' }).ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^LIMIT_QUERY_ITEMS must be [^\n]*\n$/);
  });

  it('a second server on the same folder is refused with a sentence', async () => {
    await run().ready;
    const { code, stderr } = await run().ended;
    expect(code).toBe(1);
    expect(stderr).toBe(`Another server uses the data folder ${folder.path}.\n`);
  });

  it('data of a newer version is refused with a sentence', async () => {
    await openFolder(folder).close();
    const db = new DatabaseSync(path.join(folder.path, 'conclave.sqlite'));
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    const { code, stderr } = await run().ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^The data folder [^\n]* was written by a newer version of Conclave [^\n]*\n$/,
    );
  });

  it('a port that is taken is refused with a sentence', async () => {
    const port = portOf(await run().ready);
    const other = testFolder();
    const { code, stderr } = await run({ PORT: String(port), DATA_DIR: other.path }).ended;
    other.remove();
    expect(code).toBe(1);
    expect(stderr).toBe(`The server cannot listen on 127.0.0.1:${port} (EADDRINUSE).\n`);
  });

  it('SIGKILL in the middle of work loses nothing that was acknowledged', async () => {
    const { child, ready, ended } = run({ LIMIT_MESSAGE_BURST: '100000' });
    const client = await connect(portOf(await ready));
    const alice = person(p, 1, 5);
    await client.get('publishCards', { cards: alice.chain });
    await client.login(p, alice);
    const group = startGroup(p, alice, client.hello.serverPk, client.hello.time);
    await client.get('append', group.spawn);
    await client.get('append', group.init(alice));
    let acknowledged = 0;
    let killed = false;
    for (let ctr = 1; ctr <= 2000 && !killed; ctr++) {
      void client.ask('send', group.message(alice, ctr)).then((reply) => {
        if (reply.ok) acknowledged++;
        if (acknowledged === 300 && !killed) {
          killed = true;
          child.kill('SIGKILL');
        }
      });
      if (ctr % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    const storage = openFolder(folder);
    const kept = await storage.lastCounter(group.gid, alice.pid, alice.dev);
    expect(acknowledged).toBeGreaterThanOrEqual(300);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    expect((await storage.lastItem(group.gid))?.t).toBe(kept + 1);
    await storage.close();
  });
});

describe('a restart', () => {
  it('SL-23, bug 14: on the same folder goes on where it stood: same key, same timeline, same counters', async () => {
    const folder = testFolder();
    const first = await openHouse({ storage: openFolder(folder) });
    const alice = await first.person(1);
    const bob = await first.person(2);
    const owner = await first.enter(alice);
    const group = await first.group(owner, [alice, bob]);
    await owner.get('append', group.remove(alice, bob));
    await owner.get('send', group.message(alice, 1));
    const before = await owner.get('subscribe', { gid: group.gid, t: 0 });
    await first.close();
    await first.storage.close();

    const second = await openHouse({ storage: openFolder(folder), clock: first.clock });
    const again = await second.enter(alice);
    expect(again.hello.serverPk).toEqual(owner.hello.serverPk);
    expect(await again.get('subscribe', { gid: group.gid, t: 0 })).toEqual(before);
    expect(await again.ask('send', group.message(alice, 3))).toMatchObject({
      ok: false,
      error: { name: 'E_GAP' },
      detail: 1,
    });
    expect(await again.get('send', group.message(alice, 2))).toMatchObject({ t: 4 });
    await again.get('append', group.rotate(alice));
    const departed = await second.visit();
    expect(await departed.login(p, bob)).toMatchObject({
      ok: true,
      value: { groups: [{ gid: group.gid, member: false }] },
    });
    await second.close();
    await second.storage.close();
    folder.remove();
  });
});
