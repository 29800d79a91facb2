/** People and a server in one process: real engines, real sockets, a real database on disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, LinkWishes } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import type { GroupView, TimelineItem, TimelinePage } from '../client/view.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { Identity } from '../crypto/secret/identity.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { loadAccount } from '../engine/account.ts';
import type { Clock, Store } from '../engine/ports.ts';
import { createRecords } from '../engine/records.ts';
import { loadReplica, type Replica } from '../engine/replica.ts';
import type { Bytes } from '../lib/bytes.ts';
import { type ErrorName, fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';
import { createFileStore } from '../sdk/adapters/fileStore.ts';
import { createMemoryStore } from '../sdk/adapters/memory.ts';
import { stretchHere } from '../sdk/adapters/stretchHere.ts';
import { createNodeTransport } from '../sdk/adapters/nodeSocket.ts';
import { plugClient } from '../sdk/createClient.ts';
import { readConfig } from '../server/config.ts';
import { createServer, type Server } from '../server/server.ts';
import type { Storage } from '../server/storage/port.ts';
import { openSqlite } from '../server/storage/sqlite.ts';
import { copyData } from './copyData.ts';
import { type Door, openDoor } from './hostileServer.ts';
import { createLine, type Line } from './line.ts';

/** The value, or a readable end of the test. */
export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.name}: ${outcome.error.note ?? ''}`);
  return outcome.value;
}

/** The name of the refusal; a test that expected one ends readably where there was none. */
export function refused(outcome: Outcome<unknown>): ErrorName {
  if (outcome.ok) throw new Error('it was allowed');
  return outcome.error.name;
}

export const DAY = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 30_000;
/** Waits at least this long are guards against a dead server, and hurried only where a test is about them. */
const GUARD_MS = 20_000;

/** A person with a client of their own. */
export interface Person {
  readonly name: string;
  readonly pid: Pid;
  client: Client;
  readonly line: Line;
  /** Everything the client told, oldest first. */
  readonly events: ClientEvent[];
  /** What lies in the person's own store: the keys a cheating client would use. */
  readonly identity: () => Promise<Identity>;
  readonly replica: (gid: Gid) => Promise<Replica>;
}

export interface World {
  readonly folder: string;
  readonly primitives: Primitives;
  readonly clock: Clock;
  /** Lets time pass, for the server and everybody. */
  readonly forward: (ms: number) => void;
  /** Turns the server's clock, which nobody else's follows. */
  readonly turnServer: (ms: number) => void;
  /** Sets the clock of somebody's device: so far off everybody else's, ahead or, below zero, behind. */
  readonly turnClock: (name: string, ms: number) => void;
  readonly server: () => { readonly port: number };
  readonly storage: () => Storage;
  /** The door somebody comes through; see WorldWishes.doors. */
  readonly door: (name: string) => Door;
  /** A second server on a copy of what is stored now, with the same keys. */
  readonly branch: () => Promise<{ readonly port: number; readonly storage: Storage }>;
  readonly person: (name: string) => Person;
  readonly people: <N extends readonly string[]>(
    ...names: N
  ) => { readonly [K in keyof N]: Person };
  readonly everybody: () => readonly Person[];
  /** A further person, or a client without an account. */
  readonly join: (name: string) => Promise<Person>;
  /** A further device of an account, taken back with its recovery code; `name` is the device. */
  readonly restore: (name: string, code: string, prepare?: (line: Line) => void) => Promise<Person>;
  /** A further device of an account, let in by a code that another one shows. */
  readonly enter: (name: string, code: string) => Promise<Person>;
  /** The same stored records under a second client, as if the profile had been copied. Needs `memory`. */
  readonly copy: (name: string, as: string) => Promise<Person>;
  readonly guest: () => Promise<Client>;
  /** A client on the store of that name, without asking anything of it; the caller closes it. */
  readonly open: (name: string) => Promise<Client>;
  /**
   * Lets that client take so many steps more, each a write of its store or a frame to the server, and then nothing: as if
   * its worker had ended there. Resolves when it happened; over with the next start.
   */
  readonly stopAfter: (name: string, steps: number) => Promise<void>;
  /** Ends a person's client and starts it again from what it stored. */
  readonly restart: (name: string) => Promise<void>;
  readonly stopServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const LIMITS = {
  LIMIT_ENTRIES_PER_MINUTE: '100000',
  LIMIT_MESSAGE_BURST: '100000',
  LIMIT_CARDS_PER_ADDRESS_PER_HOUR: '100000',
  LIMIT_LOGINS_PER_ADDRESS_PER_MINUTE: '100000',
  LIMIT_PREVIEWS_PER_ADDRESS_PER_MINUTE: '100000',
};

export interface WorldWishes {
  /** How many times faster the clients' short waits pass: turns, gathering, coming back. */
  readonly hurry?: number;
  /** How many times faster the guards against a dead server pass. */
  readonly guards?: number;
  /** Keeps clients' records in memory: faster, and still there after a client's restart. */
  readonly memory?: boolean;
  readonly port?: number;
  /** How far somebody's clock is off from the start; see World.turnClock. */
  readonly clocks?: Readonly<Record<string, number>>;
  /** Settings of the server, by variable. */
  readonly settings?: Readonly<Record<string, string>>;
  /** People who come through a door of their own, which can be made to lie. */
  readonly doors?: readonly string[];
  /** Uses the server at `port`, which somebody else started. */
  readonly foreignServer?: boolean;
}

/** How many steps a client may still take; null: any number. */
interface Gate {
  left: number | null;
  shut: () => void;
}

/** Whether the next step is taken. */
function passes(gate: Gate): boolean {
  if (gate.left === null) return true;
  if (gate.left > 0) gate.left -= 1;
  if (gate.left === 0) gate.shut();
  return gate.left > 0;
}

const isShut = (gate: Gate): boolean => gate.left === 0;

interface Home {
  readonly open: () => Promise<Store>;
  readonly records: Map<string, Bytes>;
  readonly storageKey: (drawKey: () => Bytes) => Promise<Bytes>;
  readonly line: Line;
  readonly gate: Gate;
  store: Store | null;
  key: Bytes | null;
}

export function setup(...names: readonly string[]): Promise<World> {
  return setupWith({}, ...names);
}

export async function setupWith(wishes: WorldWishes, ...names: readonly string[]): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-scenario-'));
  const primitives = await loadSodium();
  const people = new Map<string, Person>();
  const homes = new Map<string, Home>();
  const guests: Client[] = [];
  let server: Server | null = null;
  let storage: Storage | null = null;
  let port = wishes.port ?? 0;
  let shift = 0;
  let serverShift = 0;

  const { hurry = 1, guards = 1 } = wishes;
  const clock: Clock = {
    now: () => Date.now() + shift,
    after(ms, job) {
      const timer = setTimeout(job, ms / (ms >= GUARD_MS ? guards : hurry));
      return () => clearTimeout(timer);
    },
  };

  const clocks = new Map(Object.entries(wishes.clocks ?? {}));
  const clockOf = (name: string): Clock => ({
    ...clock,
    now: () => clock.now() + (clocks.get(name) ?? 0),
  });

  const doors = new Map<string, Door>();
  for (const name of wishes.doors ?? []) doors.set(name, await openDoor(() => port));
  const [front] = doors.values();
  const addresses = [...doors.values()].map((door) => door.address).join(',');

  const open = async (data: string, at: number): Promise<[Server, Storage, number]> => {
    const config = readConfig({
      PORT: String(at),
      DATA_DIR: join(folder, data),
      LOG_LEVEL: 'error',
      ...(front === undefined ? {} : { ORIGIN: addresses }),
      ...LIMITS,
      ...wishes.settings,
    });
    if (!config.ok) throw new Error(config.error);
    const opened = openSqlite(config.value.dataDir);
    if (!opened.ok) throw new Error(opened.error);
    const now = (): number => clock.now() + serverShift;
    const made = createServer(config.value, primitives, opened.value, now);
    return [made, opened.value, (await made.listen()).port];
  };
  const branches: [Server, Storage, number][] = [];
  const startServer = async (): Promise<void> => {
    [server, storage, port] = await open('data', port);
  };
  const stopServer = async (): Promise<void> => {
    await server?.close();
    await storage?.close();
    server = null;
    storage = null;
  };

  const home = (name: string): Home => {
    const held = homes.get(name);
    if (held !== undefined) return held;
    const records = new Map<string, Bytes>();
    const gate: Gate = { left: null, shut: () => undefined };
    const made: Home = {
      records,
      open: () =>
        wishes.memory === true
          ? Promise.resolve(createMemoryStore(records))
          : createFileStore(join(folder, name, 'records')),
      storageKey(drawKey) {
        made.key ??= drawKey();
        return Promise.resolve(made.key);
      },
      gate,
      line: createLine({
        connect(handlers) {
          const at = doors.get(name)?.port ?? port;
          const wire = createNodeTransport(`ws://127.0.0.1:${String(at)}/session`).connect({
            ...handlers,
            frame: (frame) => {
              if (!isShut(gate)) handlers.frame(frame);
            },
          });
          return {
            ...wire,
            send: (frame) => {
              if (passes(gate)) wire.send(frame);
            },
          };
        },
      }),
      store: null,
      key: null,
    };
    homes.set(name, made);
    return made;
  };
  const connect = async (name: string): Promise<Client> => {
    const here = home(name);
    here.gate.left = null;
    const store = await here.open();
    here.store = {
      ...store,
      write: (writes) =>
        passes(here.gate) ? store.write(writes) : new Promise<void>(() => undefined),
    };
    return plugClient({
      transport: here.line.transport,
      store: here.store,
      storageKey: here.storageKey,
      storeGone: null,
      keyPlace: null,
      stretch: stretchHere,
      clock: clockOf(name),
      origin: (doors.get(name) ?? front)?.address ?? `http://127.0.0.1:${String(port)}`,
      deviceName: name,
    });
  };
  const recordsOf = (name: string): ReturnType<typeof createRecords> => {
    const { store, key } = home(name);
    if (store === null || key === null) throw new Error(`${name} stored nothing`);
    return createRecords(primitives, store, key);
  };

  const listen = (person: Person): void => {
    person.client.listen((event) => person.events.push(event));
  };
  const join_ = async (
    name: string,
    enter = (client: Client) => client.createAccount(name),
  ): Promise<Person> => {
    const client = await connect(name);
    const account = must(await enter(client));
    const person: Person = {
      name,
      pid: account.pid,
      client,
      line: home(name).line,
      events: [],
      async identity() {
        const held = await loadAccount(primitives, recordsOf(name));
        if (held === null) throw new Error(`${name} has no account`);
        return held.identity;
      },
      async replica(gid) {
        // Goes through the group's own queue: what is being written is stored when it answers.
        await person.client.markRead(gid, 0);
        const held = await loadReplica(primitives, recordsOf(name), gid);
        if (held === null) throw new Error(`${name} does not hold the group`);
        return held;
      },
    };
    listen(person);
    people.set(name, person);
    return person;
  };

  if (wishes.foreignServer !== true) await startServer();
  for (const name of names) await join_(name);

  const person = (name: string): Person => {
    const found = people.get(name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  };

  return {
    folder,
    primitives,
    clock,
    forward(ms) {
      shift += ms;
    },
    turnServer(ms) {
      serverShift += ms;
    },
    turnClock(name, ms) {
      clocks.set(name, ms);
    },
    server: () => ({ port }),
    storage() {
      if (storage === null) throw new Error('the server is stopped');
      return storage;
    },
    door(name) {
      const found = doors.get(name);
      if (found === undefined) throw new Error(`${name} comes through no door`);
      return found;
    },
    async branch() {
      const data = `branch-${String(branches.length)}`;
      await copyData(folder, data);
      const made = await open(data, 0);
      branches.push(made);
      return { port: made[2], storage: made[1] };
    },
    person,
    people: <N extends readonly string[]>(...wanted: N) =>
      wanted.map((name) => person(name)) as { readonly [K in keyof N]: Person },
    everybody: () => [...people.values()],
    join: (name) => join_(name),
    restore(name, code, prepare) {
      prepare?.(home(name).line);
      return join_(name, (client) => client.restoreAccount(code));
    },
    enter: (name, code) => join_(name, (client) => client.enterFromDevice(code)),
    copy(name, as) {
      const [from, to] = [home(name), home(as)];
      for (const [key, value] of from.records) to.records.set(key, value.slice());
      to.key = from.key;
      return join_(as, async (client) => {
        const account = await client.account();
        return account === null ? fail('E_NOT_FOUND') : { ok: true, value: account };
      });
    },
    open: connect,
    stopAfter(name, steps) {
      const { gate } = home(name);
      return new Promise((resolve) => {
        gate.left = steps + 1;
        gate.shut = resolve;
      });
    },
    async guest() {
      const client = await connect(`guest-${String(guests.length)}`);
      guests.push(client);
      return client;
    },
    async restart(name) {
      const found = person(name);
      await found.client.close();
      found.client = await connect(name);
      listen(found);
    },
    stopServer,
    startServer,
    async close() {
      for (const one of people.values()) await one.client.close();
      for (const client of guests) await client.close();
      for (const door of doors.values()) await door.close();
      await stopServer();
      for (const [branch, kept] of branches) {
        await branch.close();
        await kept.close();
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the question is answered with something; asked again after every piece of news of these people. */
export async function eventually<T>(
  people: readonly Person[],
  what: string,
  ask: () => Promise<T | null | false | undefined> | T | null | false | undefined,
  patience = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const news = nextNews(people, Math.min(100, Math.max(deadline - Date.now(), 1)));
    const answer = await ask();
    if (answer !== null && answer !== false && answer !== undefined) {
      news.stop();
      return answer;
    }
    if (Date.now() > deadline) {
      news.stop();
      throw new Error(`waited too long for: ${what}`);
    }
    await news.came;
  }
}

/** The next news of any of them, or a short while for what tells no news (the server's side of things). */
function nextNews(
  people: readonly Person[],
  ms: number,
): { readonly came: Promise<void>; readonly stop: () => void } {
  let stop: () => void = () => undefined;
  const came = new Promise<void>((resolve) => {
    const undo = people.map((one) => one.client.listen(() => stop()));
    const timer = setTimeout(() => stop(), ms);
    stop = (): void => {
      clearTimeout(timer);
      for (const end of undo) end();
      resolve();
    };
  });
  return { came, stop };
}

export const REVIEWED: LinkWishes = {
  label: 'Poster',
  expires: 0,
  maxUses: 25,
  role: 1,
  auto: false,
};

export async function makeGroup(
  owner: Person,
  name = 'Harbour garden',
  add: readonly Pid[] = [],
): Promise<Gid> {
  const gid = must(await owner.client.spawnGroup());
  must(await owner.client.initGroup(gid, { group_name: name }, { add }));
  return gid;
}

/** A group in which everybody was added directly and has accepted. */
export async function groupOf(owner: Person, others: readonly Person[]): Promise<Gid> {
  const gid = await makeGroup(
    owner,
    'Harbour garden',
    others.map((one) => one.pid),
  );
  for (const one of others) await accept(one, gid);
  return gid;
}

/** Waits for the invitation and accepts it. */
export async function accept(one: Person, gid: Gid): Promise<void> {
  await eventually([one], `${one.name} is invited`, async () => {
    const group = await one.client.group(gid);
    return group.ok && group.value.standing === 'invited';
  });
  must(await one.client.acceptInvitation(gid));
  await inGroup(one, gid);
}

export async function makeLink(
  staff: Person,
  gid: Gid,
  wishes: LinkWishes = REVIEWED,
): Promise<{ readonly pk: LinkPk; readonly link: string }> {
  const pk = must(await staff.client.createLink(gid, wishes));
  return { pk, link: must(await staff.client.copyLink(gid, pk)) };
}

/** Somebody opens a link and asks; answers the request's hash as staff sees it. */
export async function ask(
  staff: Person,
  gid: Gid,
  applicant: Person,
  link: string,
  note = '',
): Promise<Hash> {
  const join = must(await applicant.client.openLink(link));
  must(await applicant.client.requestToJoin(join.joinId, note));
  return waitingFor(staff, gid, applicant);
}

export async function waitingFor(staff: Person, gid: Gid, applicant: Person): Promise<Hash> {
  const found = await eventually(
    [staff],
    `${staff.name} sees the request of ${applicant.name}`,
    async () => {
      const requests = must(await staff.client.requests(gid));
      return (
        requests.find(
          (request) => request.person.pid === applicant.pid && request.state === 'waiting',
        ) ?? null
      );
    },
  );
  return found.hash;
}

/** The whole way in: link, request, approval, and the newcomer sees the group's name. */
export async function admit(
  staff: Person,
  gid: Gid,
  applicant: Person,
  wishes: LinkWishes = REVIEWED,
): Promise<void> {
  const { link } = await makeLink(staff, gid, wishes);
  const hash = await ask(staff, gid, applicant, link);
  must(await staff.client.approve(gid, [hash]));
  await inGroup(applicant, gid);
}

export async function view(one: Person, gid: Gid): Promise<GroupView> {
  return must(await one.client.group(gid));
}

/** Waits until a person knows the name of another one. */
export async function named(one: Person, gid: Gid, who: Person): Promise<void> {
  await eventually([one], `${one.name} knows the name of ${who.name}`, async () => {
    const { members } = await view(one, gid);
    return members.some((member) => member.pid === who.pid && member.name === who.name);
  });
}

export async function roleIn(one: Person, gid: Gid, who: Person): Promise<number | null> {
  const { members } = await view(one, gid);
  return members.find((member) => member.pid === who.pid)?.role ?? null;
}

export async function inGroup(one: Person, gid: Gid): Promise<void> {
  await eventually([one], `${one.name} is in the group`, async () => {
    const group = await one.client.group(gid);
    return (
      group.ok &&
      group.value.standing === 'member' &&
      group.value.name !== null &&
      group.value.key.state !== 'missing'
    );
  });
}

/** Waits until everybody here has read the same log, and answers its length. */
export async function inStep(people: readonly Person[], gid: Gid): Promise<number> {
  return eventually(people, 'everybody has the same log', async () => {
    const views = await Promise.all(people.map((one) => view(one, gid)));
    return new Set(views.map((one) => one.code)).size === 1 && (views[0]?.seq ?? 0);
  });
}

export async function lines(one: Person, gid: Gid): Promise<TimelineItem[]> {
  const all: TimelineItem[] = [];
  let before: number | null = null;
  for (;;) {
    const page: TimelinePage = must(await one.client.timeline(gid, before));
    all.unshift(...page.items);
    if (!page.more) return all;
    before = page.before;
  }
}

export async function texts(one: Person, gid: Gid): Promise<string[]> {
  return (await lines(one, gid)).flatMap((line) => (line.kind === 'message' ? [line.text] : []));
}

/** The log's lines as words: what was done, and to whom. */
export async function logWords(one: Person, gid: Gid): Promise<string[]> {
  return (await lines(one, gid)).flatMap((line) => (line.kind === 'log' ? [line.line.what] : []));
}

export async function allRead(people: readonly Person[], gid: Gid, text: string): Promise<void> {
  for (const one of people)
    await eventually([one], `${one.name} reads "${text}"`, async () =>
      (await texts(one, gid)).includes(text),
    );
}

export async function say(one: Person, gid: Gid, text: string): Promise<void> {
  must(await one.client.sendMessage(gid, text));
}

/** Texts of the outbox that wait or failed. */
export async function outgoing(one: Person, gid: Gid): Promise<string[]> {
  const page = must(await one.client.timeline(gid, null));
  return page.items.flatMap((line) => (line.kind === 'outgoing' ? [line.text] : []));
}

export async function online(one: Person): Promise<void> {
  await eventually([one], `${one.name} is online`, async () => {
    return (await one.client.connection()).state === 'online';
  });
}

/** What must be the same for everybody: roster, generation, code. */
export async function facts(one: Person, gid: Gid): Promise<unknown> {
  const group = must(await one.client.group(gid));
  const roster = group.members
    .map((member) => `${member.pid} ${String(member.role)}`)
    .sort((a, b) => (a < b ? -1 : 1));
  return {
    roster,
    generation: group.generation,
    seq: group.seq,
    code: group.code,
    halted: group.halted,
  };
}
