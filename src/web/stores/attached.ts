/** Files chosen for a group and not sent yet. They live as long as the page: a browser hands them out again only by choosing. */
import { create } from 'zustand';
import type { Gid } from '../../protocol/ids.ts';

export interface Attached {
  readonly id: number;
  readonly file: File;
  /** `tooLarge`, `noRoom` and `unclean` say why it cannot be sent; `busy`: it is being sealed, so much of it from 0 to 1. */
  readonly state:
    | { readonly is: 'ready' }
    | { readonly is: 'tooLarge'; readonly most: number }
    | { readonly is: 'noRoom' }
    | { readonly is: 'unclean' }
    | { readonly is: 'busy'; readonly share: number };
}

const NONE: readonly Attached[] = [];
let lastId = 0;

export const useAttachments = create<{
  readonly byGroup: Readonly<Record<string, readonly Attached[]>>;
}>(() => ({ byGroup: {} }));

export function useAttached(gid: Gid): readonly Attached[] {
  return useAttachments((state) => state.byGroup[gid] ?? NONE);
}

function change(gid: Gid, to: (held: readonly Attached[]) => readonly Attached[]): void {
  useAttachments.setState(({ byGroup }) => ({
    byGroup: { ...byGroup, [gid]: to(byGroup[gid] ?? NONE) },
  }));
}

export function attach(gid: Gid, files: readonly File[]): readonly Attached[] {
  const fresh = files.map((file): Attached => {
    lastId += 1;
    return { id: lastId, file, state: { is: 'ready' } };
  });
  change(gid, (held) => [...held, ...fresh]);
  return fresh;
}

export function detach(gid: Gid, id: number): void {
  change(gid, (held) => held.filter((one) => one.id !== id));
}

export function markAttached(gid: Gid, id: number, state: Attached['state']): void {
  change(gid, (held) => held.map((one) => (one.id === id ? { ...one, state } : one)));
}

/** Whether it waits to be sent, neither judged nor on its way. */
export function isReady(gid: Gid, id: number): boolean {
  const held = useAttachments.getState().byGroup[gid] ?? NONE;
  return held.some((one) => one.id === id && one.state.is === 'ready');
}

/** Whether it is still wanted: the person may have taken it out while it was being sealed. */
export function isAttached(gid: Gid, id: number): boolean {
  return (useAttachments.getState().byGroup[gid] ?? NONE).some((one) => one.id === id);
}
