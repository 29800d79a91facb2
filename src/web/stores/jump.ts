/** A message the talk shall show next: set by lists of messages, taken by the talk of that group once it is drawn. */
import { create } from 'zustand';
import type { Gid } from '../../protocol/ids.ts';

export interface Target {
  readonly gid: Gid;
  /** Its position. */
  readonly t: number;
}

export const useTarget = create<{ readonly target: Target | null }>(() => ({ target: null }));

export function jumpTo(gid: Gid, t: number): void {
  useTarget.setState({ target: { gid, t } });
}

export function jumped(): void {
  useTarget.setState({ target: null });
}
