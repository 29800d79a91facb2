/** The only file that knows libsodium. Its verbs check types and lengths first: the library takes text for bytes and a missing key for none. */
import sodium from 'libsodium-wrappers';
import { assert } from '../lib/assert.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { needWasm } from './wasm.ts';

/** Random bytes drawn ahead: one call per nonce costs about thirty times as much. */
const POOL_BYTES = 8192;

function need(data: Uint8Array, length?: number): void {
  assert(data instanceof Uint8Array, 'crypto takes bytes only');
  if (length !== undefined)
    assert(data.length === length, `a crypto argument has ${String(length)} bytes`);
}

/** A length outside BLAKE2b's range of ours: the library would take it for another, or for none. */
function needLength(length: number): void {
  assert(Number.isInteger(length) && length >= 16 && length <= 64, 'a hash has 16 to 64 bytes');
}

const own = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes);

/** The library's refusals are exceptions; here they become null. */
function attempt(run: () => Uint8Array): Bytes | null {
  try {
    return own(run());
  } catch {
    return null;
  }
}

function createRandom(): (length: number) => Bytes {
  let pool = new Uint8Array();
  return (length) => {
    if (length > 64) return own(sodium.randombytes_buf(length));
    if (pool.length < length) pool = new Uint8Array(sodium.randombytes_buf(POOL_BYTES));
    const out = pool.slice(0, length);
    pool.fill(0, 0, length);
    pool = pool.subarray(length);
    return out;
  };
}

/** Waits for the library and refuses to run where WebAssembly is missing: its silent JavaScript fallback is slow and leaks time. */
export async function loadSodium(): Promise<Primitives> {
  needWasm();
  await sodium.ready;
  const random = createRandom();
  const keyPair = (pair: { publicKey: Uint8Array; privateKey: Uint8Array }): KeyPair => ({
    publicKey: own(pair.publicKey),
    secretKey: own(pair.privateKey),
  });
  return {
    hash(length, data) {
      needLength(length);
      need(data);
      return own(sodium.crypto_generichash(length, data, null));
    },
    keyedHash(length, key, data) {
      needLength(length);
      need(key, 32);
      need(data);
      return own(sodium.crypto_generichash(length, data, key));
    },
    signKeys(seed) {
      need(seed, 32);
      return keyPair(sodium.crypto_sign_seed_keypair(seed));
    },
    sign(secretKey, data) {
      need(secretKey, 64);
      need(data);
      return own(sodium.crypto_sign_detached(data, secretKey));
    },
    verify(publicKey, data, signature) {
      need(publicKey);
      need(data);
      need(signature);
      if (publicKey.length !== 32 || signature.length !== 64) return false;
      try {
        return sodium.crypto_sign_verify_detached(signature, data, publicKey);
      } catch {
        return false;
      }
    },
    boxKeys(seed) {
      need(seed, 32);
      return keyPair(sodium.crypto_box_seed_keypair(seed));
    },
    boxPublicKey(secretKey) {
      need(secretKey, 32);
      return own(sodium.crypto_scalarmult_base(secretKey));
    },
    usableBoxKey(publicKey) {
      need(publicKey);
      if (publicKey.length !== 32) return false;
      return attempt(() => sodium.crypto_scalarmult(PROBE, publicKey)) !== null;
    },
    agree(secretKey, publicKey) {
      need(secretKey, 32);
      need(publicKey, 32);
      return attempt(() => sodium.crypto_scalarmult(secretKey, publicKey));
    },
    box(data, nonce, publicKey, secretKey) {
      need(data);
      need(nonce, 24);
      need(publicKey, 32);
      need(secretKey, 32);
      return own(sodium.crypto_box_easy(data, nonce, publicKey, secretKey));
    },
    sealTo(data, publicKey) {
      need(data);
      need(publicKey, 32);
      return own(sodium.crypto_box_seal(data, publicKey));
    },
    openSealed(sealed, keys) {
      need(sealed);
      need(keys.publicKey, 32);
      need(keys.secretKey, 32);
      if (sealed.length < 48) return null;
      return attempt(() => sodium.crypto_box_seal_open(sealed, keys.publicKey, keys.secretKey));
    },
    encrypt(key, nonce, data, bound) {
      need(key, 32);
      need(nonce, 24);
      need(data);
      need(bound);
      return own(sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(data, bound, null, nonce, key));
    },
    decrypt(key, nonce, sealed, bound) {
      need(key, 32);
      need(nonce, 24);
      need(sealed);
      need(bound);
      if (sealed.length < 16) return null;
      return attempt(() =>
        sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, bound, nonce, key),
      );
    },
    hashing(length) {
      needLength(length);
      const state = sodium.crypto_generichash_init(null, length);
      let ended = false;
      return {
        add(data) {
          assert(!ended, 'a hash that ended takes nothing more');
          need(data);
          sodium.crypto_generichash_update(state, data);
        },
        end() {
          // The library frees the state here: using it again would read what is not ours.
          assert(!ended, 'a hash ends once');
          ended = true;
          return own(sodium.crypto_generichash_final(state, length));
        },
      };
    },
    sealing(key) {
      need(key, 32);
      const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
      return {
        header: own(header),
        seal(chunk, last) {
          need(chunk);
          const tag = last
            ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            : sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
          return own(sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, null, tag));
        },
      };
    },
    opening(key, header) {
      need(key, 32);
      need(header, 24);
      const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
      let over = false;
      return {
        open(sealed) {
          need(sealed);
          const pulled = over ? null : pull(state, sealed);
          if (pulled === null) {
            over = true;
            return null;
          }
          const last = pulled.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL;
          over = last;
          return { chunk: own(pulled.message), last };
        },
      };
    },
    random,
    wipe(secret) {
      sodium.memzero(secret);
    },
  };
}

type PullState = Parameters<typeof sodium.crypto_secretstream_xchacha20poly1305_pull>[0];

function pull(state: PullState, chunk: Uint8Array): { message: Uint8Array; tag: number } | null {
  try {
    const result = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, null) as unknown;
    return result === false ? null : (result as { message: Uint8Array; tag: number });
  } catch {
    return null;
  }
}

/** Any clamped scalar tells small-order points: their product is zero for every scalar. */
const PROBE = new Uint8Array(32).fill(0x42);
