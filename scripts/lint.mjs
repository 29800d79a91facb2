// Lints the whole repository with type information; a warning is a fault.
import process from 'node:process';
import { runNode } from './child.mjs';

const { code } = await runNode(['node_modules/oxlint/bin/oxlint', ...process.argv.slice(2)], {
  show: true,
});
process.exitCode = code;
