// Runs the browser stories against what is built, building first when the sources changed; passes its words to Playwright.
import process from 'node:process';
import { findBrowser } from './browser.mjs';
import { runNode } from './child.mjs';
import { isBuilt } from './sources.mjs';

/** @param {string[]} words */
async function inSight(words) {
  const { code } = await runNode(words, { show: true });
  if (code !== 0) process.exit(code);
}

try {
  await findBrowser();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
if (!isBuilt()) await inSight(['scripts/build.mjs']);
await inSight([
  'node_modules/playwright/cli.js',
  'test',
  '--config',
  'e2e/playwright.config.ts',
  ...process.argv.slice(2),
]);
