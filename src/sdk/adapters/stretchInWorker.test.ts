import { describe, expect, it } from 'vitest';
import { stretchInWorker, type ThrowAway } from './stretchInWorker.ts';

const salt = new Uint8Array(16);
const typed = () => new TextEncoder().encode('anchor velvet');

/** Workers that end as the story says, and what became of them. */
function workers(story: (worker: ThrowAway) => void) {
  const log: string[] = [];
  const start = (): ThrowAway => {
    log.push('started');
    const worker: ThrowAway = {
      onmessage: null,
      onerror: null,
      onmessageerror: null,
      postMessage: () => queueMicrotask(() => story(worker)),
      terminate: () => log.push('ended'),
    };
    return worker;
  };
  return { log, stretch: stretchInWorker(start) };
}

const said = (data: unknown) => (worker: ThrowAway) =>
  worker.onmessage?.(new MessageEvent('message', { data }));
const broke = (worker: ThrowAway) => {
  worker.onerror?.(Object.assign(new Event('error'), { message: 'memory' }) as ErrorEvent);
};

describe('Argon2id in a throw-away worker', () => {
  it('P110: out of memory is a named refusal; the worker is ended, and none is tried with less', async () => {
    for (const story of [said(null), broke, said(new Uint8Array(16))]) {
      const { log, stretch } = workers(story);
      expect(await stretch(typed(), salt)).toMatchObject({ error: { name: 'E_LIMIT' } });
      expect(log).toEqual(['started', 'ended']);
    }
  });

  it('P110: the worker is ended after a good answer too, and the next one is a new one', async () => {
    const { log, stretch } = workers(said(new Uint8Array(32).fill(5)));
    const passphrase = typed();
    expect(await stretch(passphrase, salt)).toEqual({
      ok: true,
      value: new Uint8Array(32).fill(5),
    });
    expect(passphrase.every((byte) => byte === 0)).toBe(true);
    await stretch(typed(), salt);
    expect(log).toEqual(['started', 'ended', 'started', 'ended']);
  });

  it('P110: a browser that starts no worker is a named refusal', async () => {
    const stretch = stretchInWorker(() => {
      throw new Error('refused');
    });
    expect(await stretch(typed(), salt)).toMatchObject({ error: { name: 'E_LIMIT' } });
  });
});
