/** The port to a crypto library: a dozen verbs in our own words. Sizes in bytes; every argument is bytes, never text. */
import type { Bytes } from '../lib/bytes.ts';

export interface KeyPair {
  readonly publicKey: Bytes;
  readonly secretKey: Bytes;
}

export interface Hashing {
  readonly add: (data: Uint8Array) => void;
  /** Once; nothing can be added afterwards. */
  readonly end: () => Bytes;
}

export interface SealingStream {
  /** 24 bytes that stand before the chunks. */
  readonly header: Bytes;
  readonly seal: (chunk: Uint8Array, last: boolean) => Bytes;
}

export interface OpeningStream {
  /** Null at a damaged, a missing or an exchanged chunk; nothing after it opens either. */
  readonly open: (sealed: Uint8Array) => { readonly chunk: Bytes; readonly last: boolean } | null;
}

export interface Primitives {
  /** BLAKE2b of 16, 24 or 32 bytes (any length 16..64), no key. */
  readonly hash: (length: number, data: Uint8Array) => Bytes;
  /** BLAKE2b keyed by exactly 32 bytes; another key length throws. */
  readonly keyedHash: (length: number, key: Uint8Array, data: Uint8Array) => Bytes;
  /** Ed25519. */
  readonly signKeys: (seed: Uint8Array) => KeyPair;
  readonly sign: (secretKey: Uint8Array, data: Uint8Array) => Bytes;
  /** False for every signature that is not valid, whatever its form. */
  readonly verify: (publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array) => boolean;
  /** X25519. */
  readonly boxKeys: (seed: Uint8Array) => KeyPair;
  /** The public key of a secret key that is kept as it is (intake pairs of links). */
  readonly boxPublicKey: (secretKey: Uint8Array) => Bytes;
  /** Whether one can seal to this key; small-order keys are refused. */
  readonly usableBoxKey: (publicKey: Uint8Array) => boolean;
  /** The shared point; null where libsodium refuses (small order). */
  readonly agree: (secretKey: Uint8Array, publicKey: Uint8Array) => Bytes | null;
  readonly box: (
    data: Uint8Array,
    nonce: Uint8Array,
    publicKey: Uint8Array,
    secretKey: Uint8Array,
  ) => Bytes;
  /** Sealed box: fresh ephemeral key, sender unknown. */
  readonly sealTo: (data: Uint8Array, publicKey: Uint8Array) => Bytes;
  readonly openSealed: (sealed: Uint8Array, keys: KeyPair) => Bytes | null;
  /** XChaCha20-Poly1305-IETF; nonce 24, key 32. */
  readonly encrypt: (
    key: Uint8Array,
    nonce: Uint8Array,
    data: Uint8Array,
    bound: Uint8Array,
  ) => Bytes;
  readonly decrypt: (
    key: Uint8Array,
    nonce: Uint8Array,
    sealed: Uint8Array,
    bound: Uint8Array,
  ) => Bytes | null;
  /** The same as `hash`, over parts that come one after another. */
  readonly hashing: (length: number) => Hashing;
  /** secretstream XChaCha20-Poly1305, chunk by chunk. */
  readonly sealing: (key: Uint8Array) => SealingStream;
  readonly opening: (key: Uint8Array, header: Uint8Array) => OpeningStream;
  readonly random: (length: number) => Bytes;
  readonly wipe: (secret: Uint8Array) => void;
}
