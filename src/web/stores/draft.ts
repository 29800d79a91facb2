/** What is typed and not sent, by group. */
import { create } from 'zustand';
import type { Gid } from '../../protocol/ids.ts';

interface Drafts {
  readonly byGroup: Readonly<Record<string, string>>;
}

export const useDrafts = create<Drafts>(() => ({ byGroup: {} }));

export function setDraft(gid: Gid, text: string): void {
  useDrafts.setState(({ byGroup }) => ({ byGroup: { ...byGroup, [gid]: text } }));
}
