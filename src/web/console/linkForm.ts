/** The create sheet of a link: what the person chooses, and what it means as wishes and as a sentence. */
import type { TFunction } from 'i18next';
import type { LinkChange, LinkWishes } from '../../client/client.ts';
import type { LinkView } from '../../client/view.ts';
import { REPLAY } from '../../protocol/limits.ts';
import type { Gid } from '../../protocol/ids.ts';
import { roleName } from '../../protocol/role.ts';
import { joinDefaults } from '../stores/joinDefaults.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const LIVES = {
  half: 30 * MINUTE_MS,
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

/** What a new link of this group begins with in this browser (Settings, New links). */
export function usualForm(gid: Gid): LinkForm {
  return { ...USUAL, ...joinDefaults(gid) };
}

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

/** The edit sheet: what is left as it is, says so. */
export interface LinkEdit {
  readonly label: string;
  /** Counted from now. */
  readonly life: Life | 'same';
  readonly seats: Seats | 'same';
}

export function editOf(link: Pick<LinkView, 'label'>): LinkEdit {
  return { label: link.label, life: 'same', seats: 'same' };
}

/** What differs from the link as it is. */
export function changeOf(link: LinkView, edit: LinkEdit, now: number): LinkChange {
  const label = edit.label.trim();
  const { life, seats } = edit;
  return {
    ...(label === link.label ? {} : { label }),
    ...(life === 'same' ? {} : { expires: life === 'never' ? 0 : now + LIVES[life] }),
    ...(seats === 'same' || SEATS[seats] === link.maxUses ? {} : { maxUses: SEATS[seats] }),
  };
}

/** Why the link would not work, or not be allowed, with these terms; keys under links.edit. */
export function faultOf(link: LinkView, edit: LinkEdit, now: number): 'auto' | 'used' | null {
  const change = changeOf(link, edit, now);
  const maxUses = change.maxUses ?? link.maxUses;
  const expires = change.expires ?? link.expires;
  const endless = expires === 0 || expires > now + REPLAY.autoAdmitLifeMs;
  if (link.auto && (endless || maxUses === 0 || maxUses > REPLAY.autoAdmitUses)) return 'auto';
  return maxUses !== 0 && maxUses <= link.uses && change.maxUses !== undefined ? 'used' : null;
}
