/** How a file lies in its blob (protocol 9.14): a header, then sealed chunks of one size and a last one. */
import { SIZE } from './limits.ts';
import { paddedLength } from './padding.ts';

export const STREAM_HEADER = 24;
/** What sealing adds to each chunk. */
export const AROUND_CHUNK = 17;

/** Bytes of the blob that so many bytes of content become. */
export function blobLength(content: number): number {
  const padded = paddedLength(content);
  return STREAM_HEADER + padded + AROUND_CHUNK * Math.ceil(padded / SIZE.chunk);
}
