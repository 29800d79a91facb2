/** A server's database copied while the server runs. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** Copies what is in `data` into another folder beside it, in place of what was there. */
export async function copyData(folder: string, to: string): Promise<void> {
  await rm(join(folder, to), { recursive: true, force: true });
  await mkdir(join(folder, to));
  const db = new DatabaseSync(join(folder, 'data', 'conclave.sqlite'));
  db.prepare('VACUUM INTO ?').run(join(folder, to, 'conclave.sqlite'));
  db.close();
}
