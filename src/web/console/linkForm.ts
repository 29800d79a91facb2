/** The create sheet of a link: what the person chooses, and what it means as wishes and as a sentence. */
import type { TFunction } from 'i18next';
import type { LinkWishes } from '../../client/client.ts';
import { REPLAY } from '../../protocol/limits.ts';
import { roleName } from '../../protocol/role.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const LIVES = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  never: 0,
} as const;
export type Life = keyof typeof LIVES;

export const SEATS = { one: 1, five: 5, many: 25, hundred: 100, free: 0 } as const;
export type Seats = keyof typeof SEATS;

export interface LinkForm {
  readonly label: string;
  readonly life: Life;
  readonly seats: Seats;
  readonly auto: boolean;
  readonly role: 0 | 1;
}

export const USUAL: LinkForm = { label: '', life: 'week', seats: 'many', auto: false, role: 1 };

/** Without review a link must end and be capped: nobody looks at who comes. */
export function mayBeAuto({ life, seats }: Pick<LinkForm, 'life' | 'seats'>): boolean {
  const ends = LIVES[life] > 0 && LIVES[life] <= REPLAY.autoAdmitLifeMs;
  const capped = SEATS[seats] > 0 && SEATS[seats] <= REPLAY.autoAdmitUses;
  return ends && capped;
}

export function wishesOf(form: LinkForm, now: number): LinkWishes {
  return {
    label: form.label.trim(),
    expires: form.life === 'never' ? 0 : now + LIVES[form.life],
    maxUses: SEATS[form.seats],
    role: form.role,
    auto: form.auto && mayBeAuto(form),
  };
}

export function sentenceOf(form: LinkForm, until: string, t: TFunction): string {
  const seats = SEATS[form.seats];
  const who = seats === 0 ? t('links.sum.whoFree') : t('links.sum.who', { count: seats });
  const life = form.life === 'never' ? t('links.sum.never') : t('links.sum.until', { when: until });
  const role = t(`chat.roleIn.${roleName(form.role)}`);
  return form.auto && mayBeAuto(form)
    ? t('links.sum.auto', { who, life, role })
    : t('links.sum.review', { who, life, role });
}
