/**
 * IndexedDB as a store: one object store, one strict transaction a write; the storage key wrapped by a key that cannot be
 * exported, or sealed by the lock of this device.
 */
import { type IDBPDatabase, openDB } from 'idb';
import type { KeyPlace, Store, StoreWrite } from '../../engine/ports.ts';
import { LOCKED } from '../../engine/engine.ts';
import type { Bytes } from '../../lib/bytes.ts';

const RECORDS = 'records';
const KEYS = 'keys';
const WRAPPED = 'storage';
const EPOCH = 'epoch';
const TRIES = 'tries';

/** Name of the error with which a write is refused once another engine has opened the store. */
export const STORE_TAKEN = 'StoreTaken';

interface Wrapped {
  readonly wrapping: CryptoKey;
  readonly iv: Bytes;
  readonly sealed: ArrayBuffer;
}

/** Name of the error, and reason, where the browser or somebody removed what was stored while it was open. */
export const STORE_CLEARED = 'cleared';

/** In place of a Wrapped: the storage key is sealed inside, for the secrets of a person. */
interface Locked {
  readonly lock: Bytes;
}

/** Wrong attempts at the lock, counted for all tabs. */
export interface Tries {
  readonly failed: number;
  /** ms since 1970 */
  readonly waitUntil: number;
}

export interface BrowserStore {
  readonly store: Store;
  /** Resolves if the stored data goes away under the open store. */
  readonly gone: Promise<string>;
  readonly storageKey: (drawKey: () => Bytes) => Promise<Bytes>;
  readonly keyPlace: KeyPlace;
}

/** What can be asked and done while nobody has the storage key. */
export interface LockedStore {
  /** Null where there is no lock. */
  readonly lock: () => Promise<Bytes | null>;
  readonly tries: () => Promise<Tries>;
  readonly noteTries: (tries: Tries) => Promise<void>;
  /** Forgets everything on this device; whoever had it open can write no more. */
  readonly erase: () => Promise<void>;
}

/** `lose` hears when the data goes away under the open connection. */
function openDatabase(
  name: string,
  lose: (reason: string) => void = () => undefined,
): Promise<IDBPDatabase> {
  return openDB(name, 1, {
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
}

/** Takes nothing from an engine that is open: each question opens the database for itself. */
export function lockedStore(name: string): LockedStore {
  const within = async <T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T> => {
    const db = await openDatabase(name);
    try {
      return await work(db);
    } finally {
      db.close();
    }
  };
  return {
    lock: () => within(heldLock),
    tries: () =>
      within(
        async (db) =>
          ((await db.get(KEYS, TRIES)) as Tries | undefined) ?? { failed: 0, waitUntil: 0 },
      ),
    noteTries: (tries) => within(async (db) => void (await db.put(KEYS, tries, TRIES))),
    erase: () =>
      within(async (db) => {
        const transaction = db.transaction([RECORDS, KEYS], 'readwrite', { durability: 'strict' });
        const keys = transaction.objectStore(KEYS);
        const epoch = Number((await keys.get(EPOCH)) ?? 0) + 1;
        void transaction.objectStore(RECORDS).clear();
        void keys.clear();
        void keys.put(epoch, EPOCH);
        await transaction.done;
      }),
  };
}

async function heldLock(db: IDBPDatabase): Promise<Bytes | null> {
  const held = (await db.get(KEYS, WRAPPED)) as Wrapped | Locked | undefined;
  return held !== undefined && 'lock' in held ? new Uint8Array(held.lock) : null;
}

/**
 * Opening takes the store: from then on whoever opened it before can read it and write nothing, so counters never fork.
 * `unlocked` is the storage key where somebody unlocked; a locked store without it is refused (LOCKED).
 */
export async function openIndexedDb(
  name: string,
  unlocked: Bytes | null = null,
): Promise<BrowserStore> {
  let lose: (reason: string) => void = () => undefined;
  const gone = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const db = await openDatabase(name, (reason) => lose(reason));
  if (unlocked === null && (await heldLock(db)) !== null) {
    db.close();
    throw new Error(LOCKED);
  }
  const epoch = await nextEpoch(db);
  let filled = (await db.count(RECORDS)) > 0;
  const write = async (
    writes: readonly StoreWrite[],
    storageKey: Wrapped | Locked | null,
  ): Promise<void> => {
    const transaction = db.transaction([RECORDS, KEYS], 'readwrite', { durability: 'strict' });
    const keys = transaction.objectStore(KEYS);
    if ((await keys.get(EPOCH)) !== epoch) {
      transaction.abort();
      await transaction.done.catch(() => undefined);
      throw storeTaken();
    }
    const store = transaction.objectStore(RECORDS);
    // Records that vanished are not mended by writing some of them anew: a counter could start again.
    if (writes.length > 0 && filled && (await store.count()) === 0) {
      transaction.abort();
      await transaction.done.catch(() => undefined);
      lose(STORE_CLEARED);
      throw cleared();
    }
    for (const { key, value } of writes) {
      if (value === null) void store.delete(key);
      else void store.put(value, key);
    }
    // One record opens the storage key, so there is no moment with none and none with two.
    if (storageKey !== null) void keys.put(storageKey, WRAPPED);
    await transaction.done;
    filled ||= writes.length > 0;
  };
  return {
    gone,
    storageKey: (drawKey) => unwrapOrMake(db, unlocked, drawKey, (made) => write([], made)),
    keyPlace: {
      lock: () => heldLock(db),
      setLock: (lock, writes) => write(writes, { lock }),
      unsetLock: async (storageKey) => write([], await wrap(storageKey)),
    },
    store: {
      async read(key) {
        const value = (await db.get(RECORDS, key)) as Uint8Array | undefined;
        return value === undefined ? null : new Uint8Array(value);
      },
      async keys(prefix) {
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
        return (await db.getAllKeys(RECORDS, range)).map(String);
      },
      write: (writes) => write(writes, null),
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
async function wrap(storageKey: Bytes): Promise<Wrapped> {
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, storageKey);
  return { wrapping, iv, sealed };
}

async function unwrapOrMake(
  db: IDBPDatabase,
  unlocked: Bytes | null,
  drawKey: () => Bytes,
  keep: (made: Wrapped) => Promise<void>,
): Promise<Bytes> {
  const held = (await db.get(KEYS, WRAPPED)) as Wrapped | Locked | undefined;
  if (held === undefined) {
    const storageKey = drawKey();
    await keep(await wrap(storageKey));
    return storageKey;
  }
  if ('lock' in held) {
    if (unlocked === null) throw new Error(LOCKED);
    return unlocked;
  }
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: 'AES-GCM', iv: held.iv }, held.wrapping, held.sealed),
  );
}
