/** Sealed files on their way to and from the server. */
import { type Bytes, concat } from '../lib/bytes.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import type { Context } from './context.ts';

/** Puts a sealed file onto the server, part by part; one that is there already is not sent again. */
export async function upload(ctx: Context, gid: Gid, blob: Hash, bytes: Bytes): Promise<boolean> {
  let offset = 0;
  while (offset < bytes.length) {
    const part = bytes.slice(offset, offset + SERVER_LIMITS.blobPartBytes);
    const answer = await ctx.session.call('putBlob', {
      gid,
      blob,
      total: bytes.length,
      offset,
      part,
    });
    if (!answer.ok) return false;
    if (answer.value.done) return true;
    offset = answer.value.next;
  }
  return true;
}

/**
 * The bytes as stored, or null: gone, refused, or of a size that does not fit what is expected. Their hash is the caller's
 * to check.
 */
export async function download(
  ctx: Context,
  gid: Gid,
  blob: Hash,
  fits: (total: number) => boolean,
): Promise<Bytes | null> {
  const parts: Bytes[] = [];
  let offset = 0;
  let expected: number | null = null;
  do {
    const answer = await ctx.session.call('getBlob', { gid, blob, offset });
    if (!answer.ok) return null;
    const { part, total } = answer.value;
    expected ??= total;
    if (part.length === 0 || total !== expected || !fits(total)) return null;
    parts.push(part);
    offset += part.length;
  } while (offset < expected);
  return offset === expected ? concat(...parts) : null;
}
