/** Shapes of wire frames: each field reads foreign CBOR strictly and writes its own; records travel as arrays. */
import { decode as decodeCbor, encode as encodeCbor } from 'cborg';
import type { Bytes } from '../lib/bytes.ts';
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
}

export type FieldType<F> = F extends Field<infer T> ? T : never;

export const uint: Field<number> = {
  read: (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : refuse(),
  write: (value) => value,
};

export const bool: Field<boolean> = {
  read: (value) => (typeof value === 'boolean' ? value : refuse()),
  write: (value) => value,
};

export function bytes(max: number, exact = false): Field<Bytes> {
  return {
    read(value) {
      if (!(value instanceof Uint8Array) || value.length > max || (exact && value.length !== max))
        return refuse();
      return new Uint8Array(value);
    },
    write: (value) => value,
  };
}

export function id<T extends Id>(length: 16 | 32 = 32): Field<T> {
  return {
    read: (value) =>
      value instanceof Uint8Array && value.length === length ? idOf<T>(value) : refuse(),
    write: (value) => idBytes(value),
  };
}

export function text(max: number): Field<string> {
  return {
    read: (value) => (typeof value === 'string' && value.length <= max ? value : refuse()),
    write: (value) => value,
  };
}

export function oneOf<const T extends string | number>(...options: readonly T[]): Field<T> {
  return {
    read: (value) => options.find((option) => option === value) ?? refuse(),
    write: (value) => value,
  };
}

export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    read: (value) => (value === null ? null : field.read(value)),
    write: (value) => (value === null ? null : field.write(value)),
  };
}

export function array<T>(field: Field<T>, max: number): Field<readonly T[]> {
  return {
    read: (value) =>
      Array.isArray(value) && value.length <= max
        ? value.map((item) => field.read(item))
        : refuse(),
    write: (value) => value.map((item) => field.write(item)),
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
      return Object.fromEntries(
        fields.map(([name, field], i) => [name, field.read(value[i])]),
      ) as unknown as Shaped<S>;
    },
    write: (value) => {
      const given = value as Readonly<Record<string, never>>;
      return fields.map(([name, field]) => field.write(given[name] as never));
    },
  };
}

export function encodeFrame(value: unknown): Bytes {
  return new Uint8Array(encodeCbor(value));
}

/** Decodes one CBOR value strictly, then reads it; whatever goes wrong is E_FORMAT. */
export function decodeFrame<T>(frame: Uint8Array, read: (value: unknown) => T): Outcome<T> {
  let value: unknown;
  try {
    value = decodeCbor(frame, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: false,
      rejectDuplicateMapKeys: true,
    });
  } catch {
    return fail('E_FORMAT', 'not strict CBOR');
  }
  try {
    return ok(read(value));
  } catch (error) {
    if (error instanceof Misshapen) return fail('E_FORMAT', 'not of the frame shape');
    throw error;
  }
}
