/** How much of a range fits into one answer. */
import type { PageLimit, StoredItem } from './port.ts';

/** What an item takes in a frame, with room for its numbers. */
export function itemBytes(item: StoredItem): number {
  return item.head.length + (item.kind === 'message' ? (item.body?.length ?? 0) : 0) + 64;
}

/** From one end of an ascending range as many as fit, ascending; the first one always. */
export function takePage<T extends StoredItem>(
  range: readonly T[],
  limit: PageLimit,
  which: 'oldest' | 'newest',
): T[] {
  const page: T[] = [];
  let bytes = 0;
  for (const item of which === 'oldest' ? range : range.toReversed()) {
    bytes += itemBytes(item);
    if (page.length > 0 && (page.length >= limit.items || bytes > limit.bytes)) break;
    page.push(item);
  }
  return which === 'oldest' ? page : page.toReversed();
}
