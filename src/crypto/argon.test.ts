import { describe, expect, it } from 'vitest';
import { toHex } from '../lib/bytes.ts';
import { argon2id } from './argon.ts';

/** Made with @noble/hashes 2: argon2id('anchor velvet', 16 times 7, t 3, m 131072, p 1, 32 bytes). */
const REFERENCE = '07b4d584c440333d72bb39ab764c27965a37e86fa35795dc42dee8f21c860830';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('Argon2id', () => {
  it('13: 3 passes over 128 MiB, the same bytes as another implementation makes', async () => {
    const salt = new Uint8Array(16).fill(7);
    expect(toHex(await argon2id(bytes('anchor velvet'), salt))).toBe(REFERENCE);
    expect(toHex(await argon2id(bytes('anchor velvet '), salt))).not.toBe(REFERENCE);
  });

  it('P110: an empty passphrase or a salt of another length is refused', async () => {
    await expect(argon2id(new Uint8Array(), new Uint8Array(16))).rejects.toThrow(
      'a passphrase is bytes',
    );
    await expect(argon2id(bytes('anchor'), new Uint8Array(8))).rejects.toThrow('16 bytes');
  });
});
