/** Pictures of every screen at three widths, light and dark: `npm run screenshots`. The people in them are made up; the server and the engines are real. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium, expect, type Page } from 'playwright/test';
import { findBrowser } from '../../scripts/browser.mjs';
import { type Client, createClient } from '../../src/sdk/node.ts';
import type { Outcome } from '../../src/protocol/failure.ts';
import { foundGroup, openPerson, openTalk, type Person, say } from './people.ts';
import { type RunningServer, startServer } from './server.ts';

const GROUP = 'Harbour garden';
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
const folder = join(import.meta.dirname, '../../test-results/screens');

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.name}: ${outcome.error.note ?? ''}`);
  return outcome.value;
}

async function bot(server: RunningServer, name: string): Promise<Client> {
  const client = await createClient({
    server: `${server.address.replace('http', 'ws')}/session`,
    origin: server.address,
  });
  must(await client.createAccount(name));
  return client;
}

async function ask(client: Client, link: string, note: string): Promise<void> {
  const join_ = must(await client.openLink(link));
  must(await client.requestToJoin(join_.joinId, note));
}

async function shoot(page: Page, name: string): Promise<void> {
  const notices = page.getByRole('button', { name: 'Dismiss' });
  while ((await notices.count()) > 0) await notices.first().click();
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate(
      (value) => document.documentElement.setAttribute('data-theme', value),
      theme,
    );
    for (const size of WIDTHS) {
      await page.setViewportSize(size);
      await page.screenshot({
        path: join(folder, `${name}-${String(size.width)}-${theme}.png`),
        animations: 'disabled',
      });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
}

async function chooseSection(alice: Person, section: string): Promise<void> {
  await alice.page
    .getByRole('navigation', { name: 'Manage' })
    .getByRole('link', { name: new RegExp(`^${section}`, 'u') })
    .click();
  await expect(alice.page.getByRole('heading', { name: section }).first()).toBeVisible();
}

async function story(browser: Browser, server: RunningServer): Promise<void> {
  const alice = await openPerson(browser, server, 'Alice');
  await expect(alice.page.getByLabel('Your name')).toBeVisible();
  await shoot(alice.page, '01-start');
  const link = await foundGroup(
    alice,
    GROUP,
    'Raised beds, seedlings and a shed by the water. Saturdays from ten.',
  );
  await shoot(alice.page, '02-empty-talk');
  const people = new Map<string, Client>();
  for (const [name, note] of [
    ['Bob', 'I built the beds'],
    ['Carol', 'Seedlings'],
    ['Dave', 'Neighbour'],
  ] as const) {
    const client = await bot(server, name);
    people.set(name, client);
    await ask(client, link, note);
    await alice.page.getByRole('link', { name: /^Manage/u }).click();
    await alice.page.getByRole('button', { name: `Request of ${name}` }).click();
    await alice.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect.poll(async () => (await client.groups())[0]?.name).toBe(GROUP);
    await openTalk(alice, GROUP);
  }
  const gid = (await people.get('Bob')?.groups())?.[0]?.gid;
  if (gid === undefined) throw new Error('Bob is in the group');
  const lines: readonly (readonly [string, string])[] = [
    ['Bob', 'Morning. The raised beds arrived, they are behind the shed.'],
    ['Bob', 'Who has time on Saturday?'],
    ['Carol', 'Me, from ten. Is there a plan of the beds somewhere?'],
    ['Dave', 'I can bring the wheelbarrow'],
    ['Bob', 'The plan is here: https://garden.example/beds'],
  ];
  for (const [name, text] of lines) {
    const speaker = people.get(name);
    if (speaker !== undefined) must(await speaker.sendMessage(gid, text));
    await expect(alice.page.getByRole('article').getByText(text.slice(0, 20))).toBeVisible();
  }
  await say(alice, GROUP, 'I bring coffee, and two spades.\nSee you at ten.');
  await expect(alice.page.getByText('Sending')).toBeHidden();
  for (const [name, note] of [
    ['Erin', 'Alto, sang with Dave in the spring concert. He can vouch for me.'],
    ['Frank', 'Tuesdays only'],
    ['Grace', 'New in town, happy to help with the compost'],
    ['Bob', 'let me in'],
    ['Heidi', ''],
  ] as const) {
    await ask(await bot(server, name), link, note);
  }
  await expect(alice.page.getByRole('link', { name: 'Manage, 5 requests waiting' })).toBeVisible();
  await shoot(alice.page, '03-talk');
  await alice.page.getByRole('link', { name: /^Manage/u }).click();
  await alice.page.getByRole('button', { name: 'Request of Erin' }).click();
  await shoot(alice.page, '04-requests');
  for (const section of ['Overview', 'Links', 'Members', 'Activity', 'Security', 'Settings']) {
    await chooseSection(alice, section);
    await shoot(alice.page, `05-${section.toLowerCase()}`);
  }
  const guest = await openPerson(browser, server, 'Ivan');
  await guest.page.goto(link);
  await expect(guest.page.getByRole('heading', { name: GROUP })).toBeVisible();
  await shoot(guest.page, '06-join');
  await guest.page.getByLabel('Your name').fill('Ivan');
  await guest.page.getByRole('button', { name: 'Ask to join' }).click();
  await expect(guest.page.getByRole('figure', { name: 'Your six words' })).toBeVisible();
  await shoot(guest.page, '07-waiting');
  for (const client of people.values()) await client.close();
}

await mkdir(folder, { recursive: true });
const found = await findBrowser();
const browser = await chromium.launch({
  executablePath: found.file,
  env: { ...process.env, ...found.env },
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const server = await startServer({ LIMIT_CARDS_PER_ADDRESS_PER_HOUR: '1000' });
try {
  await story(browser, server);
} finally {
  await browser.close();
  await server.close();
}
process.stdout.write('The pictures are in test-results/screens.\n');
process.exit(0);
