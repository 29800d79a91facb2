import { describe, expect, it } from 'vitest';
import type { Draft } from '../client/client.ts';
import { decodeFrame, encodeFrame } from '../protocol/field.ts';
import type { Hash } from '../protocol/ids.ts';
import { draftField } from './unsent.ts';

const read = (stored: unknown) => decodeFrame(encodeFrame(stored), (raw) => draftField.read(raw));

describe('a draft as it is stored', () => {
  it.each<Draft>([
    { text: 'half a thought', about: null },
    { text: '', about: { what: 'reply', item: 'a7'.repeat(32) as Hash } },
    { text: 'better', about: { what: 'edit', item: '05'.repeat(32) as Hash } },
  ])('comes back as it was kept: $text', (draft) => {
    expect(read(draftField.write(draft))).toEqual({ ok: true, value: draft });
  });

  it('is read where an earlier build kept the text alone', () => {
    expect(read('half a thought')).toEqual({
      ok: true,
      value: { text: 'half a thought', about: null },
    });
  });

  it.each([[['half a thought']], [['x', ['forward', new Uint8Array(32)]]], [7], [null]])(
    'is refused in any other form',
    (stored) => {
      expect(read(stored).ok).toBe(false);
    },
  );
});
