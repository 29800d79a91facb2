/** What this client holds against what the server and others sign: checkpoints compared, faults named, groups halted. */
import type { Bytes } from '../lib/bytes.ts';
import { verifyCheckpoint } from '../crypto/verify.ts';
import { type Checkpoint, decodeCheckpoint } from '../protocol/checkpoint.ts';
import type { ErrorName } from '../protocol/failure.ts';
import type { Pid } from '../protocol/ids.ts';
import { createAnnotations } from './annotations.ts';
import type { Context } from './context.ts';
import { type Head, type Replica, writesOf } from './replica.ts';
import { createTimeline, pageOf } from './timeline.ts';

/** Names a fault once; the newest twenty are kept. */
export function warn(head: Head, kind: string, who: Pid | null): Head {
  if (head.warnings.some((warning) => warning.kind === kind && warning.who === who)) return head;
  return { ...head, warnings: [...head.warnings, { kind, who }].slice(-20) };
}

/** Stops sending in the group and keeps what proves why. */
export async function halt(
  ctx: Context,
  replica: Replica,
  name: ErrorName,
  evidence: readonly Bytes[],
): Promise<void> {
  replica.head = { ...replica.head, halted: name, evidence: evidence.slice(0, 8) };
  await ctx.records.write(writesOf(ctx.records, replica, {}));
  ctx.changed(replica, { group: true });
}

/** Compares a checkpoint of this server with the own log and timeline. A difference is proof, and the group halts. */
export async function judge(ctx: Context, replica: Replica, bytes: Bytes): Promise<void> {
  const checkpoint = genuine(ctx, replica, bytes);
  if (checkpoint !== null) await compare(ctx, replica, checkpoint);
}

/** The same for a checkpoint whose signature was checked. */
export async function compare(
  ctx: Context,
  replica: Replica,
  checkpoint: Checkpoint,
): Promise<void> {
  if (adderMisled(replica, checkpoint)) {
    await rebase(ctx, replica, checkpoint);
    return;
  }
  if (checkpointContradicts(replica, checkpoint)) {
    await halt(ctx, replica, 'E_FORK', [
      checkpoint.bytes,
      ...(replica.head.checkpoint === null ? [] : [replica.head.checkpoint]),
    ]);
    return;
  }
  // Less than was said before is told by who asked (rooms.ts); here the alarm only ends.
  if (replica.behind !== null && checkpoint.t >= replica.timeline.end()) {
    replica.behind = null;
    ctx.changed(replica, { group: true });
  }
  const held = replica.head.checkpoint === null ? null : decodeCheckpoint(replica.head.checkpoint);
  const newer =
    held === null || !held.ok || held.value.t < checkpoint.t || held.value.seq < checkpoint.seq;
  if (newer && checkpoint.t <= replica.timeline.end()) {
    replica.head = { ...replica.head, checkpoint: checkpoint.bytes };
    await ctx.records.write(writesOf(ctx.records, replica, {}));
  }
}

/** The checkpoint, if this server signed it for this group. */
export function genuine(ctx: Context, replica: Replica, bytes: Bytes): Checkpoint | null {
  const checkpoint = decodeCheckpoint(bytes);
  if (!checkpoint.ok || checkpoint.value.gid !== replica.gid) return null;
  return verifyCheckpoint(ctx.p, replica.state.serverPk, checkpoint.value)
    ? checkpoint.value
    : null;
}

/** A newcomer's first checkpoint: the log agrees, but the timeline the adder signed does not lead to the server's. */
function adderMisled(replica: Replica, checkpoint: Checkpoint): boolean {
  const first = replica.head.checkpoint === null && replica.timeline.first() > 0;
  const sameLog = replica.heads[checkpoint.seq] === checkpoint.head;
  return (
    first &&
    sameLog &&
    (checkpoint.t < replica.timeline.first() ||
      (checkpoint.t === replica.timeline.end() && checkpoint.T !== replica.timeline.T()))
  );
}

/** The server's T becomes the base, and the adder is named. */
async function rebase(ctx: Context, replica: Replica, checkpoint: Checkpoint): Promise<void> {
  const me = ctx.identity().pid;
  const adder =
    replica.acts.findLast((act) => act.admissions.some((one) => one.pid === me))?.entry.author ??
    null;
  replica.timeline = createTimeline(ctx.p, { t: checkpoint.t, T: checkpoint.T }, []);
  replica.annotations = createAnnotations();
  replica.prior = null;
  const head = {
    ...replica.head,
    joinedT: checkpoint.t,
    baseT: checkpoint.t,
    base: checkpoint.T,
    end: checkpoint.t,
    checkpoint: checkpoint.bytes,
  };
  replica.head = warn(head, 'base', adder);
  await ctx.records.write(writesOf(ctx.records, replica, { pages: [pageOf(checkpoint.t)] }));
  ctx.changed(replica, { group: true });
}

/** Whether the server signed something else for a place this client knows. */
export function checkpointContradicts(replica: Replica, checkpoint: Checkpoint): boolean {
  const ownHead = replica.heads[checkpoint.seq];
  const T = checkpoint.t <= replica.timeline.end() ? replica.timeline.TAt(checkpoint.t) : null;
  return (
    (ownHead !== undefined && ownHead !== checkpoint.head) || (T !== null && T !== checkpoint.T)
  );
}
