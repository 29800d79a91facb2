/** The store with every record sealed: bound to its own key, so that records cannot be swapped. */
import { type Bytes, ascii, concat } from '../lib/bytes.ts';
import { K } from '../crypto/hash.ts';
import { DERIVE } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { decodeFrame, encodeFrame, type Field } from '../protocol/field.ts';
import type { Store, StoreWrite } from './ports.ts';

export interface Records {
  /** The record, or null where there is none. A damaged record throws: local data was tampered with or lost. */
  readonly read: <T>(key: string, field: Field<T>) => Promise<T | null>;
  readonly keys: (prefix: string) => Promise<readonly string[]>;
  readonly put: <T>(key: string, field: Field<T>, value: T) => StoreWrite;
  /** Once closed, a write never resolves: what was not made durable is never told as done. */
  readonly write: (writes: readonly StoreWrite[]) => Promise<void>;
  /** Removes every record, for good: like `close`, it ends all writing. */
  readonly erase: () => Promise<void>;
  /** Lets the writes that were asked for end, then closes the store. */
  readonly close: () => Promise<void>;
}

/** Says that a record of the local store does not open or read. */
export class DamagedRecord extends Error {
  constructor(key: string) {
    super(`a local record is damaged: ${key.split('/')[0] ?? ''}`);
  }
}

export function createRecords(p: Primitives, store: Store, storageKey: Bytes): Records {
  let closed = false;
  const sealingKey = (key: string): Bytes => K(p, storageKey, DERIVE.record, ascii(key));
  return {
    async read(key, field) {
      const sealed = await store.read(key);
      if (sealed === null) return null;
      const plain = p.decrypt(
        sealingKey(key),
        sealed.subarray(0, 24),
        sealed.subarray(24),
        ascii(key),
      );
      if (plain === null) throw new DamagedRecord(key);
      const value = decodeFrame(plain, (raw) => field.read(raw));
      if (!value.ok) throw new DamagedRecord(key);
      return value.value;
    },
    keys: (prefix) => store.keys(prefix),
    put(key, field, value) {
      const nonce = p.random(24);
      const plain = encodeFrame(field.write(value));
      return { key, value: concat(nonce, p.encrypt(sealingKey(key), nonce, plain, ascii(key))) };
    },
    write: (writes) => (closed ? new Promise<void>(() => undefined) : store.write(writes)),
    async erase() {
      // From here on nothing that was under way is written any more.
      closed = true;
      const keys = await store.keys('');
      await store.write(keys.map((key) => ({ key, value: null })));
    },
    close() {
      closed = true;
      return store.close();
    },
  };
}
