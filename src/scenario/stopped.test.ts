/** The worker stopped at every step: what was begun is done or not done after the next start, never half. */
import { afterEach, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import type { Gid } from '../protocol/ids.ts';
import {
  allRead,
  eventually,
  groupOf,
  makeGroup,
  admit,
  ask,
  facts,
  inGroup,
  inStep,
  logWords,
  makeLink,
  must,
  outgoing,
  type Person,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

async function saveCode(client: Client): Promise<string> {
  const code = must(await client.showRecoveryCode());
  must(
    await client.proveRecoveryCode([
      [1, code.slice(5, 10)],
      [4, code.slice(20)],
    ]),
  );
  return code;
}

/** More steps than any of these acts takes: the sweep ends by itself once one goes through whole. */
const STEPS_MAX = 80;

interface Act {
  /** Whose client is stopped. */
  readonly who: string;
  readonly client: Client;
  readonly act: () => Promise<unknown>;
}

/** A fresh world for every k: the act is stopped at its k-th step, its client is started again, and looked at. */
async function sweep(
  begin: () => Promise<Act>,
  look: (client: Client, k: number) => Promise<void>,
): Promise<number> {
  for (let k = 0; k < STEPS_MAX; k++) {
    const { who, client, act } = await begin();
    const stopped = world.stopAfter(who, k).then(() => false);
    const done = act().then(
      () => true,
      () => true,
    );
    const whole = await Promise.race([stopped, done]);
    await client.close();
    const again = await world.open(who);
    try {
      await look(again, k);
    } catch (cause) {
      throw new Error(`stopped after ${String(k)} steps`, { cause });
    } finally {
      await again.close();
    }
    if (whole) return k;
    await world.close();
  }
  throw new Error('it never came to an end');
}

const until = async (what: string, ask: () => Promise<boolean>): Promise<void> => {
  await eventually([], what, ask);
};

/** The person goes on with the client that was started again, once it is connected. */
async function goOn(who: Person, client: Client): Promise<void> {
  who.client = client;
  await until('online', async () => (await client.connection()).state === 'online');
}

/** Bob's words as Alice reads them: all of them, once each, and nothing was refused. */
async function speaks(client: Client, gid: Gid, word: string): Promise<void> {
  const [alice, bob] = world.people('alice', 'bob');
  await until('in the group', async () => {
    const group = await client.group(gid);
    return group.ok && group.value.standing === 'member' && group.value.name !== null;
  });
  must(await client.sendMessage(gid, word));
  await allRead([alice], gid, word);
  await say(bob, gid, `${word}, and the desk`);
  await allRead([alice], gid, `${word}, and the desk`);
  const read = await texts(alice, gid);
  expect(new Set(read).size).toBe(read.length);
  expect((await view(alice, gid)).halted).toBeNull();
}

async function twoOfThem(): Promise<readonly [Person, Person, Gid]> {
  world = await setupWith({ hurry: 20, memory: true }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  await say(bob, gid, 'before');
  await allRead([alice, bob], gid, 'before');
  return [alice, bob, gid];
}

it('13: restoring, stopped at every step, leaves an account that is here or is not, and no counter is used twice', async () => {
  let code = '';
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [, bob, group] = await twoOfThem();
      gid = group;
      code = await saveCode(bob.client);
      const client = await world.open('laptop');
      return { who: 'laptop', client, act: () => client.restoreAccount(code) };
    },
    async (client) => {
      // Either nothing came: then the code is typed again. Or the account is here and goes on by itself.
      if ((await client.account()) === null) must(await client.restoreAccount(code));
      await speaks(client, gid, 'from the laptop');
      const devices = (await client.devices()).filter((device) => device.me);
      expect(devices).toHaveLength(1);
    },
  );
  expect(steps).toBeGreaterThan(3);
}, 240_000);

it('13: a device that enters by code, stopped at every step, is in or is not; the first one goes on either way', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [, bob, group] = await twoOfThem();
      gid = group;
      const { code } = must(await bob.client.offerDevice());
      const client = await world.open('laptop');
      return { who: 'laptop', client, act: () => client.enterFromDevice(code) };
    },
    async (client) => {
      // A code that was taken and not used is gone: the first device makes another.
      if ((await client.account()) === null) {
        const { code } = must(await world.person('bob').client.offerDevice());
        must(await client.enterFromDevice(code));
      }
      await speaks(client, gid, 'from the laptop');
    },
  );
  expect(steps).toBeGreaterThan(3);
}, 240_000);

it('13: signing a device out, stopped at every step, is done or can be done again; the one that signs out is never locked out', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [, bob, group] = await twoOfThem();
      gid = group;
      const phone = await world.enter('phone', must(await bob.client.offerDevice()).code);
      await until('two devices', async () => (await bob.client.devices()).length === 2);
      await until('the phone is in the log', async () => {
        const { state } = await world.person('alice').replica(gid);
        return state.cards.get(bob.pid)?.devices.length === 2;
      });
      await phone.client.close();
      const dev = (await bob.client.devices()).find((device) => !device.me)?.dev;
      if (dev === undefined) throw new Error('there is a phone');
      return { who: 'bob', client: bob.client, act: () => bob.client.signOutDevice(dev) };
    },
    async (client) => {
      const person = world.person('bob');
      person.client = client;
      await until('online', async () => (await client.connection()).state === 'online');
      const other = (await client.devices()).find((device) => !device.me && !device.signedOut);
      if (other !== undefined) must(await client.signOutDevice(other.dev));
      await speaks(client, gid, 'from the one that is left');
      await until('only one is left', async () =>
        (await client.devices()).every((device) => device.me || device.signedOut),
      );
    },
  );
  expect(steps).toBeGreaterThan(2);
}, 240_000);

it('P056: accepting a group, stopped at every step, leaves exactly one owner, and it can be accepted still or is', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [alice, bob] = await twoOfThem();
      gid = await makeGroup(alice, 'Greenhouse');
      await admit(alice, gid, bob);
      must(await alice.client.editMember(gid, { set_role: [[bob.pid, 2]] }));
      must(await alice.client.offerOwnership(gid, bob.pid));
      await until('Bob sees the offer', async () => (await view(bob, gid)).offer?.toMe === true);
      return { who: 'bob', client: bob.client, act: () => bob.client.acceptOwnership(gid) };
    },
    async (client) => {
      const [alice, bob] = world.people('alice', 'bob');
      bob.client = client;
      await until('online', async () => (await client.connection()).state === 'online');
      await until('the group is Bob’s', async () => {
        const group = await view(bob, gid);
        if (group.role === 3) return true;
        if (group.offer?.toMe === true) await client.acceptOwnership(gid);
        return false;
      });
      await until('Alice agrees', async () => (await view(alice, gid)).role === 2);
    },
  );
  expect(steps).toBeGreaterThan(1);
}, 240_000);

it('13: deleting, stopped at every step, goes on to its end at the next start, or was never begun', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [, bob, group] = await twoOfThem();
      gid = group;
      await saveCode(bob.client);
      const gone = new Promise<void>((resolve) => {
        bob.client.listen((event) => {
          if (event.kind === 'stopped') resolve();
        });
      });
      const act = async (): Promise<void> => {
        must(await bob.client.deleteAccount([]));
        await gone;
      };
      return { who: 'bob', client: bob.client, act };
    },
    async (client) => {
      const [alice, bob] = world.people('alice', 'bob');
      bob.client = client;
      const account = await client.account();
      if (account !== null && (await client.deletion()) === null) {
        await until('online', async () => (await client.connection()).state === 'online');
        must(await client.group(gid));
        must(await client.deleteAccount([]));
      }
      await until('nothing is left here', async () => (await client.account()) === null);
      await until('Bob has left', async () => {
        const { members } = await view(alice, gid);
        return !members.some((one) => one.pid === bob.pid);
      });
      expect((await world.storage().vault(bob.pid)) === null).toBe(true);
    },
  );
  expect(steps).toBeGreaterThan(4);
}, 240_000);

/** Counters of every device in the group as the server has them: 1, 2, 3, none missing and none twice. */
async function countersOf(gid: Gid): Promise<void> {
  const items = await world
    .storage()
    .items(gid, 0, 100_000, { items: 100_000, bytes: 1e9 }, 'oldest');
  const counters = new Map<string, number[]>();
  for (const item of items)
    if (item.kind === 'message')
      counters.set(item.dev, [...(counters.get(item.dev) ?? []), item.ctr]);
  for (const used of counters.values()) expect(used).toEqual(used.map((_, i) => i + 1));
}

it('9, bug 10: sending, stopped at every step, is in the outbox, in the talk, or was never said; no counter is used twice', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [alice, bob, group] = await twoOfThem();
      gid = group;
      const act = async (): Promise<void> => {
        await bob.client.sendMessage(gid, 'the word');
        await allRead([alice, bob], gid, 'the word');
      };
      return { who: 'bob', client: bob.client, act };
    },
    async (client) => {
      const [alice, bob] = world.people('alice', 'bob');
      bob.client = client;
      await speaks(client, gid, 'after it');
      await until('nothing is on its way', async () => (await outgoing(bob, gid)).length === 0);
      const read = await texts(alice, gid);
      expect(read.filter((text) => text === 'the word').length).toBeLessThanOrEqual(1);
      expect(await texts(bob, gid)).toEqual(read);
      await countersOf(gid);
    },
  );
  expect(steps).toBeGreaterThan(3);
}, 480_000);

it('11: approving, stopped at every step, lets somebody in once or leaves the request waiting; the key fits who is in', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [alice, , group] = await twoOfThem();
      gid = group;
      const carol = await world.join('carol');
      const { link } = await makeLink(alice, gid);
      const hash = await ask(alice, gid, carol, link);
      const act = async (): Promise<void> => {
        must(await alice.client.approve(gid, [hash]));
        await until('told as done', async () =>
          (await view(alice, gid)).members.some((member) => member.pid === carol.pid),
        );
      };
      return { who: 'alice', client: alice.client, act };
    },
    async (client) => {
      const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
      await goOn(alice, client);
      const waits = must(await client.requests(gid)).find((one) => one.state === 'waiting');
      if (waits !== undefined) await client.approve(gid, [waits.hash]);
      await inGroup(carol, gid);
      await say(carol, gid, 'from Carol');
      await allRead([alice, bob, carol], gid, 'from Carol');
      const people = [alice, bob, carol];
      await inStep(people, gid);
      const words = await logWords(alice, gid);
      expect(words.filter((word) => word === 'added')).toHaveLength(1);
      expect((await view(alice, gid)).generation).toBe((await view(bob, gid)).generation);
      await countersOf(gid);
    },
  );
  expect(steps).toBeGreaterThan(2);
}, 480_000);

it('11: changing the key, stopped at every step, is done or not done for everybody', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [alice, , group] = await twoOfThem();
      gid = group;
      return {
        who: 'alice',
        client: alice.client,
        act: async () => must(await alice.client.rotateSessionKey(gid)),
      };
    },
    async (client) => {
      const [alice, bob] = world.people('alice', 'bob');
      await goOn(alice, client);
      await say(alice, gid, 'from Alice');
      await say(bob, gid, 'from Bob');
      await allRead([alice, bob], gid, 'from Alice');
      await allRead([alice, bob], gid, 'from Bob');
      await inStep([alice, bob], gid);
      expect([1, 2]).toContain((await view(bob, gid)).generation);
      expect(await facts(alice, gid)).toEqual(await facts(bob, gid));
      await countersOf(gid);
    },
  );
  expect(steps).toBeGreaterThan(1);
}, 480_000);

it('9: taking in what others wrote, stopped at every step, misses nothing and shows nothing twice', async () => {
  let gid: Gid;
  const steps = await sweep(
    async () => {
      const [alice, bob, group] = await twoOfThem();
      gid = group;
      const act = async (): Promise<void> => {
        for (const text of ['one', 'two']) await say(alice, gid, text);
        must(await alice.client.rotateSessionKey(gid));
        await say(alice, gid, 'three');
        await allRead([bob], gid, 'three');
      };
      return { who: 'bob', client: bob.client, act };
    },
    async (client) => {
      const [alice, bob] = world.people('alice', 'bob');
      bob.client = client;
      await allRead([alice, bob], gid, 'three');
      await speaks(client, gid, 'after it');
      expect(await texts(bob, gid)).toEqual(await texts(alice, gid));
      await countersOf(gid);
    },
  );
  expect(steps).toBeGreaterThan(1);
}, 480_000);
