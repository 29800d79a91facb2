/** The words of a message as text; addresses can be followed, nothing is ever fetched for them. */
import type { ReactNode } from 'react';

const ADDRESS = /https?:\/\/[^\s<>"'`]+/giu;
/** Punctuation that ends a sentence rather than an address. */
const TAIL = /[.,;:!?)\]}]+$/u;

export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

export function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(TAIL, '');
    if (!URL.canParse(address)) continue;
    if (found.index > from) parts.push({ text: text.slice(from, found.index), href: null });
    parts.push({ text: address, href: address });
    from = found.index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}

export function MessageText({ text }: { readonly text: string }): ReactNode {
  return partsOf(text).map((part, place) =>
    part.href === null ? (
      part.text
    ) : (
      <a
        // The same address may stand twice; its place is its name.
        key={place}
        href={part.href}
        target="_blank"
        rel="noopener noreferrer"
        className="text-accent underline underline-offset-2"
      >
        {part.text}
      </a>
    ),
  );
}
