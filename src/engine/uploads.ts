/** Sealed files of waiting messages on their way to the server: one at a time per group, from where the server has them. */
import { decodePayload } from '../protocol/text.ts';
import type { ErrorName, Failure } from '../protocol/failure.ts';
import type { Hash } from '../protocol/ids.ts';
import { until } from './append.ts';
import type { Context } from './context.ts';
import { failUpload, noteUploaded } from './outbox.ts';
import { filePath, filesPath, type Outgoing, type Replica } from './replica.ts';
import { PART_BYTES, partField } from './sealing.ts';

/** After these the same is tried again: the connection, or the server, comes back. */
const PASSING: ReadonlySet<ErrorName> = new Set([
  'E_OFFLINE',
  'E_TIMEOUT',
  'E_BUSY',
  'E_STORAGE',
  'E_AUTH',
]);
const AGAIN_MS = 2000;

interface Kept {
  readonly blob: Hash;
  /** Sealed into a message that may have been sent: the server keeps its file. */
  readonly sent: boolean;
}

/** Answers what to call whenever the outbox or the connection changed. */
export function createUploader(ctx: Context, replica: Replica): () => void {
  const kept = new Map<string, Kept>();
  let running = false;

  const isOnline = (): boolean => ctx.session.state().kind === 'online';
  const waiting = (): Outgoing | undefined =>
    replica.outbox.find((out) => out.file?.uploaded === false && out.failed === null);

  const run = async (): Promise<void> => {
    for (;;) {
      const out = waiting();
      if (out === undefined || !isOnline()) break;
      const failure = await upload(ctx, replica, out);
      if (failure === null) continue;
      if (PASSING.has(failure.name)) await until(ctx, replica, () => !isOnline(), AGAIN_MS);
      else await failUpload(ctx, replica, out.localId, failure.name);
    }
    running = false;
  };

  /** What was sent or called off is not kept here any longer; what was called off, not at the server either. */
  const tidy = (): void => {
    const now = new Map(
      replica.outbox.flatMap((out) =>
        out.file === null
          ? []
          : [[out.file.id, { blob: blobOf(out), sent: out.sealed !== null }] as const],
      ),
    );
    for (const [id, { blob, sent }] of kept) {
      if (now.has(id)) continue;
      kept.delete(id);
      ctx.tend(forgetParts(ctx, replica, id));
      if (!sent) void ctx.session.call('dropBlob', { gid: replica.gid, blob });
    }
    for (const [id, one] of now) kept.set(id, one);
  };

  return () => {
    tidy();
    if (running || !isOnline() || waiting() === undefined) return;
    running = true;
    ctx.tend(run());
  };
}

async function forgetParts(ctx: Context, replica: Replica, id: string): Promise<void> {
  const keys = await ctx.records.keys(filePath(replica.gid, id));
  await ctx.records.write(keys.map((key) => ({ key, value: null })));
}

/** Parts of files that never became a message: the engine ended while they were taken in. */
export async function forgetOrphans(ctx: Context, replica: Replica): Promise<void> {
  const waiting = replica.outbox.flatMap((out) => (out.file === null ? [] : [out.file.id]));
  const kept = waiting.map((id) => filePath(replica.gid, id));
  const keys = await ctx.records.keys(filesPath(replica.gid));
  const lost = keys.filter((key) => !kept.some((prefix) => key.startsWith(prefix)));
  await ctx.records.write(lost.map((key) => ({ key, value: null })));
}

/** A message with a file has its payload from when it was written. */
function blobOf(out: Outgoing): Hash {
  const payload = decodePayload(out.payload);
  if (!payload.ok || payload.value.type !== 'file') throw new Error('broken promise: a file');
  return payload.value.blob as Hash;
}

/** Brings what the server lacks of one file; null where it is whole there, or was called off. */
async function upload(ctx: Context, replica: Replica, out: Outgoing): Promise<Failure | null> {
  const { gid, uploads } = replica;
  const { localId, file } = out;
  if (file === null) return null;
  const place = { gid, blob: blobOf(out), total: file.total };
  const stands = (): boolean =>
    replica.outbox.some((one) => one.localId === localId && one.failed === null);
  // Nothing is brought before the server said how much it has: after a reload that may be a lot.
  let part = new Uint8Array();
  let offset = 0;
  for (;;) {
    const answer = await ctx.session.call('putBlob', { ...place, offset, part });
    if (!answer.ok) return answer.error;
    if (!stands()) return null;
    offset = answer.value.next;
    uploads.set(localId, offset);
    if (answer.value.done) break;
    ctx.changed(replica, { outbox: true });
    const n = Math.floor(offset / PART_BYTES);
    const held = await ctx.records.read(filePath(gid, file.id, n), partField);
    if (held === null) return stands() ? { name: 'E_STORAGE' } : null;
    part = held.slice(offset - n * PART_BYTES);
    if (part.length === 0) return { name: 'E_FORMAT', note: 'the server wants more than there is' };
  }
  await noteUploaded(ctx, replica, localId, true);
  return null;
}
