/** What the operator says about this server; read from the server itself, not through the engine. */
import { queryOptions } from '@tanstack/react-query';

export interface About {
  readonly operator: string | null;
  readonly contact: string | null;
  readonly retention: string | null;
}

const LONGEST = 2000;

export const aboutQuery = () =>
  queryOptions({
    queryKey: ['about'],
    queryFn: async () => {
      const answer = await fetch('/about.json', { headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error('about.json was refused');
      return readAbout(await answer.json());
    },
  });

/** Foreign input: what is no text, is empty or has no end is not stated. */
export function readAbout(answer: unknown): About {
  const held = typeof answer === 'object' && answer !== null ? Object.entries(answer) : [];
  const stated = new Map<string, unknown>(held);
  const text = (name: string): string | null => {
    const value = stated.get(name);
    return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST
      ? value.trim()
      : null;
  };
  return { operator: text('operator'), contact: text('contact'), retention: text('retention') };
}

/** Where a contact leads when it is pressed; null where it is only to be read. */
export function contactAddress(contact: string): string | null {
  if (/^https:\/\/\S+$/.test(contact)) return contact;
  return /^[^\s@:/?&]+@[^\s@:/?&]+\.[^\s@:/?&]+$/.test(contact) ? `mailto:${contact}` : null;
}
