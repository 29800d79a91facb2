import { describe, expect, it } from 'vitest';
import { loadSodium } from '../sodium.ts';
import type { Hash, Pid } from '../../protocol/ids.ts';
import type { VaultContent } from '../../protocol/vault.ts';
import {
  drawRecoveryCode,
  makeSlot,
  openSlot,
  openVault,
  readRecoveryCode,
  recoverySecret,
  sealVault,
} from './vault.ts';

const p = await loadSodium();
const pid = 'a'.repeat(64) as Pid;
const content: VaultContent = {
  chain: new Uint8Array([1, 2, 3]),
  root: p.random(32),
  sealing: [p.random(32)],
  name: 'Alice',
  devices: [],
  groups: [],
  verified: [],
};

function sealed() {
  const code = drawRecoveryCode(p);
  const secret = recoverySecret(p, code);
  const key = p.random(32);
  const head = {
    pid,
    n: 1,
    prev: '0'.repeat(64) as Hash,
    slots: [makeSlot(p, pid, secret, key, { kind: 'recoveryCode', made: 5, proved: true })],
  };
  return { code, secret, key, vault: sealVault(p, head, key, content) };
}

describe('the vault', () => {
  it('13: opens with its recovery code, however it is typed', () => {
    const { code, vault } = sealed();
    const typed = ` ${code.toLowerCase().replace(/(.{4})/gu, '$1-')} `
      .replaceAll('1', 'l')
      .replaceAll('0', 'o');
    const again = readRecoveryCode(typed);
    expect(again).toBe(code);
    const key = openSlot(p, vault, recoverySecret(p, again ?? ''));
    expect(key.ok && openVault(p, vault, key.value)).toEqual({ ok: true, value: content });
  });

  it('13: a code has 26 signs of Crockford; anything else is none', () => {
    expect(drawRecoveryCode(p)).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/u);
    expect(readRecoveryCode('U'.repeat(26))).toBeNull();
    expect(readRecoveryCode('0'.repeat(25))).toBeNull();
    expect(readRecoveryCode('')).toBeNull();
  });

  it('P141: a wrong code is answered by the check; nothing is decrypted', () => {
    const { vault } = sealed();
    let decrypted = 0;
    const watched = {
      ...p,
      decrypt: (...args: Parameters<typeof p.decrypt>) => {
        decrypted += 1;
        return p.decrypt(...args);
      },
    };
    const outcome = openSlot(watched, vault, recoverySecret(p, drawRecoveryCode(p)));
    expect(outcome).toMatchObject({ ok: false, error: { name: 'E_AUTH' } });
    expect(decrypted).toBe(0);
  });

  it('P143: a flipped bit anywhere in slots or content is refused', () => {
    const { key, vault } = sealed();
    const flipped = vault.sealed.slice();
    flipped[5] = (flipped[5] ?? 0) ^ 1;
    expect(openVault(p, { ...vault, sealed: flipped }, key)).toMatchObject({
      error: { name: 'E_AEAD' },
    });
    expect(openVault(p, { ...vault, slots: [] }, key)).toMatchObject({ error: { name: 'E_AEAD' } });
    expect(openVault(p, { ...vault, n: 2 }, key)).toMatchObject({ error: { name: 'E_AEAD' } });
  });

  it('13: no two codes are alike in 1,000', () => {
    expect(new Set(Array.from({ length: 1000 }, () => drawRecoveryCode(p))).size).toBe(1000);
  });
});
