/** The encrypted preview of a group behind a join link. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { type Card, readChain } from './card.ts';
import { decode, id, v32 } from './codec.ts';
import type { Outcome } from './failure.ts';
import type { Gid, LinkPk } from './ids.ts';
import { SIZE } from './limits.ts';

export interface SealedPreview {
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

export function decodeSealedPreview(bytes: Bytes): Outcome<SealedPreview> {
  return decode(bytes, (r) => ({ nonce: r.bytes(24), sealed: r.bytes(r.left()) }));
}

/** Inside: signature by the inviter's device, the inviter's card chain, padded JSON. */
export interface OpenedPreview {
  readonly signature: Bytes;
  readonly chain: readonly Card[];
  readonly padded: Bytes;
}

export function encodeOpenedPreview(signature: Bytes, chain: Bytes, padded: Bytes): Bytes {
  return concat(signature, v32(chain), padded);
}

export function decodeOpenedPreview(bytes: Bytes): Outcome<OpenedPreview> {
  return decode(bytes, (r) => ({
    signature: r.bytes(64),
    chain: readChain(r.v32(SIZE.previewBytes * 8)),
    padded: r.bytes(r.left()),
  }));
}

/** What the inviter's device signs (tag preview). */
export function previewToSign(gid: Gid, linkPk: LinkPk, padded: Bytes): Bytes {
  return concat(id(gid), id(linkPk), padded);
}
