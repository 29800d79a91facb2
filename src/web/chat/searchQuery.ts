/** What a person types to search: words, and from:, has:, before:, after: in any order, in English and in the language of the page. */
import type { SearchWishes } from '../../client/client.ts';

const FILTERS = ['from', 'has', 'before', 'after'] as const;
type Filter = (typeof FILTERS)[number];

const KINDS = ['file', 'picture', 'link'] as const;
type Kind = (typeof KINDS)[number];

/** How a language says them. What English says counts in every language. */
export type SearchWords = Readonly<Record<Filter | Kind, string>>;

const ENGLISH: SearchWords = {
  from: 'from',
  has: 'has',
  before: 'before',
  after: 'after',
  file: 'file',
  picture: 'picture',
  link: 'link',
};

const inOrder = (parts: readonly string[], order: readonly [number, number, number]) =>
  order.map((place) => Number(parts[place])) as [number, number, number];

/** A day of the calendar, as 2026-12-31 or 31.12.2026; its first moment in ms, or null where it is no day. */
function dayOf(text: string): number | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(text);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/u.exec(text);
  const parts = iso ?? dotted;
  if (parts === null) return null;
  const [year, month, day] = inOrder(parts, iso === null ? [3, 2, 1] : [1, 2, 3]);
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}

/** What is said, of these, by a word of English or of the language; null where it is none. */
function meant<T extends Filter | Kind>(
  said: string,
  of: readonly T[],
  words: SearchWords,
): T | null {
  const small = said.toLowerCase();
  return of.find((one) => small === ENGLISH[one] || small === words[one].toLowerCase()) ?? null;
}

const kindOf = (said: string, words: SearchWords): Kind | null =>
  said.toLowerCase() === 'image' ? 'picture' : meant(said, KINDS, words);

/** What is no filter that can be understood is searched as a word. A name of several words stands in quotes. */
export function readQuery(typed: string, words: SearchWords = ENGLISH): Omit<SearchWishes, 'gid'> {
  const wishes: { -readonly [K in keyof SearchWishes]: SearchWishes[K] } = { text: '' };
  const rest: string[] = [];
  for (const [whole, name, quoted, plain] of typed.matchAll(
    /(?:(?<!\S)(\p{L}+):)?(?:"([^"]*)"|(\S+))/gu,
  )) {
    const value = quoted ?? plain ?? '';
    const filter = name === undefined ? null : meant(name, FILTERS, words);
    const day = dayOf(value);
    const has = kindOf(value, words);
    if (filter === 'from') wishes.from = value;
    else if (filter === 'has' && has !== null) wishes.has = has;
    else if (filter === 'before' && day !== null) wishes.before = day;
    else if (filter === 'after' && day !== null) wishes.since = day;
    else rest.push(name === undefined ? value : whole);
  }
  return { ...wishes, text: rest.join(' ') };
}

/** Whether there is anything to search for. */
export function asks(wishes: Omit<SearchWishes, 'gid'>): boolean {
  const { text, ...filters } = wishes;
  return text.trim() !== '' || Object.keys(filters).length > 0;
}
