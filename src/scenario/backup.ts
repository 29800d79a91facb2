/** A server's data folder put aside while it runs, and put back later: a real backup and a real loss. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyData } from './copyData.ts';
import type { World } from './setup.ts';

/** Takes a backup of the database while the server runs. */
export function takeBackup(world: World): Promise<void> {
  return copyData(world.folder, 'backup');
}

/** Stops the server and puts the backup in place of its data; the server is down afterwards. */
export async function loseData(world: World): Promise<void> {
  await world.stopServer();
  await rm(join(world.folder, 'data'), { recursive: true });
  await rename(join(world.folder, 'backup'), join(world.folder, 'data'));
}
