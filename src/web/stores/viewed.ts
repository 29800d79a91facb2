/** The picture somebody looks at in full size, by its message. */
import { create } from 'zustand';
import type { Gid, Hash } from '../../protocol/ids.ts';

export interface Viewed {
  readonly gid: Gid;
  readonly item: Hash;
}

export const useViewed = create<{ readonly viewed: Viewed | null }>(() => ({ viewed: null }));

export function viewPicture(viewed: Viewed | null): void {
  useViewed.setState({ viewed });
}
