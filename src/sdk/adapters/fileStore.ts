/** Records in a folder: a journal of transactions, each whole or not at all, folded into a snapshot now and then. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileHandle } from 'node:fs/promises';
import type { Store, StoreWrite } from '../../engine/ports.ts';
import type { Bytes } from '../../lib/bytes.ts';
import { createSerial } from '../../lib/serial.ts';

/** A journal longer than this is folded into a new snapshot, bytes. */
const FOLD_BYTES = 8 * 1024 * 1024;
const ABSENT = 0xffffffff;

/** One transaction: u32 length, then for each write u32 key length, key, u32 value length (or ABSENT), value; then a u32 sum. */
function encode(writes: readonly StoreWrite[]): Buffer {
  const parts: Buffer[] = [];
  for (const { key, value } of writes) {
    const name = Buffer.from(key, 'utf8');
    const head = Buffer.alloc(4);
    head.writeUInt32BE(name.length);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value === null ? ABSENT : value.length);
    parts.push(head, name, length, value === null ? Buffer.alloc(0) : Buffer.from(value));
  }
  const body = Buffer.concat(parts);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(body.length, 0);
  around.writeUInt32BE(sum(body), 4);
  return Buffer.concat([around, body]);
}

/** FNV-1a: tells a torn write from a whole one. Integrity against tampering is the sealed records' own. */
function sum(body: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of body) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function apply(held: Map<string, Bytes>, writes: readonly StoreWrite[]): void {
  for (const { key, value } of writes) {
    if (value === null) held.delete(key);
    else held.set(key, value);
  }
}

function decodeBody(body: Buffer): StoreWrite[] {
  const writes: StoreWrite[] = [];
  let at = 0;
  while (at < body.length) {
    const nameLength = body.readUInt32BE(at);
    const key = body.toString('utf8', at + 4, at + 4 + nameLength);
    at += 4 + nameLength;
    const length = body.readUInt32BE(at);
    at += 4;
    writes.push({
      key,
      value: length === ABSENT ? null : new Uint8Array(body.subarray(at, at + length)),
    });
    at += length === ABSENT ? 0 : length;
  }
  return writes;
}

/** Replays a journal up to its last whole transaction; answers the bytes that were whole. */
function replayJournal(held: Map<string, Bytes>, bytes: Buffer): number {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length < length || sum(body) !== bytes.readUInt32BE(at + 4)) break;
    apply(held, decodeBody(body));
    at += 8 + length;
  }
  return at;
}

async function readOrEmpty(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Opens (or makes) a store in a folder. One process at a time. */
export async function createFileStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const snapshotPath = join(folder, 'snapshot');
  const journalPath = join(folder, 'journal');
  const held = new Map<string, Bytes>();
  const serial = createSerial();
  replayJournal(held, await readOrEmpty(snapshotPath));
  const journalBytes = await readOrEmpty(journalPath);
  let length = replayJournal(held, journalBytes);
  let journal: FileHandle = await open(journalPath, 'a', 0o600);
  if (length < journalBytes.length) await journal.truncate(length);

  const fold = async (): Promise<void> => {
    const whole = encode([...held].map(([key, value]) => ({ key, value })));
    const fresh = await open(`${snapshotPath}.new`, 'w', 0o600);
    await fresh.writeFile(whole);
    await fresh.sync();
    await fresh.close();
    await rename(`${snapshotPath}.new`, snapshotPath);
    await journal.close();
    await rm(journalPath);
    journal = await open(journalPath, 'a', 0o600);
    length = 0;
  };

  return {
    read: (key) => Promise.resolve(held.get(key) ?? null),
    keys: (prefix) => Promise.resolve([...held.keys()].filter((key) => key.startsWith(prefix))),
    write: (writes) =>
      serial(async () => {
        const bytes = encode(writes);
        await journal.appendFile(bytes);
        await journal.datasync();
        apply(held, writes);
        length += bytes.length;
        if (length > FOLD_BYTES) await fold();
      }),
    close: () => serial(() => journal.close()),
  };
}
