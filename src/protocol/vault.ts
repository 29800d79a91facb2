/** The vault: one encrypted record per account on the server, opened by any of its slots; versions form a chain. */
import type { Bytes } from '../lib/bytes.ts';
import { concat } from '../lib/bytes.ts';
import { decode, id, malformed, type Reader, sorted, u32, u8, v16, v32 } from './codec.ts';
import type { Outcome } from './failure.ts';
import {
  array,
  bytes,
  decodeFrame,
  encodeFrame,
  type FieldType,
  id as idField,
  record,
  text,
  uint,
} from './field.ts';
import type { Dev, Gid, Hash, Pid } from './ids.ts';
import { REPLAY } from './limits.ts';
import { WIRE_VERSION } from './version.ts';

export const SLOT = { recoveryCode: 0, passphrase: 1, passkey: 2, devices: 3 } as const;
export type SlotKind = keyof typeof SLOT;
const SLOT_KINDS = Object.keys(SLOT) as SlotKind[];

export interface VaultSlot {
  /** 16 random bytes, hex. */
  readonly slot: Dev;
  readonly kind: SlotKind;
  /** Where who holds only this slot's secret finds the vault. */
  readonly locator: Hash;
  /** Compared before anything is decrypted: a wrong secret is answered by this alone. */
  readonly check: Bytes;
  /** What the slot's secret is made with (salt, passes); empty for a recovery code. */
  readonly params: Bytes;
  readonly nonce: Bytes;
  /** The vault key under the slot key. */
  readonly sealedKey: Bytes;
}

export interface Vault {
  readonly pid: Pid;
  /** Counts the versions from 1. */
  readonly n: number;
  /** Hash of the version before; zero for the first. */
  readonly prev: Hash;
  readonly slots: readonly VaultSlot[];
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

const MAX_SLOTS = 12;
export const VAULT_MAX_BYTES = 512 * 1024 - 4096;

function writeSlot(slot: VaultSlot): Bytes {
  return concat(
    id(slot.slot),
    u8(SLOT[slot.kind]),
    id(slot.locator),
    slot.check,
    v16(slot.params),
    slot.nonce,
    v16(slot.sealedKey),
  );
}

/** Everything before the content: bound into its encryption, so that no slot can be swapped or dropped. */
export function encodeVaultHead(vault: Omit<Vault, 'nonce' | 'sealed'>): Bytes {
  return concat(
    u8(WIRE_VERSION),
    id(vault.pid),
    u32(vault.n),
    id(vault.prev),
    sorted(vault.slots, (slot) => slot.slot, writeSlot),
  );
}

export function encodeVault(vault: Vault): Bytes {
  return concat(encodeVaultHead(vault), vault.nonce, v32(vault.sealed));
}

function readSlot(r: Reader): VaultSlot {
  return {
    slot: r.id<Dev>(16),
    kind: SLOT_KINDS[r.u8()] ?? malformed('kind of slot'),
    locator: r.id<Hash>(),
    check: r.bytes(32),
    params: r.v16(1024),
    nonce: r.bytes(24),
    sealedKey: r.v16(64),
  };
}

export function decodeVault(input: Bytes): Outcome<Vault> {
  return decode(input, (r) => {
    if (r.u8() !== WIRE_VERSION) malformed('vault version');
    return {
      pid: r.id<Pid>(),
      n: r.u32(),
      prev: r.id<Hash>(),
      slots: r.sorted(
        MAX_SLOTS,
        () => readSlot(r),
        (slot) => slot.slot,
      ),
      nonce: r.bytes(24),
      sealed: r.v32(VAULT_MAX_BYTES),
    };
  });
}

const content = record({
  /** The own cards, one after another. */
  chain: bytes(REPLAY.entryBodyBytes),
  root: bytes(32, true),
  /** Sealing seeds, oldest first, all that ever were: boxes of earlier generations need them. */
  sealing: array(bytes(32, true), 512),
  name: text(400),
  /** What people call their devices, and when each came in. */
  devices: array(record({ dev: idField<Dev>(16), name: text(200), since: uint }), 64),
  /** What this account last saw of each group: a restored device notices a server that went back. */
  groups: array(
    record({ gid: idField<Gid>(), seq: uint, head: idField<Hash>(), t: uint, T: idField<Hash>() }),
    10_000,
  ),
  /** People whose safety number was compared. */
  verified: array(idField<Pid>(), 10_000),
});
export type VaultContent = FieldType<typeof content>;

export function encodeVaultContent(value: VaultContent): Bytes {
  return encodeFrame(content.write(value));
}

export function decodeVaultContent(input: Bytes): Outcome<VaultContent> {
  return decodeFrame(input, (value) => content.read(value));
}
