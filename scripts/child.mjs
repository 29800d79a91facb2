// Runs another program, keeps what it says, and never leaves it behind. Only Node's own modules: it runs before the install.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

export const root = path.join(import.meta.dirname, '..');

const endings = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Resolves when the program has ended; a program that could not be started ends with code 127.
 * @param {string} program
 * @param {string[]} words
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, show?: boolean }} [how]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, words, { env = {}, cwd = root, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      cwd,
      env: { ...process.env, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));

    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      child.kill(signal);
      process.exitCode = 130;
    };
    const forget = () => {
      for (const signal of endings) process.off(signal, end);
    };
    for (const signal of endings) process.on(signal, end);
    child.on('error', (error) => {
      forget();
      resolve({ code: 127, output: `${program}: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      forget();
      if (signal !== null && process.exitCode === 130) process.exit(130);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs a program of this repository or of one of its packages with the same Node.
 * @param {string[]} words
 * @param {Parameters<typeof run>[2]} [how]
 */
export function runNode(words, how) {
  return run(process.execPath, words, how);
}
