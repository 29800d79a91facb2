/** Batches that arrive while a transaction runs, or in the same turn of the event loop, are written in one go. */
import type { CommitOutcome, Write } from './port.ts';

export type Batch = readonly Write[];

export interface GroupCommit {
  readonly commit: (batch: Batch) => Promise<CommitOutcome>;
  /** Resolves when everything given before is written. Later batches are refused. */
  readonly close: () => Promise<void>;
}

/** `writeAll` gives one outcome per batch, in order; if it throws, all of them failed. */
export function createGroupCommit(
  writeAll: (batches: readonly Batch[]) => readonly CommitOutcome[],
): GroupCommit {
  let waiting: { readonly batch: Batch; readonly settle: (outcome: CommitOutcome) => void }[] = [];
  let closed = false;
  const attempt = (batches: readonly Batch[]): readonly CommitOutcome[] => {
    try {
      return writeAll(batches);
    } catch {
      return batches.map(() => 'failed');
    }
  };
  const flush = (): void => {
    const taken = waiting;
    waiting = [];
    const outcomes = attempt(taken.map((job) => job.batch));
    for (const [i, job] of taken.entries()) job.settle(outcomes[i] ?? 'failed');
  };
  return {
    commit(batch) {
      if (closed) return Promise.resolve('failed');
      return new Promise((settle) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ batch, settle });
      });
    },
    async close() {
      closed = true;
      if (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
