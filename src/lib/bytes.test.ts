import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ascii,
  type Bytes,
  concat,
  equal,
  fromBase64url,
  fromHex,
  fromUtf8,
  isZero,
  toBase64url,
  toHex,
  utf8,
} from './bytes.ts';

const bytes = (...values: number[]): Bytes => new Uint8Array(values);
const anyBytes = fc.uint8Array({ maxLength: 100 }).map((value) => new Uint8Array(value));

describe('joining and comparing', () => {
  it('concat copies: the result does not change with its parts', () => {
    const part = bytes(1, 2);
    const whole = concat(part, bytes(), bytes(3));
    part.fill(9);
    expect(whole).toEqual(bytes(1, 2, 3));
    expect(concat()).toEqual(bytes());
  });

  it('equal: same length and same bytes, nothing else', () => {
    expect(equal(bytes(), bytes())).toBe(true);
    expect(equal(bytes(1, 2), bytes(1, 2))).toBe(true);
    expect(equal(bytes(1, 2), bytes(1))).toBe(false);
    expect(equal(bytes(1, 2), bytes(1, 2, 0))).toBe(false);
    expect(equal(bytes(1, 2), bytes(1, 3))).toBe(false);
    expect(equal(bytes(0x80), bytes(0))).toBe(false);
  });

  it('isZero: every byte is zero', () => {
    expect(isZero(new Uint8Array(32))).toBe(true);
    expect(isZero(bytes())).toBe(true);
    expect(isZero(bytes(0, 0, 1))).toBe(false);
  });
});

describe('text and bytes (pitfall 10)', () => {
  it('utf8 refuses lone surrogates, which have no UTF-8 form', () => {
    for (const text of ['\ud800', 'a\udc00b', '\udc00\ud800', '\ud83d'])
      expect(utf8(text)).toBeNull();
    expect(utf8('\u{1F600}')).toEqual(bytes(0xf0, 0x9f, 0x98, 0x80));
    expect(utf8('')).toEqual(bytes());
  });

  it('ascii writes our own labels as they are', () => {
    expect(ascii('conclave1/T')).toEqual(new Uint8Array(Buffer.from('conclave1/T', 'latin1')));
  });

  it('a leading byte-order mark is kept, so that text and bytes are a round trip', () => {
    expect(fromUtf8(bytes(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
    expect(utf8('\ufeffa')).toEqual(bytes(0xef, 0xbb, 0xbf, 0x61));
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['an overlong slash in two bytes', [0xc0, 0xaf]],
    ['an overlong zero in two bytes', [0xc0, 0x80]],
    ['an overlong slash in three bytes', [0xe0, 0x80, 0xaf]],
    ['an overlong slash in four bytes', [0xf0, 0x80, 0x80, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a surrogate pair in six bytes', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['a point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a five-byte form', [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ['0xFF', [0xff]],
  ])('P120: fromUtf8 refuses %s', (_, input) => {
    expect(fromUtf8(bytes(0x61, ...input, 0x62))).toBeNull();
    expect(fromUtf8(bytes(...input))).toBeNull();
  });

  it('every well-formed text comes back from its UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = utf8(text);
        expect(encoded === null ? null : fromUtf8(encoded)).toBe(text);
      }),
    );
  });
});

describe('hex', () => {
  it('writes lower case and reads it back', () => {
    fc.assert(
      fc.property(anyBytes, (value) => {
        expect(toHex(value)).toMatch(/^([0-9a-f]{2})*$/);
        expect(fromHex(toHex(value))).toEqual(value);
      }),
    );
  });

  it.each(['a', 'abc', 'AB', '0x', ' 00', '00 ', '0g', '\u0660\u0661', '00\n'])(
    'refuses %j: ids have one form only',
    (text) => {
      expect(fromHex(text)).toBeNull();
    },
  );

  it('hex sorts as the bytes do', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (a, b) => {
          expect(toHex(a) < toHex(b)).toBe(Buffer.compare(a, b) < 0);
        },
      ),
    );
  });
});

describe('base64url (pitfall 13)', () => {
  it('writes what the platform writes and reads it back', () => {
    fc.assert(
      fc.property(anyBytes, (value) => {
        expect(toBase64url(value)).toBe(Buffer.from(value).toString('base64url'));
        expect(fromBase64url(toBase64url(value))).toEqual(value);
      }),
    );
  });

  it.each([
    ['padding', 'AA=='],
    ['one letter', 'A'],
    ['five letters', 'AAAAA'],
    ['white space', 'AA AA'],
    ['a line end', 'AAAA\n'],
    ['the other alphabet', '+/AA'],
    ['a full stop', 'AAA.'],
    ['letters beyond ASCII', '\u{1F600}AA'],
    ['NUL', 'AA\0A'],
  ])('refuses %s', (_, text) => {
    expect(fromBase64url(text)).toBeNull();
  });

  it('refuses stray bits: one value has one text', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const read = (tail: (letter: string) => string): number =>
      [...letters].filter((letter) => fromBase64url(tail(letter)) !== null).length;
    expect(read((letter) => `A${letter}`)).toBe(4);
    expect(read((letter) => `AA${letter}`)).toBe(16);
    expect(read((letter) => `AAA${letter}`)).toBe(64);
  });

  it('P113: whatever text comes in, the readers answer bytes or null', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = fromBase64url(text);
        expect(read === null ? text : toBase64url(read)).toBe(text);
        const hex = fromHex(text);
        expect(hex === null ? text : toHex(hex)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});
