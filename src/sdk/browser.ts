/** The client for the browser's worker: IndexedDB, the browser's socket, the browser's clock. */
import type { Client } from '../client/client.ts';
import { openIndexedDb } from './adapters/indexedDb.ts';
import { systemClock } from './adapters/systemClock.ts';
import { createWebSocketTransport } from './adapters/webSocket.ts';
import { plugClient } from './createClient.ts';

export interface BrowserOptions {
  /** Address of the session backend, e.g. wss://chat.example/session */
  readonly server: string;
  /** Origin of the page, e.g. https://chat.example */
  readonly origin: string;
}

/** Rejects where IndexedDB or WebAssembly is missing; the page says so in words. */
export async function createBrowserClient(options: BrowserOptions): Promise<Client> {
  const { store, storageKey } = await openIndexedDb('conclave');
  return plugClient({
    transport: createWebSocketTransport(options.server),
    store,
    storageKey,
    clock: systemClock,
    origin: options.origin,
  });
}
