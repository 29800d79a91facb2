/** The client for the browser's worker: IndexedDB, the browser's socket, the browser's clock. */
import type { Client } from '../client/client.ts';
import { openIndexedDb } from './adapters/indexedDb.ts';
import { systemClock } from './adapters/systemClock.ts';
import { createWebSocketTransport } from './adapters/webSocket.ts';
import { plugClient } from './createClient.ts';

export { STORE_TAKEN } from './adapters/indexedDb.ts';

export interface BrowserOptions {
  /** Address of the session backend, e.g. wss://chat.example/session */
  readonly server: string;
  /** Origin of the page, e.g. https://chat.example */
  readonly origin: string;
}

/** Rejects where IndexedDB or WebAssembly is missing; the page says so in words. */
export async function createBrowserClient(options: BrowserOptions): Promise<Client> {
  const { store, storageKey, gone } = await openIndexedDb('conclave');
  return plugClient({
    transport: createWebSocketTransport(options.server),
    store,
    storageKey,
    storeGone: gone,
    clock: systemClock,
    origin: options.origin,
    deviceName: nameOf(navigator.userAgent),
  });
}

/** Browser and system in two words, as a first name of this device. */
function nameOf(agent: string): string {
  const browsers = [
    ['Firefox/', 'Firefox'],
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ] as const;
  const systems = [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Mac OS', 'Mac'],
    ['Windows', 'Windows'],
    ['Linux', 'Linux'],
  ] as const;
  const browser = browsers.find(([sign]) => agent.includes(sign))?.[1] ?? 'Browser';
  const system = systems.find(([sign]) => agent.includes(sign))?.[1];
  return system === undefined ? browser : `${browser}, ${system}`;
}
