import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkBundle } from './bundle.mjs';

type Tree = Record<string, string>;

const clean: Tree = {
  'index.html':
    '<html><head><script src="/theme.js"></script><script type="module" src="/assets/index-1.js"></script></head></html>',
  'theme.js': 'document;',
  'assets/index-1.js': 'render();',
  'assets/worker-main-1.js': 'const a={libsodium:1,b:"AGFzbQ"};',
  'assets/worker-argonWorker-1.js': 'const a={libsodium:1,b:"AGFzbQ"};',
};

const page = (html: string): Tree => ({ 'index.html': html });

const faults: [string, Tree, RegExp][] = [
  [
    'a page chunk with a name of libsodium',
    { 'assets/index-1.js': 'a.crypto_sign_detached()' },
    /index-1/,
  ],
  ['a page chunk with WebAssembly inside', { 'assets/chat-1.js': 'x="AGFzbQEAAAA"' }, /chat-1/],
  [
    'a worker without keys',
    { 'assets/worker-main-1.js': 'nothing', 'assets/worker-argonWorker-1.js': 'nothing' },
    /no worker file/,
  ],
  [
    'the large libsodium in the worker of the keys (P110)',
    { 'assets/worker-main-1.js': '"AGFzbQ";"AGFzbQ"' },
    /worker-main-1.js holds libsodium 2 times/,
  ],
  [
    'a second throw-away worker',
    { 'assets/worker-argonWorker-2.js': '"AGFzbQ"' },
    /not one worker of its own/,
  ],
  ['an inline script', page('<script>run()</script>'), /inline script/],
  ['a script that is both', page('<script src="/a.js">run()</script>'), /inline script/],
  ['an inline style element', page('<style>a{}</style>'), /inline style/],
  ['a style attribute', page('<p style="color:red">'), /inline style/],
  ['a handler attribute', page('<p onclick="run()">'), /inline handler/],
  [
    'a script from elsewhere',
    page('<script src="https://cdn.example/a.js"></script>'),
    /elsewhere/,
  ],
];

const cache = path.join(import.meta.dirname, '../node_modules/.cache');
let home = '';
beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  home = mkdtempSync(path.join(cache, 'bundle-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function plant(name: string, tree: Tree): string {
  const root = path.join(home, name.replaceAll(/\W+/g, '-'));
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

describe('bundle', () => {
  test('a page without keys and without inline code has no fault', () => {
    expect(checkBundle(plant('clean', clean))).toEqual([]);
  });

  test('a page that was not built is a fault', () => {
    expect(checkBundle(path.join(home, 'nowhere'))).toEqual(['the page is not built']);
  });

  test.each(faults)('%s is a fault', (name, planted, says) => {
    expect(checkBundle(plant(name, { ...clean, ...planted })).join('\n')).toMatch(says);
  });
});
