/** People and a server in one process: real engines, real sockets, a real database on disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, LinkWishes } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import type { TimelineItem } from '../client/view.ts';
import { loadSodium } from '../crypto/sodium.ts';
import type { Outcome } from '../protocol/failure.ts';
import type { Gid, Hash, Pid } from '../protocol/ids.ts';
import { createClient } from '../sdk/node.ts';
import { readConfig } from '../server/config.ts';
import { createServer, type Server } from '../server/server.ts';
import type { Storage } from '../server/storage/port.ts';
import { openSqlite } from '../server/storage/sqlite.ts';

/** The value, or a readable end of the test. */
export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.name}: ${outcome.error.note ?? ''}`);
  return outcome.value;
}

export const DAY = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 30_000;

/** A person with a client of their own. */
export interface Person {
  readonly name: string;
  readonly pid: Pid;
  client: Client;
  /** Everything the client told, oldest first. */
  readonly events: ClientEvent[];
}

export interface World {
  readonly folder: string;
  readonly server: () => { readonly port: number };
  readonly person: (name: string) => Person;
  readonly everybody: () => readonly Person[];
  /** A further person, or a client without an account. */
  readonly join: (name: string) => Promise<Person>;
  readonly guest: () => Promise<Client>;
  /** Ends a person's client and starts it again from what it stored. */
  readonly restart: (name: string) => Promise<void>;
  readonly stopServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const LIMITS = { LIMIT_ENTRIES_PER_MINUTE: '100000', LIMIT_MESSAGE_BURST: '100000', LIMIT_CARDS_PER_ADDRESS_PER_HOUR: '100000' };

export async function setup(...names: readonly string[]): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-scenario-'));
  const primitives = await loadSodium();
  const people = new Map<string, Person>();
  const guests: Client[] = [];
  let server: Server | null = null;
  let storage: Storage | null = null;
  let port = 0;

  const startServer = async (): Promise<void> => {
    const config = readConfig({ PORT: String(port), DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...LIMITS });
    if (!config.ok) throw new Error(config.error);
    const opened = openSqlite(config.value.dataDir);
    if (!opened.ok) throw new Error(opened.error);
    storage = opened.value;
    server = createServer(config.value, primitives, storage);
    ({ port } = await server.listen());
  };
  const stopServer = async (): Promise<void> => {
    await server?.close();
    await storage?.close();
    server = null;
    storage = null;
  };
  const connect = (name: string): Promise<Client> =>
    createClient({ server: `ws://127.0.0.1:${String(port)}/session`, origin: `http://127.0.0.1:${String(port)}`, folder: join(folder, name) });

  const listen = (person: Person): void => {
    person.client.listen((event) => person.events.push(event));
  };
  const join_ = async (name: string): Promise<Person> => {
    const client = await connect(name);
    const account = must(await client.createAccount(name));
    const person: Person = { name, pid: account.pid, client, events: [] };
    listen(person);
    people.set(name, person);
    return person;
  };

  await startServer();
  for (const name of names) await join_(name);

  const person = (name: string): Person => {
    const found = people.get(name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  };

  return {
    folder,
    server: () => ({ port }),
    person,
    everybody: () => [...people.values()],
    join: join_,
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
      await stopServer();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the question is answered with something; asked again after every piece of news of these people. */
export async function eventually<T>(people: readonly Person[], what: string, ask: () => Promise<T | null | false | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const news = nextNews(people, Math.min(250, Math.max(deadline - Date.now(), 1)));
    const answer = await ask();
    if (answer !== null && answer !== false && answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited too long for: ${what}`);
    await news;
  }
}

/** The next news of any of them, or a short while for what tells no news (the server's side of things). */
function nextNews(people: readonly Person[], ms: number): Promise<void> {
  return new Promise((resolve) => {
    const undo = people.map((one) => one.client.listen(() => done()));
    const timer = setTimeout(() => done(), ms);
    const done = (): void => {
      clearTimeout(timer);
      for (const stop of undo) stop();
      resolve();
    };
  });
}

export const REVIEWED: LinkWishes = { label: 'Poster', expires: 0, maxUses: 25, role: 1, auto: false };

export async function makeGroup(owner: Person, name = 'Harbour garden', add: readonly Pid[] = []): Promise<Gid> {
  const gid = must(await owner.client.spawnGroup());
  must(await owner.client.initGroup(gid, { group_name: name }, { add }));
  return gid;
}

/** Somebody opens a link and asks; answers the request's hash as staff sees it. */
export async function ask(staff: Person, gid: Gid, applicant: Person, link: string, note = ''): Promise<Hash> {
  const join = must(await applicant.client.openLink(link));
  must(await applicant.client.requestToJoin(join.joinId, note));
  return waitingFor(staff, gid, applicant);
}

export async function waitingFor(staff: Person, gid: Gid, applicant: Person): Promise<Hash> {
  const found = await eventually([staff], `${staff.name} sees the request of ${applicant.name}`, async () => {
    const requests = must(await staff.client.requests(gid));
    return requests.find((request) => request.person.pid === applicant.pid && request.state === 'waiting') ?? null;
  });
  return found.hash;
}

/** The whole way in: link, request, approval, and the newcomer sees the group's name. */
export async function admit(staff: Person, gid: Gid, applicant: Person, wishes: LinkWishes = REVIEWED): Promise<void> {
  const pk = must(await staff.client.createLink(gid, wishes));
  const link = must(await staff.client.copyLink(gid, pk));
  const hash = await ask(staff, gid, applicant, link);
  must(await staff.client.approve(gid, [hash]));
  await inGroup(applicant, gid);
}

export async function inGroup(one: Person, gid: Gid): Promise<void> {
  await eventually([one], `${one.name} is in the group`, async () => {
    const group = await one.client.group(gid);
    return group.ok && group.value.standing === 'member' && group.value.name !== null && group.value.key.state !== 'missing';
  });
}

export async function texts(one: Person, gid: Gid): Promise<string[]> {
  const lines: TimelineItem[] = [];
  let before: number | null = null;
  for (;;) {
    const page = must(await one.client.timeline(gid, before));
    lines.unshift(...page.items);
    if (!page.more) break;
    before = page.before;
  }
  return lines.flatMap((line) => (line.kind === 'message' ? [line.text] : []));
}

export async function allRead(people: readonly Person[], gid: Gid, text: string): Promise<void> {
  for (const one of people) await eventually([one], `${one.name} reads "${text}"`, async () => (await texts(one, gid)).includes(text));
}

export async function say(one: Person, gid: Gid, text: string): Promise<void> {
  must(await one.client.sendMessage(gid, text));
}

/** What must be the same for everybody: roster, generation, code. */
export async function facts(one: Person, gid: Gid): Promise<unknown> {
  const group = must(await one.client.group(gid));
  const roster = group.members.map((member) => [member.pid, member.role]).sort();
  return { roster, generation: group.generation, seq: group.seq, code: group.code, halted: group.halted };
}
