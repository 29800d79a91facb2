/** IndexedDB as a store: one object store, one strict transaction a write; the storage key wrapped by a key that cannot be exported. */
import { type IDBPDatabase, openDB } from 'idb';
import type { Store } from '../../engine/ports.ts';
import type { Bytes } from '../../lib/bytes.ts';

const RECORDS = 'records';
const KEYS = 'keys';
const WRAPPED = 'storage';
const EPOCH = 'epoch';

/** Name of the error with which a write is refused once another engine has opened the store. */
export const STORE_TAKEN = 'StoreTaken';

interface Wrapped {
  readonly wrapping: CryptoKey;
  readonly iv: Bytes;
  readonly sealed: ArrayBuffer;
}

/** Name of the error, and reason, where the browser or somebody removed what was stored while it was open. */
export const STORE_CLEARED = 'cleared';

export interface BrowserStore {
  readonly store: Store;
  /** Resolves if the stored data goes away under the open store. */
  readonly gone: Promise<string>;
  readonly storageKey: (drawKey: () => Bytes) => Promise<Bytes>;
}

/** Opening takes the store: from then on whoever opened it before can read it and write nothing, so counters never fork. */
export async function openIndexedDb(name: string): Promise<BrowserStore> {
  let lose: (reason: string) => void = () => undefined;
  const gone = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const db: IDBPDatabase = await openDB(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore(RECORDS);
      fresh.createObjectStore(KEYS);
    },
    // Somebody deletes the database: the connection gives way, and nothing is ever written to a fresh one.
    blocking(_, __, event) {
      (event.target as IDBDatabase).close();
      lose(STORE_CLEARED);
    },
    terminated: () => lose(STORE_CLEARED),
  });
  const epoch = await nextEpoch(db);
  let filled = (await db.count(RECORDS)) > 0;
  return {
    gone,
    storageKey: (drawKey) => unwrapOrMake(db, epoch, drawKey),
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
        const transaction = db.transaction([RECORDS, KEYS], 'readwrite', { durability: 'strict' });
        if ((await transaction.objectStore(KEYS).get(EPOCH)) !== epoch) {
          transaction.abort();
          await transaction.done.catch(() => undefined);
          throw storeTaken();
        }
        const store = transaction.objectStore(RECORDS);
        // Records that vanished are not mended by writing some of them anew: a counter could start again.
        if (filled && (await store.count()) === 0) {
          transaction.abort();
          await transaction.done.catch(() => undefined);
          lose(STORE_CLEARED);
          throw cleared();
        }
        for (const { key, value } of writes) {
          if (value === null) void store.delete(key);
          else void store.put(value, key);
        }
        await transaction.done;
        filled = true;
      },
      close() {
        db.close();
        return Promise.resolve();
      },
    },
  };
}

/** Transactions that write to the same object store run one after the other: what an earlier engine had begun is done by then. */
async function nextEpoch(db: IDBPDatabase): Promise<number> {
  const transaction = db.transaction(KEYS, 'readwrite', { durability: 'strict' });
  const keys = transaction.objectStore(KEYS);
  const epoch = Number((await keys.get(EPOCH)) ?? 0) + 1;
  await keys.put(epoch, EPOCH);
  await transaction.done;
  return epoch;
}

function cleared(): Error {
  const error = new Error('the stored data was removed');
  error.name = STORE_CLEARED;
  return error;
}

function storeTaken(): Error {
  const error = new Error('another engine has taken this store');
  error.name = STORE_TAKEN;
  return error;
}

/** The wrapping key stays in the browser and cannot be read out; script on this origin can still use it (docs/THREATS.md). */
async function unwrapOrMake(db: IDBPDatabase, epoch: number, drawKey: () => Bytes): Promise<Bytes> {
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
  const transaction = db.transaction(KEYS, 'readwrite', { durability: 'strict' });
  const keys = transaction.objectStore(KEYS);
  if ((await keys.get(EPOCH)) !== epoch) {
    transaction.abort();
    await transaction.done.catch(() => undefined);
    throw storeTaken();
  }
  await keys.put({ wrapping, iv, sealed } satisfies Wrapped, WRAPPED);
  await transaction.done;
  return storageKey;
}
