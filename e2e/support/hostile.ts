/** A hostile server for browsers: a real one in this process, and a door for each person that can be made to lie. */
import { cheat } from '../../src/scenario/cheat.ts';
import { entryItem, forge, messageItem } from '../../src/scenario/forgery.ts';
import type { Door } from '../../src/scenario/hostileServer.ts';
import {
  eventually,
  inGroup,
  inStep,
  makeGroup,
  makeLink,
  must,
  type Person,
  say,
  setupWith,
  type World,
} from '../../src/scenario/setup.ts';
import type { Gid, Pid } from '../../src/protocol/ids.ts';
import { ROLE } from '../../src/protocol/role.ts';

/** Alice, who has no screen, and a door that somebody with a browser comes through. */
export interface Hostile {
  readonly address: string;
  readonly door: Door;
  /** The link of a first group, and who was let in through it. */
  readonly link: string;
  readonly letIn: () => Promise<Pid>;
  /** A further group of Alice with this person in it, as an invitation. */
  readonly invite: (name: string, who: Pid) => Promise<Gid>;
  /** Makes somebody a moderator, who then sees the console. */
  readonly trust: (gid: Gid, who: Pid) => Promise<void>;
  readonly says: (gid: Gid, text: string) => Promise<void>;
  /** P001: Mallory adds herself. */
  readonly ghost: (gid: Gid) => Promise<void>;
  /** P009: the state of now is kept, and led to later. */
  readonly remember: () => Promise<() => void>;
  /** P011: another change of Alice at the place of the one she makes next. */
  readonly fork: (gid: Gid) => Promise<void>;
  /** P012: what she says is hidden, and what she says then is not. */
  readonly leaveOut: (gid: Gid) => Promise<void>;
  /** P016: a message under the old key after the new one began. */
  readonly stale: (gid: Gid, text: string) => Promise<void>;
  /** P018: boxes that are not those of the log. */
  readonly swapBoxes: (gid: Gid) => Promise<void>;
  /** P027: it says that everybody is out, and that there is another group. */
  readonly invent: (gid: Gid) => Promise<void>;
  /** Turns the server's clock, as the browser hears with its next connection. */
  readonly turnClock: (ms: number) => void;
  readonly honest: () => void;
  readonly close: () => Promise<void>;
}

export async function hostile(): Promise<Hostile> {
  const world: World = await setupWith(
    { memory: true, hurry: 5, doors: ['browser'] },
    'Alice',
    'Mallory',
  );
  const [alice, mallory] = world.people('Alice', 'Mallory');
  const door = world.door('browser');
  const first = await makeGroup(alice, 'First group');
  const { link } = await makeLink(alice, first);
  const flipped = <T extends Uint8Array<ArrayBuffer>>(bytes: T): Uint8Array<ArrayBuffer> => {
    const other = bytes.slice();
    other[40] = (other[40] ?? 0) ^ 1;
    return other;
  };
  return {
    address: door.address,
    door,
    link: link.replace(/^https?:\/\/[^/]+/u, door.address),
    async letIn() {
      const asked = await eventually([alice], 'somebody asks', async () => {
        return must(await alice.client.requests(first)).find((one) => one.state === 'waiting');
      });
      must(await alice.client.approve(first, [asked.hash]));
      return asked.person.pid;
    },
    async invite(name, who) {
      const gid = await makeGroup(alice, name, [who]);
      await inGroup(alice, gid);
      return gid;
    },
    async trust(gid, who) {
      must(await alice.client.editMember(gid, { set_role: [[who, ROLE.moderator]] }));
    },
    says: (gid, text) => said(alice, gid, text),
    async ghost(gid) {
      const ghost = await cheat(world, mallory, gid, alice);
      const made = ghost.ops({ add: [await ghost.adding(mallory)] }, false);
      const forgery = await forge(world, gid);
      forgery.add(entryItem(made.entry));
      forgery.showTo(door);
    },
    async remember() {
      const old = await world.branch();
      return () => {
        door.script = { instead: { lost: () => 'silence' } };
        door.lead(old.port);
      };
    },
    async fork(gid) {
      const other = await cheat(world, alice, gid);
      const forgery = await forge(world, gid);
      forgery.add(entryItem(other.rotation().entry));
      forgery.showTo(door);
      must(await alice.client.setPolicy(gid, { announcements: false, strictPending: true }));
    },
    async leaveOut(gid) {
      const seen = (await forge(world, gid)).items().length;
      let hidden = 0;
      door.script = {
        push(push) {
          if (push.name !== 'items' || push.news.gid !== gid) return null;
          hidden += 1;
          return [];
        },
        instead: { subscribe: () => ({ refuse: { name: 'E_BUSY' } }) },
      };
      await said(alice, gid, 'left out');
      await eventually([], 'it was hidden', () => hidden > 0);
      const forgery = await forge(world, gid);
      forgery.become(forgery.items().slice(0, seen));
      door.script = {};
      forgery.showTo(door);
      await said(alice, gid, 'after what was left out');
    },
    async stale(gid, text) {
      const late = await cheat(world, alice, gid);
      const made = late.message(text);
      must(await alice.client.rotateSessionKey(gid));
      await inStep([alice], gid);
      const forgery = await forge(world, gid);
      forgery.add(messageItem(made));
      forgery.showTo(door);
    },
    async swapBoxes(gid) {
      door.script = {
        after: {
          box: ({ box }) => ({ value: { box: flipped(box) } }),
          boxes: ({ boxes }) => ({ value: { boxes: flipped(boxes) } }),
        },
      };
      must(await alice.client.rotateSessionKey(gid));
    },
    async invent(gid) {
      const elsewhere = await makeGroup(mallory, 'Invented group');
      const { checkpoint } = (await mallory.replica(elsewhere)).head;
      if (checkpoint === null) throw new Error('a checkpoint');
      door.script = {
        after: {
          auth: (value) => ({
            value: {
              ...value,
              groups: [
                ...value.groups.map((one) => ({ ...one, member: false })),
                { gid: elsewhere, member: true, checkpoint },
              ],
            },
          }),
          records: ({ records }) => ({
            value: { records: records.map((one) => ({ ...one, pid: mallory.pid })) },
          }),
        },
      };
      door.cut();
      door.tell('standing', { gid });
    },
    turnClock(ms) {
      world.turnServer(ms);
      door.cut();
    },
    honest() {
      door.script = {};
      door.cut();
    },
    close: () => world.close(),
  };
}

/** Says something, and waits until the server has it. */
async function said(one: Person, gid: Gid, text: string): Promise<void> {
  await say(one, gid, text);
  await eventually([one], 'it is sent', async () => {
    const { items } = must(await one.client.timeline(gid, null));
    return items.some((line) => line.kind === 'message' && line.text === text);
  });
}
