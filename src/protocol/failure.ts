import type { Result } from '../lib/result.ts';

/** The closed list of what can go wrong; text for people is written in client/failureText.ts. */
export const ERROR_NAMES = [
  'E_FORMAT',
  'E_SIG',
  'E_SEQ',
  'E_PREV',
  'E_GID',
  'E_TIME',
  'E_ROLE',
  'E_CARD',
  'E_ROSTER',
  'E_GEN',
  'E_KC',
  'E_BOX',
  'E_HIST',
  'E_PROFILE',
  'E_LINK',
  'E_BANNED',
  'E_REQ',
  'E_NOT_MEMBER',
  'E_DEVICE',
  'E_STALE_GEN',
  'E_REPLAY',
  'E_GAP',
  'E_AEAD',
  'E_FORK',
  'E_WITHHELD',
  'E_PENDING',
  'E_CLOSED',
  'E_LIMIT',
  'E_AUTH',
  'E_SUITE',
  'E_VERSION',
  'E_NOT_FOUND',
  'E_BUSY',
  'E_STORAGE',
  'E_OFFLINE',
  'E_TIMEOUT',
] as const;

export type ErrorName = (typeof ERROR_NAMES)[number];

/** A named failure. `note` is for developers and never repeats foreign input; `retryAt` is in ms since 1970. */
export interface Failure {
  readonly name: ErrorName;
  readonly note?: string;
  readonly retryAt?: number;
}

export type Outcome<T> = Result<T, Failure>;

export function fail(
  name: ErrorName,
  note?: string,
): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: note === undefined ? { name } : { name, note } };
}
