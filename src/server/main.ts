/** Starts the server from its environment and ends it in order. Exit code 1 with one sentence where it cannot start. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { loadSodium } from '../crypto/sodium.ts';
import { readConfig, type ServerConfig } from './config.ts';
import { createServer, type Server } from './server.ts';
import type { Storage } from './storage/port.ts';
import { openSqlite } from './storage/sqlite.ts';

function refuse(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

/** A second signal ends the process at once: the disk holds everything that was acknowledged. */
function endInOrder(server: Server, storage: Storage): void {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) process.exit(0);
    ending = true;
    await server.close();
    await storage.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => void end());
}

/** The host as it stands in an address. */
function shown(host: string): string {
  if (host === '127.0.0.1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

async function serve(config: ServerConfig): Promise<void> {
  const storage = openSqlite(config.dataDir);
  if (!storage.ok) return refuse(storage.error);
  const server = createServer(config, await loadSodium(), storage.value, Date.now);
  if (config.webDir !== null && !existsSync(config.webDir)) {
    await storage.value.close();
    return refuse(`WEB_DIR names a folder that does not exist: ${config.webDir}`);
  }
  try {
    const { port } = await server.listen();
    endInOrder(server, storage.value);
    process.stdout.write(`Conclave is ready on http://${shown(config.host)}:${port}\n`);
  } catch (error) {
    await storage.value.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const metrics = config.metricsPort === null ? '' : ` or 127.0.0.1:${config.metricsPort}`;
    refuse(`The server cannot listen on ${config.host}:${config.port}${metrics} (${code}).`);
  }
}

const config = readConfig(process.env);
if (config.ok) await serve(config.value);
else refuse(config.error);
