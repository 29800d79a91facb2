/** Ways back into the account besides the recovery code: slots of the vault that a passphrase or a passkey opens. */
import { type Bytes, fromBase64url, toBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import type { ReturnSecret, WaySecret } from '../client/secret.ts';
import type { WayView } from '../client/view.ts';
import { makeSlot, type SlotSecret, slotSecret } from '../crypto/secret/vault.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { type Dev, type Hash, idBytes, idOf, type Pid } from '../protocol/ids.ts';
import type { Vault, VaultSlot } from '../protocol/vault.ts';
import { CREDENTIAL_MAX_BYTES, decodeWayParams } from '../protocol/way.ts';
import type { Account } from './account.ts';
import type { Context } from './context.ts';
import { refuseWeak } from './lock.ts';
import type { Stretch } from './ports.ts';
import { type VaultStore, withoutDevices } from './vaultStore.ts';

/** The address as people keep it; it opens nothing by itself. */
function printAddress(locator: Hash): string {
  return toBase64url(idBytes(locator));
}

/** White space does not matter; null where it cannot be an address. */
function readAddress(typed: string): Hash | null {
  const bytes = fromBase64url(typed.replace(/\s/gu, ''));
  return bytes?.length === 32 ? idOf<Hash>(bytes) : null;
}

function wayView(slot: VaultSlot, proved: boolean): WayView {
  const params = decodeWayParams(slot.kind, slot.params);
  return {
    slot: slot.slot,
    kind: slot.kind,
    made: params.ok ? params.value.made : null,
    proved,
    address: slot.kind === 'passphrase' ? printAddress(slot.locator) : null,
  };
}

/** A recovery code that was typed back; slots of an earlier version do not say so. */
export function isProvedCode(slot: VaultSlot): boolean {
  const params = decodeWayParams(slot.kind, slot.params);
  return params.ok && params.value.kind === 'recoveryCode' && params.value.proved === true;
}

/** A slot for the secret. E_FORMAT: too weak or of another form. */
async function waySlot(
  p: Primitives,
  stretch: Stretch,
  pid: Pid,
  vaultKey: Bytes,
  secret: WaySecret,
  made: number,
): Promise<Outcome<VaultSlot>> {
  if (secret.kind === 'passkey') {
    const { kind, prf, credential, locator } = secret;
    if (prf.length !== 32 || locator.length !== 32 || credential.length > CREDENTIAL_MAX_BYTES)
      return fail('E_FORMAT', 'not of a passkey');
    const opens = slotSecret(p, prf, idOf<Hash>(locator));
    p.wipe(prf);
    return ok(makeSlot(p, pid, opens, vaultKey, { kind, made, credential }));
  }
  const strong = refuseWeak(secret, 'vault');
  if (!strong.ok) return strong;
  const salt = p.random(16);
  const stretched = await stretch(secret.passphrase, salt);
  if (!stretched.ok) return stretched;
  const opens = slotSecret(p, stretched.value, idOf<Hash>(p.random(32)));
  p.wipe(stretched.value);
  return ok(makeSlot(p, pid, opens, vaultKey, { kind: 'passphrase', made, salt }));
}

/** Where the vault of a returning person lies. */
export function locatorOf(secret: ReturnSecret): Hash | null {
  if (secret.kind === 'passphrase') return readAddress(secret.address);
  return secret.locator.length === 32 ? idOf<Hash>(secret.locator) : null;
}

/** What opens the slot at this locator. E_AUTH: the vault has no such slot. */
export async function returnSecret(
  p: Primitives,
  stretch: Stretch,
  vault: Vault,
  locator: Hash,
  secret: ReturnSecret,
): Promise<Outcome<SlotSecret>> {
  const slot = vault.slots.find((one) => one.locator === locator && one.kind === secret.kind);
  if (slot === undefined) return fail('E_AUTH', 'no such way');
  if (secret.kind === 'passkey') {
    if (secret.prf.length !== 32) return fail('E_FORMAT', 'not of a passkey');
    const opens = slotSecret(p, secret.prf, locator);
    p.wipe(secret.prf);
    return ok(opens);
  }
  const params = decodeWayParams('passphrase', slot.params);
  if (!params.ok) return params;
  if (params.value.kind !== 'passphrase') return fail('E_FORMAT', 'parameters of a passphrase');
  const stretched = await stretch(secret.passphrase, params.value.salt);
  if (!stretched.ok) return stretched;
  const opens = slotSecret(p, stretched.value, locator);
  p.wipe(stretched.value);
  return ok(opens);
}

export interface Ways {
  readonly list: () => Promise<Outcome<readonly WayView[]>>;
  readonly add: (secret: WaySecret) => Promise<Outcome<void>>;
  readonly remove: (slot: Dev) => Promise<Outcome<void>>;
  /** The slots of the person in the stored vault. */
  readonly held: () => Promise<Outcome<readonly VaultSlot[]>>;
  /** Whether the person has shown to have what opens it. */
  readonly isProved: (slot: VaultSlot) => boolean;
}

export interface WaysOutside {
  readonly account: () => Account;
  readonly vault: VaultStore;
  readonly stretch: Stretch;
  /** No recovery code opens the vault any more. */
  readonly removedCode: () => Promise<void>;
}

/** What a person may have at rest; one place is left for a code that takes the place of another. */
const MAX_WAYS = 7;

export function createWays({ p, clock }: Context, outside: WaysOutside): Ways {
  const { vault } = outside;

  const isProved = (slot: VaultSlot): boolean => {
    if (slot.kind !== 'recoveryCode') return slot.kind !== 'devices';
    // A slot of an earlier version does not say it; this device may know.
    return (
      isProvedCode(slot) ||
      (slot.params.length === 0 && outside.account().stored.recovery !== 'none')
    );
  };

  const held = async (): Promise<Outcome<readonly VaultSlot[]>> => {
    const newest = await vault.newest();
    return newest.ok ? ok(withoutDevices(newest.value?.slots ?? [])) : newest;
  };

  return {
    held,
    isProved,
    async list() {
      const slots = await held();
      if (!slots.ok) return slots;
      const views = slots.value.map((slot) => wayView(slot, isProved(slot)));
      return ok(views.toSorted((a, b) => (a.made ?? 0) - (b.made ?? 0)));
    },
    async add(secret) {
      const key = await vault.key();
      if (!key.ok) return key;
      const { pid } = outside.account().identity;
      const made = Math.round(clock.now());
      const slot = await waySlot(p, outside.stretch, pid, key.value, secret, made);
      if (!slot.ok) return slot;
      return vault.put({
        key: key.value,
        slots: (now) => {
          // A vault has one passphrase: the new one takes the place of the one before.
          const others = now.filter(
            (one) => !(one.kind === 'passphrase' && slot.value.kind === 'passphrase'),
          );
          return others.length < MAX_WAYS
            ? ok([...others, slot.value])
            : fail('E_LIMIT', 'ways back in');
        },
      });
    },
    async remove(slot) {
      let last = false;
      const done = await vault.put({
        slots: (now) => {
          const left = now.filter((one) => one.slot !== slot);
          if (left.length === now.length) return fail('E_NOT_FOUND', 'no such way');
          last = left.every((one) => one.kind !== 'recoveryCode');
          return left.some(isProved) ? ok(left) : fail('E_PENDING', 'the last way back in');
        },
      });
      if (done.ok && last) await outside.removedCode();
      return done;
    },
  };
}
