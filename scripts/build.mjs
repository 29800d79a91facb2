// Builds all that ships into dist/: web/ (page and worker), server/, sdk/ and the SDK's types.
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createBuilder } from 'vite';
import { checkBundle } from './bundle.mjs';
import { root, runNode } from './child.mjs';
import { markBuilt, sourcesHash } from './sources.mjs';

process.chdir(root);
const started = performance.now();
// Taken before the build: what changes meanwhile makes the next start build again.
const hash = sourcesHash();
rmSync(path.join(root, 'dist'), { recursive: true, force: true });

const types = runNode(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.sdk.json']);
const builder = await createBuilder({ root, logLevel: 'warn' });
await builder.buildApp();

const { code, output } = await types;
if (code !== 0) console.error(output.trim());
const faults = checkBundle(path.join(root, 'dist/web'));
for (const fault of faults) console.error(fault);
if (code !== 0 || faults.length > 0) process.exit(1);

markBuilt(hash);
console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
