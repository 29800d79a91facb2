/** Sealing and opening a device pass. Its code has the form of a recovery code and lives for minutes. */
import { type Bytes, ascii, concat } from '../../lib/bytes.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { type Hash, idOf } from '../../protocol/ids.ts';
import { pad256, unpad256 } from '../../protocol/padding.ts';
import { decodePassContent, encodePassContent, type PassContent } from '../../protocol/pass.ts';
import { H, K } from '../hash.ts';
import { DERIVE, HASH } from '../label.ts';
import type { Primitives } from '../primitives.ts';
import { readRecoveryCode } from './vault.ts';

export interface PassSecret {
  readonly locator: Hash;
  readonly key: Bytes;
}

/** `code` as answered by readPassCode. */
export function passSecret(p: Primitives, code: string): PassSecret {
  const secret = H(p, HASH.pass, ascii(code));
  return {
    locator: idOf<Hash>(K(p, secret, DERIVE.passLocator)),
    key: K(p, secret, DERIVE.passKey),
  };
}

export function sealPass(p: Primitives, secret: PassSecret, content: PassContent): Bytes {
  const nonce = p.random(24);
  const bound = H(p, HASH.aadPass, ascii(secret.locator));
  return concat(nonce, p.encrypt(secret.key, nonce, pad256(encodePassContent(content)), bound));
}

export function openPass(p: Primitives, secret: PassSecret, pass: Bytes): Outcome<PassContent> {
  const bound = H(p, HASH.aadPass, ascii(secret.locator));
  const padded = p.decrypt(secret.key, pass.subarray(0, 24), pass.subarray(24), bound);
  const plain = padded === null ? null : unpad256(padded);
  return plain === null ? fail('E_AEAD', 'the pass is damaged') : decodePassContent(plain);
}

const MARK = 'd1.';

/** The fragment of a device link. */
export function printPass(code: string): string {
  return `${MARK}${code}`;
}

/** The code out of what was typed or opened: the code itself, a fragment, or a whole link. Null where it cannot be one. */
export function readPassCode(typed: string): string | null {
  const fragment = typed.slice(typed.lastIndexOf('#') + 1).trim();
  return readRecoveryCode(fragment.startsWith(MARK) ? fragment.slice(MARK.length) : fragment);
}
