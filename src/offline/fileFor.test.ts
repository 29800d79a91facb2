import { describe, expect, it } from 'vitest';
import { fileFor } from './fileFor.ts';

const ORIGIN = 'https://chat.example';
const FILES = { '/index.html': 'aa', '/assets/index-abc.js': 'bb', '/icon.svg': 'cc' };
const ask = (address: string, mode = 'navigate', method = 'GET') =>
  fileFor({ method, mode, url: new URL(address, ORIGIN).href }, ORIGIN, FILES);

describe('which file of the build answers without a server', () => {
  it.each([
    ['/', '/index.html'],
    ['/g/abc', '/index.html'],
    ['/join#secret', '/index.html'],
    ['/?utm=1', '/index.html'],
    ['/index.html', '/index.html'],
  ])('a visit of %s opens the page', (address, file) => {
    expect(ask(address)).toBe(file);
  });

  it('a file of the build is itself', () => {
    expect(ask('/assets/index-abc.js', 'cors')).toBe('/assets/index-abc.js');
    expect(ask('/icon.svg', 'no-cors')).toBe('/icon.svg');
  });

  it.each([
    ['/healthz', 'navigate'],
    ['/healthz', 'cors'],
    ['/session', 'navigate'],
    ['/session', 'websocket'],
    ['/about.json', 'navigate'],
    ['/assets/index-old.js', 'cors'],
    ['/assets/none', 'navigate'],
    ['/icon.svg?v=2', 'no-cors'],
    ['/sw.js', 'same-origin'],
    ['/g/abc', 'cors'],
    ['/constructor', 'cors'],
    ['https://other.example/', 'navigate'],
    ['https://other.example/icon.svg', 'no-cors'],
  ])('%s as %s is left to the network', (address, mode) => {
    expect(ask(address, mode)).toBeNull();
  });

  it('nothing but reading is answered', () => {
    for (const method of ['POST', 'HEAD', 'PUT', 'DELETE'])
      expect(ask('/', 'navigate', method)).toBeNull();
  });

  it('a shell without files answers nothing', () => {
    expect(fileFor({ method: 'GET', mode: 'navigate', url: `${ORIGIN}/` }, ORIGIN, {})).toBeNull();
  });
});
