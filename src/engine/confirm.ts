/** A device that was restored asks the others what they saw, and says how far they agree with what the server showed it. */
import { toHex } from '../lib/bytes.ts';
import { type Checkpoint, decodeCheckpoint } from '../protocol/checkpoint.ts';
import { CIRCLE } from '../protocol/role.ts';
import type { Context } from './context.ts';
import { warn } from './judge.ts';
import { enqueue, sendRefusal } from './outbox.ts';
import { type Head, type Replica, writesOf } from './replica.ts';

type Restored = NonNullable<Head['restored']>;

/** What a device that was just restored knows: nothing is confirmed, nobody was asked. */
export const UNCONFIRMED: Restored = { nonce: '', upTo: 0, t: 0, at: 0, seen: 0 };

/** After this long it is looked again for what others have seen and this device was not served. */
const LOOK_AGAIN_MS = 3000;

/**
 * The head after another member's checkpoint, which is signed by the server and does not contradict anything here.
 * It confirms what lies before it; one beyond the end says that there is more than was served.
 */
export function confirmedBy(replica: Replica, head: Head, checkpoint: Checkpoint): Head {
  const { restored } = head;
  if (restored === null) return head;
  const { t, time } = checkpoint;
  const seen = Math.max(restored.seen, t);
  // Compared means: the own T at that place is known, and was equal.
  const compared = t <= replica.timeline.end() && replica.timeline.TAt(t) !== null;
  if (!compared || t <= restored.t)
    return seen === restored.seen ? head : { ...head, restored: { ...restored, seen } };
  const done = restored.nonce !== '' && t >= restored.upTo && seen <= replica.timeline.end();
  return { ...head, restored: done ? null : { ...restored, seen, t, at: time } };
}

/** The head after a record under a key that the log, as it was served, does not know yet. */
export function beyond(replica: Replica, head: Head, generation: number): Head {
  if (head.restored === null || generation <= replica.state.generation) return head;
  return { ...head, restored: { ...head.restored, seen: replica.timeline.end() + 1 } };
}

/** Once a restored device has caught up: asks the others, and notices that they have seen more than it was shown. */
export async function seekConfirmation(
  ctx: Context,
  replica: Replica,
  pump: () => void,
): Promise<void> {
  const { restored, checkpoint } = replica.head;
  if (restored === null) return;
  if (restored.seen > replica.timeline.end()) {
    ctx.clock.after(LOOK_AGAIN_MS, () => ctx.tend(missing(ctx, replica)));
    ctx.catchUp(replica.gid);
    return;
  }
  const own = checkpoint === null ? null : decodeCheckpoint(checkpoint);
  if (restored.nonce !== '' || own?.ok !== true) return;
  if (sendRefusal(ctx, replica, CIRCLE.everyone) !== null) return;
  const nonce = toHex(ctx.p.random(8));
  const alone = replica.state.members.size === 1;
  const upTo = own.value.t;
  await hold(ctx, replica, (head) =>
    head.restored === null
      ? head
      : // Nobody else is there to agree or to differ.
        { ...head, restored: alone ? null : { ...head.restored, nonce, upTo } },
  );
  if (alone) return;
  await enqueue(ctx, replica, { type: 'ping', nonce }, CIRCLE.everyone, true);
  pump();
}

/** Others hold the server's word for more than it shows here. */
async function missing(ctx: Context, replica: Replica): Promise<void> {
  await hold(ctx, replica, (head) =>
    head.restored !== null && head.restored.seen > replica.timeline.end()
      ? warn(head, 'withheld', null)
      : head,
  );
}

async function hold(ctx: Context, replica: Replica, change: (head: Head) => Head): Promise<void> {
  await replica.serial(async () => {
    const head = change(replica.head);
    if (head === replica.head) return;
    replica.head = head;
    await ctx.records.write(writesOf(ctx.records, replica, {}));
    ctx.changed(replica, { group: true });
  });
}

/** A pong of another member. */
export async function hearPong(
  ctx: Context,
  replica: Replica,
  checkpoint: Checkpoint,
): Promise<void> {
  await hold(ctx, replica, (head) =>
    head.halted === null ? confirmedBy(replica, head, checkpoint) : head,
  );
}
