/** Files: random key each, 64 KiB chunks, padded size. */
import { type Bytes, concat } from '../../lib/bytes.ts';
import { SIZE } from '../../protocol/limits.ts';
import { pad256, unpad256 } from '../../protocol/padding.ts';
import { idOf, type Hash } from '../../protocol/ids.ts';
import { blobHash } from '../hash.ts';
import type { Primitives } from '../primitives.ts';

const CHUNK_SEALED = SIZE.chunk + 17;

export interface SealedFile {
  readonly blob: Hash;
  readonly key: Bytes;
  /** BLAKE2b-256 of the content. */
  readonly hash: Hash;
  readonly bytes: Bytes;
}

function chunksOf(bytes: Bytes, size: number): Bytes[] {
  const chunks: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
  return chunks;
}

export function sealFile(p: Primitives, content: Bytes): SealedFile {
  const key = p.random(32);
  const bytes = concat(...p.sealStream(key, chunksOf(pad256(content), SIZE.chunk)));
  return { blob: blobHash(p, bytes), key, hash: idOf<Hash>(p.hash(32, content)), bytes };
}

/** The content, or null where a byte is wrong or a chunk is missing. */
export function openFile(
  p: Primitives,
  file: { readonly key: Bytes; readonly hash: Hash; readonly bytes: Bytes },
): Bytes | null {
  const chunks = p.openStream(file.key, [
    file.bytes.slice(0, 24),
    ...chunksOf(file.bytes.slice(24), CHUNK_SEALED),
  ]);
  const content = chunks === null ? null : unpad256(concat(...chunks));
  return content !== null && idOf<Hash>(p.hash(32, content)) === file.hash ? content : null;
}
