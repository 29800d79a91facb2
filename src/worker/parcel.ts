/** Messages between tabs as bytes: JSON, and beside it the byte arrays, which never become text. */
import { ascii, type Bytes, concat, fromUtf8 } from '../lib/bytes.ts';
import { createReader, u32, v32 } from '../protocol/codec.ts';

/** In place of the bytes: which part they are. */
const PART = '$part';

export function pack(message: unknown): Bytes {
  const parts: Uint8Array[] = [];
  const json = JSON.stringify(message, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    parts.push(value);
    return { [PART]: parts.length - 1 };
  });
  return concat(v32(ascii(json)), u32(parts.length), ...parts.map(v32));
}

/** Throws where it was not packed by `pack`. */
export function unpack(bytes: Bytes): unknown {
  const reader = createReader(bytes);
  const json = reader.v32(bytes.length);
  const parts = Array.from({ length: Math.min(reader.u32(), bytes.length) }, () =>
    reader.v32(bytes.length),
  );
  return JSON.parse(fromUtf8(json) ?? 'null', (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(PART in value)) return value;
    return parts[Number(value[PART])];
  });
}

/** The buffers in the arguments of a call, or in an answer: who posts it gives them away. */
export function buffersIn(args: readonly unknown[]): ArrayBuffer[] {
  return args
    .flatMap((arg): unknown[] => {
      if (arg instanceof Uint8Array) return [arg];
      return typeof arg === 'object' && arg !== null ? Object.values(arg) : [];
    })
    .flatMap((value) =>
      value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
    );
}
