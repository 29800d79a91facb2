/** Columns of a database row, read with their types; a column of another type is a fault of our own tables. */
import { assert } from '../../lib/assert.ts';
import type { Bytes } from '../../lib/bytes.ts';
import { type Hash, type Id, idOf } from '../../protocol/ids.ts';

export type Row = Readonly<Record<string, unknown>>;

export function integer(row: Row, column: string): number {
  const value = row[column];
  assert(typeof value === 'number', `column ${column} is a number`);
  return value;
}

export function string(row: Row, column: string): string {
  const value = row[column];
  assert(typeof value === 'string', `column ${column} is text`);
  return value;
}

export function blobOrNull(row: Row, column: string): Bytes | null {
  const value = row[column];
  if (value === null) return null;
  assert(value instanceof Uint8Array, `column ${column} is bytes`);
  return value.buffer instanceof ArrayBuffer ? (value as Bytes) : new Uint8Array(value);
}

export function blob(row: Row, column: string): Bytes {
  const value = blobOrNull(row, column);
  assert(value !== null, `column ${column} is there`);
  return value;
}

export function named<T extends Id>(row: Row, column: string): T {
  return idOf<T>(blob(row, column));
}

export const hash = (row: Row, column: string): Hash => named<Hash>(row, column);
