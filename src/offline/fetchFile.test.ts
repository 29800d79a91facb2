import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fetchFile } from './fetchFile.ts';

const hash = createHash('sha256').update('new').digest('hex');

function serverWith(answers: Readonly<Record<'default' | 'reload', Response>>) {
  const asked: string[] = [];
  return {
    asked,
    fetch: (_: string, { cache }: { readonly cache: 'default' | 'reload' }) => {
      asked.push(cache);
      return Promise.resolve(answers[cache]);
    },
  };
}

describe('a file of the build', () => {
  it('is taken from what the browser has where that is the same', async () => {
    const { fetch, asked } = serverWith({
      default: new Response('new'),
      reload: new Response('new'),
    });
    expect(await (await fetchFile(fetch, '/a.js', hash)).text()).toBe('new');
    expect(asked).toEqual(['default']);
  });

  it('is asked of the server where the browser has another one', async () => {
    const { fetch, asked } = serverWith({
      default: new Response('old'),
      reload: new Response('new'),
    });
    expect(await (await fetchFile(fetch, '/a.js', hash)).text()).toBe('new');
    expect(asked).toEqual(['default', 'reload']);
  });

  it.each([
    ['a file of another build', new Response('older')],
    ['an error', new Response('new', { status: 404 })],
  ])('is refused where the server has %s', async (_, answer) => {
    const { fetch } = serverWith({ default: new Response('old'), reload: answer });
    await expect(fetchFile(fetch, '/a.js', hash)).rejects.toThrow('/a.js');
  });
});
