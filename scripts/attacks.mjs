// `npm run test:attacks`: plays every case of attack with full counts, and says of each what came of it.
// Words: ids (only these cases), --quick (the counts of `npm test`).
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { CASE, leftOutHere, requiredCases, verdicts } from './cases.mjs';
import { root, runNode } from './child.mjs';
import { installIfNeeded, requireNode } from './install.mjs';

/** @typedef {import('./cases.mjs').Played} Played */

/** How often and how long, where a test asks for it; `npm test` has smaller numbers. */
const FULL = {
  ATTACK_RACES: '1000',
  ATTACK_FLIPS: '200',
  ATTACK_STRANGE: 'all',
  FUZZ_STEPS: '400',
  FUZZ_ROUNDS: '6',
};

/** Verdicts of the browser's runner; any other is a failure. @type {Record<string, Played['status']>} */
const STORY = { expected: 'passed', skipped: 'skipped' };

const words = process.argv.slice(2);
const only = words.filter((word) => !word.startsWith('--'));
const env = words.includes('--quick') ? {} : FULL;
const reports = path.join(root, 'test-results');
const pattern = only.length > 0 ? `\\b(?:${only.join('|')})\\b` : CASE.source;

/** @returns {any} */
function readReport(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {(file: string) => { words: string[], env?: Record<string, string> }} how
 * @param {(report: any) => Played[]} read
 * @returns {Promise<Played[]>}
 */
async function play(name, how, read) {
  const file = path.join(reports, `attacks-${name}.json`);
  rmSync(file, { force: true });
  const { words: line, env: more = {} } = how(file);
  const began = performance.now();
  const { code, output } = await runNode(line, { env: { CI: '1', ...env, ...more } });
  const report = readReport(file);
  const played = (report === null ? [] : read(report)).filter(({ status }) => status !== 'skipped');
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${name.padEnd(9)}${seconds.padStart(6)} s   ${played.length} tests`);
  if (played.length === 0 && code !== 0)
    console.error(output.trim().split('\n').slice(-20).join('\n'));
  return played;
}

/** @param {string} project */
function vitest(project) {
  return play(
    project,
    (file) => ({
      words: [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project',
        project,
        '--testNamePattern',
        pattern,
        '--reporter=json',
        `--outputFile=${file}`,
        '--silent',
      ],
    }),
    (report) =>
      report.testResults.flatMap((/** @type {any} */ suite) => {
        const file = path.relative(root, suite.name);
        // A file that cannot even be read has lost every case it would have played.
        if (suite.status === 'failed' && suite.assertionResults.length === 0)
          return (readFileSync(suite.name, 'utf8').match(CASE) ?? []).map((id) => ({
            file,
            title: id,
            status: 'failed',
          }));
        return suite.assertionResults.map((/** @type {any} */ result) => ({
          file,
          title: result.fullName,
          status: ['passed', 'failed'].includes(result.status) ? result.status : 'skipped',
        }));
      }),
  );
}

function stories() {
  return play(
    'stories',
    (file) => ({ words: ['scripts/e2e.mjs', '--grep', pattern], env: { E2E_REPORT: file } }),
    (report) => {
      /** @type {Played[]} */
      const played = [];
      /** @type {(suite: any, titles: string[]) => void} */
      const walk = (suite, titles) => {
        for (const inner of suite.suites ?? []) walk(inner, [...titles, inner.title]);
        for (const spec of suite.specs ?? [])
          for (const story of spec.tests) {
            const steps = story.results.flatMap((/** @type {any} */ one) => one.steps ?? []);
            const inside = steps.map((/** @type {any} */ step) => step.title);
            played.push({
              file: path.join('e2e', spec.file),
              title: [...titles, spec.title, ...inside].join(' > '),
              status: STORY[String(story.status)] ?? 'failed',
            });
          }
      };
      for (const suite of report.suites) walk(suite, [suite.title]);
      return played;
    },
  );
}

requireNode();
process.chdir(root);
await installIfNeeded();
mkdirSync(reports, { recursive: true });

const played = [...(await vitest('unit')), ...(await vitest('scenario')), ...(await stories())];
const named = Object.keys(requiredCases());
const required = only.length > 0 ? only : named;
const table = verdicts(played, required, leftOutHere());
for (const { id, verdict, says, files } of table) {
  const where = files.length > 0 ? ` (${files.join(', ')})` : '';
  console.log(`${id.padEnd(6)} -> ${verdict}${where}${says === '' ? '' : `: ${says}`}`);
}
const bad = table.filter(({ verdict }) => verdict === 'failed' || verdict === 'no test');
const good = table.filter(({ verdict }) => verdict === 'passed');
const out = table.length - bad.length - good.length;
if (out > 0) console.log(`${out} left out, each with its reason in docs/THREATS.md`);
process.exitCode = bad.length === 0 && good.length > 0 ? 0 : 1;
console.log(`${good.length} passed, ${bad.length} failed`);
