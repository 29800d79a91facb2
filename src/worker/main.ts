/** Entry of the worker: the engine with a browser's plugs, behind the door. */
import { createBrowserClient } from '../sdk/browser.ts';
import { serve } from './host.ts';

const scheme = self.location.protocol === 'https:' ? 'wss' : 'ws';

serve(
  {
    post: (message) => self.postMessage(message),
    listen: (ear) => {
      const hear = (event: MessageEvent<unknown>): void => ear.message(event.data);
      self.addEventListener('message', hear);
      return () => self.removeEventListener('message', hear);
    },
  },
  createBrowserClient({
    server: `${scheme}://${self.location.host}/session`,
    origin: self.location.origin,
  }),
);
