/** How the person answered an offer of a group: what is not in the group's log yet, and is asked again after a reload. */
import { create } from 'zustand';
import type { Gid } from '../../protocol/ids.ts';

type OfferAnswer = 'later' | 'accepted';

export const useOfferAnswers = create<{
  readonly byGroup: Readonly<Partial<Record<string, OfferAnswer>>>;
}>(() => ({ byGroup: {} }));

export function answerOffer(gid: Gid, answer: OfferAnswer): void {
  useOfferAnswers.setState(({ byGroup }) => ({ byGroup: { ...byGroup, [gid]: answer } }));
}
