/** The built server as its own process on a data folder of its own; it can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { bendFiles } from '../../src/server/testing/bendFiles.ts';

const main = join(import.meta.dirname, '../../dist/server/main.js');

export interface RunningServer {
  readonly address: string;
  readonly folder: string;
  readonly output: () => string;
  /** SIGKILL: no farewell, no last write. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** One wrong bit in every part of every stored file; while it is stopped. */
  readonly bendFiles: () => void;
  /** Ended before the server is: a page that is left open goes on looking for it through all stories that follow. */
  readonly visited: (visitor: { readonly close: () => Promise<void> }) => void;
  readonly close: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function startServer(
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-e2e-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  let output = '';

  const start = async (): Promise<void> => {
    const started = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        ...env,
        PORT: String(port),
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        output += chunk.toString('utf8');
        if (output.split('Conclave is ready').length > starts) resolve();
      };
      starts += 1;
      started.stdout.on('data', hear);
      started.stderr.on('data', hear);
      started.once('exit', () => reject(new Error(`the server ended: ${output.slice(-500)}`)));
    });
  };
  let starts = 0;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
  };

  const visitors: { readonly close: () => Promise<void> }[] = [];
  await start();
  return {
    visited: (visitor) => void visitors.push(visitor),
    address: `http://localhost:${String(port)}`,
    folder: join(folder, 'data'),
    output: () => output,
    kill: () => end('SIGKILL'),
    start,
    bendFiles: () => bendFiles(join(folder, 'data')),
    async close() {
      await Promise.allSettled(visitors.map((visitor) => visitor.close()));
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
