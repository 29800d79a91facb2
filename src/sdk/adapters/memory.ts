/** A store that forgets: for tests and for bots that start afresh each time. */
import type { Store } from '../../engine/ports.ts';
import type { Bytes } from '../../lib/bytes.ts';

export function createMemoryStore(held: Map<string, Bytes> = new Map()): Store {
  return {
    read: (key) => Promise.resolve(held.get(key) ?? null),
    keys: (prefix) => Promise.resolve([...held.keys()].filter((key) => key.startsWith(prefix))),
    write(writes) {
      for (const { key, value } of writes) {
        if (value === null) held.delete(key);
        else held.set(key, value);
      }
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
