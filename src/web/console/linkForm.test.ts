import { createInstance } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../text/en.ts';
import { mayBeAuto, sentenceOf, USUAL, wishesOf } from './linkForm.ts';

const i18n = createInstance();
beforeAll(() => i18n.init({ lng: 'en', resources: { en: { translation: en } } }));

describe('the create sheet of a link', () => {
  it('starts with 7 days, 25 people and review', () => {
    expect(wishesOf(USUAL, 1000)).toEqual({
      label: '',
      expires: 1000 + 7 * 86_400_000,
      maxUses: 25,
      role: 1,
      auto: false,
    });
  });

  it('lets nobody in unseen through a link without an end or a cap', () => {
    expect(mayBeAuto(USUAL)).toBe(true);
    expect(mayBeAuto({ life: 'month', seats: 'hundred' })).toBe(true);
    expect(mayBeAuto({ life: 'never', seats: 'many' })).toBe(false);
    expect(mayBeAuto({ life: 'week', seats: 'free' })).toBe(false);
    expect(wishesOf({ ...USUAL, auto: true, life: 'never' }, 0).auto).toBe(false);
  });

  it('sums the choice up in one sentence', () => {
    expect(sentenceOf(USUAL, '3 May', i18n.t)).toBe(
      '25 people can ask to join as a member, until 3 May. A moderator looks at each request.',
    );
    expect(sentenceOf({ ...USUAL, seats: 'one', role: 0, auto: true }, '3 May', i18n.t)).toBe(
      'One person can join as an observer, until 3 May, without anybody looking at it.',
    );
    expect(sentenceOf({ ...USUAL, seats: 'free', life: 'never' }, '', i18n.t)).toBe(
      'Any number of people can ask to join as a member, without an end. A moderator looks at each request.',
    );
  });
});
