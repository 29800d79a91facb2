/** What the engine needs from outside: a transport, a store, a clock. Each has more than one implementation. */
import type { Bytes } from '../lib/bytes.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { Outcome } from '../protocol/failure.ts';

export interface Wire {
  readonly send: (frame: Bytes) => void;
  readonly close: () => void;
}

export interface WireHandlers {
  readonly opened: () => void;
  readonly frame: (frame: Bytes) => void;
  /** Said once, also when the connection could not be made. */
  readonly closed: () => void;
}

export interface Transport {
  readonly connect: (handlers: WireHandlers) => Wire;
}

export interface StoreWrite {
  readonly key: string;
  /** Null removes the record. */
  readonly value: Bytes | null;
}

/** Records by key. `write` is one transaction: all of it or nothing, durable when it resolves. */
export interface Store {
  readonly read: (key: string) => Promise<Bytes | null>;
  /** Keys with this prefix, in any order. */
  readonly keys: (prefix: string) => Promise<readonly string[]>;
  readonly write: (writes: readonly StoreWrite[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Clock {
  /** ms since 1970. */
  readonly now: () => number;
  /** Runs the job once after so many ms; the returned function calls it off. */
  readonly after: (ms: number, job: () => void) => () => void;
}

/**
 * Argon2id with the parameters of protocol/way.ts, in memory that is given back afterwards. Wipes the passphrase. E_LIMIT where
 * the memory cannot be had: the same parameters or no answer.
 */
export type Stretch = (passphrase: Bytes, salt: Bytes) => Promise<Outcome<Bytes>>;

/** Where this device keeps its storage key from one start to the next. */
export interface KeyPlace {
  /** The lock (protocol/lock.ts), or null where the platform alone opens the key. */
  readonly lock: () => Promise<Bytes | null>;
  /** One transaction: the lock takes the place of what opened the key before, and the records are written with it. */
  readonly setLock: (lock: Bytes, writes: readonly StoreWrite[]) => Promise<void>;
  /** One transaction: from now on the platform alone opens the key. */
  readonly unsetLock: (storageKey: Bytes) => Promise<void>;
}

export interface Ports {
  readonly primitives: Primitives;
  readonly transport: Transport;
  readonly store: Store;
  /** 32 bytes under which records are sealed before they reach the store. */
  readonly storageKey: Bytes;
  /** Resolves with a reason if the store loses what it held: the engine then stops and never starts anew by itself. */
  readonly storeGone: Promise<string> | null;
  /** Null where this device cannot be locked. */
  readonly keyPlace: KeyPlace | null;
  readonly stretch: Stretch;
  readonly clock: Clock;
  /** The origin this client means to talk to; signed at login, never taken from the server. */
  readonly origin: string;
  /** What this installation is called among the account's devices. */
  readonly deviceName: string;
}
