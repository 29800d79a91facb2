/** The signed entry: header, body bytes, signature. Bodies are read by action.ts. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { createReader, decode, id, malformed, type Reader, u32, u64, u8, v32 } from './codec.ts';
import type { Outcome } from './failure.ts';
import type { Dev, Gid, Hash, Pid } from './ids.ts';
import { REPLAY } from './limits.ts';
import { WIRE_VERSION } from './version.ts';

/** Kinds of signed acts; SendMessage has its own header (envelope.ts). */
export const KIND = {
  SpawnGroup: 1,
  InitGroup: 2,
  EditGroupInfo: 3,
  MemberOps: 4,
  RequestToJoin: 5,
  LeaveGroup: 6,
  RotateSessionKey: 7,
  LinkOps: 8,
  UpdateCard: 9,
  TransferOwnership: 10,
  CloseGroup: 11,
  Complain: 12,
  RejectRequest: 13,
  WithdrawRequest: 14,
  Report: 15,
  SendMessage: 16,
} as const;
export type KindName = keyof typeof KIND;

const ENTRY_KINDS = new Map<number, Exclude<KindName, 'SendMessage'>>(
  Object.entries(KIND)
    .filter(([name]) => name !== 'SendMessage')
    .map(([name, kind]) => [kind, name as Exclude<KindName, 'SendMessage'>]),
);

const OFF_LOG: ReadonlySet<KindName> = new Set([
  'RequestToJoin',
  'Complain',
  'RejectRequest',
  'WithdrawRequest',
  'Report',
]);

/** Off-log acts have seq, prev and view zero and are never appended. */
export function isOffLog(kind: KindName): boolean {
  return OFF_LOG.has(kind);
}

/** What the author had seen of the timeline: number of items and T there. */
export interface View {
  readonly t: number;
  readonly T: Hash;
}

export interface EntryHeader {
  readonly kind: Exclude<KindName, 'SendMessage'>;
  /** Zero for SpawnGroup, whose own hash is the gid. */
  readonly gid: Gid;
  readonly author: Pid;
  readonly dev: Dev;
  readonly card: Hash;
  readonly seq: number;
  readonly prev: Hash;
  /** The author's clock, ms since 1970. */
  readonly time: number;
  readonly view: View;
}

/** An entry as received: `signed` is what the device signed, `bytes` the whole entry. */
export interface Entry extends EntryHeader {
  readonly body: Bytes;
  readonly signature: Bytes;
  readonly signed: Bytes;
  readonly bytes: Bytes;
}

export function encodeEntryToSign(header: EntryHeader, body: Bytes): Bytes {
  return concat(
    u8(WIRE_VERSION),
    u8(KIND[header.kind]),
    id(header.gid),
    id(header.author),
    id(header.dev),
    id(header.card),
    u32(header.seq),
    id(header.prev),
    u64(header.time),
    u64(header.view.t),
    id(header.view.T),
    v32(body),
  );
}

function readEntry(r: Reader): Entry {
  if (r.u8() !== WIRE_VERSION) malformed('entry version');
  const kind = ENTRY_KINDS.get(r.u8()) ?? malformed('entry kind');
  const header = {
    kind,
    gid: r.id<Gid>(),
    author: r.id<Pid>(),
    dev: r.id<Dev>(16),
    card: r.id<Hash>(),
    seq: r.u32(),
    prev: r.id<Hash>(),
    time: r.u64(),
    view: { t: r.u64(), T: r.id<Hash>() },
  };
  const body = r.v32(REPLAY.entryBodyBytes);
  const signed = r.since(0);
  const signature = r.bytes(64);
  return { ...header, body, signature, signed, bytes: r.since(0) };
}

/** An entry embedded in another structure, where its bytes stand alone. Inside `decode` only. */
export function readEmbeddedEntry(bytes: Bytes): Entry {
  const r = createReader(bytes);
  const entry = readEntry(r);
  if (r.left() !== 0) malformed('trailing bytes');
  return entry;
}

export function decodeEntry(bytes: Bytes): Outcome<Entry> {
  return decode(bytes, readEntry);
}
