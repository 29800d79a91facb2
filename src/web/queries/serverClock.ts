/** The server's clock, as far as it is known: links and requests expire in it, and a device's own may be off by days. */
import { useQuery } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { ConnectionView } from '../../client/view.ts';
import { useNow } from '../ui/useNow.ts';
import { connectionQuery } from './account.ts';
import { useClient } from './clientContext.ts';

function clockOff(view: ConnectionView | undefined): number {
  return view?.state === 'online' ? view.clockOffBy : 0;
}

/** The server's time now; without a connection the own clock's. */
export async function serverTime(client: Client): Promise<number> {
  return Date.now() + clockOff(await client.connection());
}

/** The same for what is drawn, again every few seconds. */
export function useServerNow(): number {
  const connection = useQuery(connectionQuery(useClient()));
  return useNow() + clockOff(connection.data);
}
