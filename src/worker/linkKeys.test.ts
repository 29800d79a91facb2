import { describe, expect, it } from 'vitest';
import { drawKeys, openMessage, sealMessage } from './linkKeys.ts';

describe('the keys of a link', () => {
  it('are the same at both ends, and differ by link and direction', async () => {
    const one = await drawKeys();
    const two = await drawKeys();
    const mine = await one.agree(two.publicKey, 'a');
    const theirs = await two.agree(one.publicKey, 'a');
    const other = await two.agree(one.publicKey, 'b');
    const sealed = await sealMessage(mine.up, 0, { text: 'hello' });
    await expect(openMessage(theirs.up, 0, sealed)).resolves.toEqual({ text: 'hello' });
    await expect(openMessage(theirs.down, 0, sealed)).resolves.toBeNull();
    await expect(openMessage(other.up, 0, sealed)).resolves.toBeNull();
    await expect(openMessage(theirs.up, 1, sealed)).resolves.toBeNull();
  });

  it('cannot be read out', async () => {
    const one = await drawKeys();
    const { up } = await one.agree((await drawKeys()).publicKey, 'a');
    expect(up.extractable).toBe(false);
  });

  it('refuse what is no point of the curve', async () => {
    const one = await drawKeys();
    await expect(one.agree(new Uint8Array(65), 'a')).rejects.toBeInstanceOf(Error);
  });
});
