import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryHash, firstT, itemHash, nextT } from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { labelled } from '../crypto/verify.ts';
import { type Bytes, concat } from '../lib/bytes.ts';
import { encodeCheckpointBody } from '../protocol/checkpoint.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { type GroupLog, startGroup } from '../server/testing/groupLog.ts';
import { person } from '../server/testing/person.ts';
import { judgeFile } from './judgeFile.ts';
import { type ProofLine, readProofFile, writeProofFile } from './proofFile.ts';

const p = await loadSodium();
const server = p.signKeys(new Uint8Array(32).fill(9));
const TIME = 1_800_000_000_000;
const alice = person(p, 1, TIME);
const bob = person(p, 2, TIME);

/** A group of three entries: founded, begun with Bob, and one rotation. */
function group(): { readonly log: GroupLog; readonly entries: Bytes[] } {
  const log = startGroup(p, alice, server.publicKey, TIME);
  const entries = [log.spawn, log.init(alice, [bob]), log.rotate(alice)].map((made) => made.entry);
  return { log, entries };
}

function signed(gid: Gid, seq: number, head: Hash, t: number, T: Hash): Bytes {
  const body = encodeCheckpointBody({ gid, seq, head, t, T, time: TIME });
  return concat(body, p.sign(server.secretKey, labelled(SIGN.checkpoint, body)));
}

/** T at each position over items. */
function runOver(gid: Gid, hashes: readonly Hash[]): Hash[] {
  return hashes.reduce<Hash[]>(
    (Ts, hash, t) => [...Ts, nextT(p, Ts[t] ?? hash, t, hash)],
    [firstT(p, gid)],
  );
}

function logFile(): string {
  const { log, entries } = group();
  return writeProofFile([
    { kind: 'log', gid: log.gid, entries: entries.length },
    ...entries.map((entry, seq): ProofLine => ({ kind: 'entry', seq, entry })),
  ]);
}

/** Two timelines over one log: the own one goes on with one message, the other with another. */
function forkFile(change: (lines: ProofLine[]) => ProofLine[] = (lines) => lines): string {
  const { log, entries } = group();
  const [one, other] = [log.message(alice, 1).header, log.message(bob, 1).header];
  const base = entries.map((entry) => entryHash(p, entry));
  const head = base[2] ?? base[0];
  if (head === undefined) throw new Error('three entries');
  const own = runOver(log.gid, [...base, itemHash(p, one)]);
  const shown = runOver(log.gid, [...base, itemHash(p, other)]);
  const T = own[3] ?? head;
  return writeProofFile(
    change([
      { kind: 'evidence', gid: log.gid, error: 'E_FORK' },
      { kind: 'entry', seq: 0, entry: entries[0] ?? new Uint8Array() },
      { kind: 'entry', seq: 2, entry: entries[2] ?? new Uint8Array() },
      { kind: 'checkpoint', of: 'shown', checkpoint: signed(log.gid, 2, head, 4, shown[4] ?? T) },
      { kind: 'run', of: 'shown', t: 3, T },
      { kind: 'item', of: 'shown', t: 3, head: other },
      { kind: 'checkpoint', of: 'own', checkpoint: signed(log.gid, 2, head, 4, own[4] ?? T) },
      { kind: 'run', of: 'own', t: 3, T },
      { kind: 'item', of: 'own', t: 3, head: one },
    ]),
  );
}

/** An entry that stands twice in the log, signed as its head. */
function invalidFile(withSignature = true): string {
  const { log, entries } = group();
  const entry = log.draft(bob, { kind: 'CloseGroup', successor: null }).entry;
  const checkpoint = signed(log.gid, 3, entryHash(p, entry), 4, firstT(p, log.gid));
  return writeProofFile([
    { kind: 'evidence', gid: log.gid, error: 'E_ROLE' },
    ...entries.map((one, seq): ProofLine => ({ kind: 'entry', seq, entry: one })),
    ...(withSignature ? [{ kind: 'checkpoint', of: 'shown', checkpoint } as const] : []),
    { kind: 'invalid', entry },
  ]);
}

/** Every text that differs from a line of the file in one bit, for one line of every kind. */
function* flips(text: string): Iterable<{ readonly where: string; readonly text: string }> {
  const lines = text.split('\n').slice(0, -1);
  const seen = new Set<string>();
  for (const [i, line] of lines.entries()) {
    const kind = /"kind":"(\w+)"/.exec(line)?.[1] ?? `entry ${String(i)}`;
    if (seen.has(kind)) continue;
    seen.add(kind);
    for (let at = 0; at < line.length; at += line.length > 400 ? 7 : 1) {
      for (const bit of [1, 2, 4]) {
        const flipped = String.fromCharCode(line.charCodeAt(at) ^ bit);
        const changed = [...lines];
        changed[i] = line.slice(0, at) + flipped + line.slice(at + 1);
        yield { where: `${kind} at ${String(at)}`, text: `${changed.join('\n')}\n` };
      }
    }
  }
}

describe('verify-log', () => {
  it('an exported log replays whole, and says what it leads to', () => {
    const verdict = judgeFile(p, logFile());
    expect(verdict.ok).toBe(true);
    expect(verdict.sentence).toMatch(/is whole: 3 entries, 2 members, key 2, head [0-9a-f]{64}\.$/);
  });

  it('the first broken entry is named', () => {
    const lines = readProofFile(logFile());
    if (!lines.ok) throw new Error('it was written here');
    const broken = lines.value.map((line) => {
      if (line.kind !== 'entry' || line.seq !== 1) return line;
      const entry = line.entry.slice();
      entry[entry.length - 1] = (entry.at(-1) ?? 0) ^ 1;
      return { ...line, entry };
    });
    expect(judgeFile(p, writeProofFile(broken))).toEqual({
      ok: false,
      sentence: 'The log is broken at entry 1 (E_SIG).',
    });
    const [head, first, , third] = lines.value;
    if (head === undefined || first === undefined || third === undefined) throw new Error('four');
    expect(judgeFile(p, writeProofFile([head, first, third])).sentence).toBe(
      'The log is broken at entry 1 (E_SEQ).',
    );
    expect(judgeFile(p, writeProofFile([head, first])).sentence).toBe(
      'The log is not whole: 1 of 3 entries are there.',
    );
  });

  it.each([
    ['a log', logFile()],
    ['a fork', forkFile()],
    ['an entry that does not follow', invalidFile()],
  ])('%s: one bit changed in any kind of line is noticed', (_, text) => {
    expect(judgeFile(p, text).ok).toBe(true);
    let tried = 0;
    for (const flipped of flips(text)) {
      tried += 1;
      const { ok } = judgeFile(p, flipped.text);
      expect([flipped.where, ok]).toEqual([flipped.where, false]);
    }
    expect(tried).toBeGreaterThan(300);
  });

  it('P011, P028: two timelines under one signature are a proof, and say where they part', () => {
    expect(judgeFile(p, forkFile()).sentence).toMatch(
      /^Proven: the server of group \S{43} signed two different timelines; they differ before item 4\.$/,
    );
  });

  it('P033: what agrees, is not signed, or does not lead to what is signed proves nothing', () => {
    const same = forkFile((lines) => {
      const own = lines.filter((line) => 'of' in line && line.of === 'own');
      const head = lines.filter((line) => !('of' in line));
      return [...head, ...own, ...own.map((line) => ({ ...line, of: 'shown' }) as ProofLine)];
    });
    expect(judgeFile(p, same).sentence).toContain('both signed histories agree');
    const without = (kind: ProofLine['kind']): string =>
      judgeFile(
        p,
        forkFile((lines) =>
          lines.filter((line) => line.kind !== kind || ('of' in line && line.of === 'own')),
        ),
      ).sentence;
    expect(without('checkpoint')).toBe('Nothing is proven: the shown checkpoint is missing.');
    expect(without('entry')).toContain('the first entry of the group is missing');
    expect(judgeFile(p, invalidFile(false)).sentence).toMatch(
      /does not follow the log \(E_ROLE\), but no signature/,
    );
    expect(judgeFile(p, invalidFile()).sentence).toMatch(/^Proven: .* \(E_ROLE\)\.$/);
    expect(judgeFile(p, '').ok).toBe(false);
    expect(judgeFile(p, 'null\n').ok).toBe(false);
    expect(judgeFile(p, logFile().slice(0, -1)).ok).toBe(false);
  });
});

describe('npm run verify-log', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'conclave-judge-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/verifyLog.ts', ...args], {
      cwd: path.join(import.meta.dirname, '../..'),
      encoding: 'utf8',
    });

  it('answers one sentence, and its exit code says which', () => {
    const whole = path.join(folder, 'whole.jsonl');
    writeFileSync(whole, logFile());
    const good = run(whole);
    expect([good.status, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(/is whole/);
    const torn = path.join(folder, 'torn.jsonl');
    writeFileSync(torn, logFile().replace('"seq":2', '"seq":3'));
    const bad = run(torn);
    expect([bad.status, bad.stdout]).toEqual([1, 'The log is broken at entry 2 (E_SEQ).\n']);
    expect(run(path.join(folder, 'none')).status).toBe(2);
    expect(run().status).toBe(2);
  });
});
