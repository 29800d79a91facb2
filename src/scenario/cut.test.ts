/** The network cut at every step of an act: after the connection is back it is done or not done, never half, and one try more is enough. */
import { afterEach, expect, it } from 'vitest';
import { decodeHeader } from '../protocol/envelope.ts';
import type { Gid } from '../protocol/ids.ts';
import {
  allRead,
  ask,
  eventually,
  facts,
  groupOf,
  inGroup,
  inStep,
  makeLink,
  must,
  online,
  type Person,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

/** Who waits for a server that is away gives up after half a second instead of twenty. */
const QUICK = { hurry: 20, guards: 40, memory: true };

/** More frames than any of these acts needs. */
const FRAMES_MAX = 40;

/** Before the frame leaves, or with its answer on the way back; for a moment, or until the author was told how it went. */
interface Cut {
  readonly side: 'request' | 'answer';
  readonly length: 'for a moment' | 'for long';
}

const CUTS: readonly Cut[] = (['request', 'answer'] as const).flatMap((side) =>
  (['for a moment', 'for long'] as const).map((length): Cut => ({ side, length })),
);

/** Cuts the line once, at its k-th frame in that direction. What it answers heals it, and says whether it came to that. */
function cutAt({ line }: Person, { side, length }: Cut, k: number): () => boolean {
  let left = k;
  let cut = false;
  const pass = (): void => {
    if (cut || left-- > 0) return;
    cut = true;
    if (length === 'for long') line.block(true);
    else line.cut();
  };
  if (side === 'request')
    line.lies = () => {
      pass();
      return null;
    };
  else
    line.twists = (frame) => {
      pass();
      return frame;
    };
  return () => {
    line.lies = () => null;
    line.twists = (frame) => frame;
    line.block(false);
    return cut;
  };
}

/** The headers of all messages that the server took in a group: each device counts from 1, and no number twice. */
async function countersHold(gid: Gid): Promise<void> {
  const all = { items: 1000, bytes: 1e9 };
  const counted = new Map<string, number[]>();
  for (const item of await world.storage().items(gid, 0, 1000, all, 'oldest')) {
    if (item.kind !== 'message') continue;
    const { dev, ctr } = must(decodeHeader(item.head));
    counted.set(dev, [...(counted.get(dev) ?? []), ctr]);
  }
  expect(counted.size).toBeGreaterThan(0);
  for (const counters of counted.values()) expect(counters).toEqual(counters.map((_, i) => i + 1));
}

interface Act {
  readonly who: Person;
  readonly gid: Gid;
  /** Answers whether it was done as far as its author was told. */
  readonly act: () => Promise<boolean>;
}

/** The act is cut at each of its frames, in a fresh group each time; `look` says whether it was done after all. */
async function sweep(
  where: Cut,
  begin: () => Promise<Act>,
  look: (act: Act) => Promise<boolean>,
): Promise<number> {
  for (let k = 0; k < FRAMES_MAX; k++) {
    const act = await begin();
    const end = cutAt(act.who, where, k);
    const told = await act.act();
    const cut = end();
    await act.who.client.reconnect();
    await online(act.who);
    const done = await look(act);
    if (told && !done)
      throw new Error(`cut at ${where.side} ${String(k)}: said to be done, and not done`);
    if (!cut) return k;
  }
  throw new Error('it never came to an end');
}

it.each(CUTS)(
  'P083, bug 6: approving, cut $length at every $side, admits once or not at all',
  async (where) => {
    world = await setupWith(QUICK, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const frames = await sweep(
      where,
      async () => {
        const gid = await groupOf(alice, [bob]);
        const { link } = await makeLink(alice, gid);
        const hash = await ask(alice, gid, carol, link);
        const act = async (): Promise<boolean> => (await alice.client.approve(gid, [hash])).ok;
        return { who: alice, gid, act };
      },
      async ({ gid }) => {
        const seq = await inStep([alice, bob], gid);
        const isIn = (await view(bob, gid)).members.some((member) => member.pid === carol.pid);
        if (!isIn) {
          const waiting = must(await alice.client.requests(gid)).find(
            (request) => request.state === 'waiting',
          );
          if (waiting !== undefined) await alice.client.approve(gid, [waiting.hash]);
        }
        await inGroup(carol, gid);
        await say(carol, gid, 'here I am');
        await allRead([alice, bob], gid, 'here I am');
        // One entry lets in and changes the key: what was done was not done again.
        expect((await view(bob, gid)).seq).toBe(isIn ? seq : seq + 1);
        expect(await facts(alice, gid)).toEqual(await facts(bob, gid));
        await countersHold(gid);
        return isIn;
      },
    );
    expect(frames).toBeGreaterThan(0);
  },
  240_000,
);

it.each(CUTS)(
  'P083: removing, cut $length at every $side, removes with a new key or not at all',
  async (where) => {
    world = await setupWith(QUICK, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const frames = await sweep(
      where,
      async () => {
        const gid = await groupOf(alice, [bob, carol]);
        await say(carol, gid, 'before');
        await allRead([alice, bob], gid, 'before');
        const act = async (): Promise<boolean> =>
          (await alice.client.editMember(gid, { remove: [carol.pid] })).ok;
        return { who: alice, gid, act };
      },
      async ({ gid }) => {
        await inStep([alice, bob], gid);
        const before = await view(bob, gid);
        const gone = !before.members.some((member) => member.pid === carol.pid);
        // The removal and its key are one entry.
        expect(before.generation).toBe(gone ? 2 : 1);
        if (!gone) must(await alice.client.editMember(gid, { remove: [carol.pid] }));
        await eventually([bob], 'Carol is gone', async () => {
          const { members, generation } = await view(bob, gid);
          return generation === 2 && !members.some((member) => member.pid === carol.pid);
        });
        await say(bob, gid, 'after');
        await say(alice, gid, 'after as well');
        await allRead([alice, bob], gid, 'after');
        await allRead([alice, bob], gid, 'after as well');
        expect(JSON.stringify(await carol.client.timeline(gid, null))).not.toContain('after');
        expect(await facts(alice, gid)).toEqual(await facts(bob, gid));
        await countersHold(gid);
        return gone;
      },
    );
    expect(frames).toBeGreaterThan(0);
  },
  240_000,
);

it.each(CUTS)(
  'P083: rotating, cut $length at every $side, changes the key once or not at all, and what is said meanwhile arrives once',
  async (where) => {
    world = await setupWith(QUICK, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const frames = await sweep(
      where,
      async () => {
        const gid = await groupOf(alice, [bob]);
        await inStep([alice, bob], gid);
        // Said on both sides of the change, by both: what was sealed under the old key is sealed anew, in its place.
        const act = async (): Promise<boolean> => {
          await say(alice, gid, 'first');
          const rotated = alice.client.rotateSessionKey(gid);
          await Promise.all([say(alice, gid, 'second'), say(bob, gid, 'from Bob')]);
          return (await rotated).ok;
        };
        return { who: alice, gid, act };
      },
      async ({ gid }) => {
        const seq = await inStep([alice, bob], gid);
        const { generation, key } = await view(bob, gid);
        expect(generation).toBe(seq === 1 ? 1 : 2);
        expect(key.state).toBe('secured');
        const done = generation === 2;
        if (!done) must(await alice.client.rotateSessionKey(gid));
        await eventually([bob], 'there is one new key', async () => {
          return (await view(bob, gid)).generation === 2;
        });
        await say(bob, gid, 'after');
        for (const text of ['first', 'second', 'from Bob', 'after'])
          await allRead([alice, bob], gid, text);
        const read = await texts(alice, gid);
        expect(read.toSorted()).toEqual(['after', 'first', 'from Bob', 'second']);
        expect(read.indexOf('first')).toBeLessThan(read.indexOf('second'));
        expect(await texts(bob, gid)).toEqual(read);
        expect(await facts(alice, gid)).toEqual(await facts(bob, gid));
        await countersHold(gid);
        return done;
      },
    );
    expect(frames).toBeGreaterThan(0);
  },
  240_000,
);
