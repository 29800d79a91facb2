/** Which file of the build answers a request. */

const PAGE = '/index.html';
/** As the server tells them apart: where a file is missing there is no page in its place. */
const FILE_ADDRESS = /^\/assets\/|\.[a-z0-9]+$/i;
/** Addresses at which the server itself speaks. */
const OF_THE_SERVER: ReadonlySet<string> = new Set(['/healthz', '/session']);

interface Asked {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

/** The address of the kept file; null where the network answers, as if nobody stood in between. */
export function fileFor(
  { method, mode, url }: Asked,
  origin: string,
  files: Readonly<Record<string, string>>,
): string | null {
  const { origin: to, pathname, search } = new URL(url);
  if (method !== 'GET' || to !== origin) return null;
  if (search === '' && Object.hasOwn(files, pathname)) return pathname;
  const wantsPage =
    mode === 'navigate' && !FILE_ADDRESS.test(pathname) && !OF_THE_SERVER.has(pathname);
  return wantsPage && Object.hasOwn(files, PAGE) ? PAGE : null;
}
