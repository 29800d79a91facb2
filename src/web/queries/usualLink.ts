/** What a new link is when nobody says otherwise: 7 days, 25 people, with review. */
import type { LinkWishes } from '../../client/client.ts';
import { ROLE } from '../../protocol/role.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export function usualLink(label: string, now: number): LinkWishes {
  return { label, expires: now + WEEK_MS, maxUses: 25, role: ROLE.member, auto: false };
}
