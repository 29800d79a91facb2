/** Complaints about session keys: the just ones are healed, the unjust named, and nobody stays without a key. */
import { afterEach, describe, expect, it } from 'vitest';
import { boxesHash } from '../crypto/hash.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Gid } from '../protocol/ids.ts';
import { encodeReply } from '../protocol/request.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import { cheat, refusalOf } from './cheat.ts';
import {
  allRead,
  eventually,
  groupOf,
  inStep,
  must,
  type Person,
  say,
  setup,
  setupWith,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

async function kinds(one: Person, gid: Gid): Promise<(string | undefined)[][]> {
  return (await view(one, gid)).warnings.map(({ kind, who }) => [kind, who?.pid]);
}

describe('complaints', () => {
  it('protocol 6: who complains though every box can be rebuilt is named, and no key is changed', async () => {
    world = await setup('alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
    const generation = await inStep([alice, bob, mallory], gid);
    const liar = await cheat(world, mallory, gid);
    const entry = liar.offLog({
      kind: 'Complain',
      generation: liar.replica.state.generation,
      circle: CIRCLE.everyone,
    });
    expect(await refusalOf(liar.wire, 'offer', { entry, intro: null })).toBe('answered');
    for (const staff of [alice, bob])
      await eventually([staff], `${staff.name} sees who complained`, async () =>
        (await kinds(staff, gid)).some(
          ([kind, who]) => kind === 'complaint' && who === mallory.pid,
        ),
      );
    await say(alice, gid, 'all the same');
    await allRead([bob, mallory], gid, 'all the same');
    expect(await inStep([alice, bob, mallory], gid)).toBe(generation);
  });

  it('protocol 6: where the staff holds the key and does not answer, the complainer’s own sealing key is renewed and a new box opens', async () => {
    world = await setupWith({ hurry: 20 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await inStep([alice, bob], gid);
    // Alice's client is not shown the complaint, so that nothing but a new card can help.
    alice.line.lies = (request) =>
      request.name === 'requests'
        ? encodeReply(request.id, 'requests', { requests: [], complaints: [], reports: [] })
        : null;
    const owner = await cheat(world, alice, gid);
    const { generation } = owner.replica.state;
    const before = (await bob.identity()).sealing.publicKey;
    const poison = (boxes: Bytes): Bytes => {
      const place = [alice.pid, bob.pid].toSorted().indexOf(bob.pid);
      const bent = boxes.slice();
      bent[32 + 48 * place] = (bent[32 + 48 * place] ?? 0) ^ 1;
      return bent;
    };
    const { update, objects } = owner.keys();
    const poisoned = poison(objects[0] ?? new Uint8Array());
    const keys = {
      ...update,
      everyone: { ...update.everyone, boxesHash: boxesHash(world.primitives, poisoned) },
    };
    const made = owner.entry({ kind: 'RotateSessionKey', keys, reason: 'manual' }, [
      poisoned,
      ...objects.slice(1),
    ]);
    expect(await owner.append(made)).toBe('appended');
    await eventually([alice, bob], 'the key is changed for the new card', async () => {
      const { key, generation: now } = await view(bob, gid);
      return now > generation + 1 && key.state === 'secured';
    });
    expect((await bob.identity()).sealing.publicKey).not.toEqual(before);
    await say(alice, gid, 'can you read this');
    await allRead([bob], gid, 'can you read this');
  });
});
