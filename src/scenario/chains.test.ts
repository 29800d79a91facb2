/** Chains of devices: what a message proves about those before it, and what an omitted one shows. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SealedMessage } from '../crypto/secret/seal.ts';
import { toHex } from '../lib/bytes.ts';
import { type Gid, type Hash, ZERO_HASH } from '../protocol/ids.ts';
import { ITEM } from '../protocol/item.ts';
import { encodePush } from '../protocol/push.ts';
import { type Cheat, cheat, type Place, refusalOf } from './cheat.ts';
import {
  admit,
  allRead,
  eventually,
  groupOf,
  inStep,
  lines,
  must,
  type Person,
  setup,
  texts,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

/** Seals a text as this device would, at any place of its chain. */
function sealAt(by: Cheat, text: string, place: Place): SealedMessage {
  return by.sealed({ type: 'text', text }, place);
}

async function failures(one: Person, gid: Gid): Promise<string[]> {
  return (await lines(one, gid)).flatMap((line) =>
    line.kind === 'unreadable' ? [line.reason.name] : [],
  );
}

describe('chains of devices', () => {
  it('P012: the first message of a device is left out for one client: the second is no baseline, though both had seen the same', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const server = await cheat(world, bob, gid);
    const first = sealAt(server, 'never shown', { ctr: 1, prevOwn: ZERO_HASH });
    const second = sealAt(server, 'shown', { ctr: 2, prevOwn: first.item });
    const t = server.replica.timeline.end();
    const item = {
      t,
      kind: ITEM.message,
      head: second.header,
      body: second.body,
      at: world.clock.now(),
    };
    alice.line.inject(encodePush('items', { gid, items: [item], checkpoint: null }));
    await eventually([alice], 'the gap is named', async () =>
      (await failures(alice, gid)).includes('E_GAP'),
    );
    expect(await texts(alice, gid)).toEqual([]);
  });

  it('protocol 9: a newcomer’s baseline is joined when the older page is read, and one that does not follow is taken back', async () => {
    world = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const gid = await groupOf(alice, [bob]);
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob], gid);
    const early = await cheat(world, bob, gid);
    const first = sealAt(early, 'first', { ctr: 1, prevOwn: ZERO_HASH });
    expect(await refusalOf(early.wire, 'send', first)).toBe('answered');
    await allRead([alice, bob], gid, 'first');
    await admit(alice, gid, carol);
    await inStep([alice, bob, carol], gid);
    const late = await cheat(world, bob, gid);
    const foreign = toHex(world.primitives.random(32)) as Hash;
    const second = sealAt(late, 'second', { ctr: 2, prevOwn: foreign });
    expect(await refusalOf(late.wire, 'send', second)).toBe('answered');
    await eventually([alice], 'alice sees the gap', async () =>
      (await failures(alice, gid)).includes('E_GAP'),
    );
    const newest = async (): Promise<string[]> =>
      must(await carol.client.timeline(gid, null)).items.flatMap((line) =>
        line.kind === 'message' ? [line.text] : [],
      );
    await eventually([carol], 'carol reads it', async () => (await newest()).includes('second'));
    // Paging back to the beginning.
    expect(await texts(carol, gid)).toContain('first');
    await eventually([carol], 'it is taken back', async () => !(await newest()).includes('second'));
    expect(await failures(carol, gid)).toEqual(['E_GAP']);
  });

  it('protocol 9: a message refused for its signature alone is accepted once a later verified one covers it', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    const device = await cheat(world, bob, gid);
    const signKey = world.primitives.random(32);
    const first = sealAt(device, 'one', { ctr: 1, prevOwn: ZERO_HASH, signKey });
    const second = sealAt(device, 'two', { ctr: 2, prevOwn: first.item, signKey });
    const third = sealAt(device, 'three', { ctr: 3, prevOwn: second.item });
    for (const made of [first, second])
      expect(await refusalOf(device.wire, 'send', made)).toBe('answered');
    await eventually([alice], 'neither is believed', async () => {
      const names = await failures(alice, gid);
      return names.length === 2 && names.every((name) => name === 'E_SIG');
    });
    expect(await texts(alice, gid)).toEqual([]);
    expect(await refusalOf(device.wire, 'send', third)).toBe('answered');
    await allRead([alice], gid, 'three');
    await eventually([alice], 'all are believed', async () => {
      return (await failures(alice, gid)).length === 0;
    });
    expect(await texts(alice, gid)).toEqual(['one', 'two', 'three']);
    await world.restart('alice');
    expect(await texts(alice, gid)).toEqual(['one', 'two', 'three']);
  });
});
