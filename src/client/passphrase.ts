/** How strong a passphrase is at least. Counts as a patient guesser would: words, dates, runs and repeats are worth little. */

/** Fewer signs than this are refused whatever they are. */
export const PASSPHRASE_MIN_SIGNS = 12;

/** Bits below which a passphrase is refused: who has the disk can guess at the lock, the server can guess at the vault. */
export const PASSPHRASE_BITS = { lock: 40, vault: 60 } as const;
export type PassphraseUse = keyof typeof PASSPHRASE_BITS;

/** A word is one of about two thousand; what goes beyond eight letters adds little. */
const WORD_BITS = 11;
const LONG_LETTER_BITS = 1;
const LETTER_BITS = 4.7;
const DIGIT_BITS = 3.3;
const YEAR_BITS = 6;
const SIGN_BITS = 4;

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '0123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

function isRun(text: string): boolean {
  const reversed = [...text].toReversed().join('');
  return ROWS.some((row) => (row + row).includes(text) || (row + row).includes(reversed));
}

function letters(text: string): number {
  if (text.length >= 3 && isRun(text)) return 2;
  if (text.length >= 3 && new Set(text).size <= 2) return 3;
  const random = text.length * LETTER_BITS;
  return Math.min(random, WORD_BITS + Math.max(0, text.length - 8) * LONG_LETTER_BITS);
}

function digits(text: string): number {
  if (text.length >= 3 && isRun(text)) return 2;
  if (new Set(text).size === 1) return Math.min(text.length * DIGIT_BITS, 4);
  if (/^(?:19|20)\d\d$/u.test(text)) return YEAR_BITS;
  return text.length * DIGIT_BITS;
}

/** An estimate from below, in bits. */
export function bitsOf(passphrase: string): number {
  const parts = passphrase.toLowerCase().match(/\p{L}+|\p{N}+|[^\p{L}\p{N}]+/gu) ?? [];
  const seen = new Set<string>();
  let bits = 0;
  for (const part of parts) {
    // Said again, a part is worth nothing.
    if (seen.has(part)) continue;
    seen.add(part);
    if (/^\p{L}/u.test(part)) bits += letters(part);
    else if (/^\p{N}/u.test(part)) bits += digits(part);
    else bits += part.trim() === '' ? 0 : new Set(part).size * SIGN_BITS;
  }
  return Math.floor(bits);
}

export type Weakness = 'short' | 'weak';

/** Why it is refused for this use; null where it is strong enough. */
export function weaknessOf(passphrase: string, use: PassphraseUse): Weakness | null {
  if ([...passphrase].length < PASSPHRASE_MIN_SIGNS) return 'short';
  return bitsOf(passphrase) < PASSPHRASE_BITS[use] ? 'weak' : null;
}
