/** The device pass: what one device hands to the next through the server, sealed under a code that only the two know. */
import type { Bytes } from '../lib/bytes.ts';
import type { Outcome } from './failure.ts';
import {
  bytes,
  decodeFrame,
  encodeFrame,
  type FieldType,
  id,
  oneOf,
  record,
  uint,
} from './field.ts';
import type { Hash, Pid } from './ids.ts';

/** Nonce, padded content and tag: a pass names the vault and its key, nothing that grows. */
export const PASS_MAX_BYTES = 1024;

const content = record({
  pid: id<Pid>(),
  /** Where the vault lies, its key, and the version the first device knows: an older one is refused. */
  locator: id<Hash>(),
  vaultKey: bytes(32, true),
  vaultN: uint,
  vaultHash: id<Hash>(),
  recovery: oneOf('none', 'unproved', 'proved'),
});
export type PassContent = FieldType<typeof content>;

export function encodePassContent(value: PassContent): Bytes {
  return encodeFrame(content.write(value));
}

export function decodePassContent(input: Bytes): Outcome<PassContent> {
  return decodeFrame(input, (value) => content.read(value));
}
