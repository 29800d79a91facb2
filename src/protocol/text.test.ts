import { describe, expect, it } from 'vitest';
import { ascii, type Bytes, concat, utf8 } from '../lib/bytes.ts';
import type { Outcome } from './failure.ts';
import { SIZE } from './limits.ts';
import { PAYLOADS, taken, TEXTS } from './testing/samples.ts';
import {
  decodeIntro,
  decodePayload,
  decodePreview,
  decodeProfile,
  decodeStaffText,
  encodeIntro,
  encodePayload,
  encodeProfile,
  type Payload,
} from './text.ts';

const errorOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'taken' : outcome.error.name);
const read = (text: string): string => errorOf(decodePayload(ascii(text)));
const hex = 'a'.repeat(64);

describe('payloads', () => {
  it.each(Object.values(PAYLOADS).map((payload) => [payload.type, payload] as const))(
    '%s comes back as it was written',
    (_, payload) => {
      expect(decodePayload(taken(encodePayload(payload)))).toEqual({ ok: true, value: payload });
    },
  );

  it.each(Object.values(PAYLOADS).map((payload) => [payload.type, payload] as const))(
    '%s with a field more, a field less or a field of another type is E_FORMAT',
    (_, payload) => {
      const optional = [
        'reply',
        'mentions',
        'width',
        'height',
        'preview',
        'about',
        'request',
        'verdict',
        'report',
        'dev',
        'sig',
      ];
      expect(read(JSON.stringify({ ...payload, extra: 1 }))).toBe('E_FORMAT');
      for (const field of Object.keys(payload).filter((name) => name !== 'type')) {
        const { [field]: left, ...rest } = payload as Record<string, unknown>;
        expect(left).toBeDefined();
        expect(read(JSON.stringify(rest))).toBe(optional.includes(field) ? 'taken' : 'E_FORMAT');
        for (const value of [null, {}, -1, 0.5])
          expect(read(JSON.stringify({ ...payload, [field]: value }))).toBe('E_FORMAT');
      }
    },
  );

  it('a type of later versions is E_VERSION, so that it is shown as a neutral line', () => {
    expect(read('{"type":"poll","question":"?"}')).toBe('E_VERSION');
    for (const text of [
      '{}',
      '{"type":1}',
      '{"type":null}',
      '[]',
      '"text"',
      'null',
      '1',
      '{"type":"text"}',
    ])
      expect(read(text)).toBe('E_FORMAT');
  });

  it('P037: prototype names are fields like any other, and unknown ones', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect(read(`{"type":"text","text":"a","${name}":{"polluted":true}}`)).toBe('E_FORMAT');
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(read(`{"type":"${name}"}`)).toBe('E_VERSION');
    expect(read('{"__proto__":{"type":"text","text":"a"}}')).toBe('E_FORMAT');
    expect('polluted' in {}).toBe(false);
  });

  it('P037: nesting by thousands and numbers beyond all numbers are refused, without a throw', () => {
    const deep = 60 * 1024;
    for (const text of [
      '['.repeat(deep),
      `${'['.repeat(deep / 2)}${']'.repeat(deep / 2)}`,
      '{"type":'.repeat(7000),
      `{"type":"text","text":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      `{"type":"ping","nonce":1e400}`,
      `{"type":"names","blob":"${hex}","key":"${'A'.repeat(43)}","hash":"${hex}","bytes":1e400}`,
      `{"type":"names","blob":"${hex}","key":"${'A'.repeat(43)}","hash":"${hex}","bytes":9007199254740992}`,
    ])
      expect(read(text)).toBe('E_FORMAT');
  });

  it('P120: bytes that are not UTF-8, and escapes that are half a character, are E_FORMAT', () => {
    const around = (inner: Uint8Array): Bytes =>
      concat(ascii('{"type":"text","text":"'), inner, ascii('"}'));
    expect(errorOf(decodePayload(around(utf8('\u{1F600}') ?? new Uint8Array())))).toBe('taken');
    for (const wrong of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f]])
      expect(errorOf(decodePayload(around(new Uint8Array(wrong))))).toBe('E_FORMAT');
    expect(read('{"type":"text","text":"\\ud800"}')).toBe('E_FORMAT');
    expect(read('{"type":"text","text":"\\ud83d\\ude00"}')).toBe('taken');
  });

  it('our own writer refuses what readers would: lone surrogates, empty texts, texts over the limit', () => {
    const write = (payload: Payload): string => errorOf(encodePayload(payload));
    expect(write({ type: 'text', text: '\ud800' })).toBe('E_FORMAT');
    expect(write({ type: 'text', text: '' })).toBe('E_FORMAT');
    expect(write({ type: 'text', text: 'a'.repeat(SIZE.payloadBytes) })).toBe('E_LIMIT');
    expect(write({ type: 'text', text: '\u00e4'.repeat(SIZE.payloadBytes / 2) })).toBe('E_LIMIT');
    expect(write({ type: 'text', text: 'a'.repeat(SIZE.payloadBytes - 30) })).toBe('taken');
  });

  it('P036: more bytes than the limit are E_LIMIT before anything is parsed', () => {
    const outcomes = [
      decodePayload,
      decodeProfile,
      decodeStaffText,
      decodePreview,
      decodeIntro,
    ].map((decodeIt) => errorOf(decodeIt(new Uint8Array(10_000_000))));
    expect(new Set(outcomes)).toEqual(new Set(['E_LIMIT']));
  });
});

describe('profile and intro', () => {
  it('texts over their limit are not written', () => {
    expect(errorOf(encodeProfile({ ...TEXTS.profile, group_name: 'a'.repeat(201) }))).toBe(
      'E_FORMAT',
    );
    expect(
      errorOf(
        encodeProfile({
          ...TEXTS.profile,
          rules: '\u{1F600}'.repeat(2000),
          about: '\u00e4'.repeat(2000),
        }),
      ),
    ).toBe('E_LIMIT');
    expect(
      errorOf(encodeIntro({ ...TEXTS.intro, note: '\u00e4'.repeat(1000), name: 'A'.repeat(1000) })),
    ).toBe('E_LIMIT');
  });

  it('an image is a sealed blob, never an address', () => {
    for (const img of [
      'https://tracker.example/a.png',
      { url: 'https://tracker.example' },
      { blob: hex, key: 'A', hash: hex },
    ])
      expect(errorOf(decodeProfile(ascii(JSON.stringify({ ...TEXTS.profile, img }))))).toBe(
        'E_FORMAT',
      );
  });
});
