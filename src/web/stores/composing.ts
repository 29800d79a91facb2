/** What the composer of a group is about besides its text: a message that is answered, or an own one that is edited. */
import { create } from 'zustand';
import type { TimelineItem } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';

export type Message = Extract<TimelineItem, { kind: 'message' }>;

export interface Composing {
  readonly what: 'reply' | 'edit';
  readonly message: Message;
}

export const useComposing = create<{ readonly byGroup: Readonly<Record<string, Composing>> }>(
  () => ({ byGroup: {} }),
);

export function setComposing(gid: Gid, composing: Composing | null): void {
  useComposing.setState(({ byGroup }) => {
    const { [gid]: _, ...others } = byGroup;
    return { byGroup: composing === null ? others : { ...others, [gid]: composing } };
  });
}
