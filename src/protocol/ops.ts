/** Ops: what one entry does to the roster, applied as remove, add, set_role, unban. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { type Card, readChain } from './card.ts';
import { id, malformed, type Reader, sorted, u8, v32 } from './codec.ts';
import { type Entry, readEmbeddedEntry } from './entry.ts';
import type { Pid } from './ids.ts';
import { REPLAY } from './limits.ts';
import { ROLE, type Role } from './role.ts';

export interface RemoveOp {
  readonly pid: Pid;
  readonly ban: boolean;
}

export type AddOp =
  | {
      readonly pid: Pid;
      readonly via: 'direct';
      readonly chain: readonly Card[];
      readonly source: Bytes;
    }
  | { readonly pid: Pid; readonly via: 'request'; readonly request: Entry; readonly source: Bytes };

export interface SetRoleOp {
  readonly pid: Pid;
  readonly role: Role;
}

export interface Ops {
  readonly remove: readonly RemoveOp[];
  readonly add: readonly AddOp[];
  readonly setRole: readonly SetRoleOp[];
  readonly unban: readonly Pid[];
}

export const NO_OPS: Ops = { remove: [], add: [], setRole: [], unban: [] };

export function isEmptyOps(ops: Ops): boolean {
  return ops.remove.length + ops.add.length + ops.setRole.length + ops.unban.length === 0;
}

export function encodeOps(ops: Ops): Bytes {
  const byPid = (op: { readonly pid: Pid }): string => op.pid;
  return concat(
    sorted(ops.remove, byPid, (op) => concat(id(op.pid), u8(op.ban ? 1 : 0))),
    sorted(ops.add, byPid, (op) =>
      concat(id(op.pid), u8(op.via === 'direct' ? 0 : 1), v32(op.source)),
    ),
    sorted(ops.setRole, byPid, (op) => concat(id(op.pid), u8(op.role))),
    sorted(ops.unban, (pid) => pid, id),
  );
}

const ROLES: readonly number[] = Object.values(ROLE);

function readFlag(r: Reader, what: string): boolean {
  const value = r.u8();
  if (value > 1) malformed(what);
  return value === 1;
}

function readAdd(r: Reader): AddOp {
  const pid = r.id<Pid>();
  const viaRequest = readFlag(r, 'via');
  const source = r.v32(REPLAY.entryBodyBytes);
  if (!viaRequest) return { pid, via: 'direct', chain: readChain(source), source };
  return { pid, via: 'request', request: readEmbeddedEntry(source), source };
}

export function readOps(r: Reader): Ops {
  const byPid = (op: { readonly pid: Pid }): string => op.pid;
  const max = REPLAY.opsPerList;
  const ops = {
    remove: r.sorted(max, () => ({ pid: r.id<Pid>(), ban: readFlag(r, 'ban') }), byPid),
    add: r.sorted(max, () => readAdd(r), byPid),
    setRole: r.sorted(
      max,
      () => {
        const pid = r.id<Pid>();
        const role = r.u8();
        // Role 3 is read here and refused by the rules (E_ROLE): nobody can make a second owner.
        if (!ROLES.includes(role)) malformed('role');
        return { pid, role: role as Role };
      },
      byPid,
    ),
    unban: r.sorted(
      max,
      () => r.id<Pid>(),
      (pid) => pid,
    ),
  };
  checkOnce(ops);
  return ops;
}

/** A pid stands once; allowed twice are remove then add, and either followed by set_role after an add or alone. */
function checkOnce(ops: Ops): void {
  const removed = new Set(ops.remove.map((op) => op.pid));
  const added = new Set(ops.add.map((op) => op.pid));
  for (const op of ops.setRole)
    if (removed.has(op.pid) && !added.has(op.pid)) malformed('role of a removed pid');
  for (const pid of ops.unban) {
    if (removed.has(pid) || added.has(pid) || ops.setRole.some((op) => op.pid === pid))
      malformed('pid stands twice');
  }
}
