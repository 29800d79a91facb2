import { expect, it } from 'vitest';
import { troubleOf } from './trouble.ts';

it.each([
  ['QuotaExceededError', 'full'],
  ['The quota has been exceeded.', 'full'],
  ['Encountered full disk while opening backing store for indexedDB.open.', 'full'],
  ['cleared', 'cleared'],
  ['InvalidStateError', 'cleared'],
  [
    "Failed to execute 'transaction' on 'IDBDatabase': The database connection is closing.",
    'cleared',
  ],
  ['Connection to Indexed Database server lost. Refresh the page to try again', 'cleared'],
  ['One of the specified object stores was not found.', 'cleared'],
  ['SecurityError', 'noStorage'],
  ['A mutation operation was attempted on a database that did not allow mutations.', 'noStorage'],
  ['Internal error opening backing store for indexedDB.open.', 'noStorage'],
  ['indexedDB is not defined', 'noStorage'],
  ['WebAssembly is not defined', 'noWebAssembly'],
  ['the worker ended', 'ended'],
  ['', 'ended'],
] as const)('an engine that ended with "%s" is told as %s', (reason, trouble) => {
  expect(troubleOf(reason)).toBe(trouble);
});
