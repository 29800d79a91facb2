/** A sealed message: the header the server sees, the inner part and payload it does not. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { decode, id, malformed, type Reader, u32, u64, u8 } from './codec.ts';
import { KIND, type View } from './entry.ts';
import { fail, type Outcome } from './failure.ts';
import type { Dev, Gid, Hash, Pid } from './ids.ts';
import { ok } from '../lib/result.ts';
import { unpad256 } from './padding.ts';
import { CIRCLE, type Circle } from './role.ts';
import { WIRE_VERSION } from './version.ts';

export interface MessageHeader {
  readonly gid: Gid;
  readonly author: Pid;
  readonly dev: Dev;
  readonly generation: number;
  readonly circle: Circle;
  /** Counts this device's messages of this group from 1, across circles, generations and cards. */
  readonly ctr: number;
  readonly nonce: Bytes;
  readonly bodyLength: number;
  readonly bodyHash: Hash;
}

/** Bytes 0..123 of the header: bound into the ciphertext and under the signature. */
export const HEADER_BOUND = 123;
export const HEADER_BYTES = 155;

/** What the author had seen, inside the encryption. */
export interface MessageInner {
  /** Item hash of this device's message ctr-1; zero for ctr 1. */
  readonly prevOwn: Hash;
  readonly logSeq: number;
  readonly logHead: Hash;
  readonly view: View;
  /** The author's clock, ms since 1970. */
  readonly time: number;
}

const INNER_BYTES = 116;

export function encodeHeader(header: MessageHeader): Bytes {
  return concat(
    u8(WIRE_VERSION),
    u8(KIND.SendMessage),
    id(header.gid),
    id(header.author),
    id(header.dev),
    u32(header.generation),
    u8(header.circle),
    u64(header.ctr),
    header.nonce,
    u32(header.bodyLength),
    id(header.bodyHash),
  );
}

function readHeader(r: Reader): MessageHeader {
  if (r.u8() !== WIRE_VERSION) malformed('message version');
  if (r.u8() !== KIND.SendMessage) malformed('message kind');
  const gid = r.id<Gid>();
  const author = r.id<Pid>();
  const dev = r.id<Dev>(16);
  const generation = r.u32();
  const circle = r.u8();
  if (circle !== CIRCLE.everyone && circle !== CIRCLE.staff) malformed('circle');
  const ctr = r.u64();
  if (ctr === 0) malformed('counter zero');
  return {
    gid,
    author,
    dev,
    generation,
    circle,
    ctr,
    nonce: r.bytes(24),
    bodyLength: r.u32(),
    bodyHash: r.id<Hash>(),
  };
}

export function decodeHeader(bytes: Bytes): Outcome<MessageHeader> {
  return decode(bytes, readHeader);
}

export function encodeInner(inner: MessageInner): Bytes {
  return concat(
    id(inner.prevOwn),
    u32(inner.logSeq),
    id(inner.logHead),
    u64(inner.view.t),
    id(inner.view.T),
    u64(inner.time),
  );
}

export interface OpenedBody {
  readonly signature: Bytes;
  readonly inner: MessageInner;
  /** `inner | pad256(payload)` as signed. */
  readonly signed: Bytes;
  readonly payload: Bytes;
}

/** Reads `sig64 | inner | pad256(payload)`. */
export function decodeBody(plain: Bytes): Outcome<OpenedBody> {
  const parts = decode(plain, (r) => {
    const signature = r.bytes(64);
    const inner = {
      prevOwn: r.id<Hash>(),
      logSeq: r.u32(),
      logHead: r.id<Hash>(),
      view: { t: r.u64(), T: r.id<Hash>() },
      time: r.u64(),
    };
    return { signature, inner, padded: r.bytes(r.left()) };
  });
  if (!parts.ok) return parts;
  const payload = unpad256(parts.value.padded);
  if (payload === null) return fail('E_FORMAT', 'padding');
  return ok({
    signature: parts.value.signature,
    inner: parts.value.inner,
    signed: plain.slice(64),
    payload,
  });
}

/** Bytes of ciphertext for a padded payload: signature, inner part, payload, AEAD tag. */
export function bodyLength(paddedPayload: number): number {
  return 64 + INNER_BYTES + paddedPayload + 16;
}
