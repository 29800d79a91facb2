/** The browser's store by itself, as a module that a page can load. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { openIndexedDb, STORE_TAKEN } from '../../src/sdk/adapters/indexedDb.ts';

const root = join(import.meta.dirname, '../..');

export interface StoreModule {
  readonly openIndexedDb: typeof openIndexedDb;
  readonly STORE_TAKEN: typeof STORE_TAKEN;
}

export async function bundleStore(): Promise<string> {
  const words = [join(root, 'scripts/bundleModule.mjs'), 'src/sdk/adapters/indexedDb.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root });
  return stdout;
}
