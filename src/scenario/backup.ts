/** A server's data folder put aside while it runs, and put back later: a real backup and a real loss. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { World } from './setup.ts';

/** Takes a backup of the database while the server runs. */
export async function takeBackup(world: World): Promise<void> {
  await rm(join(world.folder, 'backup'), { recursive: true, force: true });
  await mkdir(join(world.folder, 'backup'));
  const db = new DatabaseSync(join(world.folder, 'data', 'conclave.sqlite'));
  db.prepare('VACUUM INTO ?').run(join(world.folder, 'backup', 'conclave.sqlite'));
  db.close();
}

/** Stops the server and puts the backup in place of its data; the server is down afterwards. */
export async function loseData(world: World): Promise<void> {
  await world.stopServer();
  await rm(join(world.folder, 'data'), { recursive: true });
  await rename(join(world.folder, 'backup'), join(world.folder, 'data'));
}
