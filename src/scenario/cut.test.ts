/** The network cut at every step of an act: after the connection is back it is done or not done, never half, and one try more is enough. */
import { afterEach, expect, it } from 'vitest';
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
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

/** More frames than any of these acts needs. */
const FRAMES_MAX = 40;

/** Before the frame leaves, or with its answer on the way back. */
type Side = 'request' | 'answer';

/** Cuts the line once, at its k-th frame in that direction. Answers whether it came to that. */
function cutAt({ line }: Person, side: Side, k: number): () => boolean {
  let left = k;
  let cut = false;
  const passing = (): boolean => {
    if (cut || left-- > 0) return false;
    cut = true;
    return true;
  };
  if (side === 'request')
    line.lies = () => {
      if (passing()) line.cut();
      return null;
    };
  else
    line.twists = (frame) => {
      if (passing()) line.cut();
      return frame;
    };
  return () => {
    line.lies = () => null;
    line.twists = (frame) => frame;
    return cut;
  };
}

interface Act {
  readonly who: Person;
  readonly gid: Gid;
  /** Answers whether it was done as far as its author was told. */
  readonly act: () => Promise<boolean>;
}

/** The act is cut at each of its frames, in a fresh group each time; `look` says whether it was done after all. */
async function sweep(
  side: Side,
  begin: () => Promise<Act>,
  look: (act: Act) => Promise<boolean>,
): Promise<number> {
  for (let k = 0; k < FRAMES_MAX; k++) {
    const act = await begin();
    const end = cutAt(act.who, side, k);
    const told = await act.act();
    const cut = end();
    await act.who.client.reconnect();
    await online(act.who);
    const done = await look(act);
    if (told && !done)
      throw new Error(`cut at ${side} ${String(k)}: said to be done, and not done`);
    if (!cut) return k;
  }
  throw new Error('it never came to an end');
}

it.each(['request', 'answer'] as const)(
  'P083, bug 6: approving, cut at every %s, admits once or not at all',
  async (side) => {
    world = await setupWith({ hurry: 20, memory: true }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const frames = await sweep(
      side,
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
        return isIn;
      },
    );
    expect(frames).toBeGreaterThan(0);
  },
  240_000,
);

it.each(['request', 'answer'] as const)(
  'P083: removing, cut at every %s, removes with a new key or not at all',
  async (side) => {
    world = await setupWith({ hurry: 20, memory: true }, 'alice', 'bob', 'carol');
    const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
    const frames = await sweep(
      side,
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
        await allRead([alice], gid, 'after');
        expect(await facts(alice, gid)).toEqual(await facts(bob, gid));
        return gone;
      },
    );
    expect(frames).toBeGreaterThan(0);
  },
  240_000,
);
