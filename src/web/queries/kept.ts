/** Whether the browser has promised to keep what Conclave stores. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

type Kept = 'kept' | 'mayVanish' | 'unknown';

const ASKED = 'askedToKeep';

type Keeper = Pick<StorageManager, 'persisted' | 'persist'>;

async function howKept(ask: (keeper: Keeper) => Promise<boolean>): Promise<Kept> {
  // Old browsers have no such question.
  const keeper = (navigator as { readonly storage?: Keeper }).storage;
  if (keeper === undefined) return 'unknown';
  try {
    return (await ask(keeper)) ? 'kept' : 'mayVanish';
  } catch {
    return 'unknown';
  }
}

export const keptQuery = () =>
  queryOptions({
    queryKey: ['kept'],
    queryFn: (): Promise<Kept> => howKept((keeper) => keeper.persisted()),
  });

/** Asks the browser to keep it: once in this browser, when there is a group. Some browsers then ask the person. */
export function useAskToKeep(worthKeeping: boolean): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!worthKeeping || !firstTime()) return;
    void howKept(async (keeper) => (await keeper.persisted()) || keeper.persist()).then((kept) => {
      cache.setQueryData<Kept>(['kept'], kept);
    });
  }, [worthKeeping, cache]);
}

function firstTime(): boolean {
  try {
    if (localStorage.getItem(ASKED) !== null) return false;
    localStorage.setItem(ASKED, 'yes');
    return true;
  } catch {
    return false;
  }
}
