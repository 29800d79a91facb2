/**
 * Argon2id: the only file that knows the large build of libsodium. In browsers it is loaded in a worker that ends afterwards,
 * because the memory of WebAssembly grows and never shrinks.
 */
import sodium from 'libsodium-wrappers-sumo';
import { assert } from '../lib/assert.ts';
import type { Bytes } from '../lib/bytes.ts';
import { ARGON } from '../protocol/way.ts';
import { needWasm } from './wasm.ts';

/** crypto_pwhash_ALG_ARGON2ID13. Written out: the library's own limits and names cannot be relied on. */
const ARGON2ID = 2;

/**
 * 32 bytes from a passphrase, with these parameters or not at all: throws where the memory cannot be had, and where WebAssembly
 * is missing (the library would go on in JavaScript, thirty times slower).
 */
export async function argon2id(passphrase: Uint8Array, salt: Uint8Array): Promise<Bytes> {
  assert(passphrase instanceof Uint8Array && passphrase.length > 0, 'a passphrase is bytes');
  assert(salt instanceof Uint8Array && salt.length === 16, 'a salt has 16 bytes');
  needWasm();
  await sodium.ready;
  return new Uint8Array(
    sodium.crypto_pwhash(32, passphrase, salt, ARGON.passes, ARGON.memoryKiB * 1024, ARGON2ID),
  );
}
