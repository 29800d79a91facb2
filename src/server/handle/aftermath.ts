/** What else ends with an entry: requests it decided, records of who left, complaints about a key that is gone. */
import type { GroupState } from '../../group/state.ts';
import type { Pid } from '../../protocol/ids.ts';
import { RECORD } from '../../protocol/sealed.ts';
import type { Storage, Write } from '../storage/port.ts';

/** Who came and went by an entry, and the rows that say so. */
export function membershipWrites(
  before: GroupState | null,
  after: GroupState,
): { writes: Write[]; changed: Pid[] } {
  const was = before?.members ?? new Map<Pid, unknown>();
  const is = after.members;
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter(
    (pid) => was.has(pid) !== is.has(pid),
  );
  const writes = changed.map((pid): Write => ({
    kind: 'membership',
    gid: after.gid,
    pid,
    member: is.has(pid),
  }));
  return { writes, changed };
}

export interface Aftermath {
  readonly writes: readonly Write[];
  /** Whether the staff's queue of requests changed. */
  readonly queueChanged: boolean;
}

export async function aftermath(
  storage: Storage,
  before: GroupState | null,
  after: GroupState,
): Promise<Aftermath> {
  const { gid } = after;
  if (before === null) return { writes: [], queueChanged: false };
  const joined = [...after.members.keys()].filter((pid) => !before.members.has(pid));
  const gone = [...before.members.keys()].filter((pid) => !after.members.has(pid));
  const banned = [...after.banned].filter((pid) => !before.banned.has(pid));
  const unbanned = [...before.banned].filter((pid) => !after.banned.has(pid));

  const writes: Write[] = [];
  const row = (pid: Pid) => storage.request(gid, pid);
  for (const pid of joined) {
    const request = await row(pid);
    if (request !== null)
      writes.push({ kind: 'request', row: { ...request, state: 'admitted', intro: null } });
  }
  for (const pid of banned) {
    if ((await row(pid)) !== null) writes.push({ kind: 'dropRequest', gid, pid });
  }
  const queueChanged = writes.length > 0;
  for (const pid of [...joined, ...unbanned])
    writes.push({ kind: 'block', gid, pid, blocked: false });
  for (const pid of gone) writes.push({ kind: 'dropRecord', gid, pid, which: RECORD.ack });
  if (after.generation > before.generation) writes.push({ kind: 'dropComplaints', gid });
  return { writes, queueChanged };
}
