import { describe, expect, it } from 'vitest';
import { contactAddress, readAbout } from './about.ts';

const NOTHING = { operator: null, contact: null, retention: null };

describe('what the operator states', () => {
  it('is taken where it is text', () => {
    const said = { operator: ' Harbour e.V. ', contact: 'mail@example.org', retention: '90 days' };
    expect(readAbout(said)).toEqual({ ...said, operator: 'Harbour e.V.' });
  });

  it('is not stated where it is absent, empty, endless or no text', () => {
    expect(readAbout(NOTHING)).toEqual(NOTHING);
    expect(readAbout({})).toEqual(NOTHING);
    expect(readAbout(null)).toEqual(NOTHING);
    expect(readAbout('operator')).toEqual(NOTHING);
    const bad = { operator: 7, contact: '  ', retention: 'x'.repeat(2001) };
    expect(readAbout(bad)).toEqual(NOTHING);
  });

  it('leads to a page or a mailbox, never to a script', () => {
    expect(contactAddress('https://example.org/contact')).toBe('https://example.org/contact');
    expect(contactAddress('mail@example.org')).toBe('mailto:mail@example.org');
    expect(contactAddress('javascript:alert(1)')).toBeNull();
    expect(contactAddress('mail@example.org?bcc=x')).toBeNull();
    expect(contactAddress('Ring at the door')).toBeNull();
  });
});
