/** The built page on disk, listed once: only listed files are served, so no path leads elsewhere. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

const HASHED = /^\/assets\//;

export interface StaticFile {
  readonly body: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly type: string;
  readonly cache: string;
}

export type StaticFiles = ReadonlyMap<string, StaticFile>;

function cacheOf(address: string): string {
  if (address.endsWith('.html')) return 'no-store';
  return HASHED.test(address) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** Files by address; none where the page is not built. */
export function listStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  for (const entry of readFolder(folder)) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const address = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    files.set(address, {
      body: async () => new Uint8Array(await readFile(file)),
      type: TYPES[path.extname(entry.name)] ?? 'application/octet-stream',
      cache: cacheOf(address),
    });
  }
  return files;
}

function readFolder(folder: string): ReturnType<typeof readAll> {
  try {
    return readAll(folder);
  } catch {
    return [];
  }
}

function readAll(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true });
}
