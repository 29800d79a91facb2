/** Who the person is, and how the connection stands. */
import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import { type Act, useAct } from './useAct.ts';
import type { AccountView } from '../../client/view.ts';

export const accountQuery = (client: Client) =>
  queryOptions({ queryKey: ['account'], queryFn: () => client.account() });

export const connectionQuery = (client: Client) =>
  queryOptions({ queryKey: ['connection'], queryFn: () => client.connection() });

export function useCreateAccount(): Act<string, AccountView> {
  return useAct((client, name) => client.createAccount(name));
}
