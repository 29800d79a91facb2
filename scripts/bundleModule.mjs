// `node scripts/bundleModule.mjs <file>` prints one module of the sources as a script that a page can import: for stories that
// look at a single part in a real browser.
import process from 'node:process';
import { build } from 'vite';

const [entry] = process.argv.slice(2);
if (entry === undefined) throw new Error('which module?');
const built = await build({
  configFile: false,
  logLevel: 'silent',
  build: { write: false, lib: { entry, formats: ['es'] } },
});
const [first] = Array.isArray(built) ? built : [built];
const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
if (chunk === undefined) throw new Error(`${entry} was not built`);
process.stdout.write(chunk.code);
