/** Shapes of wire frames: each field reads foreign CBOR strictly and writes its own; records travel as arrays. */
import { decode as decodeCbor, encode as encodeCbor } from 'cborg';
import { type Bytes, equal } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { fail, type Outcome } from './failure.ts';
import { type Id, idBytes, idOf } from './ids.ts';

class Misshapen extends Error {}

function refuse(): never {
  throw new Misshapen();
}

export interface Field<T> {
  /** Reads a decoded CBOR value; anything not of the shape is refused. Inside `decodeFrame` only. */
  readonly read: (value: unknown) => T;
  readonly write: (value: T) => unknown;
  /** The shape in words: what the fingerprint of the wire pins (version.test.ts). */
  readonly shape: string;
}

export type FieldType<F> = F extends Field<infer T> ? T : never;

export const uint: Field<number> = {
  read: (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : refuse(),
  write: (value) => value,
  shape: 'uint',
};

export const bool: Field<boolean> = {
  read: (value) => (typeof value === 'boolean' ? value : refuse()),
  write: (value) => value,
  shape: 'bool',
};

/** Bytes with a memory of their own; copied where they are a part of a larger one, or of a class of their own as in Node. */
function own(value: Uint8Array): Bytes {
  const { buffer, byteLength } = value;
  const isOwn = value.constructor === Uint8Array && byteLength === buffer.byteLength;
  return isOwn && buffer instanceof ArrayBuffer ? (value as Bytes) : new Uint8Array(value);
}

export function bytes(max: number, exact = false): Field<Bytes> {
  return {
    read(value) {
      if (!(value instanceof Uint8Array) || value.length > max || (exact && value.length !== max))
        return refuse();
      return own(value);
    },
    write: (value) => value,
    shape: `bytes${exact ? '=' : '<='}${max}`,
  };
}

export function id<T extends Id>(length: 16 | 32 = 32): Field<T> {
  return {
    read: (value) =>
      value instanceof Uint8Array && value.length === length ? idOf<T>(value) : refuse(),
    write: (value) => idBytes(value),
    shape: `id${length}`,
  };
}

export function text(max: number): Field<string> {
  return {
    read: (value) => (typeof value === 'string' && value.length <= max ? value : refuse()),
    write: (value) => value,
    shape: `text<=${max}`,
  };
}

export function oneOf<const T extends string | number>(...options: readonly T[]): Field<T> {
  return {
    read: (value) => options.find((option) => option === value) ?? refuse(),
    write: (value) => value,
    shape: options.join('|'),
  };
}

export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    read: (value) => (value === null ? null : field.read(value)),
    write: (value) => (value === null ? null : field.write(value)),
    shape: `(${field.shape})?`,
  };
}

export function array<T>(field: Field<T>, max: number): Field<readonly T[]> {
  return {
    read: (value) =>
      Array.isArray(value) && value.length <= max
        ? value.map((item) => field.read(item))
        : refuse(),
    write: (value) => value.map((item) => field.write(item)),
    shape: `[${field.shape}]<=${max}`,
  };
}

type Shape = Readonly<Record<string, Field<never>>>;
type Shaped<S> = { readonly [K in keyof S]: FieldType<S[K]> };

/** A record of fields; on the wire an array in the order the fields are written here. */
export function record<const S extends Readonly<Record<string, unknown>>>(
  shape: S,
): Field<Shaped<S>> {
  const fields = Object.entries(shape as unknown as Shape);
  return {
    read(value) {
      if (!Array.isArray(value) || value.length !== fields.length) return refuse();
      const out: Record<string, unknown> = {};
      for (const [i, [name, field]] of fields.entries()) out[name] = field.read(value[i]);
      return out as Shaped<S>;
    },
    write: (value) => {
      const given = value as Readonly<Record<string, never>>;
      return fields.map(([name, field]) => field.write(given[name] as never));
    },
    shape: `{${fields.map(([name, field]) => `${name}:${field.shape}`).join(',')}}`,
  };
}

/**
 * A stored record that grew: fields of `added` stand last and may be missing in what an earlier build stored; then they are read
 * as given here. For what a device keeps for itself; on the wire a record has one shape.
 */
export function grown<
  const S extends Readonly<Record<string, unknown>>,
  const A extends Readonly<Record<string, unknown>>,
>(
  shape: S,
  added: { readonly [K in keyof A]: readonly [Field<A[K]>, A[K]] },
): Field<Shaped<S> & A> {
  const later = Object.entries(
    added as unknown as Readonly<Record<string, readonly [Field<never>, unknown]>>,
  );
  const whole = record({
    ...shape,
    ...Object.fromEntries(later.map(([name, [field]]) => [name, field])),
  }) as unknown as Field<Shaped<S> & A>;
  const first = Object.keys(shape).length;
  return {
    ...whole,
    read(value) {
      if (!Array.isArray(value) || value.length < first) return refuse();
      const missing = later.slice(value.length - first);
      const defaults = missing.map(([, [field, fallback]]) => field.write(fallback as never));
      return whole.read([...(value as readonly unknown[]), ...defaults]);
    },
  };
}

export function encodeFrame(value: unknown): Bytes {
  return new Uint8Array(encodeCbor(value));
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const;

/** Decodes one CBOR value strictly, then reads it; whatever goes wrong is E_FORMAT. */
export function decodeFrame<T>(frame: Uint8Array, read: (value: unknown) => T): Outcome<T> {
  // The library takes text that is not UTF-8 and whole numbers written as floats; neither comes out as it went in.
  return decodeWhere(frame, read, (value) => equal(encodeCbor(value), frame));
}

/** The same for what this device wrote and sealed itself: nobody else can have written it in another form. */
export function decodeOwn<T>(frame: Uint8Array, read: (value: unknown) => T): Outcome<T> {
  return decodeWhere(frame, read, () => true);
}

function decodeWhere<T>(
  frame: Uint8Array,
  read: (value: unknown) => T,
  isCanonical: (value: unknown) => boolean,
): Outcome<T> {
  let value: unknown;
  try {
    value = decodeCbor(frame, STRICT);
    if (!isCanonical(value)) return fail('E_FORMAT', 'not canonical CBOR');
  } catch {
    return fail('E_FORMAT', 'not strict CBOR');
  }
  return readValue(value, read);
}

/** Reads a value that was decoded already, e.g. the answer part of a frame. */
export function readValue<T>(value: unknown, read: (value: unknown) => T): Outcome<T> {
  try {
    return ok(read(value));
  } catch (error) {
    if (error instanceof Misshapen) return fail('E_FORMAT', 'not of the frame shape');
    throw error;
  }
}
