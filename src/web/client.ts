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

export interface StartedClient {
  readonly client: Client;
  /** Ends the worker at once, with everything in its memory; calls that wait for it are rejected. */
  readonly end: () => void;
}

let policy: ScriptPolicy | null = null;

/** Called by main.tsx: at the start, and again each time the device was locked. */
export function startClient(): StartedClient {
  // The type of Worker's constructor does not know TrustedScriptURL yet; it is what the browser wants here.
  policy ??= scriptPolicy();
  const address = policy.createScriptURL(workerAddress) as string;
  const worker = new Worker(address, { type: 'module', name: 'conclave' });
  let end = (): void => worker.terminate();
  const client = createBridge({
    post: (message, given = []) => worker.postMessage(message, given),
    listen: (ear) => {
      const hear = (event: MessageEvent<unknown>): void => ear.message(event.data);
      end = (): void => {
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
  return { client, end: () => end() };
}
