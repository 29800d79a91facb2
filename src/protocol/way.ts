/** What a way into the vault is made with: the `params` of its slot. Readable by the server; bound into the vault's content. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { decode, malformed, u32, u64, u8, v16 } from './codec.ts';
import type { Outcome } from './failure.ts';
import type { SlotKind } from './vault.ts';

/** Argon2id of version 1. Others, weaker or stronger, are refused: who serves a vault must not choose them. */
export const ARGON = { passes: 3, memoryKiB: 128 * 1024 } as const;

/** At most so many bytes name a passkey (WebAuthn). */
export const CREDENTIAL_MAX_BYTES = 900;

export type WayParams =
  /** `proved`: it was typed back. Both null in slots of an earlier version. */
  | {
      readonly kind: 'recoveryCode';
      readonly made: number | null;
      readonly proved: boolean | null;
    }
  | { readonly kind: 'passphrase'; readonly made: number; readonly salt: Bytes }
  | { readonly kind: 'passkey'; readonly made: number; readonly credential: Bytes }
  /** Made by the devices themselves: nothing a person holds. */
  | { readonly kind: 'devices'; readonly made: null };

export function encodeWayParams(params: WayParams): Bytes {
  switch (params.kind) {
    case 'recoveryCode':
      if (params.made === null || params.proved === null) return new Uint8Array();
      return concat(u64(params.made), u8(params.proved ? 1 : 0));
    case 'passphrase':
      return concat(u64(params.made), params.salt, u32(ARGON.passes), u32(ARGON.memoryKiB));
    case 'devices':
      return new Uint8Array();
    case 'passkey':
      return concat(u64(params.made), v16(params.credential));
  }
}

/** E_SUITE: a passphrase made with other parameters than ours. */
export function decodeWayParams(kind: SlotKind, input: Bytes): Outcome<WayParams> {
  return decode<WayParams>(input, (r) => {
    switch (kind) {
      case 'recoveryCode': {
        if (r.left() === 0) return { kind, made: null, proved: null };
        const made = r.u64();
        const proved = r.u8();
        if (proved > 1) malformed('whether it was proved');
        return { kind, made, proved: proved === 1 };
      }
      case 'passphrase': {
        const made = r.u64();
        const salt = r.bytes(16);
        if (r.u32() !== ARGON.passes || r.u32() !== ARGON.memoryKiB)
          malformed('parameters of Argon2id', 'E_SUITE');
        return { kind, made, salt };
      }
      case 'devices':
        return { kind, made: null };
      case 'passkey':
        return { kind, made: r.u64(), credential: r.v16(CREDENTIAL_MAX_BYTES) };
    }
  });
}
