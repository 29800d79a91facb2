// Tells whether dist/ was built from the sources that are here now. Only Node's own modules.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './child.mjs';

const stamp = path.join(root, 'dist/.sources');
const sources = [
  'src',
  'public',
  'index.html',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.sdk.json',
  'vite.config.ts',
];

/** Every file the build depends on; tests are not built. */
function files() {
  return sources
    .flatMap((name) => {
      const from = path.join(root, name);
      if (!existsSync(from)) return [];
      if (statSync(from).isFile()) return [name];
      return readdirSync(from, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
    })
    .filter((file) => !/\.test\.tsx?$/.test(file) && !/^src[\\/]scenario[\\/]/.test(file))
    .toSorted();
}

export function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of files()) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesHash();
}

export function markBuilt(/** @type {string} */ hash) {
  writeFileSync(stamp, hash);
}
