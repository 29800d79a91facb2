import { describe, expect, it } from 'vitest';
import { fold, words } from '../../lib/fold.ts';
import { pieces } from './markPieces.ts';

const shown = (text: string, typed: string): string =>
  pieces(text, words(typed), fold)
    .map(({ text: piece, hit }) => (hit ? `[${piece}]` : piece))
    .join('');

describe('what stands out in a found text', () => {
  it('marks words without regard to case and accents, and keeps the text as it is', () => {
    expect(shown('Der Gärtner gart', 'GART')).toBe('Der [Gärt]ner [gart]');
    expect(shown('ﬁnd it', 'find')).toBe('[ﬁnd] it');
    expect(shown('👩‍🌾 garden', 'garden')).toBe('👩‍🌾 [garden]');
  });

  it('begins a long text shortly before the first hit', () => {
    const text = `${'a '.repeat(200)}garden`;
    expect(shown(text, 'garden')).toBe(`… ${'a '.repeat(30)}[garden]`);
  });

  it('marks nothing where nothing is wanted', () => {
    expect(shown('text', '')).toBe('text');
  });
});
