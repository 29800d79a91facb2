/** Texts sealed under a generation's key: profile, staff text, and member records. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { decode, id, malformed, type Reader, u32, u8, v16, v8 } from './codec.ts';
import type { Outcome } from './failure.ts';
import type { Dev, Gid, Pid } from './ids.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { SIZE } from './limits.ts';

/** SealedProfile and SealedStaff: one layout, two circles. */
export interface SealedText {
  readonly generation: number;
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

export function encodeSealedText(text: SealedText): Bytes {
  return concat(u32(text.generation), text.nonce, v16(text.sealed));
}

export function decodeSealedText(bytes: Bytes): Outcome<SealedText> {
  return decode(bytes, (r) => ({ generation: r.u32(), nonce: r.bytes(24), sealed: r.v16() }));
}

/** What a member record tells: 0 the member's name, 1 what the member has opened and seen. */
export const RECORD = { name: 0, ack: 1 } as const;
export type RecordKind = (typeof RECORD)[keyof typeof RECORD];

export interface MemberRecord extends SealedText {
  readonly which: RecordKind;
}

export function encodeMemberRecord(record: MemberRecord): Bytes {
  return concat(u32(record.generation), u8(record.which), record.nonce, v16(record.sealed));
}

export function decodeMemberRecord(bytes: Bytes): Outcome<MemberRecord> {
  return decode(bytes, (r) => {
    const generation = r.u32();
    const which = r.u8();
    if (which !== RECORD.name && which !== RECORD.ack) malformed('kind of member record');
    return { generation, which, nonce: r.bytes(24), sealed: r.v16(SIZE.memberRecordBytes) };
  });
}

/** A member's self-chosen name in one group. */
export interface NameRecord {
  readonly gid: Gid;
  readonly pid: Pid;
  readonly dev: Dev;
  readonly version: number;
  readonly name: string;
  /** JSON of the avatar's blob, empty for none. */
  readonly avatar: string;
  readonly signature: Bytes;
  readonly signed: Bytes;
  readonly bytes: Bytes;
}

export type NameRecordBody = Pick<NameRecord, 'gid' | 'pid' | 'dev' | 'version'> & {
  readonly name: Bytes;
  readonly avatar: Bytes;
};

export function encodeNameRecordBody(body: NameRecordBody): Bytes {
  return concat(
    id(body.gid),
    id(body.pid),
    id(body.dev),
    u32(body.version),
    v8(body.name),
    v16(body.avatar),
  );
}

/** JSON of an avatar's blob: with name and signature it fits a member record. */
const AVATAR_BYTES = 1024;

function readNameRecord(r: Reader): NameRecord {
  const body = { gid: r.id<Gid>(), pid: r.id<Pid>(), dev: r.id<Dev>(16), version: r.u32() };
  const name = r.text(r.v8());
  const avatar = r.text(r.v16(AVATAR_BYTES));
  const signed = r.since(0);
  return { ...body, name, avatar, signature: r.bytes(64), signed, bytes: r.since(0) };
}

export function decodeNameRecord(bytes: Bytes): Outcome<NameRecord> {
  return decode(bytes, readNameRecord);
}

/** What a member has opened and seen; feeds the key board, freshness and gossip. */
export interface Ack {
  readonly gid: Gid;
  readonly pid: Pid;
  readonly dev: Dev;
  readonly generation: number;
  readonly checkpoint: Checkpoint;
  readonly signature: Bytes;
  readonly signed: Bytes;
}

export function encodeAckBody(
  ack: Pick<Ack, 'gid' | 'pid' | 'dev' | 'generation'> & { readonly checkpoint: Bytes },
): Bytes {
  return concat(id(ack.gid), id(ack.pid), id(ack.dev), u32(ack.generation), ack.checkpoint);
}

export function decodeAck(bytes: Bytes): Outcome<Ack> {
  return decode(bytes, (r) => {
    const body = {
      gid: r.id<Gid>(),
      pid: r.id<Pid>(),
      dev: r.id<Dev>(16),
      generation: r.u32(),
      checkpoint: readCheckpoint(r),
    };
    const signed = r.since(0);
    return { ...body, signature: r.bytes(64), signed };
  });
}

/** The `names` blob: name records of the members, ascending by pid, for newcomers. */
export function decodeNames(bytes: Bytes, max: number): Outcome<NameRecord[]> {
  return decode(bytes, (r) =>
    r.sorted(
      max,
      () => {
        const raw = r.v16();
        const record = decodeNameRecord(raw);
        return record.ok ? record.value : malformed('name record');
      },
      (record) => record.pid,
    ),
  );
}

export function encodeNames(records: readonly NameRecord[]): Bytes {
  const ordered = [...records].sort((a, b) => (a.pid < b.pid ? -1 : 1));
  return concat(
    new Uint8Array([ordered.length >> 8, ordered.length & 0xff]),
    ...ordered.map((record) => v16(record.bytes)),
  );
}
