/** Pictures of every screen at three widths, light and dark: `npm run screenshots`. The people in them are made up; the server and the engines are real. */
import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import { type Browser, chromium, expect } from 'playwright/test';
import { findBrowser } from '../../scripts/browser.mjs';
import { ask, type Bot, bot, MANY, must } from './bots.ts';
import { foundGroup, openPerson, openTalk, type Person, say } from './people.ts';
import { type RunningServer, startServer } from './server.ts';
import { SCREENS, shoot, windowOf } from './shoot.ts';
import { offlineState, talkStates } from './talkStates.ts';

const GROUP = 'Harbour garden';
async function chooseSection(alice: Person, section: string): Promise<void> {
  await alice.page
    .getByRole('navigation', { name: 'Manage' })
    .getByRole('link', { name: new RegExp(`^${section}`, 'u') })
    .click();
  await expect(alice.page.getByRole('heading', { name: section }).first()).toBeVisible();
}

/** The windows of the console, over the screens they belong to. */
async function windows(alice: Person): Promise<void> {
  const { page } = alice;
  const item = async (button: string | RegExp, name: string): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await chooseSection(alice, 'Requests');
  await page.getByRole('button', { name: 'Request of Frank' }).click();
  await windowOf(page, '10-approval', () =>
    item('More ways to approve', 'Look at everything first…'),
  );
  // The keys of the list answer where the focus is in it.
  await page.getByRole('button', { name: 'Request of Frank' }).click();
  await windowOf(page, '11-rejection', () => page.keyboard.press('r'));
  await page.getByRole('button', { name: 'Request of Frank' }).click();
  await windowOf(page, '12-keys', () => page.keyboard.press('?'));
  await chooseSection(alice, 'Links');
  await windowOf(page, '13-new-link', () =>
    page.getByRole('button', { name: 'Create link' }).click(),
  );
  await windowOf(page, '14-link', () =>
    page
      .getByRole('button', { name: /^Link “/u })
      .first()
      .click(),
  );
  await chooseSection(alice, 'Members');
  await windowOf(page, '15-role', () => item('Actions for Carol', 'Make moderator'));
  await windowOf(page, '16-removal', async () => {
    await item('Actions for Bob', 'Remove…');
    await page.getByRole('radio', { name: 'Last hour' }).check();
    await expect(page.getByText(/are hidden for everybody/u)).toBeVisible();
  });
  await windowOf(page, '17-add', () =>
    page.getByRole('button', { name: 'Add', exact: true }).click(),
  );
  await page.getByRole('button', { name: 'Actions for Dave' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const removal = page.getByRole('dialog', { name: 'Remove Dave?' });
  await removal.getByRole('radio', { name: 'All I can read' }).check();
  await removal.getByRole('button', { name: 'Remove', exact: true }).click();
  const begun = page.getByRole('dialog', { name: 'Removing Dave' });
  await expect(begun.getByText('1 of 1 message')).toBeVisible();
  await shoot(page, '18-removing');
  await begun.getByRole('button', { name: 'Done' }).click();
  await windowOf(page, '19-tray', () =>
    page.getByRole('button', { name: 'Work', exact: true }).click(),
  );
  await chooseSection(alice, 'Security');
  await windowOf(page, '20-rotate', () =>
    page.getByRole('button', { name: /^Change the key/u }).click(),
  );
}

/** The menu of a message, a quote and reactions. */
async function talk({ page }: Person): Promise<void> {
  const words = page.getByRole('article').getByText('Who has time on Saturday?');
  await words.hover();
  await page.getByRole('button', { name: 'Message of Bob' }).last().click();
  await expect(page.getByRole('menu')).toBeVisible();
  await shoot(page, '08-message-menu');
  await page.getByRole('menuitem', { name: /^(Answer|Reply)/u }).click();
  await page.getByRole('textbox', { name: `Message ${GROUP}` }).fill('I have, all day');
  await shoot(page, '09-answering');
  await page.keyboard.press('Enter');
}

/** The pages of the account, from its menu. */
async function account(alice: Person): Promise<void> {
  const { page } = alice;
  for (const [name, title] of [
    ['Recovery code', 'Recovery code'],
    ['Devices', 'Devices'],
    ['Lock', 'Lock'],
    ['Notifications', 'Notifications'],
    ['Your data', 'Your data'],
    ['Privacy', 'Privacy: what the server sees'],
  ] as const) {
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('button', { name: /^Account menu/u }).click();
    await page.getByRole('menuitem', { name }).click();
    await expect(page.getByRole('heading', { name: title, exact: true }).first()).toBeVisible();
    await shoot(page, `30-${name.toLowerCase().replace(' ', '-')}`);
    if (name === 'Your data')
      await windowOf(page, '31-deletion', async () => {
        await page.getByRole('radio').nth(1).check();
        await page.getByRole('button', { name: /^Delete/u }).click();
      });
  }
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
  const people = new Map<string, Bot>();
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
  await windows(alice);
  await openTalk(alice, GROUP);
  await talk(alice);
  const [bob, carol] = [people.get('Bob'), people.get('Carol')];
  if (bob === undefined || carol === undefined) throw new Error('both are in the group');
  const inTalk = { look: shoot, alice, bob, carol, group: GROUP };
  await talkStates(inTalk);
  await account(alice);
  const returned = await openPerson(browser, server, 'Alice again');
  await returned.page.goto(`${server.address}/account/restore`);
  await expect(returned.page.getByRole('heading').first()).toBeVisible();
  await shoot(returned.page, '32-restore');
  const guest = await openPerson(browser, server, 'Ivan');
  await guest.page.goto(link);
  await expect(guest.page.getByRole('heading', { name: GROUP })).toBeVisible();
  await shoot(guest.page, '06-join');
  await guest.page.getByLabel('Your name').fill('Ivan');
  await guest.page.getByRole('button', { name: 'Ask to join' }).click();
  await expect(guest.page.getByRole('figure', { name: 'Your six words' })).toBeVisible();
  await shoot(guest.page, '07-waiting');
  await alice.page.goto(server.address);
  await openTalk(alice, GROUP);
  await server.kill();
  await offlineState(inTalk);
  for (const client of people.values()) await client.close();
}

await mkdir(SCREENS, { recursive: true });
const found = await findBrowser();
const browser = await chromium.launch({
  executablePath: found.file,
  env: { ...process.env, ...found.env },
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const server = await startServer({ ...MANY, LIMIT_MESSAGE_BURST: '1000' });
try {
  await story(browser, server);
} finally {
  await browser.close();
  await server.close();
}
process.stdout.write('The pictures are in test-results/screens.\n');
process.exit(0);
