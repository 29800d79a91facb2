/** Fetches one file of the build, byte for byte the one that was built. */
import { toHex } from '../lib/bytes.ts';

type Fetch = (address: string, how: { readonly cache: 'default' | 'reload' }) => Promise<Response>;

/**
 * What the browser has stored is good where it is the same; else the server is asked. Rejects where that is not it either: the
 * server is being changed just now, and a shell of two builds would run neither.
 */
export async function fetchFile(fetch: Fetch, address: string, hash: string): Promise<Response> {
  for (const cache of ['default', 'reload'] as const) {
    const response = await fetch(address, { cache });
    if (response.ok && (await hashOf(response.clone())) === hash) return response;
  }
  throw new Error(`${address} is not of this build`);
}

async function hashOf(response: Response): Promise<string> {
  const bytes = await response.arrayBuffer();
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
