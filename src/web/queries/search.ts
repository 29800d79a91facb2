/** Searching messages; the answer stands until something else is asked. */
import { queryOptions } from '@tanstack/react-query';
import type { Client, SearchWishes } from '../../client/client.ts';
import { valueOf } from './outcome.ts';

export const searchQuery = (client: Client, wishes: SearchWishes) =>
  queryOptions({
    queryKey: ['search', wishes],
    queryFn: async () => {
      const answer = await client.search(wishes);
      // Another tab of this account searched meanwhile: this one asks again.
      const again = !answer.ok && answer.error.name === 'E_BUSY';
      return valueOf(again ? client.search(wishes) : Promise.resolve(answer));
    },
    staleTime: 0,
    gcTime: 0,
  });
