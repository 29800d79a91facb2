import { describe, expect, it } from 'vitest';
import { loadSodium } from '../sodium.ts';
import type { Dev, Gid, Hash, Pid } from '../../protocol/ids.ts';
import { openSignal, sealSignal } from './signal.ts';
import type { SessionKey } from './groupKey.ts';

const p = await loadSodium();
const key: SessionKey = {
  gid: '11'.repeat(32) as Gid,
  generation: 3,
  circle: 0,
  kc: '22'.repeat(32) as Hash,
  secret: p.random(32),
};
const alice = { pid: 'aa'.repeat(32) as Pid, dev: 'ab'.repeat(16) as Dev };
const content = { sign: 'typing', time: 1_700_000_000_000 } as const;

describe('signs of life (8.10)', () => {
  it('open for the group, device and generation they were made for', () => {
    const signal = sealSignal(p, key, alice, content);
    expect(openSignal(p, key, alice, signal)).toEqual(content);
  });

  it('open for no other device, group, generation or key, and not when a bit was changed', () => {
    const signal = sealSignal(p, key, alice, content);
    const others: readonly SessionKey[] = [
      { ...key, gid: '12'.repeat(32) as Gid },
      { ...key, generation: 4 },
      { ...key, secret: p.random(32) },
    ];
    for (const other of others) expect(openSignal(p, other, alice, signal)).toBeNull();
    const later = { ...signal, generation: 4 };
    expect(openSignal(p, { ...key, generation: 4 }, alice, later)).toBeNull();
    const bob = { pid: 'bb'.repeat(32) as Pid, dev: alice.dev };
    expect(openSignal(p, key, bob, signal)).toBeNull();
    expect(openSignal(p, key, { ...alice, dev: 'ac'.repeat(16) as Dev }, signal)).toBeNull();
    for (let at = 0; at < signal.sealed.length; at++) {
      const sealed = new Uint8Array(signal.sealed);
      sealed[at] = (sealed[at] ?? 0) ^ 1;
      expect(openSignal(p, key, alice, { ...signal, sealed })).toBeNull();
    }
  });
});
