/** Readers and writers for bytes: the only parser of foreign signed bytes. Big-endian, strict, total. */
import { type Bytes, concat, fromUtf8 } from '../lib/bytes.ts';
import { assert } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import { type ErrorName, fail, type Outcome } from './failure.ts';
import { type Id, idBytes, idOf } from './ids.ts';

/** Carries a refusal out of nested readers; never leaves `decode`. */
class Malformed extends Error {
  readonly failure: ErrorName;
  constructor(failure: ErrorName, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** Refuses the input being read with a named error. Only for use inside a reader. */
export function malformed(note: string, name: ErrorName = 'E_FORMAT'): never {
  throw new Malformed(name, note);
}

export interface Reader {
  readonly u8: () => number;
  readonly u16: () => number;
  readonly u32: () => number;
  /** A u64 up to 2^53-1; above is refused. */
  readonly u64: () => number;
  readonly bytes: (length: number) => Bytes;
  readonly id: <T extends Id>(length?: 16 | 32) => T;
  /** Length prefix of 1, 2 or 4 bytes, then the bytes; over `max` is E_LIMIT before anything is copied. */
  readonly v8: (max?: number) => Bytes;
  readonly v16: (max?: number) => Bytes;
  readonly v32: (max: number) => Bytes;
  readonly opt: <T>(read: () => T) => T | null;
  readonly list: <T>(max: number, read: () => T) => T[];
  /** A list strictly ascending by id, which forbids duplicates. */
  readonly sorted: <T>(max: number, read: () => T, id: (item: T) => string) => T[];
  /** UTF-8 text of the given bytes; malformed text is refused. */
  readonly text: (bytes: Uint8Array) => string;
  readonly position: () => number;
  /** The bytes from a position up to here, as received: what a signature over them covers. */
  readonly since: (position: number) => Bytes;
  readonly left: () => number;
}

export function createReader(input: Uint8Array): Reader {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  const take = (length: number): number => {
    if (length > input.length - at) malformed('short input');
    const start = at;
    at += length;
    return start;
  };
  const variable = (length: number, max: number): Bytes => {
    if (length > max) malformed('length over the limit', 'E_LIMIT');
    return bytes(length);
  };
  const bytes = (length: number): Bytes => {
    const start = take(length);
    return new Uint8Array(input.subarray(start, start + length));
  };
  const reader: Reader = {
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2)),
    u32: () => view.getUint32(take(4)),
    u64() {
      const value = view.getBigUint64(take(8));
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) malformed('u64 above 2^53-1');
      return Number(value);
    },
    bytes,
    id: <T extends Id>(length: 16 | 32 = 32) => idOf<T>(bytes(length)),
    v8: (max = 0xff) => variable(reader.u8(), max),
    v16: (max = 0xffff) => variable(reader.u16(), max),
    v32: (max) => variable(reader.u32(), max),
    opt(read) {
      const flag = reader.u8();
      if (flag > 1) malformed('option byte');
      return flag === 1 ? read() : null;
    },
    list(max, read) {
      const count = reader.u16();
      if (count > max) malformed('list over the limit', 'E_LIMIT');
      if (count > input.length - at) malformed('short input');
      return Array.from({ length: count }, read);
    },
    sorted(max, read, id) {
      const items = reader.list(max, read);
      let last = '';
      for (const item of items) {
        const next = id(item);
        if (next <= last) malformed('list not strictly ascending');
        last = next;
      }
      return items;
    },
    text: (raw) => fromUtf8(raw) ?? malformed('text is not UTF-8'),
    position: () => at,
    since: (position) => new Uint8Array(input.subarray(position, at)),
    left: () => input.length - at,
  };
  return reader;
}

/** Runs a reader over the whole input: short input, trailing bytes and every refusal become a named error. */
export function decode<T>(input: Uint8Array, read: (reader: Reader) => T): Outcome<T> {
  const reader = createReader(input);
  try {
    const value = read(reader);
    if (reader.left() !== 0) return fail('E_FORMAT', 'trailing bytes');
    return ok(value);
  } catch (error) {
    if (error instanceof Malformed) return fail(error.failure, error.message);
    throw error;
  }
}

function number(width: 1 | 2 | 4 | 8, value: number): Bytes {
  assert(
    Number.isSafeInteger(value) && value >= 0 && value < 2 ** (8 * width),
    'an unsigned integer fits its width',
  );
  const out = new Uint8Array(width);
  const view = new DataView(out.buffer);
  if (width === 1) view.setUint8(0, value);
  else if (width === 2) view.setUint16(0, value);
  else if (width === 4) view.setUint32(0, value);
  else {
    view.setUint32(0, Math.floor(value / 2 ** 32));
    view.setUint32(4, value % 2 ** 32);
  }
  return out;
}

export const u8 = (value: number): Bytes => number(1, value);
export const u16 = (value: number): Bytes => number(2, value);
export const u32 = (value: number): Bytes => number(4, value);
export const u64 = (value: number): Bytes => number(8, value);
export const v8 = (bytes: Uint8Array): Bytes => concat(u8(bytes.length), bytes);
export const v16 = (bytes: Uint8Array): Bytes => concat(u16(bytes.length), bytes);
export const v32 = (bytes: Uint8Array): Bytes => concat(u32(bytes.length), bytes);
export const opt = (bytes: Uint8Array | null): Bytes =>
  bytes === null ? u8(0) : concat(u8(1), bytes);
export const id = idBytes;

export function list<T>(items: readonly T[], write: (item: T) => Uint8Array): Bytes {
  return concat(u16(items.length), ...items.map(write));
}

/** A list written strictly ascending by id; a duplicate is a fault of our own code. */
export function sorted<T>(
  items: readonly T[],
  key: (item: T) => string,
  write: (item: T) => Uint8Array,
): Bytes {
  const ordered = [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  for (const [i, item] of ordered.entries()) {
    const before = ordered[i - 1];
    assert(before === undefined || key(before) < key(item), 'a sorted list has no duplicates');
  }
  return list(ordered, write);
}
