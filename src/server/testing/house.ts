/** A running server for a test, on a free port, with people who can log in to it. */
import { loadSodium } from '../../crypto/sodium.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { Clock } from '../clock.ts';
import { quietConfig } from '../config.ts';
import { createServer, type Server } from '../server.ts';
import { createMemoryStorage } from '../storage/memory.ts';
import type { Storage } from '../storage/port.ts';
import { type GroupLog, type Made, startGroup } from './groupLog.ts';
import { type Person, person } from './person.ts';
import { connect, type WireClient } from './wireClient.ts';

export interface TestClock {
  readonly read: Clock;
  readonly forward: (ms: number) => void;
}

export function testClock(start = 1_800_000_000_000): TestClock {
  let now = start;
  return {
    read: () => now,
    forward(ms) {
      now += ms;
    },
  };
}

export interface House {
  readonly p: Primitives;
  readonly port: number;
  /** What /metrics says now; only where the configuration serves it. */
  readonly counts: () => Promise<string>;
  readonly clock: TestClock;
  readonly server: Server;
  readonly storage: Storage;
  /** Person n, card published. */
  readonly person: (n: number) => Promise<Person>;
  readonly visit: (options?: { readonly origin?: string }) => Promise<WireClient>;
  readonly enter: (who: Person) => Promise<WireClient>;
  /** A group of these people, the first one its owner, initialised and appended. */
  readonly group: (
    owner: WireClient,
    people: readonly Person[],
    roles?: Parameters<GroupLog['init']>[2],
    policy?: number,
  ) => Promise<GroupLog>;
  readonly close: () => Promise<void>;
}

export async function append(client: WireClient, made: Made): Promise<void> {
  await client.get('append', made);
}

export async function openHouse(
  options: {
    readonly storage?: Storage;
    readonly config?: Parameters<typeof quietConfig>[0];
    readonly clock?: TestClock;
  } = {},
): Promise<House> {
  const p = await loadSodium();
  const clock = options.clock ?? testClock();
  const storage = options.storage ?? createMemoryStorage();
  const server = createServer(quietConfig(options.config), p, storage, clock.read);
  const { port, metricsPort } = await server.listen();
  const clients: WireClient[] = [];
  const visit: House['visit'] = async (with_ = {}) => {
    const client = await connect(port, with_);
    clients.push(client);
    return client;
  };
  return {
    p,
    port,
    async counts() {
      const response = await fetch(`http://127.0.0.1:${String(metricsPort)}/metrics`);
      return response.text();
    },
    clock,
    server,
    storage,
    visit,
    async person(n) {
      const who = person(p, n, 1_700_000_000_000);
      const client = await visit();
      await client.get('publishCards', { cards: who.chain });
      client.close();
      return who;
    },
    async enter(who) {
      const client = await visit();
      const reply = await client.login(p, who);
      if (!reply.ok) throw new Error(reply.error.name);
      return client;
    },
    async group(owner, people, roles = {}, policy) {
      const [first, ...rest] = people;
      if (first === undefined) throw new Error('a group has an owner');
      const log = startGroup(p, first, owner.hello.serverPk, clock.read(), policy);
      await append(owner, log.spawn);
      await append(owner, log.init(first, rest, roles));
      return log;
    },
    async close() {
      for (const client of clients) client.close();
      await server.close();
    },
  };
}
