/** Offers the person does not want to see now; they come back with a reload. */
import { create } from 'zustand';
import type { Gid } from '../../protocol/ids.ts';

export const usePutOff = create<{ readonly offers: ReadonlySet<Gid> }>(() => ({
  offers: new Set(),
}));

export function putOff(gid: Gid): void {
  usePutOff.setState(({ offers }) => ({ offers: new Set([...offers, gid]) }));
}
