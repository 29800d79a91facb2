/** Expected failure as a value: what may go wrong in normal life is returned, never thrown. */
export type Result<T, F> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: F };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function err<F>(error: F): { readonly ok: false; readonly error: F } {
  return { ok: false, error };
}
