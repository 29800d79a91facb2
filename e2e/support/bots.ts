/** People without a screen: real engines in this process, against the story's own server. */
import { type Client, createClient } from '../../src/sdk/node.ts';
import type { Outcome } from '../../src/protocol/failure.ts';
import { openSection, openTalk, type Person } from './people.ts';
import type { RunningServer } from './server.ts';

export type Bot = Client;
export type GroupId = Parameters<Client['sendMessage']>[0];

export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.name}: ${outcome.error.note ?? ''}`);
  return outcome.value;
}

/** Limits a server needs where many act from one address. */
export const MANY = {
  LIMIT_CARDS_PER_ADDRESS_PER_HOUR: '10000',
  LIMIT_PENDING_REQUESTS_PER_GROUP: '1000',
  LIMIT_REQUESTS_PER_LINK_PER_HOUR: '10000',
  LIMIT_ENTRIES_PER_MINUTE: '1000',
  LIMIT_LOGINS_PER_ADDRESS_PER_MINUTE: '10000',
  LIMIT_PREVIEWS_PER_ADDRESS_PER_MINUTE: '10000',
  LIMIT_WAITING_PER_ADDRESS: '10000',
} as const;

export async function bot(server: RunningServer, name: string): Promise<Client> {
  const client = await createClient({
    server: `${server.address.replace('http', 'ws')}/session`,
    origin: server.address,
  });
  must(await client.createAccount(name));
  return client;
}

export async function ask(client: Client, link: string, note: string): Promise<void> {
  const { joinId } = must(await client.openLink(link));
  must(await client.requestToJoin(joinId, note));
}

/** How much of what was said is still on its way: only what is stored has its place among what others say. */
export async function onTheWay(client: Client, gid: GroupId): Promise<number> {
  const { items } = must(await client.timeline(gid, null));
  return items.filter(({ kind }) => kind === 'outgoing').length;
}

export interface Crowd {
  readonly clients: readonly Client[];
  readonly close: () => Promise<void>;
}

/** So many people, a few at a time; each does `act` once. */
export async function crowd(
  server: RunningServer,
  names: readonly string[],
  act: (client: Client, name: string) => Promise<void>,
): Promise<Crowd> {
  const clients: Client[] = [];
  const waiting = [...names];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const client = await bot(server, name);
      clients.push(client);
      await act(client, name);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return {
    clients,
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

/** Waits until this person is a member, as their own client verifies it. */
export function isIn(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const look = async (): Promise<void> => {
      const groups = await client.groups();
      if (!groups.some((group) => group.standing === 'member')) return;
      stop();
      resolve();
    };
    const stop = client.listen(() => void look());
    void look();
  });
}

/** A program asks through the link of the group and is approved on the screen of the staff; answers the group. */
export async function letIn(
  staff: Person,
  client: Client,
  { name, link, group }: { readonly name: string; readonly link: string; readonly group: string },
): Promise<GroupId> {
  const { page } = staff;
  await ask(client, link, '');
  await openSection(staff, 'Requests');
  await page.getByRole('button', { name: `Request of ${name}` }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await isIn(client);
  await openTalk(staff, group);
  const [joined] = await client.groups();
  if (joined === undefined) throw new Error(`${name} is in the group`);
  return joined.gid;
}
