/** Wraps that do not open the key they should: found by whoever holds both keys, repaired by the staff in a message. */
import { toBase64url } from '../lib/bytes.ts';
import type { Outcome } from '../protocol/failure.ts';
import { ok } from '../lib/result.ts';
import { batchOf } from '../protocol/keyUpdate.ts';
import { CIRCLE, type Circle } from '../protocol/role.ts';
import type { Context } from './context.ts';
import { wrapFits } from './keyring.ts';
import { enqueue } from './outbox.ts';
import { keyName, keyOf, type Replica } from './replica.ts';

export interface WrapRepair {
  /** The generation and circle whose key newcomers cannot reach and the staff has not passed on, or null. */
  readonly broken: () => { readonly generation: number; readonly circle: Circle } | null;
  readonly repair: () => Promise<Outcome<unknown>>;
}

export function createWrapRepair(ctx: Context, replica: Replica): WrapRepair {
  /** Each wrap is opened once; the answer of a signed entry does not change. */
  const fits = new Map<string, boolean>();
  const sent = new Set<string>();

  const fitting = (generation: number, circle: Circle): boolean => {
    const name = keyName(generation, circle);
    // Judged only where both keys are here: they may come later.
    if (
      keyOf(replica, generation, circle) === null ||
      keyOf(replica, generation - 1, circle) === null
    )
      return true;
    const known = fits.get(name) ?? wrapFits(ctx, replica, generation, circle);
    fits.set(name, known);
    return known;
  };

  const broken: WrapRepair['broken'] = () => {
    for (const { generation } of replica.generations.values())
      for (const circle of [CIRCLE.everyone, CIRCLE.staff]) {
        const before = replica.generations.get(generation - 1);
        if (before === undefined || !batchOf(before, circle).shareable) continue;
        const mended = replica.head.mended.some(
          (one) => one.generation === before.generation && one.circle === circle,
        );
        if (mended || sent.has(keyName(before.generation, circle))) continue;
        if (!fitting(generation, circle)) return { generation: before.generation, circle };
      }
    return null;
  };

  return {
    broken,
    async repair() {
      const lost = broken();
      const key = lost === null ? null : keyOf(replica, lost.generation, lost.circle);
      if (lost === null || key === null) return ok(undefined);
      const { generation, circle } = lost;
      const payload = { type: 'wrap', generation, circle, key: toBase64url(key.secret) } as const;
      const done = await enqueue(ctx, replica, payload, circle, true);
      if (done.ok) sent.add(keyName(generation, circle));
      return done;
    },
  };
}
