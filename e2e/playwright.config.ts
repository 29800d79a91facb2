import { availableParallelism } from 'node:os';
import process from 'node:process';
import { defineConfig } from 'playwright/test';
import { findBrowser } from '../scripts/browser.mjs';

const browser = await findBrowser();
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/e2e',
  // A story mostly waits; each has a server and browsers of its own. More than two and they would wait for each other.
  workers: Math.min(2, availableParallelism()),
  // `npm test` tells a story once more and names it (decision 31); by hand a fault shows at once.
  retries: process.env['CI'] === '1' ? 1 : 0,
  fullyParallel: false,
  forbidOnly: true,
  // Limits for a machine with other work to do: nothing waits this long where all is well.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [
    ['line'],
    ['json', { outputFile: process.env['E2E_REPORT'] ?? '../test-results/e2e.json' }],
  ],
  use: {
    browserName: 'chromium',
    actionTimeout: 20_000,
    locale: 'en-US',
    viewport: { width: 1440, height: 900 },
    // No film of each page: drawing it costs a sixth of the time, and the page of every act is kept as it stood.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: browser.file,
      env: { ...process.env, ...browser.env },
      args: [
        // Chromium refuses its sandbox to root; for everybody else it stays on.
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
        '--disable-gpu',
      ],
    },
  },
});
