// Looks at the built page: keys live in the worker's file only, and nothing needs an inline script or style.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** libsodium's names survive minification, and its WebAssembly starts like this in base64. */
const marks = ['libsodium', 'crypto_sign_detached', 'crypto_aead_', 'AGFzbQ'];
const anyScript = /<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi;
const workerFile = /(^|\/)worker-[^/]*\.js$/;
/** The throw-away worker: the large build of libsodium, for passphrases. */
const argonFile = /(^|\/)worker-argonWorker-[^/]*\.js$/;
const wasmStart = 'AGFzbQ';

/**
 * Every fault of the built page, in words; a page without scripts, or a worker without keys, is a fault too.
 * @param {string} folder
 */
export function checkBundle(folder) {
  if (!existsSync(folder)) return ['the page is not built'];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const name = (/** @type {string} */ file) => path.relative(folder, file).replaceAll('\\', '/');
  const holds = (/** @type {string} */ file) => {
    const text = readFileSync(file, 'utf8');
    return marks.filter((mark) => text.includes(mark));
  };

  const faults = [];
  const scripts = files.filter((file) => file.endsWith('.js'));
  const workers = scripts.filter((file) => workerFile.test(name(file)));
  const pages = scripts.filter((file) => !workers.includes(file));
  if (!pages.some((file) => name(file).startsWith('assets/')))
    faults.push('the page has no script');
  if (!workers.some((file) => holds(file).length > 0))
    faults.push('no worker file holds libsodium');
  if (workers.filter((file) => argonFile.test(name(file))).length !== 1)
    faults.push('the large libsodium has not one worker of its own');
  for (const file of workers) {
    // Two in one file: the large build is loaded where the keys live, and its memory is never given back.
    const builds = readFileSync(file, 'utf8').split(wasmStart).length - 1;
    if (builds > 1) faults.push(`${name(file)} holds libsodium ${builds} times`);
  }
  for (const file of pages) {
    for (const mark of holds(file)) faults.push(`${name(file)} is page code and holds "${mark}"`);
  }

  const documents = files.filter((file) => file.endsWith('.html'));
  if (documents.length === 0) faults.push('there is no page');
  for (const file of documents) {
    const html = readFileSync(file, 'utf8');
    for (const [, attributes = '', inside = ''] of html.matchAll(anyScript)) {
      if (!/\bsrc\s*=/i.test(attributes) || inside.trim() !== '')
        faults.push(`${name(file)} has an inline script`);
    }
    if (/<style\b/i.test(html) || /<[^>]+\sstyle\s*=/i.test(html))
      faults.push(`${name(file)} has an inline style`);
    if (/<[^>]+\son[a-z]+\s*=/i.test(html)) faults.push(`${name(file)} has an inline handler`);
    if (/\b(src|href)\s*=\s*["']?\s*(data|javascript|https?):/i.test(html))
      faults.push(`${name(file)} loads from elsewhere`);
  }
  return faults;
}
