import { describe, expect, it } from 'vitest';
import { makeLockSlot } from '../crypto/secret/lock.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { ok } from '../lib/result.ts';
import { encodeLock } from '../protocol/lock.ts';
import type { Tries } from './adapters/indexedDb.ts';
import { createLockedDevice, waitAfter } from './lockedDevice.ts';

const p = await loadSodium();
const storageKey = p.random(32);
const salt = p.random(16);
const stretched = (text: string) => p.hash(32, new TextEncoder().encode(text));
const lock = encodeLock({
  slots: [makeLockSlot(p, stretched('right'), storageKey, { kind: 'passphrase', made: 1, salt })],
  idleMinutes: 5,
});
const typed = (text: string) =>
  ({ kind: 'passphrase', passphrase: new TextEncoder().encode(text) }) as const;

function device() {
  let now = 1000;
  let tries: Tries = { failed: 0, waitUntil: 0 };
  let stretches = 0;
  const made = createLockedDevice(
    {
      lock: () => Promise.resolve(lock),
      tries: () => Promise.resolve(tries),
      noteTries: (next) => {
        tries = next;
        return Promise.resolve();
      },
      erase: () => Promise.resolve(),
    },
    (passphrase) => {
      stretches += 1;
      return Promise.resolve(ok(p.hash(32, passphrase)));
    },
    { now: () => now, after: () => () => undefined },
  );
  return {
    made,
    stretches: () => stretches,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('a locked device', () => {
  it('P141: after three wrong attempts each further one waits twice as long, and costs nothing while it waits', async () => {
    const { made, pass, stretches } = device();
    for (let i = 0; i < 2; i++) {
      const outcome = await made.unlock(typed('wrong'));
      expect(outcome).toMatchObject({ ok: false, error: { name: 'E_AUTH' } });
      expect(!outcome.ok && outcome.error.retryAt).toBeUndefined();
    }
    expect(await made.unlock(typed('wrong'))).toMatchObject({ error: { retryAt: 6000 } });
    expect((await made.view()).waitUntil).toBe(6000);
    expect(await made.unlock(typed('right'))).toMatchObject({ error: { name: 'E_LIMIT' } });
    expect(stretches()).toBe(3);
    pass(5000);
    expect(await made.unlock(typed('wrong'))).toMatchObject({ error: { retryAt: 16_000 } });
    pass(10_000);
    expect(await made.unlock(typed('right'))).toEqual({ ok: true, value: undefined });
    expect(await made.isShut()).toBe(false);
    expect(made.takeKey()).toEqual(storageKey);
    expect(made.takeKey()).toBeNull();
    expect(await made.isShut()).toBe(true);
  });

  it('P141: no wait grows without an end', () => {
    expect(waitAfter(2)).toBe(0);
    expect(waitAfter(60)).toBe(300_000);
  });
});
