/** The client for the browser's worker: IndexedDB, the browser's socket, the browser's clock. */
import type { Client } from '../client/client.ts';
import { lockedStore, openIndexedDb } from './adapters/indexedDb.ts';
import { stretchInWorker, type ThrowAway } from './adapters/stretchInWorker.ts';
import { systemClock } from './adapters/systemClock.ts';
import { createWebSocketTransport } from './adapters/webSocket.ts';
import { plugClient } from './createClient.ts';
import { createLockedDevice, type LockedDevice } from './lockedDevice.ts';

export { STORE_TAKEN } from './adapters/indexedDb.ts';
export { FAILURE_TEXT } from '../client/failureText.ts';
export { LOCKED } from '../engine/engine.ts';

export interface BrowserOptions {
  /** Address of the session backend, e.g. wss://chat.example/session */
  readonly server: string;
  /** Origin of the page, e.g. https://chat.example */
  readonly origin: string;
  /** Starts a worker of sdk/adapters/argonWorker.ts, which makes keys of passphrases; it is ended after each. */
  readonly startArgon: () => ThrowAway;
}

export interface BrowserDevice {
  readonly locked: LockedDevice;
  /** Rejects where IndexedDB or WebAssembly is missing, and with LOCKED where nobody unlocked. */
  readonly open: () => Promise<Client>;
}

const DATABASE = 'conclave';

/** This browser as a device: its lock, and its client once it is open. */
export function browserDevice(options: BrowserOptions): BrowserDevice {
  const stretch = stretchInWorker(options.startArgon);
  const locked = createLockedDevice(lockedStore(DATABASE), stretch, systemClock);
  return {
    locked,
    async open() {
      const { store, storageKey, keyPlace, gone } = await openIndexedDb(DATABASE, locked.takeKey());
      return plugClient({
        transport: createWebSocketTransport(options.server),
        store,
        storageKey,
        storeGone: gone,
        keyPlace,
        stretch,
        clock: systemClock,
        origin: options.origin,
        deviceName: nameOf(navigator.userAgent),
      });
    },
  };
}

/** As browserDevice, for programs that need no lock screen of their own. */
export function createBrowserClient(options: BrowserOptions): Promise<Client> {
  return browserDevice(options).open();
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
