import { describe, expect, it } from 'vitest';
import { withoutMarks } from './marks.ts';

describe('a message in a line', () => {
  it.each([
    ['plain words', 'plain words'],
    ['**Beds** are _dry_', 'Beds are dry'],
    ['run `npm test` first', 'run npm test first'],
    ['> asked\n> **twice**\n\nand answered', '> asked\n> twice\nand answered'],
    ['- hoe\n- *rake*', '• hoe\n• rake'],
    ['1. hoe\n2. rake', '1. hoe\n2. rake'],
    ['5. May is fine', '5. May is fine'],
    ['```\nlet a = 1;\n```\nso it is', 'let a = 1;\nso it is'],
    ['see [the plan](https://example.org/plan)', 'see the plan (example.org)'],
    ['[https://bank.example](https://other.example)', 'https://bank.example (other.example)'],
    ['[](https://example.org)', '(example.org)'],
    ['a line\nand another', 'a line\nand another'],
    ['2 \\* 3', '2 * 3'],
  ])('says %j as %j', (text, words) => {
    expect(withoutMarks(text)).toBe(words);
  });

  it('leaves what marks nothing as it was written', () => {
    for (const text of ['2 * 3 * 4', 'my_file_name', '# no heading', '<b>no tag</b>', '**open'])
      expect(withoutMarks(text)).toBe(text);
    expect(withoutMarks('[run](javascript:alert(1))')).toBe('[run](javascript:alert(1))');
  });

  it('says something wherever something was written', () => {
    for (const text of ['>', '-', '```', '** **', '\\n', '1.'])
      expect(withoutMarks(text)).not.toBe('');
  });

  it('takes any depth', () => {
    const text = `${'>'.repeat(2000)} deep`;
    expect(withoutMarks(text)).toContain('deep');
  });
});
