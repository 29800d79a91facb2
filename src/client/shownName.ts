/** Names as they are shown. The signed bytes stay as they are. */

/** Bidirectional controls, zero-width characters, control characters, and what else has no width of its own. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]/gu;

/** The name without characters that hide or reorder others; null where nothing is left to see. */
export function neutralise(name: string): string | null {
  const plain = name.replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
  return plain === '' ? null : [...plain].slice(0, 60).join('').trimEnd();
}
