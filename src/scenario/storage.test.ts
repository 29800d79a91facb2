import { afterEach, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../client/event.ts';
import type { Store } from '../engine/ports.ts';
import { createMemoryStore } from '../sdk/adapters/memory.ts';
import { createNodeTransport } from '../sdk/adapters/nodeSocket.ts';
import { stretchHere } from '../sdk/adapters/stretchHere.ts';
import { systemClock } from '../sdk/adapters/systemClock.ts';
import { plugClient } from '../sdk/createClient.ts';
import { admit, allRead, makeGroup, must, say, setup, texts, type World } from './setup.ts';

let world: World;
afterEach(() => world.close());

/** A store whose disk is full from one moment on. */
function fillingStore(): { store: Store; fill: () => void } {
  const inner = createMemoryStore();
  let full = false;
  return {
    fill: () => {
      full = true;
    },
    store: {
      ...inner,
      write: (writes) => (full ? Promise.reject(new Error('quota')) : inner.write(writes)),
    },
  };
}

describe('a local store that refuses', () => {
  it('13: the engine stops with a word, nothing is said to be stored, and the others go on', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = [world.person('alice'), world.person('bob')];
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    const address = `127.0.0.1:${String(world.server().port)}`;
    const { store, fill } = fillingStore();
    const carol = await plugClient({
      transport: createNodeTransport(`ws://${address}/session`),
      store,
      storageKey: (drawKey) => Promise.resolve(drawKey()),
      storeGone: null,
      keyPlace: null,
      stretch: stretchHere,
      clock: systemClock,
      origin: `http://${address}`,
      deviceName: 'Node',
    });
    const heard: ClientEvent[] = [];
    carol.listen((event) => heard.push(event));
    must(await carol.createAccount('Carol'));
    const own = must(await carol.spawnGroup());
    must(await carol.initGroup(own, { group_name: 'Choir' }, {}));
    fill();
    const sent = await carol.sendMessage(own, 'never stored');
    expect(sent).toMatchObject({ ok: false, error: { name: 'E_STORAGE' } });
    expect(heard.at(-1)).toEqual({ kind: 'stopped', reason: 'Error' });
    expect(await carol.sendMessage(own, 'later')).toMatchObject({ ok: false });
    await say(alice, gid, 'still here');
    await allRead([bob], gid, 'still here');
    expect(await texts(bob, gid)).toEqual(['still here']);
  });
});
