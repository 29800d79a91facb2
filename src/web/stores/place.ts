/** Where somebody stopped reading in each group, so that coming back shows the same lines in the same place. */
import { create } from 'zustand';
import type { Gid } from '../../protocol/ids.ts';

export interface Place {
  /** The row that crosses the upper edge. */
  readonly row: string;
  /** How far that row is scrolled out, in pixels. */
  readonly past: number;
}

export const usePlaces = create<{ readonly byGroup: Readonly<Partial<Record<Gid, Place>>> }>(
  () => ({ byGroup: {} }),
);

/** Null: at the end, where the talk opens by itself. */
export function setPlace(gid: Gid, place: Place | null): void {
  usePlaces.setState(({ byGroup }) => {
    const { [gid]: _, ...others } = byGroup;
    return { byGroup: place === null ? others : { ...others, [gid]: place } };
  });
}
