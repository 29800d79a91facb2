/** Entry of the worker: the engine with a browser's plugs behind the door, shared by all tabs. */
import { createBrowserClient, STORE_TAKEN } from '../sdk/browser.ts';
import { channelOver } from './channel.ts';
import { joinTabs } from './tabs.ts';

const scheme = self.location.protocol === 'https:' ? 'wss' : 'ws';

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
    channel: channelOver(new BroadcastChannel('conclave')),
    locks: { request: (name, options, hold) => self.navigator.locks.request(name, options, hold) },
    open: () =>
      createBrowserClient({
        server: `${scheme}://${self.location.host}/session`,
        origin: self.location.origin,
      }),
    wasTaken: (reason) => reason === STORE_TAKEN,
  },
);
