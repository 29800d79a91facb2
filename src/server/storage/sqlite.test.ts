import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { openFolder, testFolder, type TestFolder } from '../testing/folder.ts';
import { storageContract } from './contract.ts';
import { MIGRATIONS } from './migrations.ts';
import type { StoredEntry } from './port.ts';
import { openSqlite } from './sqlite.ts';

storageContract('sqlite', () => {
  const folder = testFolder();
  const storage = openFolder(folder);
  return {
    storage,
    async discard() {
      await storage.close();
      folder.remove();
    },
  };
});

const gid = 'a'.repeat(64) as Gid;
const entry = (t: number): StoredEntry => ({
  kind: 'entry',
  t,
  seq: t,
  hash: 'b'.repeat(64) as Hash,
  head: new Uint8Array([t]),
  at: t,
  T: 'c'.repeat(64) as Hash,
});

describe('the data folder', () => {
  let folder: TestFolder;
  beforeEach(() => {
    folder = testFolder();
  });
  afterEach(() => folder.remove());

  it('what was stored is there after the folder is opened again', async () => {
    const first = openFolder(folder);
    expect(await first.commit([{ kind: 'item', gid, item: entry(0) }])).toBe('stored');
    await first.close();
    const second = openFolder(folder);
    expect(await second.lastItem(gid)).toEqual(entry(0));
    await second.close();
  });

  it('a second owner of the folder is refused with a sentence', async () => {
    const first = openFolder(folder);
    expect(openSqlite(folder.path)).toEqual({
      ok: false,
      error: `Another server uses the data folder ${folder.path}.`,
    });
    await first.close();
    const second = openFolder(folder);
    await second.close();
  });

  it('a folder written by a newer version is refused with a sentence, and left as it is', async () => {
    await openFolder(folder).close();
    const file = path.join(folder.path, 'conclave.sqlite');
    const newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    newer.close();
    const refused = openSqlite(folder.path);
    expect(refused.ok ? '' : refused.error).toMatch(/was written by a newer version of Conclave/);
    const after = new DatabaseSync(file);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({
      user_version: MIGRATIONS.length + 1,
    });
    after.close();
  });

  it('a file that is no database is refused with a sentence', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(folder.path, 'conclave.sqlite'), 'x'.repeat(5000));
    const refused = openSqlite(folder.path);
    expect(refused.ok ? '' : refused.error).toMatch(/cannot be opened/);
  });

  it('batches given after the close are refused, those before are written', async () => {
    const storage = openFolder(folder);
    const last = storage.commit([{ kind: 'item', gid, item: entry(0) }]);
    const closing = storage.close();
    expect(await storage.commit([{ kind: 'item', gid, item: entry(1) }])).toBe('failed');
    expect(await last).toBe('stored');
    await closing;
  });
});
