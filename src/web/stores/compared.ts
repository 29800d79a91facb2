/** Requests whose six words the person compared and found equal. Only this screen knows. */
import { create } from 'zustand';
import type { Hash } from '../../protocol/ids.ts';

export const useCompared = create<{ readonly requests: ReadonlySet<Hash> }>(() => ({
  requests: new Set(),
}));

export function setCompared(request: Hash, equal: boolean): void {
  useCompared.setState(({ requests }) => {
    const next = new Set(requests);
    if (equal) next.add(request);
    else next.delete(request);
    return { requests: next };
  });
}
