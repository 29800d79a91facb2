/** Sealing and opening the vault, and the recovery code that opens it. */
import { type Bytes, ascii, equal } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { type Dev, type Hash, idBytes, idOf, type Pid } from '../../protocol/ids.ts';
import { pad1024, unpad1024 } from '../../protocol/padding.ts';
import {
  decodeVaultContent,
  encodeVaultContent,
  encodeVaultHead,
  type Vault,
  type VaultContent,
  type VaultSlot,
} from '../../protocol/vault.ts';
import { encodeWayParams, type WayParams } from '../../protocol/way.ts';
import { H, K } from '../hash.ts';
import { DERIVE, HASH } from '../label.ts';
import type { Primitives } from '../primitives.ts';

/** Crockford's 32 signs: no I, L, O or U. */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 26;

/** A fresh recovery code: 26 signs, 130 bits. */
export function drawRecoveryCode(p: Primitives): string {
  return [...p.random(CODE_LENGTH)].map((byte) => SIGNS[byte & 31] ?? '').join('');
}

/** The code as typed by a person, tidied: case, spaces, dashes and look-alikes do not matter. Null where it cannot be one. */
export function readRecoveryCode(typed: string): string | null {
  const tidy = typed
    .toUpperCase()
    .replace(/[\s-]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/gu, '1');
  return tidy.length === CODE_LENGTH && [...tidy].every((sign) => SIGNS.includes(sign))
    ? tidy
    : null;
}

/** What a slot's secret gives: where the vault lies, the check, and the key of the slot. */
export interface SlotSecret {
  readonly locator: Hash;
  readonly check: Bytes;
  readonly key: Bytes;
}

/** `secret`: 32 bytes. What does not say where the vault lies, a passphrase or a passkey, has a random locator. */
export function slotSecret(p: Primitives, secret: Bytes, locator: Hash): SlotSecret {
  return {
    locator,
    check: K(p, secret, DERIVE.vaultCheck),
    key: K(p, secret, DERIVE.vaultSlot),
  };
}

/** The slot of a secret that says by itself where the vault lies. */
function findingSecret(p: Primitives, secret: Bytes): SlotSecret {
  return slotSecret(p, secret, idOf<Hash>(K(p, secret, DERIVE.vaultLocator)));
}

/** The slot of the account's devices: whoever holds this sealing seed opens it, so a fresh vault key reaches them all. */
export function devicesSecret(p: Primitives, sealingSeed: Bytes): SlotSecret {
  return findingSecret(p, H(p, HASH.devices, sealingSeed));
}

/** `code` as answered by readRecoveryCode. */
export function recoverySecret(p: Primitives, code: string): SlotSecret {
  return findingSecret(p, H(p, HASH.recovery, ascii(code)));
}

function slotBound(p: Primitives, pid: Pid, slot: Dev): Bytes {
  return H(p, HASH.aadVaultSlot, idBytes(pid), idBytes(slot));
}

/** A slot that opens the vault key with this secret. */
export function makeSlot(
  p: Primitives,
  pid: Pid,
  secret: SlotSecret,
  vaultKey: Bytes,
  params: WayParams,
): VaultSlot {
  const slot = idOf<Dev>(p.random(16));
  const nonce = p.random(24);
  return {
    slot,
    kind: params.kind,
    locator: secret.locator,
    check: secret.check,
    params: encodeWayParams(params),
    nonce,
    sealedKey: p.encrypt(secret.key, nonce, vaultKey, slotBound(p, pid, slot)),
  };
}

/** The vault key. A wrong secret is answered by the check; nothing is decrypted then, and every slot is looked at. */
export function openSlot(p: Primitives, vault: Vault, secret: SlotSecret): Outcome<Bytes> {
  const [slot] = vault.slots.filter((one) => equal(one.check, secret.check));
  if (slot === undefined) return fail('E_AUTH', 'the code does not fit');
  const key = p.decrypt(secret.key, slot.nonce, slot.sealedKey, slotBound(p, vault.pid, slot.slot));
  return key?.length === 32 ? ok(key) : fail('E_AEAD', 'the slot is damaged');
}

/** Seals the content of the next version. */
export function sealVault(
  p: Primitives,
  head: Omit<Vault, 'nonce' | 'sealed'>,
  vaultKey: Bytes,
  content: VaultContent,
): Vault {
  const nonce = p.random(24);
  const bound = H(p, HASH.aadVault, encodeVaultHead(head));
  return {
    ...head,
    nonce,
    sealed: p.encrypt(vaultKey, nonce, pad1024(encodeVaultContent(content)), bound),
  };
}

export function openVault(p: Primitives, vault: Vault, vaultKey: Bytes): Outcome<VaultContent> {
  const bound = H(p, HASH.aadVault, encodeVaultHead(vault));
  const padded = p.decrypt(vaultKey, vault.nonce, vault.sealed, bound);
  const plain = padded === null ? null : unpad1024(padded);
  return plain === null ? fail('E_AEAD', 'the vault is damaged') : decodeVaultContent(plain);
}

export function vaultHash(p: Primitives, vault: Uint8Array): Hash {
  return idOf<Hash>(H(p, HASH.vault, vault));
}
