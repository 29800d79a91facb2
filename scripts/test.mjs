// `npm test`: every check and every test, one short line each, and "N passed, N failed" at the end.
// `npm run check` (--check): what needs neither a build nor a browser.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { root, runNode } from './child.mjs';
import { installIfNeeded, requireNode } from './install.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, says: string[] }} Count
 * @typedef {{ name: string, words: string[] }} Check
 */

const reports = path.join(root, 'test-results');
const total = { passed: 0, failed: 0 };

/**
 * Runs one step and tells how it went.
 * @param {string} name
 * @param {() => Promise<Count>} work
 */
async function step(name, work) {
  const started = performance.now();
  const { passed, failed, skipped, says } = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  const counts = [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} skipped`,
  ];
  console.log(`${name.padEnd(9)}${seconds} s   ${counts.filter(Boolean).join(', ')}`);
  for (const line of says) console.log(line.replaceAll(/^/gm, '    '));
  total.passed += passed;
  total.failed += failed;
}

/** A report for people: machine paths say nothing to them, nor do the runner's own frames. */
function plain(/** @type {string} */ text) {
  return stripVTControlCharacters(text)
    .replaceAll(`${root}${path.sep}`, '')
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules\/|<anonymous>|node:internal)/.test(line))
    .join('\n')
    .trim();
}

/** A check is one test: its exit code is the answer. */
async function check(/** @type {Check} */ { words }) {
  const { code, output } = await runNode(words);
  const good = code === 0;
  return {
    passed: good ? 1 : 0,
    failed: good ? 0 : 1,
    skipped: 0,
    says: good ? [] : [plain(output)],
  };
}

/** @param {Check[]} checks */
async function twoAtATime(checks) {
  const waiting = [...checks];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const current = next;
      await step(current.name, () => check(current));
    }
  };
  await Promise.all([work(), work()]);
}

/**
 * The test files of a runner; each of them must appear in its report.
 * @param {string[]} folders
 * @param {RegExp} name
 */
function testFiles(folders, name) {
  return folders
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }),
    )
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

/** @returns {any} */
function readReport(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Adds what a report keeps silent about: a runner that broke, a file it did not run.
 * @param {Count} count
 * @param {{ code: number, output: string, files: string[], ran: Set<string> }} run
 */
function withSilence(count, { code, output, files, ran }) {
  const missing = files.filter((file) => !ran.has(file));
  for (const file of missing) count.says.push(`${file} was not run`);
  count.failed += missing.length;
  if (code !== 0 && count.failed === 0) {
    count.failed += 1;
    count.says.push(plain(output));
  }
  return count;
}

/**
 * @param {string} project
 * @param {string[]} files
 * @returns {Promise<Count>}
 */
async function vitest(project, files) {
  /** @type {Count} */
  const count = { passed: 0, failed: 0, skipped: 0, says: [] };
  if (files.length === 0) return count;
  const file = path.join(reports, `${project}.json`);
  rmSync(file, { force: true });
  const { code, output } = await runNode(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      project,
      '--reporter=json',
      `--outputFile=${file}`,
      '--silent',
    ],
    { env: { CI: '1' } },
  );
  const ran = new Set();
  for (const suite of readReport(file)?.testResults ?? []) {
    const name = path.relative(root, suite.name);
    ran.add(name);
    for (const result of suite.assertionResults) {
      if (result.status === 'passed') count.passed += 1;
      else if (result.status !== 'failed') count.skipped += 1;
      else {
        count.failed += 1;
        count.says.push(
          plain([`${name}: ${result.fullName}`, ...result.failureMessages].join('\n')),
        );
      }
    }
    const broken = suite.assertionResults.every((/** @type {any} */ r) => r.status !== 'failed');
    if (suite.status === 'failed' && broken) {
      count.failed += 1;
      count.says.push(plain(`${name}: ${suite.message}`));
    }
  }
  return withSilence(count, { code, output, files, ran });
}

/**
 * @param {string[]} files
 * @returns {Promise<Count>}
 */
async function stories(files) {
  /** @type {Count} */
  const count = { passed: 0, failed: 0, skipped: 0, says: [] };
  if (files.length === 0) return count;
  try {
    const { findBrowser } = await import('./browser.mjs');
    await findBrowser();
  } catch (error) {
    const says = [error instanceof Error ? error.message : String(error)];
    return { ...count, failed: files.length, says };
  }
  const file = path.join(reports, 'e2e.json');
  rmSync(file, { force: true });
  const { code, output } = await runNode(
    ['node_modules/playwright/cli.js', 'test', '--config', 'e2e/playwright.config.ts'],
    { env: { CI: '1', E2E_REPORT: file } },
  );
  const report = readReport(file);
  const ran = new Set();
  /** @type {(suite: any, titles: string[]) => void} */
  const walk = (suite, titles) => {
    for (const inner of suite.suites ?? []) walk(inner, [...titles, inner.title]);
    for (const spec of suite.specs ?? []) {
      ran.add(path.join('e2e', spec.file));
      for (const story of spec.tests) {
        if (story.status === 'expected') count.passed += 1;
        else if (story.status === 'skipped') count.skipped += 1;
        else {
          // A story told again is counted as passed and named with what went wrong the first time (decision 31).
          const again = story.status === 'flaky';
          if (again) count.passed += 1;
          else count.failed += 1;
          const errors = story.results.flatMap((/** @type {any} */ result) => result.errors);
          const says = errors.map((/** @type {any} */ error) => error.message ?? '');
          const title = [...titles, spec.title].join(' > ');
          count.says.push(
            plain([again ? `passed at the second attempt: ${title}` : title, ...says].join('\n')),
          );
        }
      }
    }
  };
  for (const suite of report?.suites ?? []) walk(suite, [suite.title]);
  for (const error of report?.errors ?? []) {
    count.failed += 1;
    count.says.push(plain(error.message ?? 'the stories could not be run'));
  }
  return withSilence(count, { code, output, files, ran });
}

requireNode();
process.chdir(root);
await installIfNeeded();
mkdirSync(reports, { recursive: true });

await twoAtATime([
  { name: 'types', words: ['scripts/types.mjs'] },
  { name: 'lint', words: ['scripts/lint.mjs'] },
  { name: 'format', words: ['scripts/format.mjs'] },
  { name: 'walls', words: ['scripts/walls.mjs'] },
  { name: 'knip', words: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'licences', words: ['scripts/licences.mjs', '--offline'] },
]);

const isTest = /\.test\.tsx?$/;
const scenarios = testFiles(['src/scenario'], isTest);
const units = testFiles(['src', 'scripts'], isTest).filter((file) => !scenarios.includes(file));
const everything = !process.argv.includes('--check');
if (everything) await step('build', () => check({ name: 'build', words: ['scripts/build.mjs'] }));
await step('unit', () => vitest('unit', units));
if (everything) {
  await step('scenario', () => vitest('scenario', scenarios));
  await step('stories', () => stories(testFiles(['e2e'], /\.spec\.ts$/)));
}

process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
