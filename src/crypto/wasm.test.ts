import { afterEach, expect, it, vi } from 'vitest';
import { argon2id } from './argon.ts';
import { loadSodium } from './sodium.ts';
import { needWasm } from './wasm.ts';

afterEach(() => vi.unstubAllGlobals());

it('P100: runs where WebAssembly compiles', () => {
  expect(() => needWasm()).not.toThrow();
});

it.each([
  ['is missing', undefined],
  [
    'validates, and a content policy forbids to compile it',
    {
      validate: () => true,
      Module: class {
        constructor() {
          throw new Error('refused by the content policy');
        }
      },
    },
  ],
])('P100: neither library is used where WebAssembly %s', async (_, wasm) => {
  vi.stubGlobal('WebAssembly', wasm);
  await expect(loadSodium()).rejects.toThrow('WebAssembly is not available');
  await expect(argon2id(new Uint8Array(8), new Uint8Array(16))).rejects.toThrow(
    'WebAssembly is not available',
  );
});
