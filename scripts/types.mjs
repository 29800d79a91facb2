// Checks every realm, two at a time, and that no TypeScript file lies outside all of them.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root, runNode } from './child.mjs';

const realms = ['tests', 'web', 'node', 'core', 'worker'];
const folders = ['src', 'e2e', 'scripts', 'bench', 'examples'];

const waiting = [...realms];
/** @type {Set<string>} */
const seen = new Set();
/** @type {Map<string, string[]>} */
const complaints = new Map();

async function work() {
  for (let realm = waiting.shift(); realm !== undefined; realm = waiting.shift()) {
    const { code, output } = await runNode([
      'node_modules/typescript/bin/tsc',
      '-p',
      `tsconfig.${realm}.json`,
      '--listFiles',
      '--pretty',
      'false',
      '--incremental',
      '--tsBuildInfoFile',
      `node_modules/.cache/types/${realm}.tsbuildinfo`,
    ]);
    /** @type {string[]} */
    const said = [];
    for (const line of output.split('\n')) {
      const file = path.relative(root, line).replaceAll('\\', '/');
      if (!path.isAbsolute(line)) {
        if (line.trim() !== '') said.push(line);
      } else if (!file.startsWith('node_modules/')) seen.add(file);
    }
    if (code !== 0) complaints.set(realm, said);
  }
}
await Promise.all([work(), work()]);

const outside = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && folders.includes(entry.name))
  .flatMap((entry) =>
    readdirSync(path.join(root, entry.name), { recursive: true, withFileTypes: true }),
  )
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !seen.has(file));

/** A file of a lower floor is read by several realms; its fault is told once. */
const told = new Set();
for (const realm of realms) {
  for (const line of complaints.get(realm) ?? []) {
    if (!told.has(line)) console.error(line.startsWith(' ') ? line : `${realm}: ${line}`);
    told.add(line);
  }
}
for (const file of outside) console.error(`${file} is in no realm`);
const failed = complaints.size > 0 || outside.length > 0;
console.log(`types: ${seen.size} files in ${realms.length} realms${failed ? '' : ', no fault'}`);
process.exitCode = failed ? 1 : 0;
