/** What a batch of items will change, gathered before anything is changed. */
import { present } from '../lib/assert.ts';
import type { Bytes } from '../lib/bytes.ts';
import { nextT } from '../crypto/hash.ts';
import type { SessionKey } from '../crypto/secret/groupKey.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { GroupState } from '../group/state.ts';
import type { MessageHeader } from '../protocol/envelope.ts';
import type { View } from '../protocol/entry.ts';
import type { Hash } from '../protocol/ids.ts';
import type { Payload } from '../protocol/text.ts';
import type { Context } from './context.ts';
import type { DeviceChain, Head, Replica } from './replica.ts';
import type { StoredItem } from './timeline.ts';

/** Everything a batch of items will change, gathered before anything is changed. */
export interface Draft {
  /** The newest state the entries lead to. */
  state: GroupState;
  /** The state in force at the position being read; before a newcomer's own admission it is an earlier one. */
  at: GroupState;
  head: Head;
  readonly entries: Bytes[];
  readonly acts: VerifiedAct[];
  readonly items: StoredItem[];
  readonly keys: Map<string, SessionKey>;
  readonly chains: Map<string, DeviceChain>;
  readonly told: TakenMessage[];
  /** Checkpoints that came in messages which were refused for their place. */
  readonly claims: string[];
  /** States in which a generation began, for the audit. */
  readonly begun: GroupState[];
  /** Every item from the entry of this seq on is held: a device first pinned there has no earlier messages than those. */
  since: number;
  /** Items whose signature a later one of the same device, verified elsewhere, has covered. */
  readonly covered: ReadonlySet<Hash>;
  /** Items refused for their signature alone that messages of this batch cover. */
  readonly covers: Hash[];
  /** T before each position of the batch and at its end. */
  readonly Ts: Map<number, Hash>;
  stop: 'halt' | 'later' | null;
}

/** A message that was accepted, with its payload. */
export interface TakenMessage {
  readonly t: number;
  readonly item: Hash;
  readonly header: MessageHeader;
  readonly payload: Payload;
  readonly at: number;
}

/** A draft that changes nothing yet. `covered`: see Draft. */
export function newDraft(replica: Replica, covered: ReadonlySet<Hash> = new Set()): Draft {
  const at = replica.prior ?? replica.state;
  return {
    state: replica.state,
    at,
    since: replica.timeline.first() === 0 ? 0 : (replica.timeline.firstSeq() ?? at.seq + 1),
    covered,
    covers: [],
    head: replica.head,
    entries: [],
    acts: [],
    items: [],
    keys: new Map(),
    chains: new Map(),
    told: [],
    claims: [],
    begun: [],
    stop: null,
    Ts: new Map([[replica.timeline.end(), replica.timeline.T()]]),
  };
}

export function add(ctx: Context, draft: Draft, item: StoredItem): void {
  const T = present(draft.Ts.get(item.t), 'items of a batch are contiguous');
  draft.Ts.set(item.t + 1, nextT(ctx.p, T, item.t, item.item));
  draft.items.push(item);
}

/** The entry hash at a seq, in the log or in the batch. */
export function headAt(replica: Replica, draft: Draft, seq: number): Hash | undefined {
  return replica.heads[seq] ?? draft.acts[seq - replica.heads.length]?.hash;
}

/** What an author had seen of the timeline, compared with the own T where that is still held. */
export function viewAgrees(replica: Replica, draft: Draft, view: View): boolean {
  const T = draft.Ts.get(view.t) ?? replica.timeline.TAt(view.t);
  return T === null || T === view.T;
}
