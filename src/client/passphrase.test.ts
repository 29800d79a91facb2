import { describe, expect, it } from 'vitest';
import { bitsOf, weaknessOf } from './passphrase.ts';

describe('a passphrase', () => {
  it.each([
    'password1234',
    'iloveyou2024',
    'qwertyuiop123',
    'aaaaaaaaaaaaaaaa',
    'secret secret secret secret secret',
    'internationalization',
    '123456789012345',
    'summer 2024',
  ])('P149: "%s" is refused for the lock', (text) => {
    expect(weaknessOf(text, 'lock')).not.toBeNull();
  });

  it('P149: four words lock a device, six open a vault', () => {
    const four = 'anchor velvet mosquito thunder';
    expect(weaknessOf(four, 'lock')).toBeNull();
    expect(weaknessOf(four, 'vault')).toBe('weak');
    expect(weaknessOf(`${four} cabbage oxygen`, 'vault')).toBeNull();
  });

  it('P149: what a password manager makes is strong, without rules of which signs it holds', () => {
    expect(weaknessOf('t7Qm2xVb9Lk4Wp8z', 'vault')).toBeNull();
    expect(weaknessOf('Überfahrt Käse Morgentau Zwölf', 'lock')).toBeNull();
  });

  it('P149: short ones are refused as short', () => {
    expect(weaknessOf('x9#Kp!2', 'lock')).toBe('short');
  });

  it('P149: saying it twice adds nothing', () => {
    expect(bitsOf('anchor velvet anchor velvet')).toBe(bitsOf('anchor velvet'));
  });
});
