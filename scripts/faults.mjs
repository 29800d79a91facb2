// `npm run test:faults`: what was stopped, cut, killed or filled, and how it went; the full counts unless told --small.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root, runNode } from './child.mjs';
import { findBrowser } from './browser.mjs';
import { installIfNeeded, requireNode } from './install.mjs';
import { isBuilt } from './sources.mjs';

/** @typedef {{ title: string, passed: boolean, says: string }} Verdict */

const reports = path.join(root, 'test-results');
const counts = process.argv.includes('--small') ? {} : { FAULTS: 'full', FLOODS: 'full' };

const SCENARIOS = [
  'killed.test.ts',
  'stopped.test.ts',
  'cut.test.ts',
  'restart.test.ts',
  'storage.test.ts',
  'clocks.test.ts',
  'floods.test.ts',
].map((name) => `src/scenario/${name}`);

/** @returns {any} */
function readReport(/** @type {string} */ file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** @returns {Promise<Verdict[]>} */
async function scenarios() {
  const file = path.join(reports, 'faults.json');
  rmSync(file, { force: true });
  const words = ['run', '--project', 'scenario', '--reporter=json', `--outputFile=${file}`];
  const { output } = await runNode(['node_modules/vitest/vitest.mjs', ...words, ...SCENARIOS], {
    env: { CI: '1', ...counts },
  });
  for (const line of output.split('\n'))
    if (/^(floods:|killed |FUZZ_SEED=)/.test(line)) console.log(line);
  const report = readReport(file);
  if (report === null) return [{ title: 'scenarios', passed: false, says: output.slice(-2000) }];
  return report.testResults.flatMap((/** @type {any} */ suite) =>
    suite.assertionResults.length === 0
      ? [{ title: path.basename(suite.name), passed: false, says: suite.message }]
      : suite.assertionResults.map((/** @type {any} */ result) => ({
          title: result.fullName,
          passed: result.status === 'passed',
          says: result.failureMessages.join('\n'),
        })),
  );
}

/** @returns {Promise<Verdict[]>} */
async function browsers() {
  const failed = (/** @type {string} */ says) => [{ title: 'browser', passed: false, says }];
  try {
    await findBrowser();
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  if (!isBuilt()) {
    const { code, output } = await runNode(['scripts/build.mjs']);
    if (code !== 0) return failed(output);
  }
  const file = path.join(reports, 'faults-e2e.json');
  rmSync(file, { force: true });
  const words = ['test', '--config', 'e2e/playwright.config.ts', 'e2e/faults.spec.ts'];
  const { output } = await runNode(['node_modules/playwright/cli.js', ...words], {
    env: { CI: '1', E2E_REPORT: file, ...counts },
  });
  const specs = (readReport(file)?.suites ?? []).flatMap((/** @type {any} */ suite) => suite.specs);
  if (specs.length === 0) return failed(output.slice(-2000));
  return specs.map((/** @type {any} */ spec) => ({
    title: spec.title,
    passed: spec.ok,
    says: spec.tests
      .flatMap((/** @type {any} */ test) => test.results)
      .flatMap((/** @type {any} */ result) => result.errors)
      .map((/** @type {any} */ error) => error.message)
      .join('\n'),
  }));
}

requireNode();
process.chdir(root);
await installIfNeeded();
mkdirSync(reports, { recursive: true });

const verdicts = [...(await scenarios()), ...(await browsers())];
for (const { title, passed, says } of verdicts) {
  console.log(`${passed ? 'passed' : 'FAILED'}  ${title}`);
  if (!passed) console.log(says.replaceAll(/^/gm, '        '));
}
const failed = verdicts.filter(({ passed }) => !passed).length;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${verdicts.length - failed} passed, ${failed} failed`);
