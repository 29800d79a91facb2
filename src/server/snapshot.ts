/** A group at one moment of its timeline. Immutable: a refused or lost write leaves no trace. */
import { firstT, nextT } from '../crypto/hash.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { GroupState } from '../group/state.ts';
import type { Gid, Hash, Pid } from '../protocol/ids.ts';
import type { Position } from './checkpoint.ts';

export interface Snapshot {
  readonly state: GroupState;
  readonly position: Position;
  /** Server clock of the newest item. */
  readonly at: number;
  /** Where the membership of those who are no longer members ended. */
  readonly departures: ReadonlyMap<Pid, Position>;
}

/** Where the next item stands: its t, the running hash before it, and its time, which never falls. */
export function nextPlace(
  p: Primitives,
  gid: Gid,
  before: Snapshot | null,
  now: number,
): { t: number; T: Hash; at: number } {
  if (before === null) return { t: 0, T: firstT(p, gid), at: now };
  return { t: before.position.t, T: before.position.T, at: Math.max(now, before.at) };
}

function departuresAfter(
  before: Snapshot | null,
  state: GroupState,
  position: Position,
): ReadonlyMap<Pid, Position> {
  if (before === null || before.state.members === state.members)
    return before?.departures ?? new Map();
  const departures = new Map(before.departures);
  for (const pid of before.state.members.keys())
    if (!state.members.has(pid)) departures.set(pid, position);
  for (const pid of state.members.keys()) departures.delete(pid);
  return departures;
}

/** The group after an entry that replay accepted, standing at t with T after it. */
export function afterEntry(
  before: Snapshot | null,
  state: GroupState,
  t: number,
  T: Hash,
  at: number,
): Snapshot {
  const position = { seq: state.seq, head: state.head, t: t + 1, T };
  return { state, position, at, departures: departuresAfter(before, state, position) };
}

export function afterMessage(before: Snapshot, T: Hash, at: number): Snapshot {
  const { seq, head, t } = before.position;
  return { ...before, position: { seq, head, t: t + 1, T }, at };
}

/** The position right after entry 0: what an outsider may be told. */
export function firstPosition(p: Primitives, gid: Gid): Position {
  const head = gid as string as Hash;
  return { seq: 0, head, t: 1, T: nextT(p, firstT(p, gid), 0, head) };
}

/** Up to where a pid may read: now for a member, the end of the membership for a departed one, else null. */
export function readableUntil(snapshot: Snapshot, pid: Pid): Position | null {
  return snapshot.state.members.has(pid)
    ? snapshot.position
    : (snapshot.departures.get(pid) ?? null);
}
