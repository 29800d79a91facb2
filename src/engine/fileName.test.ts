import { expect, it } from 'vitest';
import { STRANGE } from '../scenario/strangeTexts.ts';
import { fileName } from './fileName.ts';

it.each([
  ['plan.pdf', 'plan.pdf'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Users\\Mallory\\x.txt', 'C__Users_Mallory_x.txt'],
  ['inv\u202Egpj.exe', 'invgpj.exe'],
  ['.profile', 'profile'],
  ['name. . ', 'name'],
  ['con.txt', '_con.txt'],
  ['LPT1', '_LPT1'],
  ['a\u0000b\nc', 'abc'],
  ['', 'file'],
  ['...', 'file'],
  ['\ud800x', '\ufffdx'],
  ['Größe – 3 m².txt', 'Größe – 3 m².txt'],
])('9.14: %j is shown and saved as %j', (claimed, shown) => {
  expect(fileName(claimed)).toBe(shown);
});

it('9.14: a long name is cut before its ending, never inside a character', () => {
  const name = fileName(`${'🌱'.repeat(120)}.jpeg`);
  expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
  expect(name.endsWith('🌱.jpeg')).toBe(true);
  expect(name.isWellFormed()).toBe(true);
});

it('9.14: what was made harmless stays as it is, also where it was cut at a space', () => {
  for (const claimed of [
    `${'a'.repeat(199)} b`,
    `${'a'.repeat(190)} . b${'.c'.repeat(9)}.txt`,
    ...STRANGE,
  ])
    expect(fileName(fileName(claimed))).toBe(fileName(claimed));
});
