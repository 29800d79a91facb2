/** What new items change about those that are held: lines to draw anew, and texts that a deletion takes away here too. */
import { decodeHeader } from '../protocol/envelope.ts';
import type { Hash } from '../protocol/ids.ts';
import { decodePayload } from '../protocol/text.ts';
import { annotate, type Standing } from './annotations.ts';
import type { Replica } from './replica.ts';
import type { StoredItem } from './timeline.ts';

export interface Amended {
  /** Positions whose lines read otherwise now. */
  readonly items: readonly number[];
  readonly pages: readonly number[];
}

/** How a held message stands; null where the item is no message with a readable header. */
export function standingOf(replica: Replica, item: StoredItem): Standing | null {
  const header = item.message === null ? null : decodeHeader(item.message.header);
  return header?.ok === true ? replica.annotations.of(item.item, header.value.author) : null;
}

/** Takes in what these items, which are held already, say about others, and what is known about themselves. */
export function amend(replica: Replica, added: readonly StoredItem[]): Amended {
  const targets = new Set<Hash>();
  for (const item of added) {
    const target = annotate(replica.annotations, item);
    if (target !== null) targets.add(target);
    else if (item.message !== null) targets.add(item.item);
  }
  const items: number[] = [];
  const pages: number[] = [];
  for (const target of targets) {
    const item = replica.timeline.find(target);
    const standing = item === null ? null : standingOf(replica, item);
    if (item === null || standing === null) continue;
    if (!added.includes(item)) items.push(item.t);
    if (standing.deleted === null && standing.hidden === null) continue;
    if (!added.includes(item)) items.push(...quotesOf(replica, item));
    if (standing.deleted !== null)
      for (const gone of [target, ...standing.edits.map((edit) => edit.item)])
        pages.push(...wipe(replica, gone));
  }
  return { items, pages };
}

/** The text and the ciphertext of a deleted message leave this device; header and chain stay. */
function wipe(replica: Replica, target: Hash): readonly number[] {
  const item = replica.timeline.find(target);
  if (item === null || item.message === null) return [];
  const { payload, body } = item.message;
  if (payload === null && body === null) return [];
  const message = { ...item.message, payload: null, body: null, failure: null };
  return [replica.timeline.replace({ ...item, message })];
}

/** Positions of messages that quote this one; they come after it. */
function quotesOf(replica: Replica, quoted: StoredItem): number[] {
  return replica.timeline.range(quoted.t + 1, replica.timeline.end()).flatMap((item) => {
    const bytes = item.message?.payload ?? null;
    const payload = bytes === null ? null : decodePayload(bytes);
    const quotes =
      payload?.ok === true && payload.value.type === 'text' && payload.value.reply === quoted.item;
    return quotes ? [item.t] : [];
  });
}
