/** Makes the worker and the bridge to it. The only file that names the worker's address. */
import workerAddress from '../worker/main.ts?worker&url';
import type { Client } from '../client/client.ts';
import { createBridge } from '../worker/bridge.ts';

interface ScriptPolicy {
  readonly createScriptURL: (address: string) => string | TrustedScriptURL;
}

/** `new Worker` is a Trusted Types sink: this one policy lets through exactly the worker's own address. */
function scriptPolicy(): ScriptPolicy {
  const createScriptURL = (address: string): string => {
    if (address !== workerAddress) throw new Error('only the worker of this page may be started');
    return address;
  };
  return window.trustedTypes?.createPolicy('conclave', { createScriptURL }) ?? { createScriptURL };
}

/** Called once by main.tsx. */
export function startClient(): Client {
  // The type of Worker's constructor does not know TrustedScriptURL yet; it is what the browser wants here.
  const address = scriptPolicy().createScriptURL(workerAddress) as string;
  const worker = new Worker(address, { type: 'module', name: 'conclave' });
  return createBridge({
    post: (message) => worker.postMessage(message),
    listen: (ear) => {
      const hear = (event: MessageEvent<unknown>): void => ear.message(event.data);
      const end = (): void => {
        worker.terminate();
        ear.broken('the worker ended');
      };
      worker.addEventListener('message', hear);
      worker.addEventListener('messageerror', end);
      worker.addEventListener('error', end);
      return () => {
        worker.removeEventListener('message', hear);
        worker.removeEventListener('messageerror', end);
        worker.removeEventListener('error', end);
      };
    },
  });
}
