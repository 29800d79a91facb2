/** What the composer of a group is about besides its text: a message that is answered, or an own one that is edited. */
import { create } from 'zustand';
import type { DraftView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';

export type Composing = NonNullable<DraftView['about']>;
export type Message = Composing['message'];

export const useComposing = create<{ readonly byGroup: Readonly<Record<string, Composing>> }>(
  () => ({ byGroup: {} }),
);

export function setComposing(gid: Gid, composing: Composing | null): void {
  useComposing.setState(({ byGroup }) => {
    const { [gid]: _, ...others } = byGroup;
    return { byGroup: composing === null ? others : { ...others, [gid]: composing } };
  });
}
