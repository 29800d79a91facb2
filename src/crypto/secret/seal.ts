/** What is sealed under a session key: messages, profile and staff text, member records, farewell notes. */
import { type Bytes, concat } from '../../lib/bytes.ts';
import { u32, u8 } from '../../protocol/codec.ts';
import {
  bodyLength,
  decodeBody,
  encodeHeader,
  encodeInner,
  HEADER_BOUND,
  type MessageHeader,
  type MessageInner,
  type OpenedBody,
} from '../../protocol/envelope.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { type Gid, type Hash, idBytes, type Pid } from '../../protocol/ids.ts';
import { pad1024, pad256, unpad1024, unpad256 } from '../../protocol/padding.ts';
import type { MemberRecord, RecordKind, SealedText } from '../../protocol/sealed.ts';
import { CIRCLE } from '../../protocol/role.ts';
import { bodyHash, H, itemHash } from '../hash.ts';
import { HASH, SIGN } from '../label.ts';
import type { Primitives } from '../primitives.ts';
import { verifySigned } from '../verify.ts';
import { leaveKey, memberKey, messageKey, profileKey, type SessionKey } from './groupKey.ts';
import type { Identity } from './identity.ts';
import { signLabelled } from './sign.ts';

export interface SealedMessage {
  readonly header: Bytes;
  readonly body: Bytes;
  readonly item: Hash;
}

function messageToSign(bound: Uint8Array, key: SessionKey, signed: Uint8Array): Bytes {
  return concat(bound, idBytes(key.kc), signed);
}

/** Seals and signs one message. The counter and `inner.prevOwn` continue the device's chain. */
export function sealMessage(
  p: Primitives,
  identity: Identity,
  key: SessionKey,
  ctr: number,
  inner: MessageInner,
  payload: Bytes,
): SealedMessage {
  const padded = pad256(payload);
  const signed = concat(encodeInner(inner), padded);
  const open: MessageHeader = {
    gid: key.gid,
    author: identity.pid,
    dev: identity.dev,
    generation: key.generation,
    circle: key.circle,
    ctr,
    nonce: p.random(24),
    bodyLength: bodyLength(padded.length),
    bodyHash: key.kc,
  };
  const bound = encodeHeader(open).slice(0, HEADER_BOUND);
  const signature = signLabelled(
    p,
    SIGN.msg,
    identity.device.secretKey,
    messageToSign(bound, key, signed),
  );
  const secret = messageKey(p, key, identity.pid, identity.dev);
  const body = p.encrypt(
    secret,
    open.nonce,
    concat(signature, signed),
    H(p, HASH.aadMessage, bound),
  );
  const header = encodeHeader({ ...open, bodyHash: bodyHash(p, body) });
  return { header, body, item: itemHash(p, header) };
}

/** Opens a message body: AEAD and form. The signature is checked apart (verifyMessage), because a chain may prove it. */
export function openMessage(
  p: Primitives,
  key: SessionKey,
  header: MessageHeader,
  headerBytes: Bytes,
  body: Bytes,
): Outcome<OpenedBody> {
  const secret = messageKey(p, key, header.author, header.dev);
  const plain = p.decrypt(
    secret,
    header.nonce,
    body,
    H(p, HASH.aadMessage, headerBytes.subarray(0, HEADER_BOUND)),
  );
  return plain === null ? fail('E_AEAD', 'message body') : decodeBody(plain);
}

export function verifyMessage(
  p: Primitives,
  key: SessionKey,
  devicePk: Uint8Array,
  headerBytes: Bytes,
  opened: OpenedBody,
): boolean {
  const data = messageToSign(headerBytes.subarray(0, HEADER_BOUND), key, opened.signed);
  return verifySigned(p, SIGN.msg, devicePk, data, opened.signature);
}

function textBound(p: Primitives, gid: Gid, seq: number, author: Pid): Bytes {
  return H(p, HASH.aadProfile, idBytes(gid), u32(seq), idBytes(author));
}

/** Seals the padded profile (circle 0) or staff text (circle 1) for the entry at `seq` by `author`. */
export function sealText(
  p: Primitives,
  key: SessionKey,
  seq: number,
  author: Pid,
  padded: Bytes,
): SealedText {
  const nonce = p.random(24);
  const sealed = p.encrypt(profileKey(p, key), nonce, padded, textBound(p, key.gid, seq, author));
  return { generation: key.generation, nonce, sealed };
}

/** The padded text, or null where it does not open. The caller compares the commitment. */
export function openText(
  p: Primitives,
  key: SessionKey,
  seq: number,
  author: Pid,
  text: SealedText,
): Bytes | null {
  return p.decrypt(profileKey(p, key), text.nonce, text.sealed, textBound(p, key.gid, seq, author));
}

export const padText = pad1024;
export const unpadText = unpad1024;

function recordBound(p: Primitives, gid: Gid, pid: Pid, which: RecordKind): Bytes {
  return H(p, HASH.aadMemberRecord, idBytes(gid), idBytes(pid), u8(which));
}

export function sealRecord(
  p: Primitives,
  key: SessionKey,
  pid: Pid,
  which: RecordKind,
  record: Bytes,
): MemberRecord {
  const nonce = p.random(24);
  const sealed = p.encrypt(
    memberKey(p, key, pid),
    nonce,
    record,
    recordBound(p, key.gid, pid, which),
  );
  return { generation: key.generation, which, nonce, sealed };
}

export function openRecord(
  p: Primitives,
  key: SessionKey,
  pid: Pid,
  record: MemberRecord,
): Bytes | null {
  return p.decrypt(
    memberKey(p, key, pid),
    record.nonce,
    record.sealed,
    recordBound(p, key.gid, pid, record.which),
  );
}

function leaveBound(p: Primitives, gid: Gid, seq: number, author: Pid): Bytes {
  return H(p, HASH.aadLeave, idBytes(gid), u32(seq), idBytes(author));
}

/** A farewell note, readable by who holds the everyone key of that generation. */
export function sealLeaveNote(
  p: Primitives,
  key: SessionKey,
  seq: number,
  author: Pid,
  note: Bytes,
): SealedText {
  const nonce = p.random(24);
  const sealed = p.encrypt(
    leaveKey(p, key),
    nonce,
    pad256(note),
    leaveBound(p, key.gid, seq, author),
  );
  return { generation: key.generation, nonce, sealed };
}

export function openLeaveNote(
  p: Primitives,
  key: SessionKey,
  seq: number,
  author: Pid,
  note: SealedText,
): Bytes | null {
  if (key.circle !== CIRCLE.everyone) return null;
  const padded = p.decrypt(
    leaveKey(p, key),
    note.nonce,
    note.sealed,
    leaveBound(p, key.gid, seq, author),
  );
  return padded === null ? null : unpad256(padded);
}
