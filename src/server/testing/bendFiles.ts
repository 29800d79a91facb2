/** One wrong bit in every part of every file a server holds, while it is stopped: what a bad disk does, or a bad operator. */
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

export function bendFiles(folder: string): void {
  const db = new DatabaseSync(join(folder, 'conclave.sqlite'));
  const rows = db.prepare('SELECT rowid AS id, part FROM parts').all() as {
    readonly id: number;
    readonly part: Uint8Array;
  }[];
  for (const { id, part } of rows) {
    const bent = new Uint8Array(part);
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    db.prepare('UPDATE parts SET part = ? WHERE rowid = ?').run(bent, id);
  }
  db.close();
}
