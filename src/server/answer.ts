/** What a handler answers: a value, or a named failure, with the detail some failures carry. */
import type { Bytes } from '../lib/bytes.ts';
import type { Failure } from '../protocol/failure.ts';

/** `after` runs when the reply is on its way, before anything else can be said to that connection. */
interface Replied {
  readonly after?: () => void;
}

export type Refusal = Replied & {
  readonly ok: false;
  readonly error: Failure;
  readonly detail?: Bytes | number;
};
export type Answer<T> = (Replied & { readonly ok: true; readonly value: T }) | Refusal;

/** A refusal that says when to try again, ms since 1970. */
export function later(name: Failure['name'], retryAt: number, note: string): Refusal {
  return { ok: false, error: { name, note, retryAt } };
}
