/** Chains of devices: whether a message follows what its device said before, as far as earlier headers are held. */
import type { Bytes } from '../lib/bytes.ts';
import { openMessage } from '../crypto/secret/seal.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import { decodeHeader, type MessageHeader } from '../protocol/envelope.ts';
import { type Dev, type Hash, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import type { Draft } from './draft.ts';
import { chainName, type DeviceChain, keyOf, type Replica } from './replica.ts';
import { refused, type StoredItem } from './timeline.ts';

export function chainOf(
  replica: Replica,
  draft: Draft,
  header: Pick<MessageHeader, 'author' | 'dev'>,
): DeviceChain | null {
  const name = chainName(header.author, header.dev);
  return draft.chains.get(name) ?? replica.chains.get(name) ?? null;
}

/**
 * Check 7: prev_own is the item hash of an earlier header of this device with ctr - 1. Where earlier headers may lie
 * outside what is held, the first message is the baseline; where none can, it must be the device's first ever.
 */
export function continues(
  replica: Replica,
  draft: Draft,
  header: MessageHeader,
  prevOwn: Hash,
): boolean {
  if (header.ctr === 1) return prevOwn === ZERO_HASH;
  const chain = chainOf(replica, draft, header);
  if (chain !== null) return follows(chain, header, prevOwn);
  const seq = firstPinned([...replica.acts, ...draft.acts], header.author, header.dev);
  return seq === null || seq < draft.since;
}

function follows(chain: DeviceChain, header: MessageHeader, prevOwn: Hash): boolean {
  return chain.seen.some((seen) => seen.ctr === header.ctr - 1 && seen.item === prevOwn);
}

/** The seq of the entry that first put this device into the log; no message of it can lie before. */
function firstPinned(acts: readonly VerifiedAct[], author: Pid, dev: Dev): number | null {
  const act = acts.find(({ entry, action, admissions, card }) => {
    if (action.kind === 'SpawnGroup')
      return (
        entry.author === author &&
        action.chain.some((one) => one.devices.some((device) => device.dev === dev))
      );
    return [...admissions.map((one) => one.card), ...(card === null ? [] : [card])].some(
      (one) => one.pid === author && one.devices.some((device) => device.dev === dev),
    );
  });
  return act?.entry.seq ?? null;
}

/**
 * After an older page was read: the first message held of each device must follow what the page shows of it.
 * Answers the items that do not, as placeholders. `page` judged the older page, which ends at position `from`.
 */
export function joinChains(
  ctx: Context,
  replica: Replica,
  page: Draft,
  from: number,
): readonly StoredItem[] {
  const broken: StoredItem[] = [];
  const wanted = new Set(replica.chains.keys());
  for (let t = from; t < replica.timeline.end() && wanted.size > 0; t++) {
    const item = replica.timeline.item(t);
    const message = item?.message ?? null;
    const header = message === null ? null : decodeHeader(message.header);
    if (item === null || message === null || header?.ok !== true) continue;
    if (!wanted.delete(chainName(header.value.author, header.value.dev))) continue;
    if (message.payload === null) continue;
    const prevOwn = prevOwnOf(ctx, replica, header.value, message);
    // Judged by the page alone: what is held itself began with this message.
    const before = { ...replica, chains: new Map<string, DeviceChain>() };
    if (prevOwn !== null && !continues(before, page, header.value, prevOwn))
      broken.push({ ...item, message: refused(message, 'E_GAP') });
  }
  return broken;
}

function prevOwnOf(
  ctx: Context,
  replica: Replica,
  header: MessageHeader,
  message: { readonly header: Bytes; readonly body: Bytes | null },
): Hash | null {
  const key = keyOf(replica, header.generation, header.circle);
  if (key === null || message.body === null) return null;
  const body = openMessage(ctx.p, key, header, message.header, message.body);
  return body.ok ? body.value.inner.prevOwn : null;
}

/**
 * Messages refused for their signature alone that this run of verified ones covers, newest first: each verified
 * message names the one before it, and so vouches for it and for what that one names.
 */
export function coveredBack(ctx: Context, replica: Replica, covers: readonly Hash[]): Set<Hash> {
  const found = new Set<Hash>();
  const wanted = new Set(covers);
  const { timeline } = replica;
  for (let t = timeline.end() - 1; t >= timeline.first() && wanted.size > 0; t--) {
    const item = timeline.item(t);
    if (item === null || !wanted.delete(item.item) || item.message?.failure !== 'E_SIG') continue;
    found.add(item.item);
    const header = decodeHeader(item.message.header);
    const prev = header.ok ? prevOwnOf(ctx, replica, header.value, item.message) : null;
    if (prev !== null && prev !== ZERO_HASH) wanted.add(prev);
  }
  return found;
}
