/** This device's account: its keys in a sealed record, its identity in memory. */
import { present } from '../lib/assert.ts';
import { type Bytes, concat } from '../lib/bytes.ts';
import { createIdentity, type Identity, wakeIdentity } from '../crypto/secret/identity.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { PinnedCard } from '../group/state.ts';
import { foldChain } from '../ledger/cards.ts';
import { decodeChain } from '../protocol/card.ts';
import {
  array,
  bool,
  bytes,
  type FieldType,
  id,
  nullable,
  oneOf,
  record,
  text,
  uint,
} from '../protocol/field.ts';
import type { Dev, Gid, Hash, Pid } from '../protocol/ids.ts';
import { REPLAY } from '../protocol/limits.ts';
import { VAULT_MAX_BYTES } from '../protocol/vault.ts';
import type { StoreWrite } from './ports.ts';
import type { Records } from './records.ts';

const stored = record({
  pid: id<Pid>(),
  root: bytes(32, true),
  device: bytes(32, true),
  /** Sealing seeds, oldest first. */
  sealing: array(bytes(32, true), 512),
  chain: bytes(REPLAY.entryBodyBytes),
  /** How many cards of the chain the server has taken. */
  published: uint,
  name: text(400),
  devices: array(record({ dev: id<Dev>(16), name: text(200), since: uint }), 64),
  recovery: oneOf('none', 'unproved', 'proved'),
  /** The code, until it was typed back. */
  code: nullable(text(26)),
  vaultKey: nullable(bytes(32, true)),
  /** The newest version of the vault this device knows. */
  vaultN: uint,
  vaultHash: id<Hash>(),
  /** Where the vault is found without a login. */
  locator: nullable(id<Hash>()),
  /** People whose safety number was compared, and what of it the vault does not know yet. */
  verified: array(id<Pid>(), 10_000),
  verifying: array(record({ pid: id<Pid>(), on: bool }), 10_000),
  /** What the vault said this account had last seen of its groups. */
  lastSeen: array(record({ gid: id<Gid>(), seq: uint, head: id<Hash>() }), 10_000),
});
export type Stored = FieldType<typeof stored>;

const KEY = 'account';

export interface Account {
  readonly stored: Stored;
  readonly identity: Identity;
  /** The own newest card, whether the server has it or not. */
  readonly card: PinnedCard;
}

/** The folded chain; own cards were verified when they were made or restored. */
export function ownCard(p: Primitives, chain: Bytes, pid: Pid): PinnedCard {
  const cards = decodeChain(chain);
  const card = cards.ok ? foldChain(p, cards.value, pid) : cards;
  if (!card.ok) throw new Error('broken promise: the own chain verifies');
  return card.value;
}

export function wake(p: Primitives, kept: Stored): Account {
  const cards = decodeChain(kept.chain);
  const last = present(cards.ok ? cards.value.at(-1) : null, 'the own chain reads');
  const identity = wakeIdentity(p, { ...kept, card: last.bytes });
  return { stored: kept, identity, card: ownCard(p, kept.chain, kept.pid) };
}

/** Whether the server knows the newest own card. */
export function isPublished(account: Account): boolean {
  return account.stored.published > account.card.n;
}

/** The cards the server took, one after another: what one that lost them gets back. */
export function publishedCards(account: Account): Bytes {
  const cards = decodeChain(account.stored.chain);
  if (!cards.ok) throw new Error('broken promise: the own chain reads');
  return concat(...cards.value.slice(0, account.stored.published).map((card) => card.bytes));
}

/** The cards the server has not taken yet, one after another. */
export function unpublished(account: Account): Bytes {
  const cards = decodeChain(account.stored.chain);
  if (!cards.ok) throw new Error('broken promise: the own chain reads');
  return concat(...cards.value.slice(account.stored.published).map((card) => card.bytes));
}

export async function loadAccount(p: Primitives, records: Records): Promise<Account | null> {
  const kept = await records.read(KEY, stored);
  return kept === null ? null : wake(p, kept);
}

/** Stores a change of the account, worked out from what it is when its turn comes; `along` goes with it in the same write. */
export type ChangeAccount = (
  change: (account: Account) => Partial<Stored>,
  along?: () => readonly StoreWrite[],
) => Promise<void>;

/** Stores the account before anybody hears of it. */
export async function keepAccount(
  p: Primitives,
  records: Records,
  kept: Stored,
  /** What changes with it, in the same write. */
  along: readonly StoreWrite[] = [],
): Promise<Account> {
  await records.write([records.put(KEY, stored, kept), ...along]);
  return wake(p, kept);
}

/** The list with marks set and taken away. */
export function withMarks(list: readonly Pid[], marks: Stored['verifying']): Pid[] {
  return marks.reduce<Pid[]>(
    (now, { pid, on }) => {
      const others = now.filter((one) => one !== pid);
      return on ? [...others, pid] : others;
    },
    [...list],
  );
}

/** Draws the keys of a new account. */
export function drawAccount(p: Primitives, name: string, device: string, time: number): Stored {
  const seeds = { root: p.random(32), device: p.random(32), sealing: p.random(32) };
  const identity = createIdentity(p, seeds, time);
  return {
    pid: identity.pid,
    root: seeds.root,
    device: seeds.device,
    sealing: [seeds.sealing],
    chain: identity.chain,
    published: 0,
    name,
    devices: [{ dev: identity.dev, name: device, since: time }],
    recovery: 'none',
    code: null,
    vaultKey: null,
    vaultN: 0,
    vaultHash: NO_VAULT,
    locator: null,
    verified: [],
    verifying: [],
    lastSeen: [],
  };
}

const VAULT = 'vault';
const vaultField = bytes(VAULT_MAX_BYTES);

/** The newest version of the vault this device knows, sealed as it is: a server that lost it gets the one after it, with the same slots. */
export function readVault(records: Records): Promise<Bytes | null> {
  return records.read(VAULT, vaultField);
}

export async function keepVault(records: Records, vault: Bytes): Promise<void> {
  await records.write([records.put(VAULT, vaultField, vault)]);
}

export const NO_VAULT = '0'.repeat(64) as Hash;
