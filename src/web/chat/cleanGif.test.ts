import { expect, it } from 'vitest';
import { cleanGif } from './cleanGif.ts';

const ascii = (text: string): number[] => [...text].map((sign) => sign.charCodeAt(0));
const SCREEN = [...ascii('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
const LOOP = [0x21, 0xff, 11, ...ascii('NETSCAPE2.0'), 3, 1, 0, 0, 0];
const CONTROL = [0x21, 0xf9, 4, 0, 10, 0, 0, 0];
const FRAME = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0];
const COMMENT = [0x21, 0xfe, 5, ...ascii('place'), 0];
const XMP = [0x21, 0xff, 11, ...ascii('XMP DataXMP'), 5, ...ascii('place'), 0];
const gif = (...blocks: readonly number[][]): Uint8Array =>
  new Uint8Array([...SCREEN, ...blocks.flat(), 0x3b]);

it('9.14: a GIF keeps its frames and how often it repeats, and loses comments and what programs wrote', () => {
  const plain = gif(LOOP, CONTROL, FRAME, CONTROL, FRAME);
  expect(cleanGif(gif(COMMENT, LOOP, XMP, CONTROL, FRAME, COMMENT, CONTROL, FRAME))).toEqual(plain);
  expect(cleanGif(plain)).toEqual(plain);
  // What follows the end is not part of it.
  expect(cleanGif(new Uint8Array([...plain, ...ascii('place')]))).toEqual(plain);
});

it('9.14: what is not built as a GIF is, is not taken for clean', () => {
  const whole = gif(LOOP, CONTROL, FRAME);
  for (let end = 0; end < whole.length; end++) expect(cleanGif(whole.subarray(0, end))).toBeNull();
  expect(cleanGif(gif([0x99, 1, 2, 3], FRAME))).toBeNull();
});
