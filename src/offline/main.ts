/**
 * The shell that opens without a server: a service worker that keeps exactly the files of its build and nothing else, no
 * answer of the server and no word of anybody. A newer build waits beside it until somebody takes it.
 */
import { BUILD } from '../lib/build.ts';
import { fetchFile } from './fetchFile.ts';
import { fileFor } from './fileFor.ts';
import { FILES } from './files.ts';
import type { GoTo, ToShell } from './message.ts';

declare const self: ServiceWorkerGlobalScope;

const PREFIX = 'conclave-build-';
const own = `${PREFIX}${BUILD.id}`;

const ofBuild = (address: string, hash: string): Promise<Response> =>
  fetchFile((file, how) => fetch(file, how), address, hash);

async function fill(): Promise<void> {
  const cache = await caches.open(own);
  await Promise.all(
    Object.entries(FILES).map(async ([address, hash]) =>
      cache.put(address, await ofBuild(address, hash)),
    ),
  );
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== own);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/**
 * Where the browser gave the file up, the server is asked. The page itself comes as it would without a shell, for it may be of
 * a newer build by now; what it runs and shows is the file of this build or none.
 */
async function answer(request: Request, address: string): Promise<Response> {
  const kept = await caches.match(address, { cacheName: own });
  if (kept !== undefined) return kept;
  const hash = FILES[address];
  return request.mode === 'navigate' || hash === undefined
    ? fetch(request)
    : ofBuild(address, hash);
}

self.addEventListener('install', (event) => event.waitUntil(fill()));

self.addEventListener('activate', (event) =>
  event.waitUntil(dropOthers().then(() => self.clients.claim())),
);

self.addEventListener('fetch', (event) => {
  const address = fileFor(event.request, self.location.origin, FILES);
  if (address !== null) event.respondWith(answer(event.request, address));
});

self.addEventListener('message', (event) => {
  const said = event.data as ToShell;
  if (said === 'which') event.ports[0]?.postMessage(BUILD);
  if (said === 'take') event.waitUntil(self.skipWaiting());
});

/** A notice was pressed: the page that is there goes to what it is about, or one is opened. */
async function open(address: string): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window' });
  if (page === undefined) {
    await self.clients.openWindow(address);
    return;
  }
  await page.focus();
  page.postMessage({ goTo: address } satisfies GoTo);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const address: unknown = event.notification.data;
  if (typeof address === 'string' && address.startsWith('/g/')) event.waitUntil(open(address));
});
