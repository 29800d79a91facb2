/** A link in words: until when, how it ended. */
import type { TFunction } from 'i18next';
import type { LinkState, LinkView } from '../../client/view.ts';
import { isolate, nameOf } from '../parts/isolate.tsx';
import { whenInWords } from '../text/when.ts';
import type { Tone } from '../ui/Chip.tsx';

export const LINK_TONES: Readonly<Record<LinkState, Tone>> = {
  live: 'good',
  paused: 'warn',
  expired: 'plain',
  usedUp: 'plain',
  revoked: 'plain',
};

export function labelOf(link: LinkView, t: TFunction): string {
  return link.label === '' ? t('links.noLabel') : link.label;
}

export function runsOut(link: LinkView, now: number, t: TFunction): string {
  if (link.expires === 0) return t('links.never');
  const when = whenInWords(link.expires, now);
  return link.expires < now ? t('links.ranOut', { when }) : t('links.runsOut', { when });
}

/** Null where it did not end by an act of somebody. */
export function howEnded(link: LinkView, now: number, t: TFunction): string | null {
  if (link.ended === null) return null;
  const { how, by, at } = link.ended;
  return t(`links.ended.${how}`, {
    by: isolate(nameOf(by)),
    maker: isolate(nameOf(link.maker)),
    when: whenInWords(at, now),
  });
}
