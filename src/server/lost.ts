/**
 * What this server lost and knows of: its own signature over more than it holds shows that the data folder came from a backup.
 * Members prove first, by hashes alone, what stood there; after that every item can be checked by itself, whoever brings it.
 * Kept in memory: after a restart members show their checkpoints and hashes again.
 */
import { concat } from '../lib/bytes.ts';
import type { Bytes } from '../lib/bytes.ts';
import { nextT } from '../crypto/hash.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { verifyCheckpoint } from '../crypto/verify.ts';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { type Gid, type Hash, idOf, type Pid } from '../protocol/ids.ts';
import { ok } from '../lib/result.ts';
import type { Position, Signer } from './checkpoint.ts';
import type { Limits } from './config.ts';
import { type Log, short } from './log.ts';
import type { Storage } from './storage/port.ts';

const HASH_BYTES = 32;
/** Hashes that are not proven yet, of all members together; who has waited longest begins again. */
const STAGED_BYTES = 64 * 1024 * 1024;
const DISOWNED_MAX = 10_000;

/** Hashes of a run of items that lead to a T under our own signature. */
export interface Proof {
  readonly from: number;
  readonly until: number;
  readonly goal: Checkpoint;
  readonly hashOf: (t: number) => Hash;
}

interface Loss {
  /** The highest position shown under our signature. */
  goal: Checkpoint;
  proof: Proof | null;
}

/** Hashes of one member on their way to the signed T. */
interface Stage {
  readonly goal: Checkpoint;
  readonly from: number;
  next: number;
  T: Hash;
  readonly parts: Bytes[];
  bytes: number;
  /** Another item than the proven one stands at a position held here. */
  diverged: boolean;
}

export interface Progress {
  readonly next: number;
  readonly proven: boolean;
}

export interface Lost {
  /** Whether nothing new is taken in a group until it was mended. */
  readonly blocks: (gid: Gid) => boolean;
  /** Remembers a checkpoint that goes beyond what is held. False where it says nothing: not ours, given up, or of a history that was left. */
  readonly notice: (shown: Checkpoint, held: Position | null) => Promise<boolean>;
  readonly proof: (gid: Gid) => Proof | null;
  /** Follows the hashes of one member; `T` is the running hash before `from`. E_FORK where they do not lead to the signed T. */
  readonly follow: (
    who: Pid,
    goal: Checkpoint,
    held: Position | null,
    run: { readonly from: number; readonly T: Hash; readonly hashes: Bytes },
  ) => Outcome<Progress>;
  /** The hash wanted next of this member; null where it has not begun. */
  readonly wanted: (who: Pid, goal: Checkpoint) => number | null;
  /** The group stands at this position now. */
  readonly reached: (gid: Gid, t: number) => void;
}

export function createLost(
  p: Primitives,
  storage: Storage,
  signer: Signer,
  limits: Limits,
  log: Log,
): Lost {
  const losses = new Map<Gid, Loss>();
  /** In the order of use. */
  const stages = new Map<string, Stage>();
  /** T of checkpoints whose history was proven to part from ours below what is held: nothing can be given back to it. */
  const disowned = new Set<Hash>();

  const nameOf = (who: Pid, goal: Checkpoint): string => `${goal.gid} ${who} ${goal.T}`;

  const trim = (): void => {
    let bytes = 0;
    for (const stage of stages.values()) bytes += stage.bytes;
    for (const [name, stage] of stages) {
      if (bytes <= STAGED_BYTES || stages.size === 1) return;
      stages.delete(name);
      bytes -= stage.bytes;
    }
  };

  const notice = async (shown: Checkpoint, held: Position | null): Promise<boolean> => {
    const known = losses.get(shown.gid);
    if (held !== null && shown.t <= held.t && shown.seq <= held.seq) return false;
    if (disowned.has(shown.T)) return false;
    if (known !== undefined && known.goal.T === shown.T) return true;
    if (!verifyCheckpoint(p, signer.publicKey, shown)) return false;
    const givenUp = await storage.givenUp(shown.gid);
    if (givenUp !== null && shown.time <= givenUp) return false;
    if (known !== undefined && known.goal.t >= shown.t) return true;
    if (known === undefined) losses.set(shown.gid, { goal: shown, proof: null });
    else known.goal = shown;
    log.error('a member holds a newer checkpoint than this server', {
      // Whole, for who has to give it up.
      gid: shown.gid,
      seq: shown.seq,
      t: shown.t,
      heldSeq: held?.seq ?? -1,
      heldT: held?.t ?? -1,
    });
    return true;
  };

  const finish = (name: string, stage: Stage): Outcome<Progress> => {
    stages.delete(name);
    const { goal, from, next } = stage;
    if (stage.T !== goal.T) return fail('E_FORK', 'the hashes do not lead to the signed T');
    const loss = losses.get(goal.gid);
    if (stage.diverged) {
      if (disowned.size >= DISOWNED_MAX) disowned.clear();
      disowned.add(goal.T);
      if (loss?.goal.T === goal.T) losses.delete(goal.gid);
      log.error('another history was signed for a group before items were taken anew', {
        gid: short(goal.gid),
        t: goal.t,
      });
      return fail('E_FORK', 'other items stand here already');
    }
    if (loss !== undefined && (loss.proof?.until ?? 0) < next) {
      const hashes = concat(...stage.parts);
      loss.proof = {
        from,
        until: next,
        goal,
        hashOf: (t) =>
          idOf<Hash>(hashes.subarray((t - from) * HASH_BYTES, (t - from + 1) * HASH_BYTES)),
      };
    }
    return ok({ next, proven: true });
  };

  return {
    blocks: (gid) => losses.has(gid),
    notice,
    proof: (gid) => losses.get(gid)?.proof ?? null,
    wanted: (who, goal) => stages.get(nameOf(who, goal))?.next ?? null,
    follow(who, goal, held, run) {
      const name = nameOf(who, goal);
      const known = stages.get(name);
      const stage =
        known?.next === run.from
          ? known
          : {
              goal,
              from: run.from,
              next: run.from,
              T: run.T,
              parts: [],
              bytes: 0,
              diverged: false,
            };
      const count = run.hashes.length / HASH_BYTES;
      if (!Number.isInteger(count) || stage.next + count > goal.t)
        return fail('E_FORMAT', 'hashes up to the signed position');
      if (goal.t - stage.from > limits.lostItems) return fail('E_LIMIT', 'lost items of one group');
      for (let i = 0; i < count; i++) {
        const hash = idOf<Hash>(run.hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
        stage.T = nextT(p, stage.T, stage.next, hash);
        stage.next += 1;
        if (stage.next === held?.t && stage.T !== held.T) stage.diverged = true;
      }
      stage.parts.push(run.hashes.slice());
      stage.bytes += run.hashes.length;
      stages.delete(name);
      stages.set(name, stage);
      trim();
      return stage.next === goal.t ? finish(name, stage) : ok({ next: stage.next, proven: false });
    },
    reached(gid, t) {
      const loss = losses.get(gid);
      if (loss === undefined) return;
      if (loss.goal.t <= t) losses.delete(gid);
      else if (loss.proof !== null && loss.proof.until <= t) loss.proof = null;
    },
  };
}
