import { describe, expect, it } from 'vitest';
import { type Channel, type Locks, takeTurn } from './turn.ts';

/** Locks and a channel as the tabs of one browser share them. */
function browser() {
  const queue: (() => void)[] = [];
  let holder: ((cause: Error) => void) | null = null;
  const pass = (): void => {
    if (holder === null) queue.shift()?.();
  };
  const locks: Locks = {
    request: (_name, { steal }, hold) =>
      new Promise((resolve, reject) => {
        const begin = (): void => {
          holder = reject;
          void hold().then(() => {
            if (holder === reject) holder = null;
            resolve(undefined);
            pass();
          });
        };
        if (steal) {
          holder?.(new Error('stolen'));
          begin();
          return;
        }
        queue.push(begin);
        pass();
      }),
  };
  const ears: ((message: unknown) => void)[] = [];
  const channel = (): Channel => {
    let own: ((message: unknown) => void) | null = null;
    return {
      post: (message) => {
        for (const ear of ears) if (ear !== own) ear(message);
      },
      listen: (hear) => {
        own = hear;
        ears.push(hear);
      },
    };
  };
  return { locks, channel };
}

function tab(name: string, said: string[], { locks, channel }: ReturnType<typeof browser>) {
  return takeTurn(
    locks,
    channel(),
    async () => {
      said.push(`${name} closes`);
      await Promise.resolve();
      said.push(`${name} closed`);
    },
    20,
  ).then(() => said.push(`${name} runs`));
}

describe('the turn of a tab', () => {
  it('comes at once where no other tab is open', async () => {
    const said: string[] = [];
    await tab('one', said, browser());
    expect(said).toEqual(['one runs']);
  });

  it('goes to the newest tab, after the older one has closed its engine', async () => {
    const said: string[] = [];
    const shared = browser();
    await tab('one', said, shared);
    await tab('two', said, shared);
    expect(said).toEqual(['one runs', 'one closes', 'one closed', 'two runs']);
  });

  it('passes through a tab that was overtaken while it waited', async () => {
    const said: string[] = [];
    const shared = browser();
    await tab('one', said, shared);
    const two = tab('two', said, shared);
    const three = tab('three', said, shared);
    await Promise.all([two, three]);
    expect(said.at(-1)).toBe('three runs');
    expect(said.indexOf('two closed')).toBeLessThan(said.indexOf('three runs'));
  });

  it('is taken from an engine that does not close', async () => {
    const said: string[] = [];
    const shared = browser();
    await takeTurn(shared.locks, shared.channel(), () => new Promise(() => undefined), 20);
    await tab('two', said, shared);
    expect(said).toEqual(['two runs']);
  });
});
