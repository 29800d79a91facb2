/** IndexedDB as a store: one object store, one strict transaction a write; the storage key wrapped by a key that cannot be exported. */
import { type IDBPDatabase, openDB } from 'idb';
import type { Store } from '../../engine/ports.ts';
import type { Bytes } from '../../lib/bytes.ts';

const RECORDS = 'records';
const KEYS = 'keys';
const WRAPPED = 'storage';

interface Wrapped {
  readonly wrapping: CryptoKey;
  readonly iv: Bytes;
  readonly sealed: ArrayBuffer;
}

export interface BrowserStore {
  readonly store: Store;
  readonly storageKey: (drawKey: () => Bytes) => Promise<Bytes>;
}

export async function openIndexedDb(name: string): Promise<BrowserStore> {
  const db: IDBPDatabase = await openDB(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore(RECORDS);
      fresh.createObjectStore(KEYS);
    },
  });
  return {
    storageKey: (drawKey) => unwrapOrMake(db, drawKey),
    store: {
      async read(key) {
        const value = (await db.get(RECORDS, key)) as Uint8Array | undefined;
        return value === undefined ? null : new Uint8Array(value);
      },
      async keys(prefix) {
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
        return (await db.getAllKeys(RECORDS, range)).map(String);
      },
      async write(writes) {
        const transaction = db.transaction(RECORDS, 'readwrite', { durability: 'strict' });
        const store = transaction.objectStore(RECORDS);
        for (const { key, value } of writes) {
          if (value === null) void store.delete(key);
          else void store.put(value, key);
        }
        await transaction.done;
      },
      close() {
        db.close();
        return Promise.resolve();
      },
    },
  };
}

/** The wrapping key stays in the browser and cannot be read out; script on this origin can still use it (docs/THREATS.md). */
async function unwrapOrMake(db: IDBPDatabase, drawKey: () => Bytes): Promise<Bytes> {
  const held = (await db.get(KEYS, WRAPPED)) as Wrapped | undefined;
  if (held !== undefined)
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv: held.iv }, held.wrapping, held.sealed),
    );
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const storageKey = drawKey();
  const iv = drawKey().slice(0, 12);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, storageKey);
  await db.put(KEYS, { wrapping, iv, sealed } satisfies Wrapped, WRAPPED);
  return storageKey;
}
