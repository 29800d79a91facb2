/** A refused question as TanStack Query wants it: an error that keeps its named failure. */
import type { Failure, Outcome } from '../../protocol/failure.ts';

export class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.name);
    this.failure = failure;
  }
}

/** Used by query functions only: the value, or a thrown Refused that the query keeps as its error. */
export async function valueOf<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const known = await outcome;
  if (known.ok) return known.value;
  throw new Refused(known.error);
}
