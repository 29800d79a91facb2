/** What a person opens things with. Bytes are moved through the worker's door, not copied, and wiped once they were used. */
import type { Bytes } from '../lib/bytes.ts';

/** UTF-8 of the passphrase in normal form NFKC. */
export interface PassphraseSecret {
  readonly kind: 'passphrase';
  readonly passphrase: Bytes;
}

/** `prf`: 32 bytes that the passkey gives for the one input of this use. */
export interface PasskeySecret {
  readonly kind: 'passkey';
  readonly credential: Bytes;
  readonly prf: Bytes;
}

/** For the lock of this device. */
export type LockSecret = PassphraseSecret | PasskeySecret;

/** A further way into the vault. The passkey carries the locator as its user handle, so it finds the vault by itself. */
export type WaySecret = PassphraseSecret | (PasskeySecret & { readonly locator: Bytes });

/** Takes the account back: with the vault's address and the passphrase, or with a passkey. */
export type ReturnSecret =
  | (PassphraseSecret & { readonly address: string })
  | { readonly kind: 'passkey'; readonly locator: Bytes; readonly prf: Bytes };

/** What passkeys are asked for; WebAuthn hashes it with a prefix of its own. Two uses, two outputs. */
export const PRF_INPUT = { vault: 'conclave1/prf-vault', lock: 'conclave1/prf-lock' } as const;
