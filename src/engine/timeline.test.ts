import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextT } from '../crypto/hash.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { type Hash, idOf, ZERO_HASH } from '../protocol/ids.ts';
import { CLIENT } from '../protocol/limits.ts';
import { createTimeline, pageOf, type StoredItem, type Timeline } from './timeline.ts';

const p = await loadSodium();

const LENGTH = 3 * CLIENT.pageItems + 5;
const all: StoredItem[] = Array.from({ length: LENGTH }, (_, t) => ({
  t,
  at: t,
  item: idOf<Hash>(p.hash(32, new Uint8Array([t % 256, Math.floor(t / 256)]))),
  seq: null,
  message: null,
}));
/** T before each item, and after the last. */
const Ts = [ZERO_HASH];
for (const { t, item } of all) Ts.push(nextT(p, Ts[t] ?? ZERO_HASH, t, item));
const start = (t: number) => ({ t, T: Ts[t] ?? ZERO_HASH });

function expectWhole(timeline: Timeline, from: number, until: number): void {
  expect([timeline.first(), timeline.end(), timeline.T()]).toEqual([from, until, Ts[until]]);
  expect(timeline.range(0, LENGTH)).toEqual(all.slice(from, until));
  const reckoned = all.map(({ t }) => timeline.TAt(t));
  expect(reckoned).toEqual(all.map(({ t }) => (t < from || t > until ? null : Ts[t])));
}

/** What a store would hold of it, read again. */
function stored(timeline: Timeline): Timeline {
  const pages = [];
  for (let n = pageOf(timeline.first()); n <= pageOf(timeline.end() - 1); n++)
    pages.push(timeline.page(n));
  return createTimeline(p, start(0), pages.toReversed());
}

describe('the timeline of a group in pages', () => {
  it('T at each position is the same however the items came: at the end, from the store, in front', () => {
    const cuts = fc.tuple(
      fc.nat(LENGTH - 1),
      fc.integer({ min: 1, max: LENGTH }),
      fc.nat(LENGTH - 1),
    );
    fc.assert(
      fc.property(cuts, ([one, two, three]) => {
        const [above, from, until] = [one, two, three].toSorted((a, b) => a - b) as [
          number,
          number,
          number,
        ];
        fc.pre(from < until);
        const timeline = createTimeline(p, start(from), []);
        expect(timeline.append(all.slice(from, until)).has(pageOf(from))).toBe(true);
        expectWhole(timeline, from, until);
        const again = stored(timeline);
        expectWhole(again, from, until);
        again.prepend(Ts[above] ?? ZERO_HASH, all.slice(above, from));
        expectWhole(again, above, until);
        expectWhole(stored(again), above, until);
        again.append(all.slice(until));
        expectWhole(again, above, LENGTH);
      }),
      { numRuns: 20 },
    );
  });

  it('what does not lead to what is held cannot be put in front', () => {
    const timeline = createTimeline(p, start(70), []);
    timeline.append(all.slice(70, 80));
    expect(() => timeline.prepend(Ts[59] ?? ZERO_HASH, all.slice(60, 70))).toThrow('lead');
    expectWhole(timeline, 70, 80);
  });
});
