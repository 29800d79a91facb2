/** Padding after ISO 7816-4: 0x80, then zeros. A full block is added when the input is exactly a multiple. */
import type { Bytes } from '../lib/bytes.ts';

function padTo(size: number, input: Uint8Array): Bytes {
  const out = new Uint8Array(size);
  out.set(input);
  out[input.length] = 0x80;
  return out;
}

const nextMultiple = (block: number, length: number): number =>
  (Math.floor(length / block) + 1) * block;

/** How long so many bytes are once `pad256` was over them. */
export function paddedLength(bytes: number): number {
  let size = nextMultiple(256, bytes);
  if (size > 4096) {
    size = 8192;
    while (size <= bytes) size *= 2;
  }
  return size;
}

/** To the next multiple of 256 up to 4096 bytes, above that to the next power of two. */
export function pad256(input: Uint8Array): Bytes {
  return padTo(paddedLength(input.length), input);
}

/** To the next multiple of 1024 bytes. */
export function pad1024(input: Uint8Array): Bytes {
  return padTo(nextMultiple(1024, input.length), input);
}

function strip(padded: Uint8Array): Bytes | null {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  return end >= 0 && padded[end] === 0x80 ? new Uint8Array(padded.subarray(0, end)) : null;
}

/** The input of `pad256`, or null where the padding is not exactly what `pad256` writes. */
export function unpad256(padded: Uint8Array): Bytes | null {
  const input = strip(padded);
  return input !== null && pad256(input).length === padded.length ? input : null;
}

/** The input of `pad1024`, or null where the padding is not exactly what `pad1024` writes. */
export function unpad1024(padded: Uint8Array): Bytes | null {
  const input = strip(padded);
  return input !== null && pad1024(input).length === padded.length ? input : null;
}
