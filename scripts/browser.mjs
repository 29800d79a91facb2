// Finds a Chromium for the stories, and fetches one into node_modules/.cache when the machine has none.
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root, run, runNode } from './child.mjs';

/** @typedef {{ file: string, env: Record<string, string> }} Browser */

const version = '147.0.0';
const cache = path.join(root, 'node_modules/.cache/chromium');

const help = [
  'No Chromium was found and none could be fetched. Do one of these and run it again:',
  '  npx playwright install chromium',
  '  apt-get install chromium',
  '  or set CHROMIUM to the program file of a Chromium or Chrome.',
].join('\n');

/** @param {string} file */
function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find(canRun);
}

async function ofPlaywright() {
  const { chromium } = await import('playwright');
  const file = chromium.executablePath();
  return canRun(file) ? file : undefined;
}

/**
 * A Chromium inside an npm package, made for a cloud function: it brings its own libraries and fonts, and needs to be told so.
 * @returns {Promise<Browser | undefined>}
 */
async function fetched() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const unpacked = path.join(cache, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  const parcel = path.join(cache, 'node_modules/@sparticuz/chromium/package.json');
  if (!existsSync(parcel)) {
    writeFileSync(path.join(cache, 'package.json'), '{ "private": true, "type": "module" }\n');
    const words = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    const got = [...words, '--loglevel=error', `@sparticuz/chromium@${version}`];
    const npm = process.env['npm_execpath'];
    const { code } = npm?.endsWith('npm-cli.js')
      ? await runNode([npm, ...got], { cwd: cache })
      : await run('npm', got, { cwd: cache });
    if (code !== 0) return undefined;
  }

  const ask =
    "const { default: chromium } = await import('@sparticuz/chromium'); console.log(await chromium.executablePath());";
  const { code, output } = await runNode(['--input-type=module', '--eval', ask], {
    cwd: cache,
    env: { TMPDIR: unpacked, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
  });
  const file = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !canRun(file)) return undefined;

  const fonts = path.join(cache, 'fonts.conf');
  const folders = [path.join(unpacked, 'fonts'), '/usr/share/fonts'];
  writeFileSync(
    fonts,
    [
      '<?xml version="1.0"?>',
      '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
      '<fontconfig>',
      ...folders.map((folder) => `  <dir>${folder}</dir>`),
      `  <cachedir>${path.join(unpacked, 'fontcache')}</cachedir>`,
      '</fontconfig>',
      '',
    ].join('\n'),
  );
  const libraries = path.join(unpacked, 'al2023/lib');
  return { file, env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fonts } };
}

/** Whether the program is there and also starts: a missing library shows only then. */
async function starts(/** @type {Browser} */ { file, env }) {
  const { code } = await run(file, ['--version'], { env });
  return code === 0;
}

/**
 * The browser to use and the environment it needs. Throws an error that says what to install; never skips in silence.
 * @returns {Promise<Browser>}
 */
export async function findBrowser() {
  const named = process.env['CHROMIUM'];
  if (named) {
    if (canRun(named)) return { file: named, env: {} };
    throw new Error(`CHROMIUM names no program file.\n${help}`);
  }
  const file = onPath() ?? (await ofPlaywright());
  if (file !== undefined) return { file, env: {} };
  const browser = await fetched();
  if (browser !== undefined && (await starts(browser))) return browser;
  throw new Error(help);
}
