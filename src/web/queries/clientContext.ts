/** The client every query and mutation of the page asks. */
import { createContext, useContext } from 'react';
import type { Client } from '../../client/client.ts';
import { present } from '../../lib/assert.ts';

export const ClientContext = createContext<Client | null>(null);

export function useClient(): Client {
  return present(useContext(ClientContext), 'page.tsx provides the client');
}
