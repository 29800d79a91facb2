import { afterEach, describe, expect, it } from 'vitest';
import { createLink } from './link.ts';
import { drawKeys } from './linkKeys.ts';
import { createTestChannel } from './testing/browser.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const end of undo.splice(0)) end();
});

async function setup() {
  const [one, two] = [createTestChannel('link test'), createTestChannel('link test')];
  undo.push(one.close, two.close);
  const [own, other] = [await drawKeys(), await drawKeys()];
  const up = createLink(one, 'a', 'follower', own.agree(other.publicKey, 'a'));
  const down = createLink(two, 'a', 'leader', other.agree(own.publicKey, 'a'));
  const heard: unknown[] = [];
  down.port.listen({
    message: (message) => heard.push(message),
    broken: () => heard.push('broken'),
  });
  return { one, two, up, down, heard };
}

describe('a link', () => {
  it('brings messages in the order they were said', async () => {
    const { up, heard } = await setup();
    for (let n = 0; n < 20; n++) up.port.post({ n });
    await expect.poll(() => heard.length).toBe(20);
    expect(heard).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })));
  });

  it('breaks once where a message is missing, and hears nothing after it', async () => {
    const { two, up, heard } = await setup();
    two.drop(1);
    for (let n = 0; n < 4; n++) up.port.post({ n });
    await expect.poll(() => heard).toEqual(['broken']);
  });

  it('breaks where somebody else speaks', async () => {
    const { one, heard } = await setup();
    one.post({ kind: 'sealed', link: 'a', up: true, n: 0, bytes: new Uint8Array(40) });
    await expect.poll(() => heard).toEqual(['broken']);
  });

  it('is silent once it is closed', async () => {
    const { up, down, heard } = await setup();
    up.port.post({ n: 0 });
    await expect.poll(() => heard.length).toBe(1);
    down.close();
    up.port.post({ n: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual([{ n: 0 }]);
  });
});
