/** Numbers and the order of names, in a person's way of writing them. */
import type { FormatterModule } from 'i18next';

interface Made {
  readonly number: Intl.NumberFormat;
  readonly order: Intl.Collator;
}

/** Making one is slow, and each is asked for in every line of a list. */
const made = new Map<string, Made>();

function madeFor(locale: string): Made {
  const known = made.get(locale);
  if (known !== undefined) return known;
  const fresh = { number: new Intl.NumberFormat(locale), order: new Intl.Collator(locale) };
  made.set(locale, fresh);
  return fresh;
}

export function numberIn(locale: string, value: number): string {
  return madeFor(locale).number.format(value);
}

export type NameOrder = (one: string, other: string) => number;

/** The same function each time for the same locale, so that what was sorted with it stays sorted. */
export function nameOrderIn(locale: string): NameOrder {
  return madeFor(locale).order.compare;
}

/** Writes the numbers that are put into texts; everything else is put in as it is. */
export function numbersOf(locale: () => string): FormatterModule {
  const nothing = (): void => undefined;
  return {
    type: 'formatter',
    init: nothing,
    add: nothing,
    addCached: nothing,
    format: (value: unknown) =>
      // i18next makes a text of what is neither.
      typeof value === 'number' ? numberIn(locale(), value) : (value as string),
  };
}
