/** Points in time in words, in the person's own way of writing them. */
import { i18n } from './i18n.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const dayMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const longDay = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});

/** The local day a time falls on, comparable. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

export function timeOfDay(at: number): string {
  return clock.format(at);
}

/** For dividers: Today, Yesterday, or the day. */
export function dayInWords(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return i18n.t('when.today');
  if (dayOf(at) === dayOf(now - DAY)) return i18n.t('when.yesterday');
  if (sameYear(at, now)) return longDay.format(at);
  return dayMonthYear.format(at);
}

/** As short as it can be in a list: the time today, the weekday this week, else the date. */
export function shortWhen(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return clock.format(at);
  if (at > now - 6 * DAY && at < now) return weekday.format(at);
  return sameYear(at, now) ? dayMonth.format(at) : dayMonthYear.format(at);
}

/** In a sentence: "10:38", "yesterday at ..." is avoided, a date and a time say it. */
export function whenInWords(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return clock.format(at);
  const day = sameYear(at, now) ? dayMonth.format(at) : dayMonthYear.format(at);
  return `${day}, ${clock.format(at)}`;
}

/** How long something has lasted, in the largest whole unit. */
export function lasting(ms: number): string {
  if (ms < HOUR) return i18n.t('when.min', { count: Math.floor(ms / MINUTE) });
  if (ms < DAY) return i18n.t('when.hours', { count: Math.floor(ms / HOUR) });
  return i18n.t('when.days', { count: Math.floor(ms / DAY) });
}

function sameYear(one: number, other: number): boolean {
  return new Date(one).getFullYear() === new Date(other).getFullYear();
}
