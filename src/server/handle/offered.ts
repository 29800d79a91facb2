/** An off-log act on its way: what its judge needs to know. */
import { ok } from '../../lib/result.ts';
import type { GroupState, PinnedCard } from '../../group/state.ts';
import type { Bytes } from '../../lib/bytes.ts';
import type { Action } from '../../protocol/action.ts';
import type { Entry } from '../../protocol/entry.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import type { Context } from '../context.ts';
import { signedOffLog } from '../offLog.ts';
import type { Caller } from '../session.ts';
import type { Write } from '../storage/port.ts';

export interface Offer {
  readonly context: Context;
  readonly caller: Caller;
  readonly state: GroupState;
  readonly entry: Entry;
  readonly action: Action;
  readonly intro: Bytes | null;
  /** Server clock, not before the newest entry. */
  readonly now: number;
}

/** The pinned card of the author, a member, whose signature was found right. */
export function byMember({ context, state, entry }: Offer): Outcome<PinnedCard> {
  const card = state.cards.get(entry.author);
  if (!state.members.has(entry.author) || card === undefined) return fail('E_NOT_MEMBER');
  const wrong = signedOffLog(context.p, entry, card);
  return wrong === null ? ok(card) : { ok: false, error: wrong };
}

/** Stores, then runs `told` where that went well. */
export async function keep(
  { context }: Offer,
  writes: readonly Write[],
  told: () => void,
): Promise<Outcome<Record<never, never>>> {
  const outcome = await context.storage.commit(writes);
  if (outcome !== 'stored') return fail('E_STORAGE');
  told();
  return ok({});
}
