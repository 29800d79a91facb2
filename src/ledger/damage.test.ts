/** The published entries, damaged: no flipped byte, no cut and no swap is ever accepted, and the state stays what it was. */
import { describe, expect, it } from 'vitest';
import { loadSodium } from '../crypto/sodium.ts';
import type { GroupState } from '../group/state.ts';
import { present } from '../lib/assert.ts';
import { type Bytes, concat, fromHex } from '../lib/bytes.ts';
import { ERROR_NAMES } from '../protocol/failure.ts';
import vectors from './data/vectors.json' with { type: 'json' };
import { replay } from './replay.ts';

const p = await loadSodium();
const hex = (text: string): Bytes => present(fromHex(text), 'vectors are hex');
const NAMES: readonly string[] = ERROR_NAMES;

/** Every published entry with the state it follows. */
const log: { name: string; bytes: Bytes; state: GroupState | null }[] = [];
let head: GroupState | null = null;
for (const [name, text] of Object.entries(vectors.log)) {
  const next = replay(p, head, hex(text));
  if (!next.ok) throw new Error(`${name}: ${next.error.name}`);
  log.push({ name, bytes: hex(text), state: head });
  head = next.value.state;
}

/** The error names a set of damaged entries met; 'accepted' would be among them. */
function verdicts(state: GroupState | null, damaged: Iterable<Bytes>): string[] {
  const before = structuredClone(state);
  const found = new Set<string>();
  for (const bytes of damaged) {
    const outcome = replay(p, state, bytes);
    found.add(outcome.ok ? 'accepted' : outcome.error.name);
  }
  expect(state).toEqual(before);
  return [...found];
}

function* flipped(bytes: Bytes): Generator<Bytes> {
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
    yield damaged;
  }
}

function* cut(bytes: Bytes): Generator<Bytes> {
  for (let length = 0; length < bytes.length; length++) yield bytes.slice(0, length);
}

describe.each(log.map((entry) => [entry.name, entry] as const))('%s', (_, { bytes, state }) => {
  it('P002: with any byte flipped is never accepted, and the state is unchanged', () => {
    const found = verdicts(state, flipped(bytes));
    expect(found).not.toContain('accepted');
    expect(found.filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  it('P114: cut at any length is E_FORMAT or E_LIMIT', () => {
    const found = verdicts(state, cut(bytes));
    expect(found.filter((name) => name !== 'E_FORMAT' && name !== 'E_LIMIT')).toEqual([]);
  });

  it('P115: with a byte more is E_FORMAT', () => {
    expect(verdicts(state, [concat(bytes, new Uint8Array(1))])).toEqual(['E_FORMAT']);
  });

  it('P003, P005: at any other place of the log is not accepted', () => {
    const places = log.map((entry) => entry.state).filter((other) => other !== state);
    expect(places.flatMap((other) => verdicts(other, [bytes]))).not.toContain('accepted');
  });

  it('R1: replay is pure: the same entry on the same state gives the same state', () => {
    expect(replay(p, state, bytes)).toEqual(replay(p, structuredClone(state), bytes.slice()));
  });
});
