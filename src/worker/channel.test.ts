import { describe, expect, it } from 'vitest';
import { readFrame } from './channel.ts';

describe('a frame between tabs', () => {
  it('is read as it came', () => {
    const frames = [
      { kind: 'seek', build: 'b' },
      { kind: 'lead', term: 't', key: new Uint8Array(65), build: 'b' },
      { kind: 'sealed', link: 'l', up: true, n: 0, bytes: new Uint8Array(9) },
    ];
    for (const frame of frames) expect(readFrame(frame)).toBe(frame);
  });

  it('is nothing where its kind or a part is not known', () => {
    const strange = [
      null,
      'leave',
      7,
      {},
      { kind: 'constructor' },
      { kind: 'lead', term: 't' },
      { kind: 'join', term: 't', link: 'l', key: 'x' },
      { kind: 'sealed', link: 'l', up: true, n: 0.5, bytes: new Uint8Array(9) },
    ];
    for (const data of strange) expect(readFrame(data)).toBeNull();
  });
});
