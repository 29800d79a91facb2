/** Login: what a device signs to open a connection (tag auth). */
import { type Bytes, concat } from '../lib/bytes.ts';
import { id, u64, v16 } from './codec.ts';
import type { Dev, Gid, Hash, Pid } from './ids.ts';

export interface AuthClaim {
  /** Origin bytes from the client's own configuration, e.g. UTF-8 of https://chat.example */
  readonly origin: Bytes;
  readonly serverNonce: Bytes;
  readonly clientNonce: Bytes;
  readonly pid: Pid;
  readonly dev: Dev;
  readonly cardHash: Hash;
  /** ms since 1970, at most 60 s after Hello.time. */
  readonly exp: number;
}

export function encodeAuthClaim(claim: AuthClaim): Bytes {
  return concat(
    v16(claim.origin),
    claim.serverNonce,
    claim.clientNonce,
    id(claim.pid),
    id(claim.dev),
    id(claim.cardHash),
    u64(claim.exp),
  );
}

/** What a link key signs in a request (tag link): binds the request to one person, card, time and intro. */
/** What a device signs to have the body of a message of its account dropped. */
export function bodyToDrop(gid: Gid, item: Hash): Bytes {
  return concat(id(gid), id(item));
}

export function requestToSign(
  gid: string,
  linkPk: string,
  pid: string,
  cardHash: string,
  exp: number,
  introHash: string,
): Bytes {
  const hex = (text: string): Bytes => id(text as Hash);
  return concat(hex(gid), hex(linkPk), hex(pid), hex(cardHash), u64(exp), hex(introHash));
}
