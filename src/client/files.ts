/** Sending and fetching a whole file through a client, part by part: what pages and programs would otherwise each write anew. */
import { ok } from '../lib/result.ts';
import { fail, type ErrorName, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import type { Client, FileWishes } from './client.ts';

/** Where the content comes from; only the part that is asked for is read. */
export interface FileSource {
  readonly bytes: number;
  /** The bytes from one place up to another. The array is given away. */
  readonly read: (from: number, until: number) => Promise<Uint8Array>;
}

export interface Watch {
  /** How much was done, from 0 to 1. */
  readonly told?: (share: number) => void;
  /** Whether the person called it off. */
  readonly stopped?: () => boolean;
}

const PART_BYTES = 1024 * 1024;
/** The engine went to another tab, and what it had in hand went with it: it is done again from the start. */
const AGAIN: ReadonlySet<ErrorName> = new Set(['E_NOT_FOUND', 'E_TIMEOUT']);
const ATTEMPTS = 3;
const STOPPED = fail('E_OFFLINE', 'called off');

export const sourceOf = (content: Uint8Array): FileSource => ({
  bytes: content.length,
  read: (from, until) => Promise.resolve(content.slice(from, until)),
});

/** Answers the local id of the message once all of it is sealed on this device; uploading goes on by itself. */
export async function sendFile(
  client: Client,
  gid: Gid,
  wishes: Omit<FileWishes, 'bytes'>,
  source: FileSource,
  watch: Watch = {},
): Promise<Outcome<string>> {
  for (let attempt = 1; ; attempt++) {
    // A copy each time: what goes through the worker's door is given away.
    const preview = wishes.preview === undefined ? {} : { preview: wishes.preview.slice() };
    const begun = await client.startFile(gid, { ...wishes, ...preview, bytes: source.bytes });
    if (!begun.ok) return begun;
    const added = await addAll(client, begun.value, source, watch);
    if (added.ok) return client.sendFile(begun.value);
    await client.dropFile(begun.value);
    if (attempt === ATTEMPTS || !AGAIN.has(added.error.name)) return added;
  }
}

async function addAll(
  client: Client,
  file: string,
  source: FileSource,
  { told, stopped }: Watch,
): Promise<Outcome<void>> {
  for (let from = 0; from < source.bytes;) {
    if (stopped?.() === true) return STOPPED;
    const part = await source.read(from, Math.min(from + PART_BYTES, source.bytes));
    const { length } = part;
    const added = await client.addToFile(file, from, part);
    if (!added.ok) return added;
    from += length;
    told?.(from / source.bytes);
  }
  return ok(undefined);
}

/** The content in parts, all of it found right; nothing where a byte is wrong or the file is gone. */
export async function fetchFile(
  client: Client,
  gid: Gid,
  item: Hash,
  { told, stopped }: Watch = {},
): Promise<Outcome<readonly Uint8Array<ArrayBuffer>[]>> {
  const opened = await client.openFile(gid, item);
  if (!opened.ok) return opened;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    if (stopped?.() === true) {
      await client.closeFile(opened.value);
      return STOPPED;
    }
    const next = await client.readFile(opened.value);
    if (!next.ok) return next;
    const { part, done, share } = next.value;
    if (part.length > 0) parts.push(part);
    told?.(share);
    if (done) return ok(parts);
  }
}
