/** One connection as seen by the handlers: a union of states, and a way to answer. */
import type { Bytes } from '../lib/bytes.ts';
import type { ErrorName } from '../protocol/failure.ts';
import type { Dev, Hash, Pid } from '../protocol/ids.ts';
import type { Outbox } from './outbox.ts';

export type Session =
  /** Hello was sent; `failures` counts refused logins. */
  | {
      readonly state: 'greeted';
      readonly nonce: Bytes;
      readonly time: number;
      readonly failures: number;
    }
  | SignedIn;

export interface SignedIn {
  readonly state: 'signedIn';
  readonly pid: Pid;
  readonly dev: Dev;
  /** Newest published card. */
  readonly card: Hash;
}

export interface Connection {
  readonly id: number;
  /** For rates; never logged. */
  readonly address: string;
  /** The Origin header; null: a program. */
  readonly origin: string | null;
  session: Session;
  readonly outbox: Outbox;
  /** Says bye with a reason and ends the connection. */
  readonly end: (reason: ErrorName, retryAt?: number) => void;
}

/** A connection that has logged in, with what it proved. */
export interface Caller extends SignedIn {
  readonly connection: Connection;
}
