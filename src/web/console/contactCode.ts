/** A contact code as somebody pasted it: alone, or somewhere in a text or an address. */
import { fromBase64url } from '../../lib/bytes.ts';
import { idOf, type Pid } from '../../protocol/ids.ts';

const CODE = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/gu;

/** Null where there is none, or more than one. */
export function readContactCode(text: string): Pid | null {
  const found = new Set(
    [...text.matchAll(CODE)].flatMap(([code]) => {
      const bytes = fromBase64url(code);
      return bytes?.length === 32 ? [idOf<Pid>(bytes)] : [];
    }),
  );
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}
