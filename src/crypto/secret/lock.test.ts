import { describe, expect, it } from 'vitest';
import { loadSodium } from '../sodium.ts';
import { makeLockSlot, openLockSlot, readLockSlots } from './lock.ts';

const p = await loadSodium();
const storageKey = p.random(32);
const passphrase = p.random(32);
const passkey = p.random(32);
const slots = [
  makeLockSlot(p, passphrase, storageKey, { kind: 'passphrase', made: 5, salt: p.random(16) }),
  makeLockSlot(p, passkey, storageKey, { kind: 'passkey', made: 6, credential: p.random(20) }),
];

describe('the lock of a device', () => {
  it('P144: opens with each of its secrets; where a passkey is deleted, the passphrase opens', () => {
    for (const secret of [passphrase, passkey])
      expect(openLockSlot(p, readLockSlots(slots), secret)).toEqual({
        ok: true,
        value: storageKey,
      });
    const left = readLockSlots(slots.slice(0, 1));
    expect(openLockSlot(p, left, passphrase)).toEqual({ ok: true, value: storageKey });
    expect(openLockSlot(p, left, passkey)).toMatchObject({ error: { name: 'E_AUTH' } });
  });

  it('P141: a wrong secret is answered by the check alone: nothing is decrypted', () => {
    let decrypted = 0;
    const watched: typeof p = {
      ...p,
      decrypt: (...args) => {
        decrypted += 1;
        return p.decrypt(...args);
      },
    };
    const read = readLockSlots(slots);
    expect(openLockSlot(watched, read, p.random(32))).toMatchObject({ error: { name: 'E_AUTH' } });
    expect(decrypted).toBe(0);
    expect(openLockSlot(watched, read, passkey)).toMatchObject({ ok: true });
    expect(decrypted).toBe(1);
  });

  it('P143: whatever bit of a slot is flipped, it opens nothing and the other one goes on', () => {
    const [first = new Uint8Array(), second = new Uint8Array()] = slots;
    for (let bit = 0; bit < first.length * 8; bit++) {
      const flipped = first.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = readLockSlots([flipped, second]);
      expect(openLockSlot(p, read, passphrase).ok, `bit ${String(bit)}`).toBe(false);
      expect(openLockSlot(p, read, passkey)).toEqual({ ok: true, value: storageKey });
    }
  });

  it('P149: a slot holds neither the key nor the secret', () => {
    const bytes = Buffer.concat(slots);
    for (const secret of [storageKey, passphrase, passkey])
      expect(bytes.includes(Buffer.from(secret))).toBe(false);
  });
});
