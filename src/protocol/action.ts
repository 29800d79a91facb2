/** Every signed act on a group: one union, its writer and its reader. Layouts: docs/PROTOCOL.md, chapter 4. */
import { never } from '../lib/assert.ts';
import { type Bytes, concat } from '../lib/bytes.ts';
import { type Card, readChain } from './card.ts';
import {
  decode,
  id,
  list,
  malformed,
  opt,
  type Reader,
  u16,
  u32,
  u64,
  u8,
  v16,
  v32,
} from './codec.ts';
import type { KindName } from './entry.ts';
import type { Outcome } from './failure.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from './ids.ts';
import { encodeKeyUpdate, type KeyUpdate, readKeyUpdate } from './keyUpdate.ts';
import { REPLAY, SIZE } from './limits.ts';
import { encodeLinkOps, type LinkOps, readLinkOps } from './link.ts';
import { encodeOps, isEmptyOps, type Ops, readOps } from './ops.ts';
import { POLICY_MASK } from './policy.ts';
import { CIRCLE, type Circle } from './role.ts';
import { SUITE } from './version.ts';

export const ROTATE_REASON = { manual: 0, pending: 1, age: 2, card: 3, complaint: 4 } as const;
export type RotateReason = keyof typeof ROTATE_REASON;
const ROTATE_REASONS = Object.keys(ROTATE_REASON) as RotateReason[];

/** A farewell note, sealed for those who stay. */
export interface LeaveNote {
  readonly generation: number;
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

export type Action =
  | {
      readonly kind: 'SpawnGroup';
      readonly nonce: Bytes;
      readonly policy: number;
      readonly serverPk: Bytes;
      readonly predecessor: Gid | null;
      readonly chain: readonly Card[];
      readonly chainBytes: Bytes;
    }
  | {
      readonly kind: 'InitGroup';
      readonly profileCommit: Hash;
      readonly staffCommit: Hash;
      readonly ops: Ops;
      readonly keys: KeyUpdate;
    }
  | {
      readonly kind: 'EditGroupInfo';
      readonly profileHash: Hash;
      readonly profileCommit: Hash;
      readonly policy: number | null;
    }
  | { readonly kind: 'MemberOps'; readonly ops: Ops; readonly keys: KeyUpdate | null }
  | { readonly kind: 'LeaveGroup'; readonly note: LeaveNote | null }
  | { readonly kind: 'RotateSessionKey'; readonly keys: KeyUpdate; readonly reason: RotateReason }
  | { readonly kind: 'LinkOps'; readonly links: LinkOps }
  | { readonly kind: 'UpdateCard'; readonly chain: readonly Card[]; readonly chainBytes: Bytes }
  | {
      readonly kind: 'TransferOwnership';
      readonly to: Pid;
      readonly epoch: number;
      readonly exp: number;
      readonly dev: Dev;
      readonly acceptance: Bytes;
    }
  | { readonly kind: 'CloseGroup'; readonly successor: Gid | null }
  | {
      readonly kind: 'RequestToJoin';
      readonly linkPk: LinkPk;
      readonly exp: number;
      readonly chain: readonly Card[];
      readonly chainBytes: Bytes;
      readonly introHash: Hash;
      readonly linkSig: Bytes;
    }
  | { readonly kind: 'Complain'; readonly generation: number; readonly circle: Circle }
  | {
      readonly kind: 'RejectRequest';
      readonly request: Hash;
      readonly block: boolean;
      readonly tell: boolean;
      readonly note: Bytes | null;
    }
  | { readonly kind: 'WithdrawRequest'; readonly request: Hash }
  | {
      readonly kind: 'Report';
      readonly generation: number;
      readonly sealed: Bytes;
      readonly keys: readonly Bytes[];
    };

/** Every kind must have its layout, and every layout its kind. */
type Missing = Exclude<Exclude<KindName, 'SendMessage'>, Action['kind']>;
const complete: Missing extends never ? true : Missing = true;
void complete;

export type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** What a successor signs to accept ownership (tag accept). */
export function encodeAcceptance(gid: Gid, from: Pid, to: Pid, epoch: number, exp: number): Bytes {
  return concat(id(gid), id(from), id(to), u32(epoch), u64(exp));
}

export function encodeAction(action: Action): Bytes {
  switch (action.kind) {
    case 'SpawnGroup':
      return concat(
        action.nonce,
        u8(SUITE),
        u16(action.policy),
        action.serverPk,
        opt(action.predecessor === null ? null : id(action.predecessor)),
        v32(action.chainBytes),
      );
    case 'InitGroup':
      return concat(
        id(action.profileCommit),
        id(action.staffCommit),
        encodeOps(action.ops),
        encodeKeyUpdate(action.keys),
      );
    case 'EditGroupInfo':
      return concat(
        id(action.profileHash),
        id(action.profileCommit),
        opt(action.policy === null ? null : u16(action.policy)),
      );
    case 'MemberOps':
      return concat(
        encodeOps(action.ops),
        opt(action.keys === null ? null : encodeKeyUpdate(action.keys)),
      );
    case 'LeaveGroup':
      return opt(
        action.note === null
          ? null
          : concat(u32(action.note.generation), action.note.nonce, v16(action.note.sealed)),
      );
    case 'RotateSessionKey':
      return concat(encodeKeyUpdate(action.keys), u8(ROTATE_REASON[action.reason]));
    case 'LinkOps':
      return encodeLinkOps(action.links);
    case 'UpdateCard':
      return v32(action.chainBytes);
    case 'TransferOwnership':
      return concat(
        id(action.to),
        u32(action.epoch),
        u64(action.exp),
        id(action.dev),
        action.acceptance,
      );
    case 'CloseGroup':
      return opt(action.successor === null ? null : id(action.successor));
    case 'RequestToJoin':
      return concat(
        id(action.linkPk),
        u64(action.exp),
        v32(action.chainBytes),
        id(action.introHash),
        action.linkSig,
      );
    case 'Complain':
      return concat(u32(action.generation), u8(action.circle));
    case 'RejectRequest':
      return concat(
        id(action.request),
        u8((action.block ? 1 : 0) | (action.tell ? 2 : 0)),
        opt(action.note === null ? null : v16(action.note)),
      );
    case 'WithdrawRequest':
      return id(action.request);
    case 'Report':
      return concat(
        u32(action.generation),
        v16(action.sealed),
        list(action.keys, (key) => key),
      );
    default:
      return never(action);
  }
}

function readPolicy(r: Reader): number {
  const bits = r.u16();
  if ((bits & ~POLICY_MASK) !== 0) malformed('policy bits');
  return bits;
}

function readChainField(r: Reader): { chain: readonly Card[]; chainBytes: Bytes } {
  const chainBytes = r.v32(REPLAY.entryBodyBytes);
  return { chain: readChain(chainBytes), chainBytes };
}

function readLeaveNote(r: Reader): LeaveNote {
  return { generation: r.u32(), nonce: r.bytes(24), sealed: r.v16() };
}

function readReject(r: Reader): Action {
  const request = r.id<Hash>();
  const flags = r.u8();
  if (flags > 3) malformed('reject flags');
  const note = r.opt(() => r.v16(4 * SIZE.rejectNoteBytes));
  return {
    kind: 'RejectRequest',
    request,
    block: (flags & 1) !== 0,
    tell: (flags & 2) !== 0,
    note,
  };
}

function readComplain(r: Reader): Action {
  const generation = r.u32();
  const circle = r.u8();
  if (circle !== CIRCLE.everyone && circle !== CIRCLE.staff) malformed('circle');
  return { kind: 'Complain', generation, circle };
}

const READERS: { readonly [K in Action['kind']]: (r: Reader) => Action } = {
  SpawnGroup(r) {
    const nonce = r.bytes(32);
    if (r.u8() !== SUITE) malformed('suite', 'E_SUITE');
    const policy = readPolicy(r);
    const serverPk = r.bytes(32);
    const predecessor = r.opt(() => r.id<Gid>());
    return { kind: 'SpawnGroup', nonce, policy, serverPk, predecessor, ...readChainField(r) };
  },
  InitGroup(r) {
    const profileCommit = r.id<Hash>();
    const staffCommit = r.id<Hash>();
    const ops = readOps(r);
    if (ops.remove.length + ops.unban.length > 0 || ops.add.some((op) => op.via !== 'direct'))
      malformed('ops of InitGroup');
    return { kind: 'InitGroup', profileCommit, staffCommit, ops, keys: readKeyUpdate(r) };
  },
  EditGroupInfo: (r) => ({
    kind: 'EditGroupInfo',
    profileHash: r.id<Hash>(),
    profileCommit: r.id<Hash>(),
    policy: r.opt(() => readPolicy(r)),
  }),
  MemberOps(r) {
    const ops = readOps(r);
    if (isEmptyOps(ops)) malformed('empty ops');
    return { kind: 'MemberOps', ops, keys: r.opt(() => readKeyUpdate(r)) };
  },
  LeaveGroup: (r) => ({ kind: 'LeaveGroup', note: r.opt(() => readLeaveNote(r)) }),
  RotateSessionKey(r) {
    const keys = readKeyUpdate(r);
    return {
      kind: 'RotateSessionKey',
      keys,
      reason: ROTATE_REASONS[r.u8()] ?? malformed('reason'),
    };
  },
  LinkOps: (r) => ({ kind: 'LinkOps', links: readLinkOps(r) }),
  UpdateCard: (r) => ({ kind: 'UpdateCard', ...readChainField(r) }),
  TransferOwnership: (r) => ({
    kind: 'TransferOwnership',
    to: r.id<Pid>(),
    epoch: r.u32(),
    exp: r.u64(),
    dev: r.id<Dev>(16),
    acceptance: r.bytes(64),
  }),
  CloseGroup: (r) => ({ kind: 'CloseGroup', successor: r.opt(() => r.id<Gid>()) }),
  RequestToJoin(r) {
    const linkPk = r.id<LinkPk>();
    const exp = r.u64();
    return {
      kind: 'RequestToJoin',
      linkPk,
      exp,
      ...readChainField(r),
      introHash: r.id<Hash>(),
      linkSig: r.bytes(64),
    };
  },
  Complain: readComplain,
  RejectRequest: readReject,
  WithdrawRequest: (r) => ({ kind: 'WithdrawRequest', request: r.id<Hash>() }),
  Report: (r) => ({
    kind: 'Report',
    generation: r.u32(),
    sealed: r.v16(),
    keys: r.list(REPLAY.members, () => r.bytes(80)),
  }),
};

/** Reads the body of an entry of that kind. */
export function decodeAction(kind: Action['kind'], body: Bytes): Outcome<Action> {
  return decode(body, READERS[kind]);
}
