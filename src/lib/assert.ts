/** The impossible throws here: a broken promise of our own code, never bad input from outside. */
export function assert(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`broken promise: ${promise}`);
}

/** Ends a switch over a union; a forgotten member is a compile error. */
export function never(value: never): never {
  throw new Error(`broken promise: unexpected member ${String(value)}`);
}

/** The value, which our own code promises to exist. */
export function present<T>(value: T | null | undefined, promise: string): T {
  if (value === null || value === undefined) throw new Error(`broken promise: ${promise}`);
  return value;
}
