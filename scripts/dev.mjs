// `npm run dev`: the page with hot reload, and the server restarted on each change; both end together.
import { spawn } from 'node:child_process';
import process from 'node:process';
import { root } from './child.mjs';
import { installIfNeeded, requireNode } from './install.mjs';

requireNode();
await installIfNeeded();

const pagePort = process.env['CONCLAVE_DEV_PAGE_PORT'] ?? '5173';
const serverPort = process.env['CONCLAVE_DEV_SERVER_PORT'] ?? '8788';
const shared = { ...process.env, CONCLAVE_DEV_SERVER_PORT: serverPort };

const children = [
  spawn(
    process.execPath,
    ['--watch', '--watch-preserve-output', '--import', 'tsx', 'src/server/main.ts'],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...shared, PORT: serverPort, ORIGIN: `http://localhost:${pagePort}` },
    },
  ),
  spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--port', pagePort], {
    cwd: root,
    stdio: 'inherit',
    env: shared,
  }),
];

let ending = false;
/** @param {number} code */
function end(code) {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  for (const child of children) child.kill('SIGTERM');
}
for (const child of children) child.on('exit', (code) => end(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
