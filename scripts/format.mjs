// Says which files are not formatted; with --write, formats them.
import process from 'node:process';
import { runNode } from './child.mjs';

const how = process.argv.includes('--write') ? '--write' : '--check';
const { code } = await runNode(['node_modules/oxfmt/bin/oxfmt', how, '.'], { show: true });
process.exitCode = code;
