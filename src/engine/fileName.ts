/** What a file calls itself, made harmless: no path, nothing hidden or reordered, nothing a system takes for something else. */
import { utf8 } from '../lib/bytes.ts';

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]/gu;
const OF_PATHS = /[/\\:*?"<>|]/gu;
/** Names that some systems keep for devices, whatever follows the dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu;
/** Bytes a name may have in common file systems, with room for " (1)". */
const MOST = 200;
const NAMELESS = 'file';

/** The name under which a file is shown and saved; its last ending stays. */
export function fileName(claimed: string): string {
  const plain = claimed
    .toWellFormed()
    .replace(HIDDEN, '')
    .replace(OF_PATHS, '_')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^\.+/u, '')
    .replace(/[. ]+$/u, '');
  const whole = plain === '' ? NAMELESS : plain;
  return shortened(RESERVED.test(whole) ? `_${whole}` : whole);
}

const bytesOf = (text: string): number => utf8(text)?.length ?? 0;

function shortened(name: string): string {
  if (bytesOf(name) <= MOST) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  let stem = [...name.slice(0, name.length - ending.length)];
  while (bytesOf(stem.join('') + ending) > MOST) stem = stem.slice(0, -1);
  // Cut in the middle of a sentence it may end in a space again, which some systems take away.
  return stem.join('').replace(/[. ]+$/u, '') + ending;
}
