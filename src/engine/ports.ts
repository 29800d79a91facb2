/** What the engine needs from outside: a transport, a store, a clock. Each has more than one implementation. */
import type { Bytes } from '../lib/bytes.ts';
import type { Primitives } from '../crypto/primitives.ts';

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

export interface Ports {
  readonly primitives: Primitives;
  readonly transport: Transport;
  readonly store: Store;
  /** 32 bytes under which records are sealed before they reach the store. */
  readonly storageKey: Bytes;
  /** Resolves with a reason if the store loses what it held: the engine then stops and never starts anew by itself. */
  readonly storeGone: Promise<string> | null;
  readonly clock: Clock;
  /** The origin this client means to talk to; signed at login, never taken from the server. */
  readonly origin: string;
  /** What this installation is called among the account's devices. */
  readonly deviceName: string;
}
