/** Wycheproof through our own port. Where its verdict is not ours, the table says which cases and why; nothing else may differ. */
import { describe, expect, it } from 'vitest';
import { present } from '../lib/assert.ts';
import { type Bytes, concat, fromHex, toHex } from '../lib/bytes.ts';
import ed25519 from './data/wycheproof/ed25519_test.json' with { type: 'json' };
import x25519 from './data/wycheproof/x25519_test.json' with { type: 'json' };
import xchacha from './data/wycheproof/xchacha20_poly1305_test.json' with { type: 'json' };
import { loadSodium } from './sodium.ts';

const p = await loadSodium();
const hex = (text: string): Bytes => present(fromHex(text), 'vectors are hex');

interface Exception {
  readonly says: string;
  readonly ours: string;
  readonly reason: string;
  readonly tcIds: readonly number[];
}

const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

const EXCEPTIONS: Record<'ed25519' | 'x25519' | 'xchacha20-poly1305', readonly Exception[]> = {
  ed25519: [],
  x25519: [
    {
      says: 'acceptable',
      ours: 'refused',
      reason: 'the public key has small order: the shared point would be zero for every secret',
      tcIds: [...from(32, 33), ...from(63, 86), 117, 118, 154, 165, 166],
    },
  ],
  'xchacha20-poly1305': [
    {
      says: 'invalid',
      ours: 'throws',
      reason: 'a nonce of another size than 24 bytes is a fault of our own code, not of the sender',
      tcIds: from(307, 315),
    },
  ],
};

interface Verdict {
  readonly tcId: number;
  readonly says: string;
  readonly ours: string;
}

/** What differs from the plain reading: valid is taken, acceptable is taken, invalid is refused. */
function exceptionsIn(verdicts: readonly Verdict[]): Omit<Exception, 'reason'>[] {
  const found = new Map<string, { says: string; ours: string; tcIds: number[] }>();
  for (const { tcId, says, ours } of verdicts) {
    if (ours === (says === 'invalid' ? 'refused' : 'taken')) continue;
    const group = found.get(`${says} ${ours}`) ?? { says, ours, tcIds: [] };
    group.tcIds.push(tcId);
    found.set(`${says} ${ours}`, group);
  }
  return [...found.values()];
}

const listed = (name: keyof typeof EXCEPTIONS): Omit<Exception, 'reason'>[] =>
  EXCEPTIONS[name].map(({ says, ours, tcIds }) => ({ says, ours, tcIds }));

function throws(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

describe('Wycheproof through crypto/primitives', () => {
  it('Ed25519: every verdict is ours (malleable, truncated, non-canonical and small-order refused)', () => {
    const verdicts = ed25519.testGroups.flatMap((group) =>
      group.tests.map((test) => ({
        tcId: test.tcId,
        says: test.result,
        ours: p.verify(hex(group.publicKey.pk), hex(test.msg), hex(test.sig)) ? 'taken' : 'refused',
      })),
    );
    expect(verdicts).toHaveLength(ed25519.numberOfTests);
    expect(exceptionsIn(verdicts)).toEqual(listed('ed25519'));
  });

  it('X25519: the shared point is the expected one; zero points are refused', () => {
    const verdicts = x25519.testGroups.flatMap((group) =>
      group.tests.map((test) => {
        const shared = p.agree(hex(test.private), hex(test.public));
        const right = shared !== null && toHex(shared) === test.shared;
        return {
          tcId: test.tcId,
          says: test.result,
          ours: right ? 'taken' : shared === null ? 'refused' : 'another point',
        };
      }),
    );
    expect(verdicts).toHaveLength(x25519.numberOfTests);
    expect(exceptionsIn(verdicts)).toEqual(listed('x25519'));
  });

  it('X25519: whom libsodium refuses to agree with, nobody can be told to seal to', () => {
    const refused = new Set(EXCEPTIONS.x25519.flatMap((exception) => exception.tcIds));
    for (const group of x25519.testGroups)
      for (const test of group.tests)
        expect(p.usableBoxKey(hex(test.public))).toBe(!refused.has(test.tcId));
  });

  it('XChaCha20-Poly1305: opens to the text, seals to the same bytes, refuses every changed tag', () => {
    const verdict = (test: (typeof xchacha.testGroups)[number]['tests'][number]): string => {
      const [key, nonce, bound] = [hex(test.key), hex(test.iv), hex(test.aad)];
      const sealed = concat(hex(test.ct), hex(test.tag));
      const runs = [
        () => p.decrypt(key, nonce, sealed, bound),
        () => p.encrypt(key, nonce, hex(test.msg), bound),
      ];
      if (runs.every(throws)) return 'throws';
      const opened = p.decrypt(key, nonce, sealed, bound);
      const same = toHex(p.encrypt(key, nonce, hex(test.msg), bound)) === toHex(sealed);
      if (opened === null) return same ? 'sealed but not opened' : 'refused';
      return same && toHex(opened) === test.msg ? 'taken' : 'another text';
    };
    const verdicts = xchacha.testGroups.flatMap((group) =>
      group.tests.map((test) => ({ tcId: test.tcId, says: test.result, ours: verdict(test) })),
    );
    expect(verdicts).toHaveLength(xchacha.numberOfTests);
    expect(exceptionsIn(verdicts)).toEqual(listed('xchacha20-poly1305'));
  });
});
