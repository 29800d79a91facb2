/** Client to server: every request with its arguments and its reply. One table; types, reader and writer follow from it. */
import type { Bytes } from '../lib/bytes.ts';
import { CHECKPOINT_BYTES } from './checkpoint.ts';
import { HEADER_BYTES } from './envelope.ts';
import { ERROR_NAMES, type Failure, type Outcome } from './failure.ts';
import {
  array,
  bool,
  bytes,
  decodeFrame,
  encodeFrame,
  type Field,
  type FieldType,
  id,
  nullable,
  oneOf,
  record,
  text,
  uint,
} from './field.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from './ids.ts';
import { ENTRY_MAX, wireItems } from './item.ts';
import { REPLAY, SERVER_LIMITS, SIZE } from './limits.ts';
import { SIGNAL_BYTES } from './signal.ts';
import { PASS_MAX_BYTES } from './pass.ts';
import { VAULT_MAX_BYTES } from './vault.ts';

const gid = id<Gid>();
const pid = id<Pid>();
const hash = id<Hash>();
const circle = oneOf(0, 1);
const checkpoint = bytes(CHECKPOINT_BYTES, true);
const chain = bytes(REPLAY.entryBodyBytes);
const entry = bytes(ENTRY_MAX);
const object = bytes(32 + SIZE.box * REPLAY.members + 4096);
const none = record({});

/** What the server claims about a link before anybody is a member; proven only by replay after admission. */
const linkState = record({
  expires: uint,
  maxUses: uint,
  uses: uint,
  role: oneOf(0, 1),
  auto: bool,
  paused: bool,
  revoked: bool,
  /** The group has no place left, or is closed. */
  full: bool,
  closed: bool,
});
export type LinkClaim = FieldType<typeof linkState>;

const waiting = record({
  request: entry,
  intro: nullable(bytes(SIZE.introBytes)),
  /** Server clock when it came in. */
  at: uint,
  /** The RejectRequest entry, once somebody of the staff rejected it. */
  rejection: nullable(entry),
});
export type WireRequest = FieldType<typeof waiting>;

export const REQUESTS = {
  /** Answers the challenge of Hello. Checkpoints: the newest this client holds, one per group. */
  auth: {
    args: record({
      pid,
      dev: id<Dev>(16),
      card: hash,
      clientNonce: bytes(32, true),
      exp: uint,
      signature: bytes(64, true),
      checkpoints: array(checkpoint, 1000),
    }),
    reply: record({ time: uint, groups: array(record({ gid, member: bool, checkpoint }), 10_000) }),
  },
  ping: { args: none, reply: record({ time: uint }) },
  /** Cards that follow the newest stored one (all from card 0 for a new account). Needs no login. */
  publishCards: { args: record({ cards: chain }), reply: none },
  fetchCards: { args: record({ pid }), reply: record({ chain }) },
  /** Adds a signed entry; succeeds only if its prev is the head. Objects are found by the hashes the entry names. */
  append: {
    args: record({
      entry,
      objects: array(object, 64),
      /** The group's picture, where the entry seals a profile that names one. */
      image: nullable(hash),
    }),
    reply: record({ t: uint, at: uint, checkpoint }),
  },
  /** `file`: the caller's blob that the message names; it is kept as long as the body is. */
  send: {
    args: record({
      header: bytes(HEADER_BYTES, true),
      body: bytes(SIZE.messageBytes),
      file: nullable(hash),
    }),
    reply: record({ t: uint, at: uint, checkpoint }),
  },
  /** Items from position t on, at most a page; when `more` is false the connection gets what follows as pushes. */
  subscribe: {
    args: record({ gid, t: uint }),
    reply: record({ items: wireItems, checkpoint, more: bool }),
  },
  /** A contiguous range. by position: from <= t < until; by time: from <= at <= until (both inclusive, ms). */
  query: {
    args: record({
      gid,
      by: oneOf('position', 'time'),
      from: uint,
      until: uint,
      limit: uint,
      order: oneOf('asc', 'desc'),
    }),
    reply: record({ items: wireItems, before: hash, checkpoint }),
  },
  /** Entries from seq on. Entry 0 is served to anybody. */
  log: {
    args: record({ gid, seq: uint }),
    reply: record({ entries: array(entry, 1000), more: bool, checkpoint }),
  },
  /** The caller's own sealed key: eph_pk | box. */
  box: { args: record({ gid, generation: uint, circle }), reply: record({ box: bytes(80, true) }) },
  /** All boxes of a batch, for the audit; members of that circle only. */
  boxes: { args: record({ gid, generation: uint, circle }), reply: record({ boxes: object }) },
  /** The latest SealedProfile (circle 0) or SealedStaff (circle 1). */
  sealed: { args: record({ gid, circle }), reply: record({ text: nullable(object) }) },
  /** Needs no login. */
  preview: {
    args: record({ gid, linkPk: id<LinkPk>() }),
    reply: record({ entry0: entry, preview: object, state: linkState, time: uint }),
  },
  /** An off-log act: RequestToJoin (with its intro), WithdrawRequest, RejectRequest, Complain, Report. */
  offer: { args: record({ entry, intro: nullable(bytes(SIZE.introBytes)) }), reply: none },
  /** What waits for the staff. */
  requests: {
    args: record({ gid }),
    reply: record({
      requests: array(waiting, 2000),
      complaints: array(entry, 2000),
      reports: array(entry, 2000),
    }),
  },
  /** How the caller's own newest request stands. */
  ownRequest: {
    args: record({ gid }),
    reply: record({
      state: oneOf('none', 'waiting', 'rejected', 'admitted', 'expired'),
      request: nullable(hash),
      rejection: nullable(entry),
    }),
  },
  /**
   * The next version of the caller's vault; its prev is the hash of the stored one (zero for the first). E_PREV otherwise, but
   * for a version beyond the next one: the server lost those between.
   */
  putVault: { args: record({ vault: bytes(VAULT_MAX_BYTES) }), reply: none },
  /** The caller's own vault, as stored. */
  ownVault: { args: none, reply: record({ vault: nullable(bytes(VAULT_MAX_BYTES)) }) },
  /** A vault by the locator of one of its slots, and the published cards of its account, which may be newer. Needs no login. */
  getVault: {
    args: record({ locator: hash }),
    reply: record({ vault: bytes(VAULT_MAX_BYTES), cards: chain }),
  },
  /** A device pass, sealed, for a further device of the caller's account: one at a time, for a short while, taken once. */
  putPass: {
    args: record({ locator: hash, pass: bytes(PASS_MAX_BYTES) }),
    reply: record({ exp: uint }),
  },
  /** Takes a pass away: who asks first has it, and nobody after. Needs no login. */
  takePass: { args: record({ locator: hash }), reply: record({ pass: bytes(PASS_MAX_BYTES) }) },
  /** Calls the caller's pass off. */
  dropPass: { args: none, reply: none },
  /** Removes what the server keeps for this account beside the logs of groups: vault, pass, member records, requests. */
  dropAccount: { args: none, reply: none },
  /**
   * A member holds more than the server: this server's own signature over it, and the hashes of the items from a position the
   * server holds up to the signed one, in as many calls as they need. Without hashes it asks. `end`: items the server holds;
   * `next`: the hash wanted next; `proven`: they lead to the signed T, so the items may come.
   */
  lost: {
    args: record({ checkpoint, from: uint, hashes: bytes(32 * SIZE.lostHashes) }),
    reply: record({ end: uint, next: uint, proven: bool }),
  },
  /** Items that follow what the server holds, each of the hash that was proven, with the boxes their entries name. */
  giveBack: {
    args: record({ gid, items: wireItems, objects: array(object, 64) }),
    reply: record({ end: uint }),
  },
  /** What the server still lacks beside the items: bodies by position, boxes, texts, previews by the link. */
  lacking: {
    args: record({ gid }),
    reply: record({
      bodies: array(uint, 1000),
      boxes: array(record({ generation: uint, circle }), 1000),
      sealed: array(circle, 2),
      previews: array(id<LinkPk>(), REPLAY.liveLinks),
    }),
  },
  /** Bodies and boxes the server lacks, each of the hash that the log or the header names. */
  giveObjects: {
    args: record({
      gid,
      bodies: array(record({ t: uint, body: bytes(SIZE.messageBytes) }), 200),
      boxes: array(record({ generation: uint, circle, boxes: object }), 64),
    }),
    reply: none,
  },
  /** Drops the body of a message of the caller's account; the signature is by the caller's device, over gid and item hash. */
  dropBody: { args: record({ gid, t: uint, signature: bytes(64, true) }), reply: none },
  /** A passing sign of life for the other members who listen now. */
  signal: { args: record({ gid, signal: bytes(SIGNAL_BYTES, true) }), reply: none },
  putRecord: { args: record({ gid, record: bytes(SIZE.memberRecordBytes) }), reply: none },
  records: {
    args: record({ gid }),
    reply: record({ records: array(record({ pid, record: bytes(SIZE.memberRecordBytes) }), 4000) }),
  },
  /** How large a file may be, and how many bytes of blobs the group and the caller have left here. */
  blobRoom: { args: record({ gid }), reply: record({ fileBytes: uint, left: uint }) },
  /** One part of an encrypted file; parts come in order, `next` says which offset is wanted. An empty part only asks. */
  putBlob: {
    args: record({
      gid,
      blob: hash,
      total: uint,
      offset: uint,
      part: bytes(SERVER_LIMITS.blobPartBytes),
    }),
    reply: record({ next: uint, done: bool }),
  },
  /** Takes back an upload of the caller that no message and no profile names. */
  dropBlob: { args: record({ gid, blob: hash }), reply: none },
  getBlob: {
    args: record({ gid, blob: hash, offset: uint }),
    reply: record({ total: uint, part: bytes(SERVER_LIMITS.blobPartBytes) }),
  },
} as const;

export type RequestName = keyof typeof REQUESTS;

/** What a device that is logged in asks for and that changes nothing. */
export const READS: ReadonlySet<RequestName> = new Set([
  'fetchCards',
  'subscribe',
  'query',
  'log',
  'box',
  'boxes',
  'sealed',
  'requests',
  'ownRequest',
  'lacking',
  'records',
  'blobRoom',
  'getBlob',
  'ownVault',
]);

export type RequestArgs<N extends RequestName> = FieldType<(typeof REQUESTS)[N]['args']>;
export type RequestReply<N extends RequestName> = FieldType<(typeof REQUESTS)[N]['reply']>;

/** A request as it arrives: one member per name. */
export type Request = {
  [N in RequestName]: { readonly id: number; readonly name: N; readonly args: RequestArgs<N> };
}[RequestName];

const NAMES = Object.keys(REQUESTS) as RequestName[];
const requestName = oneOf(...NAMES);

export function encodeRequest<N extends RequestName>(
  requestId: number,
  name: N,
  args: RequestArgs<N>,
): Bytes {
  const field = REQUESTS[name].args as unknown as Field<RequestArgs<N>>;
  return encodeFrame([requestId, name, field.write(args)]);
}

export function decodeRequest(frame: Uint8Array): Outcome<Request> {
  return decodeFrame(frame, (value) => {
    const parts: readonly unknown[] = Array.isArray(value) && value.length === 3 ? value : [];
    const requestId = uint.read(parts[0]);
    const name = requestName.read(parts[1]);
    return { id: requestId, name, args: REQUESTS[name].args.read(parts[2]) } as Request;
  });
}

/** What came back for one request. `detail`: the stored header with E_REPLAY, the last stored counter with E_GAP. */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: Failure; readonly detail: Bytes | number | null };

const failure = record({
  name: oneOf(...ERROR_NAMES),
  note: nullable(text(200)),
  retryAt: nullable(uint),
  detailBytes: nullable(bytes(HEADER_BYTES)),
  detailNumber: nullable(uint),
});

export function encodeReply<N extends RequestName>(
  requestId: number,
  name: N,
  value: RequestReply<N>,
): Bytes {
  const field = REQUESTS[name].reply as unknown as Field<RequestReply<N>>;
  return encodeFrame([0, requestId, field.write(value)]);
}

export function encodeRefusal(
  requestId: number,
  error: Failure,
  detail: Bytes | number | null = null,
): Bytes {
  return encodeFrame([
    1,
    requestId,
    failure.write({
      name: error.name,
      note: error.note ?? null,
      retryAt: error.retryAt ?? null,
      detailBytes: detail instanceof Uint8Array ? detail : null,
      detailNumber: typeof detail === 'number' ? detail : null,
    }),
  ]);
}

/** Reads the failure part of a refusal frame. */
export function readRefusal(value: unknown): Reply {
  const { name, note, retryAt, detailBytes, detailNumber } = failure.read(value);
  const error = {
    name,
    ...(note === null ? {} : { note }),
    ...(retryAt === null ? {} : { retryAt }),
  };
  return { ok: false, error, detail: detailBytes ?? detailNumber };
}

/** Reads the reply to a request of that name. */
export function readReply<N extends RequestName>(name: N, value: unknown): RequestReply<N> {
  return REQUESTS[name].reply.read(value) as RequestReply<N>;
}
