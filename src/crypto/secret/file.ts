/** Files: random key each, 64 KiB chunks, padded size. Small ones at once, others chunk by chunk. */
import { type Bytes, concat } from '../../lib/bytes.ts';
import { AROUND_CHUNK, blobLength, STREAM_HEADER } from '../../protocol/file.ts';
import { SIZE } from '../../protocol/limits.ts';
import { paddedLength, unpad256 } from '../../protocol/padding.ts';
import { idOf, type Hash } from '../../protocol/ids.ts';
import { blobHashing } from '../hash.ts';
import type { Primitives } from '../primitives.ts';

export interface FileNames {
  readonly blob: Hash;
  readonly key: Bytes;
  /** BLAKE2b-256 of the content. */
  readonly hash: Hash;
}

export interface SealedFile extends FileNames {
  readonly bytes: Bytes;
}

export interface Sealer {
  /** Content in order; answers what is sealed by it. Throws where it is more than was said. */
  readonly add: (content: Uint8Array) => Bytes[];
  /** What follows the content: the padding, sealed as it is taken. */
  readonly padding: () => Iterable<Bytes>;
  /** After the padding was taken to its end. */
  readonly names: () => FileNames;
}

/** Seals a content of a length known before, and never holds more than a chunk of it. */
export function createSealer(p: Primitives, length: number): Sealer {
  const padded = paddedLength(length);
  const key = p.random(32);
  const stream = p.sealing(key);
  const content = p.hashing(32);
  const stored = blobHashing(p, blobLength(length));
  const chunk = new Uint8Array(SIZE.chunk);
  let filled = 0;
  let taken = 0;
  let given = 0;
  stored.add(stream.header);
  let header: Bytes[] = [stream.header];

  const take = (data: Uint8Array): Bytes[] => {
    const sealed = header;
    header = [];
    for (let at = 0; at < data.length;) {
      const part = data.subarray(at, at + SIZE.chunk - filled);
      chunk.set(part, filled);
      filled += part.length;
      taken += part.length;
      at += part.length;
      if (filled < SIZE.chunk && taken < padded) continue;
      const one = stream.seal(chunk.subarray(0, filled), taken === padded);
      stored.add(one);
      sealed.push(one);
      filled = 0;
    }
    return sealed;
  };

  return {
    add(data) {
      given += data.length;
      if (given > length) throw new Error('broken promise: more content than was said');
      content.add(data);
      return take(data);
    },
    *padding() {
      if (given !== length) throw new Error('broken promise: less content than was said');
      yield* take(new Uint8Array([0x80]));
      const zeros = new Uint8Array(SIZE.chunk);
      while (taken < padded) yield* take(zeros.subarray(0, Math.min(SIZE.chunk, padded - taken)));
      p.wipe(chunk);
    },
    names: () => ({ blob: stored.end(), key, hash: idOf<Hash>(content.end()) }),
  };
}

export interface Opener {
  /** Stored bytes in order; answers the content they hold, or null where a byte is wrong. */
  readonly add: (stored: Uint8Array) => Bytes | null;
  /** Whether all of it came and it is the file its names say. Until then nothing of the content counts. */
  readonly end: () => boolean;
}

/** Opens a blob whose content has a length known before, and never holds more than a chunk of it. */
export function createOpener(p: Primitives, file: FileNames, length: number): Opener {
  const padded = paddedLength(length);
  const total = blobLength(length);
  const content = p.hashing(32);
  const stored = blobHashing(p, total);
  let received = 0;
  let opened = 0;
  let stream: ReturnType<Primitives['opening']> | null = null;
  let held: Bytes = concat();
  let broken = false;

  const nextLength = (): number =>
    stream === null ? STREAM_HEADER : Math.min(SIZE.chunk, padded - opened) + AROUND_CHUNK;

  /** The content in one opened chunk, or null where what follows the content is no padding. */
  const contentOf = (plain: Bytes): Bytes | null => {
    const from = opened;
    opened += plain.length;
    const ends = Math.max(Math.min(length - from, plain.length), 0);
    const wrong = plain
      .subarray(ends)
      .some((byte, i) => byte !== (from + ends + i === length ? 0x80 : 0));
    return wrong ? null : plain.slice(0, ends);
  };

  const take = (data: Uint8Array): Bytes | null => {
    received += data.length;
    if (received > total) return null;
    stored.add(data);
    held = concat(held, data);
    const out: Bytes[] = [];
    while (opened < padded && held.length >= nextLength()) {
      const piece = held.slice(0, nextLength());
      held = held.slice(piece.length);
      if (stream === null) {
        stream = p.opening(file.key, piece);
        continue;
      }
      const chunk = stream.open(piece);
      const plain = chunk === null ? null : contentOf(chunk.chunk);
      if (chunk === null || plain === null || chunk.last !== (opened === padded)) return null;
      content.add(plain);
      out.push(plain);
    }
    return concat(...out);
  };

  return {
    add(data) {
      const plain = broken ? null : take(data);
      broken ||= plain === null;
      return plain;
    },
    end: () =>
      !broken &&
      received === total &&
      stored.end() === file.blob &&
      idOf<Hash>(content.end()) === file.hash,
  };
}

export function sealFile(p: Primitives, content: Bytes): SealedFile {
  const sealer = createSealer(p, content.length);
  const bytes = concat(...sealer.add(content), ...sealer.padding());
  return { ...sealer.names(), bytes };
}

/** The content of a small file whose length is not known before, or null where a byte is wrong or a chunk is missing. */
export function openFile(
  p: Primitives,
  file: { readonly key: Bytes; readonly hash: Hash; readonly bytes: Bytes },
): Bytes | null {
  const { bytes, key, hash } = file;
  if (bytes.length <= STREAM_HEADER) return null;
  const stream = p.opening(key, bytes.slice(0, STREAM_HEADER));
  const size = SIZE.chunk + AROUND_CHUNK;
  const chunks: Bytes[] = [];
  for (let at = STREAM_HEADER; at < bytes.length; at += size) {
    const opened = stream.open(bytes.slice(at, at + size));
    if (opened === null || opened.last !== at + size >= bytes.length) return null;
    chunks.push(opened.chunk);
  }
  const content = unpad256(concat(...chunks));
  return content !== null && idOf<Hash>(p.hash(32, content)) === hash ? content : null;
}
