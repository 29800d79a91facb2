/**
 * `npm run verify-log -- FILE`: judges an exported log or a piece of evidence, offline. One sentence on stdout; exit code 0
 * where the log is whole or something is proven, 1 where not, 2 where there is no file to judge.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { loadSodium } from '../crypto/sodium.ts';
import { judgeFile } from '../ledger/judgeFile.ts';

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const [file, ...more] = process.argv.slice(2);
const text = file === undefined || more.length > 0 ? null : readText(file);
if (text === null) {
  process.stderr.write('Name one file to judge: npm run verify-log -- FILE\n');
  process.exitCode = 2;
} else {
  const verdict = judgeFile(await loadSodium(), text);
  process.stdout.write(`${verdict.sentence}\n`);
  process.exitCode = verdict.ok ? 0 : 1;
}
