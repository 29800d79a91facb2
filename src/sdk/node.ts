/** The client for Node: bots, tools, tests. Files or memory instead of IndexedDB; everything else is the browser's engine. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../client/client.ts';
import { assert } from '../lib/assert.ts';
import type { Bytes } from '../lib/bytes.ts';
import { createFileStore } from './adapters/fileStore.ts';
import { createMemoryStore } from './adapters/memory.ts';
import { createNodeTransport } from './adapters/nodeSocket.ts';
import { stretchHere } from './adapters/stretchHere.ts';
import { systemClock } from './adapters/systemClock.ts';
import { plugClient } from './createClient.ts';

export interface NodeOptions {
  /** Address of the session backend, e.g. ws://localhost:8787/session */
  readonly server: string;
  /** Origin the server answers for, e.g. http://localhost:8787 */
  readonly origin: string;
  /** Folder for this account's sealed records and its storage key; without one everything is forgotten at the end. */
  readonly folder?: string;
  /** What this installation is called among the account's devices; 'Node' where nothing is given. */
  readonly deviceName?: string;
}

/** Makes a client; it connects by itself and goes on where the folder left off. */
export async function createClient(options: NodeOptions): Promise<Client> {
  const { folder } = options;
  const plugs = {
    transport: createNodeTransport(options.server),
    keyPlace: null,
    stretch: stretchHere,
    clock: systemClock,
    origin: options.origin,
    deviceName: options.deviceName ?? 'Node',
  };
  if (folder === undefined) {
    return plugClient({
      ...plugs,
      store: createMemoryStore(),
      storageKey: (drawKey) => Promise.resolve(drawKey()),
      storeGone: null,
    });
  }
  const store = await createFileStore(join(folder, 'records'));
  const storageKey = (drawKey: () => Bytes): Promise<Bytes> => keyInFile(folder, drawKey);
  return plugClient({ ...plugs, store, storageKey, storeGone: null });
}

/** The key lies beside the records, readable by the owner only: it guards against a copied records folder, not against who reads both. */
async function keyInFile(folder: string, drawKey: () => Bytes): Promise<Bytes> {
  const path = join(folder, 'storage.key');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const held = new Uint8Array(await readFile(path));
    assert(held.length === 32, 'a storage key has 32 bytes');
    return held;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const fresh = drawKey();
  await writeFile(path, fresh, { mode: 0o600 });
  await chmod(path, 0o600);
  return fresh;
}

export type { Client } from '../client/client.ts';
export { FAILURE_TEXT } from '../client/failureText.ts';
