/** Keys of earlier generations: passed on by a wrap in the entry, audited by everybody, repaired by the staff. */
import { afterEach, describe, expect, it } from 'vitest';
import { keyOf } from '../engine/replica.ts';
import { toBase64url } from '../lib/bytes.ts';
import type { Gid } from '../protocol/ids.ts';
import { CIRCLE, ROLE } from '../protocol/role.ts';
import { cheat, refusalOf } from './cheat.ts';
import {
  admit,
  allRead,
  eventually,
  groupOf,
  inStep,
  lines,
  must,
  type Person,
  say,
  setup,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

async function failures(one: Person, gid: Gid): Promise<string[]> {
  return (await lines(one, gid)).flatMap((line) =>
    line.kind === 'unreadable' ? [line.reason.name] : [],
  );
}

describe('wraps', () => {
  it('protocol 12: a wrap that opens nothing is found by everybody, its author named, and repaired: newcomers read what was shared', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob', 'mallory', 'carol');
    const [alice, bob, mallory, carol] = world.people('alice', 'bob', 'mallory', 'carol');
    const gid = await groupOf(alice, [bob, mallory]);
    must(await alice.client.editMember(gid, { set_role: [[mallory.pid, ROLE.moderator]] }));
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await say(alice, gid, 'shared and early');
    await allRead([alice, bob, mallory], gid, 'shared and early');
    await inStep([alice, bob, mallory], gid);
    const cheater = await cheat(world, mallory, gid);
    const bad = cheater.rotation((update) => ({
      ...update,
      everyone: { ...update.everyone, wrap: world.primitives.random(72) },
    }));
    expect(await cheater.append(bad)).toBe('appended');
    for (const one of [alice, bob])
      await eventually([one], `${one.name} names the author`, async () =>
        (await view(one, gid)).warnings.some(
          ({ kind, who }) => kind === 'wrap' && who?.pid === mallory.pid,
        ),
      );
    await eventually([alice, bob], 'the staff repairs it', async () => {
      return (await bob.replica(gid)).head.mended.length === 1;
    });
    await admit(alice, gid, carol);
    await say(alice, gid, 'welcome');
    await allRead([carol], gid, 'welcome');
    expect(await texts(carol, gid)).toEqual(['shared and early', 'welcome']);
    await world.restart('carol');
    expect(await texts(carol, gid)).toEqual(['shared and early', 'welcome']);
    await world.restart('alice');
    await say(alice, gid, 'once is enough');
    await allRead([bob], gid, 'once is enough');
    expect((await bob.replica(gid)).head.mended).toHaveLength(1);
  });

  it('P050: a key of a generation that was not declared shareable, of a plain member, or a false one, is refused', async () => {
    world = await setup('alice', 'bob', 'mallory');
    const [alice, bob, mallory] = world.people('alice', 'bob', 'mallory');
    const gid = await groupOf(alice, [bob, mallory]);
    must(await alice.client.editMember(gid, { set_role: [[mallory.pid, ROLE.moderator]] }));
    must(await alice.client.rotateSessionKey(gid));
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, mallory], gid);
    const moderator = await cheat(world, mallory, gid);
    const member = await cheat(world, bob, gid);
    const { generation } = moderator.replica.state;
    const keyAt = (at: number): string =>
      toBase64url(keyOf(moderator.replica, at, CIRCLE.everyone)?.secret ?? new Uint8Array());
    const wrap = (at: number, key: string) =>
      ({ type: 'wrap', generation: at, circle: CIRCLE.everyone, key }) as const;
    const shared = generation - 1;
    const hidden = generation - 2;
    const first = moderator.sealed(wrap(hidden, keyAt(hidden)));
    const second = moderator.sealed(wrap(shared, toBase64url(world.primitives.random(32))), {
      ctr: 2,
      prevOwn: first.item,
    });
    for (const made of [first, second])
      expect(await refusalOf(moderator.wire, 'send', made)).toBe('answered');
    expect(await refusalOf(member.wire, 'send', member.sealed(wrap(shared, keyAt(shared))))).toBe(
      'answered',
    );
    await eventually([alice], 'all three are refused', async () => {
      return (await failures(alice, gid)).length === 3;
    });
    expect(await failures(alice, gid)).toEqual(['E_HIST', 'E_KC', 'E_ROLE']);
    expect((await alice.replica(gid)).head.mended).toEqual([]);
  });
});
