/** While long groups are loaded, screens are answered from the end of them; everything else waits until the whole is there. */
import type { Client } from '../client/client.ts';

/** Calls that only show what is known, and change nothing. */
const SHOWS: ReadonlySet<keyof Client> = new Set([
  'account',
  'recovery',
  'lock',
  'lockNow',
  'unlock',
  'devices',
  'deletion',
  'connection',
  'groups',
  'group',
  'timeline',
  'tasks',
  'ownRequests',
  'preferences',
  'attend',
  'listen',
  'close',
]);

/** The same client; a call that needs the whole of a group is answered once it is loaded, or the engine has ended. */
export function onceWhole(client: Client, whole: Promise<void>): Client {
  let isWhole = false;
  const settled = whole.then(
    () => {
      isWhole = true;
    },
    () => undefined,
  );
  const waiting = Object.entries(client).map(([name, call]: [string, unknown]) => {
    if (SHOWS.has(name as keyof Client)) return [name, call];
    const act = call as (...args: readonly unknown[]) => unknown;
    return [
      name,
      (...args: readonly unknown[]) => (isWhole ? act(...args) : settled.then(() => act(...args))),
    ];
  });
  return Object.fromEntries(waiting) as Client;
}
