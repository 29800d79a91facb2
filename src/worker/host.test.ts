import { describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import { CALL_NAMES, isCallName } from './calls.ts';
import { serve } from './host.ts';
import type { PortEar, Tell } from './message.ts';

/** Everything the host says to raw messages, in order. */
async function talk(client: Partial<Client>, messages: readonly unknown[]): Promise<Tell[]> {
  const said: Tell[] = [];
  const ears: PortEar[] = [];
  const whole = { listen: () => () => undefined, close: () => Promise.resolve(), ...client };
  serve(
    {
      post: (message) => said.push(message as Tell),
      listen: (ear) => {
        ears.push(ear);
        return () => undefined;
      },
    },
    Promise.resolve(whole as Client),
  );
  for (const message of messages) for (const ear of ears) ear.message(message);
  await new Promise((resolve) => setTimeout(resolve, 0));
  return said;
}

describe('the host', () => {
  it('refuses names that are not in the table', async () => {
    const names = ['constructor', '__proto__', 'toString', 'listen', 'close', 'a.b', '', 7, null];
    const said = await talk(
      {},
      names.map((name, id) => ({ kind: 'call', id, name, args: [] })),
    );
    expect(said).toEqual(
      names.map((_, id) => ({ kind: 'broken', id, reason: 'this cannot be called' })),
    );
  });

  it('refuses arguments that are no list and kinds it does not know', async () => {
    const said = await talk({ account: () => Promise.resolve(null) }, [
      { kind: 'call', id: 1, name: 'account', args: 'x' },
      { kind: 'other', id: 2, name: 'account', args: [] },
      { kind: 'call', name: 'account', args: [] },
      { kind: 'call', id: 3, name: 'account', args: [] },
    ]);
    expect(said).toEqual([
      { kind: 'broken', id: 1, reason: 'this cannot be called' },
      { kind: 'broken', id: 2, reason: 'this cannot be called' },
      { kind: 'answer', id: 3, value: null },
    ]);
  });

  it('tells nothing any more once it is ended, and leaves the client open', async () => {
    const said: unknown[] = [];
    const ears: PortEar[] = [];
    let closed = 0;
    const client: Partial<Client> = {
      listen: () => () => undefined,
      account: () => Promise.resolve(null),
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    };
    const end = serve(
      {
        post: (message) => said.push(message),
        listen: (ear) => {
          ears.push(ear);
          return () => undefined;
        },
      },
      Promise.resolve(client as Client),
    );
    for (const ear of ears) ear.message({ kind: 'call', id: 1, name: 'account', args: [] });
    end();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(said).toEqual([]);
    expect(closed).toBe(0);
  });

  it('knows each name of the table and nothing inherited', () => {
    expect(CALL_NAMES.every(isCallName)).toBe(true);
    expect(isCallName('hasOwnProperty')).toBe(false);
  });
});
