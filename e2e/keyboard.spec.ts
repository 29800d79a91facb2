/** The console by keyboard alone, from the first page to the log: no call of this story points at anything. */
import { expect, type Locator, type Page, test } from 'playwright/test';
import { ask, bot, isIn, MANY } from './support/bots.ts';
import { openPerson, tabTo } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer(MANY);
});
test.afterEach(() => server.close());

/** Goes there with Tab and presses it. */
async function press(page: Page, to: Locator, key = 'Enter'): Promise<void> {
  await expect(to).toBeVisible();
  await tabTo(page, to);
  await page.keyboard.press(key);
}

async function write(page: Page, field: Locator, text: string): Promise<void> {
  await expect(field).toBeVisible();
  await tabTo(page, field);
  await page.keyboard.type(text);
}

async function section(page: Page, name: string): Promise<void> {
  const nav = page.getByRole('navigation', { name: 'Manage' });
  await press(page, nav.getByRole('link', { name: new RegExp(`^${name}`, 'u') }));
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

/** Chooses an item of the open menu with the arrows. */
async function choose(page: Page, item: Locator): Promise<void> {
  await expect(item).toBeVisible();
  for (let i = 0; i < 12; i++) {
    if (await item.evaluate((it) => it === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
}

test('the console by keyboard alone: sign in, approve three, make a link, change a role, remove one, read the log', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

  await write(page, page.getByLabel('Your name'), 'Alice');
  await press(page, button('Create a group'));
  const create = page.getByRole('dialog', { name: 'Create a group' });
  // The page it was opened from is gone: what is there now has the focus.
  await expect(create).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button('Create a group')).toBeFocused();
  await page.keyboard.press('Enter');
  await write(page, create.getByLabel('Group name'), 'Choir');
  await press(page, create.getByRole('button', { name: 'Create group' }));
  const made = page.getByRole('dialog', { name: 'Choir is ready' });
  await press(page, made.getByRole('button', { name: 'Copy link' }));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await press(page, made.getByRole('button', { name: 'Open the group' }));
  await expect(page.getByRole('heading', { name: 'Choir', level: 2 })).toBeVisible();

  const guests = [];
  for (const name of ['Bob', 'Carol', 'Dave']) {
    const guest = await bot(server, name);
    await ask(guest, link, 'from the choir');
    guests.push(guest);
  }
  await press(page, page.getByRole('link', { name: /^Manage/u }));
  await section(page, 'Requests');
  await expect(page.getByRole('tab', { name: /^Waiting/u })).toHaveText('Waiting3');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('Shift+J');
  await expect(page.getByRole('region', { name: '3 selected' })).toBeVisible();
  await page.keyboard.press('a');
  const approval = page.getByRole('dialog', { name: 'Approve 3 requests' });
  await press(page, approval.getByRole('button', { name: 'Approve 3' }));
  for (const guest of guests) await isIn(guest);

  await section(page, 'Links');
  await press(page, button('Create link'));
  const sheet = page.getByRole('dialog', { name: 'Create a link' });
  await write(page, sheet.getByLabel('Name of the link'), 'Poster');
  await press(page, sheet.getByRole('button', { name: 'Create link' }));
  const ready = page.getByRole('dialog', { name: 'The link is ready' });
  await press(page, ready.getByRole('button', { name: 'Done' }));
  await expect(page.getByRole('listitem').filter({ hasText: 'Poster' })).toContainText('Live');

  await section(page, 'Members');
  await press(page, button('Actions for Bob'));
  await choose(page, page.getByRole('menuitem', { name: 'Make moderator' }));
  const role = page.getByRole('dialog', { name: 'Make Bob a moderator?' });
  await press(page, role.getByRole('button', { name: 'Make moderator' }));
  await expect(page.getByRole('row', { name: /Bob/u })).toContainText('Moderator');
  await press(page, button('Actions for Dave'));
  await choose(page, page.getByRole('menuitem', { name: 'Remove…' }));
  const removal = page.getByRole('dialog', { name: 'Remove Dave?' });
  await write(page, removal.getByLabel('Reason'), 'Sold tickets');
  await press(page, removal.getByRole('button', { name: 'Remove', exact: true }));
  await press(
    page,
    page.getByRole('dialog', { name: 'Removing Dave' }).getByRole('button', { name: 'Done' }),
  );
  await expect(page.getByRole('row', { name: /Dave/u })).toHaveCount(0);

  await section(page, 'Activity');
  const log = page.getByRole('region', { name: 'Activity of the group' });
  await expect(log.getByText('Alice removed Dave')).toBeVisible();
  await expect(log.getByText('Alice made Bob a moderator')).toBeVisible();
  await expect(log.getByText('Sold tickets')).toBeVisible();
  // The log itself scrolls by keyboard, and goes out as a file.
  const download = page.waitForEvent('download');
  await press(page, button('Export the signed log'));
  expect((await download).suggestedFilename()).toMatch(/^conclave-log-.+\.jsonl$/u);
  for (const guest of guests) await guest.close();
  expect(alice.complaints).toEqual([]);
});
