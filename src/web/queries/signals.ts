/** Who is here and who types, as the engine tells it; nothing is asked. */
import { useQuery } from '@tanstack/react-query';
import type { PersonView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';

export interface SignalsShown {
  readonly here: readonly PersonView[];
  readonly typing: readonly PersonView[];
}

const NOBODY: SignalsShown = { here: [], typing: [] };

export const signalsKey = (gid: Gid): readonly unknown[] => ['signals', gid];

export function useSignals(gid: Gid): SignalsShown {
  return useQuery({ queryKey: signalsKey(gid), queryFn: () => NOBODY, initialData: NOBODY }).data;
}
