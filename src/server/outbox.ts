/** What waits for one socket in this turn of the event loop: items of a group ride together, all frames leave in one write. */
import type { Bytes } from '../lib/bytes.ts';
import type { Gid } from '../protocol/ids.ts';
import type { WireItem } from '../protocol/item.ts';
import { encodePush } from '../protocol/push.ts';

interface ItemsPush {
  readonly gid: Gid;
  readonly staff: boolean;
  readonly items: WireItem[];
  checkpoint: () => Bytes;
  bytes: number;
}

export interface Outbox {
  readonly frame: (frame: Bytes) => void;
  readonly item: (gid: Gid, staff: boolean, item: WireItem, checkpoint: () => Bytes) => void;
}

export interface Outboxes {
  /** `write` gets all frames of a turn at once. */
  readonly open: (write: (frames: readonly Bytes[]) => void) => Outbox;
  /** Writes now what waits. */
  readonly flush: () => void;
}

const AROUND_ITEM = 64;

/** `pushBytes`: items beyond it start another push. */
export function createOutboxes(pushBytes: number): Outboxes {
  const waiting = new Set<() => void>();
  /** The same news for many sockets is encoded once in a turn. */
  const encoded = new Map<string, Bytes>();
  const encode = (push: ItemsPush): Bytes => {
    const name = [
      push.gid,
      push.staff ? 'staff' : 'all',
      push.items[0]?.t ?? 0,
      push.items.length,
    ].join(' ');
    const known =
      encoded.get(name) ??
      encodePush('items', { gid: push.gid, items: push.items, checkpoint: push.checkpoint() });
    encoded.set(name, known);
    return known;
  };
  const flush = (): void => {
    for (const send of [...waiting]) send();
    waiting.clear();
    encoded.clear();
  };
  const wake = (send: () => void): void => {
    if (waiting.size === 0) setImmediate(flush);
    waiting.add(send);
  };
  return {
    flush,
    open(write) {
      let queue: (Bytes | ItemsPush)[] = [];
      const send = (): void => {
        const taken = queue;
        queue = [];
        write(taken.map((waits) => (waits instanceof Uint8Array ? waits : encode(waits))));
      };
      return {
        frame(frame) {
          queue.push(frame);
          wake(send);
        },
        item(gid, staff, item, checkpoint) {
          const bytes = item.head.length + (item.body?.length ?? 0) + AROUND_ITEM;
          const last = queue.at(-1);
          const joins =
            last !== undefined &&
            !(last instanceof Uint8Array) &&
            last.gid === gid &&
            last.staff === staff &&
            last.bytes + bytes <= pushBytes &&
            last.items.length < 1000;
          if (joins) {
            last.items.push(item);
            last.checkpoint = checkpoint;
            last.bytes += bytes;
          } else queue.push({ gid, staff, items: [item], checkpoint, bytes });
          wake(send);
        },
      };
    },
  };
}
