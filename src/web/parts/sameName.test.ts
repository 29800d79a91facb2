import { expect, it } from 'vitest';
import { sameName } from './sameName.ts';

it('takes a name however its accents and spaces are typed, and no other name', () => {
  expect(sameName(' Caf\u00e9  am Hafen ', 'Cafe\u0301 am Hafen')).toBe(true);
  expect(sameName('harbour garden', 'Harbour garden')).toBe(false);
  expect(sameName('', 'Harbour garden')).toBe(false);
});
