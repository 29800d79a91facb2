import { describe, expect, it } from 'vitest';
import { toBase64url } from '../../lib/bytes.ts';
import { readContactCode } from './contactCode.ts';

const bytes = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
const code = toBase64url(bytes);
const pid = Buffer.from(bytes).toString('hex');

describe('a contact code', () => {
  it('is read alone, with spaces around it, and out of a sentence', () => {
    expect(readContactCode(code)).toBe(pid);
    expect(readContactCode(`\n ${code} `)).toBe(pid);
    expect(readContactCode(`My code is ${code}.`)).toBe(pid);
    expect(readContactCode(`${code} ${code}`)).toBe(pid);
  });

  it('is not read where it is cut, extended, not canonical, or one of two', () => {
    expect(readContactCode(code.slice(1))).toBeNull();
    expect(readContactCode(`${code}A`)).toBeNull();
    expect(readContactCode('_'.repeat(43))).toBeNull();
    expect(readContactCode(`${code} ${toBase64url(bytes.toReversed())}`)).toBeNull();
    expect(readContactCode('')).toBeNull();
  });
});
