/** One process owns a data folder. The lock is the operating system's: it ends with the process, however that ends. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { err, ok, type Result } from '../../lib/result.ts';

export interface FolderLock {
  readonly release: () => void;
}

const BUSY = 5;

function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : null;
  return typeof code === 'number' && (code & 0xff) === BUSY;
}

/** A sentence for the operator where the folder cannot be made or another process holds it. */
export function lockFolder(folder: string): Result<FolderLock, string> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return err(`The data folder ${folder} cannot be made.`);
  }
  try {
    const holder = new DatabaseSync(path.join(folder, 'lock'));
    try {
      holder.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      holder.close();
      if (!isBusy(error)) throw error;
      return err(`Another server uses the data folder ${folder}.`);
    }
    return ok({ release: () => holder.close() });
  } catch {
    return err(`The data folder ${folder} cannot be written.`);
  }
}
