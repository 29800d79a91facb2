import { describe, expect, it } from 'vitest';
import { partsOf } from './MessageText.tsx';

describe('the words of a message', () => {
  it('are left as they are without an address', () => {
    expect(partsOf('a <b>c</b> & d')).toEqual([{ text: 'a <b>c</b> & d', href: null }]);
    expect(partsOf('')).toEqual([]);
  });

  it('lead to addresses of the web only, without the end of the sentence', () => {
    expect(partsOf('see https://example.org/a?b=c, or (http://example.com).')).toEqual([
      { text: 'see ', href: null },
      { text: 'https://example.org/a?b=c', href: 'https://example.org/a?b=c' },
      { text: ', or (', href: null },
      { text: 'http://example.com', href: 'http://example.com' },
      { text: ').', href: null },
    ]);
    expect(
      partsOf('javascript:alert(1) data:text/html,x').every((part) => part.href === null),
    ).toBe(true);
    expect(partsOf('http://').every((part) => part.href === null)).toBe(true);
  });
});
