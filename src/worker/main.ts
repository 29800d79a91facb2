/** Entry of the worker: the engine with a browser's plugs behind the door, shared by all tabs. */
import { BUILD } from '../lib/build.ts';
import { browserDevice, LOCKED, STORE_TAKEN } from '../sdk/browser.ts';
import { channelOver } from './channel.ts';
import { ALIVE } from './message.ts';
import { joinTabs } from './tabs.ts';

const scheme = self.location.protocol === 'https:' ? 'wss' : 'ws';

const device = browserDevice({
  server: `${scheme}://${self.location.host}/session`,
  origin: self.location.origin,
  startArgon: () =>
    new Worker(new URL('../sdk/adapters/argonWorker.ts', import.meta.url), {
      type: 'module',
      name: 'conclave-argon',
    }),
});

// Held as long as this worker lives: whoever started it gets the lock when it is gone.
void self.navigator.locks.request(self.name, () => {
  self.postMessage(ALIVE);
  return new Promise(() => undefined);
});

joinTabs(
  {
    post: (message) => self.postMessage(message),
    listen: (ear) => {
      const hear = (event: MessageEvent<unknown>): void => ear.message(event.data);
      self.addEventListener('message', hear);
      return () => self.removeEventListener('message', hear);
    },
  },
  {
    build: BUILD.id,
    channel: channelOver(new BroadcastChannel('conclave')),
    locks: { request: (name, options, hold) => self.navigator.locks.request(name, options, hold) },
    open: device.open,
    locked: device.locked,
    isLocked: (reason) => reason === LOCKED,
    wasTaken: (reason) => reason === STORE_TAKEN,
  },
);
