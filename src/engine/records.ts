/** The store with every record sealed: bound to its own key, so that records cannot be swapped. */
import { type Bytes, ascii, concat } from '../lib/bytes.ts';
import { K } from '../crypto/hash.ts';
import { DERIVE } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { decodeOwn, encodeFrame, type Field } from '../protocol/field.ts';
import type { Store, StoreWrite } from './ports.ts';

export interface Records {
  /** The record, or null where there is none. A damaged record throws: local data was tampered with or lost. */
  readonly read: <T>(key: string, field: Field<T>) => Promise<T | null>;
  readonly keys: (prefix: string) => Promise<readonly string[]>;
  readonly put: <T>(key: string, field: Field<T>, value: T) => StoreWrite;
  /** Once closed, a write never resolves: what was not made durable is never told as done. */
  readonly write: (writes: readonly StoreWrite[]) => Promise<void>;
  /** Every record sealed under another key, for the caller to write in one transaction. Like `close`, it ends all writing. */
  readonly sealedUnder: (other: Bytes) => Promise<readonly StoreWrite[]>;
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
  const sealingKey = (key: string, under = storageKey): Bytes =>
    K(p, under, DERIVE.record, ascii(key));
  const open = (key: string, sealed: Bytes): Bytes => {
    const plain = p.decrypt(
      sealingKey(key),
      sealed.subarray(0, 24),
      sealed.subarray(24),
      ascii(key),
    );
    if (plain === null) throw new DamagedRecord(key);
    return plain;
  };
  const seal = (key: string, plain: Bytes, under?: Bytes): StoreWrite => {
    const nonce = p.random(24);
    return {
      key,
      value: concat(nonce, p.encrypt(sealingKey(key, under), nonce, plain, ascii(key))),
    };
  };
  /** Resolves once the writes that were asked for are through. */
  let writing: Promise<unknown> = Promise.resolve();
  return {
    async read(key, field) {
      const sealed = await store.read(key);
      if (sealed === null) return null;
      const value = decodeOwn(open(key, sealed), (raw) => field.read(raw));
      if (!value.ok) throw new DamagedRecord(key);
      return value.value;
    },
    keys: (prefix) => store.keys(prefix),
    put: (key, field, value) => seal(key, encodeFrame(field.write(value))),
    write(writes) {
      if (closed) return new Promise<void>(() => undefined);
      const written = store.write(writes);
      writing = Promise.allSettled([writing, written]);
      return written;
    },
    async sealedUnder(other) {
      // From here on nothing is written under the old key any more.
      closed = true;
      await writing;
      const keys = await store.keys('');
      const writes: StoreWrite[] = [];
      for (const key of keys) {
        const sealed = await store.read(key);
        if (sealed !== null) writes.push(seal(key, open(key, sealed), other));
      }
      return writes;
    },
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
