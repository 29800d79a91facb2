import { describe, expect, it } from 'vitest';
import { isOtherPicture, pictureKind } from './pictureKind.ts';

const start = (text: string): Uint8Array => {
  return Uint8Array.from({ length: 16 }, (_, at) => text.charCodeAt(at) || 0);
};

describe('a picture is known by its first bytes, not by its name or type', () => {
  it.each(['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis'])(
    'brand %s',
    (brand) => {
      expect(isOtherPicture(start(`\0\0\0\x18ftyp${brand}`))).toBe(true);
    },
  );

  it('TIFF of either byte order, and raw pictures built on it', () => {
    expect(isOtherPicture(start('II*\0\x08'))).toBe(true);
    expect(isOtherPicture(start('FUJIFILMCCD-RAW '))).toBe(true);
    expect(isOtherPicture(start('MM\0*\0\0\0\x08'))).toBe(true);
    expect(isOtherPicture(start('II*\0\x10\0\0\0CR'))).toBe(true);
  });

  it('films, documents, and nothing at all are no pictures', () => {
    for (const text of ['\0\0\0\x18ftypisom', '\0\0\0\x18ftypmp42', '%PDF-1.7', 'II', '']) {
      expect(isOtherPicture(start(text))).toBe(false);
      expect(pictureKind(start(text))).toBeNull();
    }
  });
});
