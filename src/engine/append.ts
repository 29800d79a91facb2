/**
 * Appending an act: prepare on the present head, submit, and on a lost race replay what came first and decide again.
 * The same bytes are sent again after a lost acknowledgement, so nothing happens twice.
 */
import { ok } from '../lib/result.ts';
import { entryHash } from '../crypto/hash.ts';
import { replay } from '../ledger/replay.ts';
import type { Bytes } from '../lib/bytes.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Hash } from '../protocol/ids.ts';
import { CLIENT } from '../protocol/limits.ts';
import type { Context } from './context.ts';
import { judge } from './judge.ts';
import { type Plan, profileIn, writeEntry } from './plans.ts';
import type { Replica } from './replica.ts';
import { refreshTexts } from './texts.ts';

/** Decides on the present state; null means that there is nothing left to do. Runs inside the replica's serial. */
export type Decide = () => Promise<Outcome<Plan | null>> | Outcome<Plan | null>;

interface Made {
  readonly entry: Bytes;
  readonly hash: Hash;
  readonly plan: Plan;
  readonly seq: number;
}

/**
 * Appends what `decide` plans; resolves once the entry is in this client's own log. The texts the log names are fetched
 * first where they are missing: an entry with new keys seals them again, and without them a newcomer could read neither.
 */
export async function append(
  ctx: Context,
  replica: Replica,
  decide: Decide,
): Promise<Outcome<void>> {
  // A server that is being given back what it lost takes nothing new; the act waits for it a while.
  if (replica.behind !== null)
    await until(ctx, replica, () => replica.behind === null, CLIENT.callTimeoutMs);
  for (let attempt = 0; attempt < CLIENT.rebaseAttempts; attempt++) {
    await refreshTexts(ctx, replica);
    const made = await replica.serial(() => make(ctx, replica, decide));
    if (!made.ok) return made;
    if (made.value === null) return ok(undefined);
    const done = await submit(ctx, replica, made.value);
    if (done !== 'raced') return done;
  }
  return fail('E_BUSY', 'others kept changing the group');
}

async function make(ctx: Context, replica: Replica, decide: Decide): Promise<Outcome<Made | null>> {
  if (replica.head.halted !== null) return fail(replica.head.halted, 'the group is halted');
  const plan = await decide();
  if (!plan.ok) return plan;
  if (plan.value === null) return ok(null);
  const entry = writeEntry(ctx, replica, plan.value.action);
  // The same check everybody will make; a refusal here is the person's answer and nothing is sent.
  const allowed = replay(ctx.p, replica.state, entry);
  if (!allowed.ok) return allowed;
  const hash = entryHash(ctx.p, entry);
  replica.prepared.set(hash, plan.value.prepared);
  return ok({ entry, hash, plan: plan.value, seq: replica.state.seq + 1 });
}

/** The picture the profile names that the entry seals: the server keeps it for as long. */
function imageIn({ profile }: Plan['prepared']): Hash | null {
  const img = profile === null ? null : profileIn(profile)?.img;
  return (img?.blob ?? null) as Hash | null;
}

const LOST: ReadonlySet<string> = new Set(['E_OFFLINE', 'E_TIMEOUT']);
const RACED: ReadonlySet<string> = new Set(['E_PREV', 'E_SEQ']);

async function submit(
  ctx: Context,
  replica: Replica,
  made: Made,
): Promise<Outcome<void> | 'raced'> {
  for (let attempt = 0; ; attempt++) {
    const answer = await ctx.session.call('append', {
      entry: made.entry,
      objects: made.plan.objects,
      image: imageIn(made.plan.prepared),
    });
    if (answer.ok) {
      const done = await arrived(ctx, replica, made);
      await replica.serial(() => judge(ctx, replica, answer.value.checkpoint));
      return done;
    }
    if (LOST.has(answer.error.name) && attempt < 3) {
      if (
        !(await until(
          ctx,
          replica,
          () => ctx.session.state().kind === 'online',
          CLIENT.callTimeoutMs,
        ))
      )
        break;
      continue;
    }
    if (replica.heads[made.seq] === made.hash) return ok(undefined);
    if (RACED.has(answer.error.name)) {
      ctx.catchUp(replica.gid);
      const moved = await until(
        ctx,
        replica,
        () => replica.state.seq >= made.seq,
        CLIENT.callTimeoutMs,
      );
      replica.prepared.delete(made.hash);
      if (replica.heads[made.seq] === made.hash) return ok(undefined);
      return moved ? 'raced' : fail('E_TIMEOUT', 'the entries that came first did not arrive');
    }
    replica.prepared.delete(made.hash);
    return { ok: false, error: answer.error };
  }
  return fail('E_OFFLINE', 'not sent');
}

/** Accepted is not enough: the entry must come back in the log. */
async function arrived(ctx: Context, replica: Replica, made: Made): Promise<Outcome<void>> {
  const here = (): boolean => replica.state.seq >= made.seq || replica.head.halted !== null;
  if (!here()) {
    if (!(await until(ctx, replica, here, 10_000))) {
      ctx.catchUp(replica.gid);
      if (!(await until(ctx, replica, here, 10_000)))
        return fail('E_WITHHELD', 'the server acknowledged an entry and does not show it');
    }
  }
  if (replica.heads[made.seq] === made.hash) return ok(undefined);
  return fail(
    replica.head.halted ?? 'E_WITHHELD',
    'another entry stands where the server acknowledged this one',
  );
}

/** Waits until the condition holds after some change of the group or the connection; false after `ms`. */
export function until(
  ctx: Context,
  replica: Replica,
  holds: () => boolean,
  ms: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    if (holds()) {
      resolve(true);
      return;
    }
    const finish = (answer: boolean): void => {
      stopTimer();
      stopState();
      stopChanges();
      resolve(answer);
    };
    const check = (): void => {
      if (holds()) finish(true);
    };
    const stopTimer = ctx.clock.after(ms, () => finish(holds()));
    const stopState = ctx.session.onState(check);
    const stopChanges = ctx.onChange(replica.gid, check);
  });
}
