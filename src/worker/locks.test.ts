import { describe, expect, it } from 'vitest';
import { contend } from './locks.ts';
import { createTestLocks, type TestLocks } from './testing/browser.ts';

const flush = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function tab(name: string, said: string[], locks: TestLocks) {
  let end: () => void = () => undefined;
  const contender = contend(locks.of({}), 'engine', async (stolen) => {
    said.push(`${name} holds`);
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    await Promise.race([ended, stolen.then(() => said.push(`${name} robbed`))]);
  });
  return { ...contender, end: () => end() };
}

describe('the lock', () => {
  it('is held by one at a time, in the order asked, and asked for again', async () => {
    const said: string[] = [];
    const locks = createTestLocks();
    const one = tab('one', said, locks);
    const two = tab('two', said, locks);
    await flush();
    one.end();
    await flush();
    two.end();
    await flush();
    expect(said).toEqual(['one holds', 'two holds', 'one holds']);
  });

  it('tells the holder that it was robbed, and lets it wait its turn', async () => {
    const said: string[] = [];
    const locks = createTestLocks();
    tab('one', said, locks);
    const two = tab('two', said, locks);
    await flush();
    two.steal();
    two.steal();
    await flush();
    expect(said).toEqual(['one holds', 'two holds', 'one robbed']);
    two.end();
    await flush();
    // The place that the robber had in the queue comes before the one that the robbed took.
    expect(said.slice(3)).toEqual(['two holds']);
    two.giveUp();
    two.end();
    await flush();
    expect(said.slice(4)).toEqual(['one holds']);
  });

  it('passes by who gave up', async () => {
    const said: string[] = [];
    const locks = createTestLocks();
    const one = tab('one', said, locks);
    const two = tab('two', said, locks);
    tab('three', said, locks);
    await flush();
    two.giveUp();
    one.giveUp();
    one.end();
    await flush();
    expect(said).toEqual(['one holds', 'three holds']);
  });
});
