import { describe, expect, it } from 'vitest';
import type { Gid } from '../protocol/ids.ts';
import { decodeServerFrame } from '../protocol/push.ts';
import { createOutboxes } from './outbox.ts';

const gid = 'a'.repeat(64) as Gid;
const item = (t: number) => ({ t, kind: 0 as const, head: new Uint8Array(100), body: null, at: t });
const checkpoint = (n: number) => () => new Uint8Array(180).fill(n);

function told(frames: readonly Uint8Array[]): unknown[] {
  return frames.map((bytes) => {
    const frame = decodeServerFrame(bytes);
    if (!frame.ok || frame.value.kind !== 'push') return 'frame';
    const { push } = frame.value;
    return push.name === 'items'
      ? [push.news.items.map(({ t }) => t), push.news.checkpoint?.[0]]
      : push.name;
  });
}

describe('outbox', () => {
  it('what is said in one turn leaves in one write, in its order; items of a group ride together under the last checkpoint', () => {
    const outboxes = createOutboxes(10_000);
    const writes: unknown[][] = [];
    const box = outboxes.open((frames) => writes.push(told(frames)));
    box.item(gid, false, item(1), checkpoint(1));
    box.item(gid, false, item(2), checkpoint(2));
    box.frame(new Uint8Array([0]));
    box.item(gid, false, item(3), checkpoint(3));
    outboxes.flush();
    expect(writes).toEqual([[[[1, 2], 2], 'frame', [[3], 3]]]);
  });

  it('a push stays below its size', () => {
    const outboxes = createOutboxes(400);
    const writes: unknown[][] = [];
    const box = outboxes.open((frames) => writes.push(told(frames)));
    for (let t = 0; t < 5; t++) box.item(gid, false, item(t), checkpoint(t));
    outboxes.flush();
    expect(writes).toEqual([
      [
        [[0, 1], 1],
        [[2, 3], 3],
        [[4], 4],
      ],
    ]);
  });

  it('the same news for many sockets is encoded once; staff and others get their own', () => {
    const outboxes = createOutboxes(10_000);
    const frames: Uint8Array[] = [];
    for (const staff of [false, false, true])
      outboxes.open((given) => frames.push(...given)).item(gid, staff, item(1), checkpoint(1));
    outboxes.flush();
    expect(frames[0]).toBe(frames[1]);
    expect(frames[0]).not.toBe(frames[2]);
  });
});
