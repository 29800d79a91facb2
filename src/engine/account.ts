/** This device's account: its seeds in a sealed record, its identity in memory. */
import type { Bytes } from '../lib/bytes.ts';
import { createIdentity, type Identity, type Seeds } from '../crypto/secret/identity.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { bool, bytes, type FieldType, record, text, uint } from '../protocol/field.ts';
import type { Records } from './records.ts';

const field = record({
  root: bytes(32, true),
  device: bytes(32, true),
  sealing: bytes(32, true),
  time: uint,
  name: text(400),
  /** The server has taken card 0. */
  published: bool,
});
type Stored = FieldType<typeof field>;

const KEY = 'account';

export interface Account {
  readonly identity: Identity;
  readonly name: string;
  readonly published: boolean;
}

function wake(p: Primitives, stored: Stored): Account {
  const seeds: Seeds = { root: stored.root, device: stored.device, sealing: stored.sealing };
  return {
    identity: createIdentity(p, seeds, stored.time),
    name: stored.name,
    published: stored.published,
  };
}

export async function loadAccount(p: Primitives, records: Records): Promise<Account | null> {
  const stored = await records.read(KEY, field);
  return stored === null ? null : wake(p, stored);
}

/** Draws the keys of a new account and stores them before anybody hears of it. */
export async function makeAccount(
  p: Primitives,
  records: Records,
  name: string,
  time: number,
): Promise<Account> {
  const draw = (): Bytes => p.random(32);
  const stored: Stored = {
    root: draw(),
    device: draw(),
    sealing: draw(),
    time,
    name,
    published: false,
  };
  await records.write([records.put(KEY, field, stored)]);
  return wake(p, stored);
}

export async function markPublished(p: Primitives, records: Records): Promise<Account | null> {
  const stored = await records.read(KEY, field);
  if (stored === null) return null;
  const next = { ...stored, published: true };
  await records.write([records.put(KEY, field, next)]);
  return wake(p, next);
}
