/** Signatures checked with a label, and what follows from cards. */
import { type Bytes, ascii, concat } from '../lib/bytes.ts';
import { u8 } from '../protocol/codec.ts';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { SignLabel } from './label.ts';
import { SIGN } from './label.ts';
import type { Primitives } from './primitives.ts';

/** What is really signed: the label in front, so that no signature passes for another use. */
export function labelled(label: SignLabel, data: Uint8Array): Bytes {
  const tag = ascii(label);
  return concat(u8(tag.length), tag, data);
}

export function verifySigned(
  p: Primitives,
  label: SignLabel,
  publicKey: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return p.verify(publicKey, labelled(label, data), signature);
}

export function verifyCheckpoint(
  p: Primitives,
  serverPk: Uint8Array,
  checkpoint: Checkpoint,
): boolean {
  return verifySigned(p, SIGN.checkpoint, serverPk, checkpoint.signed, checkpoint.signature);
}
