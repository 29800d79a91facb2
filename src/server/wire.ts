/** Stored items as they travel, and how many of them fit one frame. */
import { ITEM, type WireItem } from '../protocol/item.ts';
import { CIRCLE } from '../protocol/role.ts';
import type { Limits } from './config.ts';
import type { PageLimit, StoredItem } from './storage/port.ts';

/** Bodies of the staff circle go to staff only; the header goes to all, for the chain. */
export function toWire(item: StoredItem, staff: boolean): WireItem {
  const { t, head, at } = item;
  if (item.kind === 'entry') return { t, kind: ITEM.entry, head, body: null, at };
  return {
    t,
    kind: ITEM.message,
    head,
    body: item.circle === CIRCLE.staff && !staff ? null : item.body,
    at,
  };
}

/** Room kept in a frame for everything beside the items. */
const AROUND_PAGE = 1024;

export function pageLimit(limits: Limits, items = limits.queryItems): PageLimit {
  return { items: Math.min(items, limits.queryItems), bytes: limits.frameBytes - AROUND_PAGE };
}
