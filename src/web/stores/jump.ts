/** Where the talk shall go next: set by lists of messages and by what is written, taken by the talk of that group once it is drawn. */
import { create } from 'zustand';
import type { Gid } from '../../protocol/ids.ts';

export interface Target {
  readonly gid: Gid;
  /** The position of a message; null for the end. */
  readonly t: number | null;
}

export const useTarget = create<{ readonly target: Target | null }>(() => ({ target: null }));

export function jumpTo(gid: Gid, t: number | null): void {
  useTarget.setState({ target: { gid, t } });
}

export function jumped(): void {
  useTarget.setState({ target: null });
}
