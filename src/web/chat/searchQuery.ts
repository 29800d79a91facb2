/** What a person types to search: words, and from:, has:, before:, after: in any order. */
import type { SearchWishes } from '../../client/client.ts';

const HAS = { file: 'file', picture: 'picture', image: 'picture', link: 'link' } as const;

/** A day of the calendar, as typed; its first moment in ms, or null where it is no day. */
function dayOf(text: string): number | null {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(text);
  if (parts === null) return null;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}

const hasOf = (text: string): (typeof HAS)[keyof typeof HAS] | null =>
  Object.hasOwn(HAS, text) ? HAS[text as keyof typeof HAS] : null;

/** What is no filter that can be understood is searched as a word. A name of several words stands in quotes. */
export function readQuery(typed: string): Omit<SearchWishes, 'gid'> {
  const wishes: { -readonly [K in keyof SearchWishes]: SearchWishes[K] } = { text: '' };
  const rest: string[] = [];
  for (const [whole, name = '', quoted, plain] of typed.matchAll(
    /(?:(from|has|before|after):)?(?:"([^"]*)"|(\S+))/giu,
  )) {
    const value = quoted ?? plain ?? '';
    const day = dayOf(value);
    const has = hasOf(value.toLowerCase());
    const kind = name.toLowerCase();
    if (kind === 'from') wishes.from = value;
    else if (kind === 'has' && has !== null) wishes.has = has;
    else if (kind === 'before' && day !== null) wishes.before = day;
    else if (kind === 'after' && day !== null) wishes.since = day;
    else rest.push(kind === '' ? value : whole);
  }
  return { ...wishes, text: rest.join(' ') };
}

/** Whether there is anything to search for. */
export function asks(wishes: Omit<SearchWishes, 'gid'>): boolean {
  const { text, ...filters } = wishes;
  return text.trim() !== '' || Object.keys(filters).length > 0;
}
