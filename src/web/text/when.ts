/** Points in time in words, in the person's own way of writing them. */
import { i18n, locale } from './i18n.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = { hour: '2-digit', minute: '2-digit' } as const;
const weekday = { weekday: 'short' } as const;
const dayMonth = { day: 'numeric', month: 'short' } as const;
const dayMonthYear = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const longDay = { weekday: 'long', day: 'numeric', month: 'long' } as const;
const fullDay = { dateStyle: 'long' } as const;

/** Making one is slow, and each is asked for in every line of a list. */
const made = new Map<Intl.DateTimeFormatOptions, readonly [string, Intl.DateTimeFormat]>();

function format(how: Intl.DateTimeFormatOptions, at: number): string {
  const where = locale();
  const known = made.get(how);
  if (known?.[0] === where) return known[1].format(at);
  const fresh = new Intl.DateTimeFormat(where, how);
  made.set(how, [where, fresh]);
  return fresh.format(at);
}

/** The local day a time falls on, comparable. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

export function timeOfDay(at: number): string {
  return format(clock, at);
}

/** For dividers: Today, Yesterday, or the day. */
export function dayInWords(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return i18n.t('when.today');
  if (dayOf(at) === dayOf(now - DAY)) return i18n.t('when.yesterday');
  if (sameYear(at, now)) return format(longDay, at);
  return format(dayMonthYear, at);
}

/** As short as it can be in a list: the time today, the weekday this week, else the date. */
export function shortWhen(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return format(clock, at);
  if (at > now - 6 * DAY && at < now) return format(weekday, at);
  return sameYear(at, now) ? format(dayMonth, at) : format(dayMonthYear, at);
}

/** In a sentence: "10:38", "yesterday at ..." is avoided, a date and a time say it. */
export function whenInWords(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return format(clock, at);
  const day = sameYear(at, now) ? format(dayMonth, at) : format(dayMonthYear, at);
  return `${day}, ${format(clock, at)}`;
}

/** A day with its year, for paper. */
export function fullDate(at: number): string {
  return format(fullDay, at);
}

/** How long something has lasted, in the largest whole unit; a minute at least. */
export function lasting(ms: number): string {
  if (ms < HOUR) return i18n.t('when.min', { count: Math.max(1, Math.floor(ms / MINUTE)) });
  if (ms < DAY) return i18n.t('when.hours', { count: Math.floor(ms / HOUR) });
  return i18n.t('when.days', { count: Math.floor(ms / DAY) });
}

function sameYear(one: number, other: number): boolean {
  return new Date(one).getFullYear() === new Date(other).getFullYear();
}

/** One, two and three, in the way of the language. */
export function together(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(parts);
}
