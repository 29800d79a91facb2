/** Makes the worker, and the next one where it ended without a word. The only file that names the worker's address. */
import workerAddress from '../worker/main.ts?worker&url';
import { createLasting, type LastingClient, type StartedWorker } from '../worker/lasting.ts';
import { ALIVE } from '../worker/message.ts';
import { type Missing, missingInBrowser } from './missingInBrowser.ts';

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

/** Called by main.ts at the start, and by page.tsx each time the device was locked. Answers what is missing where the browser cannot run it. */
export function startClient(): LastingClient | Missing {
  const missing = missingInBrowser();
  if (missing !== null) return missing;
  try {
    return createLasting(startWorker);
  } catch {
    return 'Worker';
  }
}

function startWorker(broken: (reason: string) => void): StartedWorker {
  // Each has a name of its own: the lock it holds while it lives is called so.
  const name = `conclave ${crypto.randomUUID()}`;
  const worker = new Worker(trusted(workerAddress), { type: 'module', name });
  const end = (): void => broken('the worker ended');
  worker.addEventListener('messageerror', end);
  worker.addEventListener('error', end);
  const ended = new Promise<void>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data === ALIVE) void navigator.locks.request(name, () => resolve());
    });
  });
  return {
    port: {
      post: (message, given = []) => worker.postMessage(message, given),
      listen: (ear) => {
        const hear = ({ data }: MessageEvent<unknown>): void => {
          if (data !== ALIVE) ear.message(data);
        };
        worker.addEventListener('message', hear);
        return () => worker.removeEventListener('message', hear);
      },
    },
    ended,
    terminate: () => worker.terminate(),
  };
}
