/** Entry of the worker: the engine with a browser's plugs, behind the door, in one tab at a time. */
import { createBrowserClient } from '../sdk/browser.ts';
import { serve } from './host.ts';
import { takeTurn } from './turn.ts';

const scheme = self.location.protocol === 'https:' ? 'wss' : 'ws';
const channel = new BroadcastChannel('conclave');

const turn = takeTurn(
  { request: (name, options, hold) => self.navigator.locks.request(name, options, hold) },
  {
    post: (message) => channel.postMessage(message),
    listen: (hear) => channel.addEventListener('message', (event) => hear(event.data)),
  },
  () => end('otherTab'),
);

const end = serve(
  {
    post: (message) => self.postMessage(message),
    listen: (ear) => {
      const hear = (event: MessageEvent<unknown>): void => ear.message(event.data);
      self.addEventListener('message', hear);
      return () => self.removeEventListener('message', hear);
    },
  },
  turn.then(() =>
    createBrowserClient({
      server: `${scheme}://${self.location.host}/session`,
      origin: self.location.origin,
    }),
  ),
);
