/** How much of a range fits into one answer. */
import type { PageLimit, StoredItem } from './port.ts';

/** What an item takes in a frame, with room for its numbers. */
function itemBytes(item: StoredItem): number {
  return item.head.length + (item.kind === 'message' ? (item.body?.length ?? 0) : 0) + 64;
}

/** From the start of a range as many as fit; the first one always. What does not fit is not read. */
export function takePage<T extends StoredItem>(range: Iterable<T>, limit: PageLimit): T[] {
  const page: T[] = [];
  let bytes = 0;
  for (const item of range) {
    bytes += itemBytes(item);
    if (page.length > 0 && bytes > limit.bytes) break;
    page.push(item);
    if (page.length >= limit.items) break;
  }
  return page;
}
