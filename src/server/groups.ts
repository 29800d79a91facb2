/** The groups in memory: each is worked on by one job at a time, validated ahead of the disk, and told after it. */
import type { Primitives } from '../crypto/primitives.ts';
import { replay } from '../ledger/replay.ts';
import { present } from '../lib/assert.ts';
import { createSerial, type Serial } from '../lib/serial.ts';
import type { Dev, Gid, Pid } from '../protocol/ids.ts';
import { afterEntry, type Snapshot } from './snapshot.ts';
import type { CommitOutcome, Storage, Write } from './storage/port.ts';

export interface Group {
  readonly gid: Gid;
  /** What is durable and was told; null before the first entry. */
  readonly now: Snapshot | null;
  /** What is queued on top of it: the next item is judged against this. */
  readonly working: Snapshot | null;
  /** Last counter of a device, queued ones included. */
  readonly lastCounter: (author: Pid, dev: Dev) => Promise<number>;
  /**
   * Queues the item that leads to the next snapshot. `told` runs once it is durable, in the order of the timeline,
   * before the promise resolves; on any other outcome the group is read anew from the storage.
   */
  readonly commit: (
    next: Snapshot,
    writes: readonly Write[],
    told: () => void,
  ) => Promise<CommitOutcome>;
  readonly countMessage: (author: Pid, dev: Dev, ctr: number) => void;
}

export interface Groups {
  /**
   * Runs a job on a group, after the jobs asked before it. A job that queues an item does not wait
   * for its commit: the next one would wait too, and nothing would be written together.
   */
  readonly run: <T>(gid: Gid, job: (group: Group) => Promise<T>) => Promise<T>;
  readonly read: (gid: Gid) => Promise<Snapshot | null>;
}

interface Desk {
  readonly gid: Gid;
  readonly serial: Serial;
  loaded: boolean;
  now: Snapshot | null;
  working: Snapshot | null;
  counters: Map<string, number>;
  readonly inFlight: Set<Promise<CommitOutcome>>;
  jobs: number;
}

const LOAD_PAGE = { items: 500, bytes: 4 * 1024 * 1024 };

/** Replays the stored log. What does not replay was not written by us: the promise rejects. */
async function load(p: Primitives, storage: Storage, gid: Gid): Promise<Snapshot | null> {
  const last = await storage.lastItem(gid);
  if (last === null) return null;
  let snapshot: Snapshot | null = null;
  for (;;) {
    const entries = await storage.entries(
      gid,
      snapshot === null ? 0 : snapshot.state.seq + 1,
      LOAD_PAGE,
    );
    if (entries.length === 0) break;
    for (const entry of entries) {
      const next = replay(p, snapshot?.state ?? null, entry.head);
      if (!next.ok)
        throw new Error(`stored entry ${entry.seq} does not replay: ${next.error.name}`);
      snapshot = afterEntry(snapshot, next.value.state, entry.t, entry.T, entry.at);
    }
  }
  const { state, departures } = present(snapshot, 'a timeline begins with an entry');
  return {
    state,
    departures,
    at: last.at,
    position: { seq: state.seq, head: state.head, t: last.t + 1, T: last.T },
  };
}

/** `bound`: how many groups stay in memory when nobody works on them. */
export function createGroups(p: Primitives, storage: Storage, bound: number): Groups {
  const desks = new Map<Gid, Desk>();

  const open = (gid: Gid): Desk => {
    const desk = desks.get(gid) ?? {
      gid,
      serial: createSerial(),
      loaded: false,
      now: null,
      working: null,
      counters: new Map(),
      inFlight: new Set(),
      jobs: 0,
    };
    // Moved to the end: the map is in the order of use.
    desks.delete(gid);
    desks.set(gid, desk);
    return desk;
  };

  const idle = (desk: Desk): boolean => desk.jobs === 0 && desk.inFlight.size === 0;

  const trim = (): void => {
    for (const [gid, desk] of desks) {
      if (desks.size <= bound) return;
      if (idle(desk)) desks.delete(gid);
    }
  };

  const ready = async (desk: Desk): Promise<void> => {
    if (desk.loaded) return;
    await Promise.all(desk.inFlight);
    const snapshot = await load(p, storage, desk.gid);
    desk.now = snapshot;
    desk.working = snapshot;
    desk.counters = new Map();
    desk.loaded = true;
  };

  const commit = (
    desk: Desk,
    next: Snapshot,
    writes: readonly Write[],
    told: () => void,
  ): Promise<CommitOutcome> => {
    desk.working = next;
    const settle = async (): Promise<CommitOutcome> => {
      const outcome = await storage.commit(writes);
      desk.inFlight.delete(done);
      if (outcome === 'stored' && desk.loaded) {
        desk.now = next;
        told();
      } else if (outcome !== 'stored') desk.loaded = false;
      return outcome;
    };
    const done = settle();
    desk.inFlight.add(done);
    return done;
  };

  const groupOf = (desk: Desk): Group => ({
    gid: desk.gid,
    get now() {
      return desk.now;
    },
    get working() {
      return desk.working;
    },
    async lastCounter(author, dev) {
      const name = author + dev;
      const known = desk.counters.get(name) ?? (await storage.lastCounter(desk.gid, author, dev));
      desk.counters.set(name, known);
      return known;
    },
    countMessage: (author, dev, ctr) => {
      desk.counters.set(author + dev, ctr);
    },
    commit: (next, writes, told) => commit(desk, next, writes, told),
  });

  const run = async <T>(gid: Gid, job: (group: Group) => Promise<T>): Promise<T> => {
    const desk = open(gid);
    desk.jobs++;
    try {
      return await desk.serial(async () => {
        await ready(desk);
        return job(groupOf(desk));
      });
    } finally {
      desk.jobs--;
      // Names of groups that do not exist must not push out those that do.
      if (idle(desk) && desk.now === null) desks.delete(gid);
      trim();
    }
  };

  return { run, read: (gid) => run(gid, (group) => Promise.resolve(group.now)) };
}
