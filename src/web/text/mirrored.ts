/**
 * English from right to left, for trying the screens without knowing a language that is written so. Every piece of text stands
 * between marks that turn it round; what is put into it keeps its own direction and stands apart, as it does in a real language.
 */
import type { Texts } from './texts.ts';

const TURNED = '\u202e';
const END = '\u202c';
const APART = '\u200f';
/** Places that i18next fills, and the tags of parts that are drawn in another way. */
const FILLED = /(\{\{[^}]*\}\}|\$t\([^)]*\)|<[^>]*>)/u;

export function mirroredText(text: string): string {
  return text
    .split(FILLED)
    .map((part) => {
      if (part === '') return '';
      if (!FILLED.test(part)) return `${TURNED}${part}${END}`;
      return part.startsWith('{{') ? `${APART}${part}${APART}` : part;
    })
    .join('');
}

export function mirrored(texts: Texts): Texts {
  return mirrorAll(texts) as Texts;
}

function mirrorAll(texts: unknown): unknown {
  if (typeof texts === 'string') return mirroredText(texts);
  return Object.fromEntries(
    Object.entries(texts as Readonly<Record<string, unknown>>).map(([key, inner]) => [
      key,
      mirrorAll(inner),
    ]),
  );
}
