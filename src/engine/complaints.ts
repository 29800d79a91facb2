/** Complaints about session keys: made where the own box is wrong, judged by rebuilding the boxes, and answered by naming who was wrong. */
import type { Bytes } from '../lib/bytes.ts';
import { SIGN } from '../crypto/label.ts';
import { verifySigned } from '../crypto/verify.ts';
import { deviceKey } from '../group/select.ts';
import { offLogShape } from '../ledger/request.ts';
import { type ActionOf, decodeAction } from '../protocol/action.ts';
import { decodeEntry } from '../protocol/entry.ts';
import type { Pid } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { warn } from './judge.ts';
import { audit } from './keyring.ts';
import { writeOffLog } from './plans.ts';
import { keyOf, type Replica, writesOf } from './replica.ts';

interface Complaint {
  readonly who: Pid;
  readonly action: ActionOf<'Complain'>;
}

/** A complaint a member signed about the present generation, or null. */
function readComplaint(ctx: Context, replica: Replica, bytes: Bytes): Complaint | null {
  const entry = decodeEntry(bytes);
  if (!entry.ok || entry.value.gid !== replica.gid || !offLogShape(entry.value)) return null;
  const action = decodeAction(entry.value.kind, entry.value.body);
  if (!action.ok || action.value.kind !== 'Complain') return null;
  if (action.value.generation !== replica.state.generation) return null;
  const { author, dev, signed, signature } = entry.value;
  const device = deviceKey(replica.state, author, dev);
  return device !== null && verifySigned(ctx.p, SIGN.act, device, signed, signature)
    ? { who: author, action: action.value }
    : null;
}

/** Whether the boxes really cannot be rebuilt. A key that is missing here too is as bad as wrong boxes: a new one heals both. */
function isJust(ctx: Context, replica: Replica, complaint: Complaint): boolean {
  const key = keyOf(replica, replica.state.generation, complaint.action.circle);
  return key === null || !audit(ctx, key, replica.state);
}

/** Whether somebody complains about the present generation with cause: it is rotated then. */
export function justComplaint(
  ctx: Context,
  replica: Replica,
  complaints: readonly Bytes[],
): boolean {
  return complaints.some((bytes) => {
    const complaint = readComplaint(ctx, replica, bytes);
    return complaint !== null && isJust(ctx, replica, complaint);
  });
}

/** Who complains though every box can be rebuilt is named; no key is changed for it. */
export async function nameUnjust(
  ctx: Context,
  replica: Replica,
  complaints: readonly Bytes[],
): Promise<void> {
  await replica.serial(async () => {
    const head = complaints
      .map((bytes) => readComplaint(ctx, replica, bytes))
      .filter((one) => one !== null && !isJust(ctx, replica, one))
      .reduce((now, one) => warn(now, 'complaint', one?.who ?? null), replica.head);
    if (head === replica.head) return;
    replica.head = head;
    await ctx.records.write(writesOf(ctx.records, replica, {}));
    ctx.changed(replica, { group: true });
  });
}

/** Whether the own complaint stands unanswered. Nobody's acknowledgement tells more: it lies under the key that is missing. */
export function unanswered(replica: Replica): boolean {
  const { boxFailed, complained } = replica.head;
  return boxFailed !== 0 && boxFailed === replica.state.generation && complained === boxFailed;
}

/** Tells the staff, once for each generation, that the own box is wrong. */
export async function complain(ctx: Context, replica: Replica): Promise<void> {
  const { boxFailed, complained, failedCircle } = replica.head;
  if (boxFailed !== replica.state.generation || boxFailed === 0 || complained === boxFailed) return;
  const entry = writeOffLog(ctx, replica.gid, {
    kind: 'Complain',
    generation: boxFailed,
    circle: failedCircle,
  });
  const answer = await ctx.session.call('offer', { entry, intro: null });
  if (!answer.ok) return;
  await replica.serial(async () => {
    replica.head = { ...replica.head, complained: boxFailed };
    await ctx.records.write(writesOf(ctx.records, replica, {}));
  });
}
