import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words } from '../lib/fold.ts';
import type { Hash } from '../protocol/ids.ts';
import { encodePayload } from '../protocol/text.ts';
import { filterOf, mayHold } from './searchIndex.ts';
import type { StoredItem } from './timeline.ts';

const item = (text: string): StoredItem => {
  const payload = encodePayload({ type: 'text', text });
  if (!payload.ok) throw new Error('a text');
  const message = {
    header: new Uint8Array(),
    body: null,
    payload: payload.value,
    failure: null,
    time: 0,
  };
  return { t: 0, at: 0, item: '' as Hash, seq: null, message };
};

describe('the search index', () => {
  it('never excludes a page that holds the word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.nat(),
        fc.nat(),
        (texts, which, from) => {
          const filter = filterOf(texts.map(item));
          const text = texts[which % texts.length] ?? '';
          const part = words(text.slice(from % text.length));
          return (
            mayHold(filter, part) || part.some((word) => !words(text).join(' ').includes(word))
          );
        },
      ),
      { seed: 20_261_121, numRuns: 500 },
    );
  });

  it('excludes most pages that do not hold it', () => {
    const pages = Array.from({ length: 100 }, (_, page) =>
      filterOf(
        Array.from({ length: 256 }, (__, i) =>
          item(`message ${String(page * 256 + i)} about the raised beds and the water`),
        ),
      ),
    );
    const left = pages.filter((filter) => mayHold(filter, words('greenhouse')));
    expect(left.length).toBeLessThan(5);
    expect(pages.filter((filter) => mayHold(filter, words('RAISED beds')))).toHaveLength(100);
  });

  it('forgets what a deletion took away, for the filter is made from what is held', () => {
    const gone = item('secret word');
    const message = gone.message === null ? null : { ...gone.message, payload: null };
    expect(mayHold(filterOf([gone]), words('secret'))).toBe(true);
    expect(mayHold(filterOf([{ ...gone, message }]), words('secret'))).toBe(false);
  });
});
