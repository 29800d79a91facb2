import { describe, expect, it } from 'vitest';
import { ascii } from '../../lib/bytes.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import { loadSodium } from '../sodium.ts';
import { openReport, sealReport } from './report.ts';

const p = await loadSodium();
const gid = 'a'.repeat(64) as Gid;
const bob = 'b'.repeat(64) as Pid;
const [alice, carol, mallory] = [1, 2, 3].map((n) => p.boxKeys(new Uint8Array(32).fill(n)));

describe('reports', () => {
  it('4: open for each of the staff and for nobody else, bound to group and author', () => {
    if (alice === undefined || carol === undefined || mallory === undefined)
      throw new Error('keys');
    const json = ascii('{"about":"a message"}');
    const report = sealReport(p, gid, bob, json, [alice.publicKey, carol.publicKey]);
    expect(report.keys.map((key) => key.length)).toEqual([80, 80]);
    expect(openReport(p, gid, bob, report, 0, alice)).toEqual(json);
    expect(openReport(p, gid, bob, report, 1, carol)).toEqual(json);
    expect(openReport(p, gid, bob, report, 0, mallory)).toBeNull();
    expect(openReport(p, gid, bob, report, 2, alice)).toBeNull();
    expect(openReport(p, gid, 'c'.repeat(64) as Pid, report, 0, alice)).toBeNull();
    expect(openReport(p, gid, bob, { ...report, sealed: new Uint8Array(3) }, 0, alice)).toBeNull();
  });
});
