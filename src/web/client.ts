/** Makes the worker and the bridge to it. The only file that names the worker's address. */
import workerAddress from '../worker/main.ts?worker&url';
import type { Client } from '../client/client.ts';
import { createBridge } from '../worker/bridge.ts';

interface ScriptPolicy {
  readonly createScriptURL: (address: string) => string | TrustedScriptURL;
}

const SHELL_ADDRESS = '/sw.js';

/** Starting a worker and registering a shell are Trusted Types sinks: this one policy lets through exactly those two addresses. */
function scriptPolicy(): ScriptPolicy {
  const createScriptURL = (address: string): string => {
    if (address !== workerAddress && address !== SHELL_ADDRESS)
      throw new Error('only the worker and the shell of this page may be started');
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

/** The type of the sinks does not know TrustedScriptURL yet; it is what the browser wants there. */
function trusted(address: string): string {
  policy ??= scriptPolicy();
  return policy.createScriptURL(address) as string;
}

/** Called once by newBuild.ts. Rejects where the browser keeps no shell, or the server has none. */
export function registerShell(): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(trusted(SHELL_ADDRESS), {
    scope: '/',
    updateViaCache: 'none',
  });
}

/** Called by main.tsx: at the start, and again each time the device was locked. */
export function startClient(): StartedClient {
  const worker = new Worker(trusted(workerAddress), { type: 'module', name: 'conclave' });
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
