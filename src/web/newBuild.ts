/** Keeps the shell for the time without a server, and brings the page to a newer build: offered, taken, and at most one reload for each. */
import { BUILD, type Build } from '../lib/build.ts';
import type { ToShell } from '../offline/message.ts';
import { registerShell } from './client.ts';
import { draftsKept } from './keptDrafts.ts';
import { offerBuild } from './stores/offeredBuild.ts';

let shell: ServiceWorkerRegistration | null = null;

/** Called once by page.tsx. Where a browser keeps no shell, the page works as long as there is a server. */
export async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => void follow());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') lookForBuild();
  });
  shell = await registerShell().catch(() => null);
  if (shell === null) return;
  const watch = (next: ServiceWorker | null): void =>
    next?.addEventListener('statechange', () => void offer());
  watch(shell.installing);
  shell.addEventListener('updatefound', () => watch(shell?.installing ?? null));
  await offer();
}

/** Asks the server for another build: when the page is looked at again, and when there is a connection again. */
export function lookForBuild(): void {
  // Without a server there is nothing new.
  shell?.update().catch(() => undefined);
}

/** Takes the build that is offered, for every tab of this browser. */
export function takeBuild(): void {
  say(shell?.waiting ?? null, 'take');
}

/**
 * Loads the page anew, by the newest build that can be had: a page that is kept comes back as it was, however often it is
 * loaded. Bounded in time, so that it reloads also where nothing answers.
 */
export async function reload(): Promise<void> {
  const late = new Promise<void>((resolve) => void setTimeout(resolve, AT_MOST_MS));
  await Promise.race([late, Promise.all([draftsKept(), takeNewest()])]);
  window.location.reload();
}

const AT_MOST_MS = 5000;

/** Resolves once a newer build serves this page, or there is none. */
async function takeNewest(): Promise<void> {
  if (shell === null) return;
  if (shell.waiting === null) {
    await shell.update().catch(() => undefined);
    await settled(shell.installing);
  }
  if (shell.waiting === null) return;
  const taken = new Promise<void>((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true });
  });
  takeBuild();
  await taken;
}

/** Resolves once it is kept, or could not be. */
function settled(worker: ServiceWorker | null): Promise<void> {
  if (worker === null) return Promise.resolve();
  return new Promise((resolve) => {
    worker.addEventListener('statechange', () => resolve(), { once: true });
  });
}

/** Another tab is of another build. Answers whether this page reloads for it, which it does once: more would not help. */
export function reloadFor(other: string): boolean {
  const pair = `${BUILD.id} ${other}`;
  try {
    if (sessionStorage.getItem(KEY) === pair) return false;
    sessionStorage.setItem(KEY, pair);
  } catch {
    // A page that cannot note that it did so must not do so again and again.
    return false;
  }
  void draftsKept().then(() => window.location.reload());
  return true;
}

const KEY = 'reloadedFor';

async function offer(): Promise<void> {
  const build = await buildOf(shell?.waiting ?? null);
  offerBuild(build?.id === BUILD.id ? null : build);
}

/** A shell took over: the first one of all, or a newer one that was taken in some tab. */
async function follow(): Promise<void> {
  const build = await buildOf(navigator.serviceWorker.controller);
  if (build !== null && build.id !== BUILD.id) reloadFor(build.id);
}

function say(to: ServiceWorker | null, what: ToShell, port: MessagePort[] = []): void {
  to?.postMessage(what, port);
}

function buildOf(worker: ServiceWorker | null): Promise<Build | null> {
  if (worker === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', (event: MessageEvent<Build>) => {
      port1.close();
      resolve(event.data);
    });
    port1.start();
    say(worker, 'which', [port2]);
  });
}
