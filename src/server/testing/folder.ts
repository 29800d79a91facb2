/** Data folders for tests, gone after them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Storage } from '../storage/port.ts';
import { openSqlite } from '../storage/sqlite.ts';

export interface TestFolder {
  readonly path: string;
  readonly remove: () => void;
}

export function testFolder(): TestFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'conclave-'));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The storage in that folder; the test fails where it cannot be opened. */
export function openFolder(folder: TestFolder): Storage {
  const storage = openSqlite(folder.path);
  if (!storage.ok) throw new Error(storage.error);
  return storage.value;
}
