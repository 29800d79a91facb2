// Makes a fresh clone ready: the right Node, then the packages of the lock file. Only Node's own modules.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root, run, runNode } from './child.mjs';

const stamp = path.join(root, 'node_modules/.cache/conclave-lock');

/** Ends the process with one line when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Conclave needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** What the installed packages depend on: the lock, and the machine they were picked for. */
function wanted() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex');
}

/** Installs what the lock file says unless it is there already; ends the process when that fails. */
export async function installIfNeeded() {
  const hash = wanted();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.log('Installing packages ...');
  const started = performance.now();
  const words = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env['npm_execpath'];
  const { code, output } = npm?.endsWith('npm-cli.js')
    ? await runNode([npm, ...words])
    : await run('npm', words);
  if (code !== 0) {
    console.error(output.trim());
    console.error('The packages could not be installed.');
    process.exit(1);
  }
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  console.log(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}
