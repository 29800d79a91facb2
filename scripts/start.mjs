// `npm start`: installs when the lock changed, builds when the sources changed, then serves in this very process,
// so that a signal to it reaches the server.
import process from 'node:process';
import { root, runNode } from './child.mjs';
import { installIfNeeded, requireNode } from './install.mjs';
import { isBuilt } from './sources.mjs';

requireNode();
process.chdir(root);
await installIfNeeded();
if (!isBuilt()) {
  console.log('Building ...');
  const { code } = await runNode(['scripts/build.mjs'], { show: true });
  if (code !== 0) {
    console.error('The build failed.');
    process.exit(1);
  }
}
process.env['NODE_ENV'] ??= 'production';
await import(new URL('../dist/server/main.js', import.meta.url).href);
