/** Running a group: what was done is read in the log and found by keyboard, and settings reach everybody. */
import { expect, type Page, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  foundGroup,
  memberMenu,
  openPerson,
  openTalk,
  type Person,
  reads,
  say,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer();
});
test.afterEach(() => server.close());

const GROUP = 'Harbour garden';

async function open(page: Page, section: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Manage' })
    .getByRole('link', { name: new RegExp(`^${section}`, 'u') })
    .click();
  await expect(page.getByRole('heading', { name: section, level: 1 })).toBeVisible();
}

async function comesIn(alice: Person, one: Person, link: string): Promise<void> {
  const code = await askToJoin(one, link, GROUP, 'Neighbour');
  await approve(alice, one, GROUP, code);
  await expect(one.page.getByRole('heading', { name: GROUP, level: 2 })).toBeVisible();
}

test('activity: a role, a report and a removal are read in the log, and found by keyboard', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, 'Raised beds');
  const bob = await openPerson(browser, server, 'Bob');
  const mallory = await openPerson(browser, server, 'Mallory');
  await comesIn(alice, bob, link);
  await comesIn(alice, mallory, link);
  await say(mallory, GROUP, 'Buy my coins');
  await reads(bob, 'Buy my coins');

  // Bob tells the moderators, and nobody else hears of it.
  await bob.page.getByRole('article').getByText('Buy my coins').hover();
  await bob.page.getByRole('button', { name: 'Message of Mallory' }).click();
  await bob.page.getByRole('menuitem', { name: 'Report to the moderators…' }).click();
  await bob.page.getByLabel('What is wrong').fill('Every day the same');
  await bob.page.getByRole('button', { name: 'Send report' }).click();
  await expect(bob.page.getByText('The moderators have your report.')).toBeVisible();

  await memberMenu(alice, 'Bob');
  await alice.page.getByRole('menuitem', { name: 'Make moderator' }).click();
  await alice.page
    .getByRole('dialog')
    .getByRole('button', { name: /Make moderator|Moderator/u })
    .click();
  await open(alice.page, 'Overview');
  await alice.page.getByRole('link', { name: 'Read', exact: true }).click();
  await expect(alice.page.getByText('Every day the same')).toBeVisible();
  await alice.page
    .getByRole('button', { name: 'Mark the report about Mallory as seen to' })
    .click();
  await expect(alice.page.getByText(/^Seen to by/u)).toBeVisible();

  await bob.page.getByRole('link', { name: /^Manage/u }).click();
  await open(bob.page, 'Members');
  await bob.page.getByRole('button', { name: 'Actions for Mallory' }).click();
  await bob.page.getByRole('menuitem', { name: 'Remove…' }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await expect(mallory.page.getByText(/Bob removed you from this group/u)).toBeVisible();

  await open(alice.page, 'Activity');
  const log = alice.page.getByRole('region', { name: 'Activity of the group' });
  await expect(log.getByText('Bob removed Mallory')).toBeVisible();
  await expect(log.getByText('Alice made Bob a moderator')).toBeVisible();
  await expect(log.getByText('was Member, now Moderator')).toBeVisible();
  await expect(alice.page.getByText(/^Verified through entry \d+$/u)).toBeVisible();

  // By keyboard alone: to the filter, the kind, the search, and back to everything.
  await alice.page.getByRole('button', { name: /^What/u }).focus();
  await alice.page.keyboard.press('Enter');
  await expect(alice.page.getByRole('menuitemradio', { name: 'everything' })).toBeFocused();
  await alice.page.keyboard.press('ArrowDown');
  await alice.page.keyboard.press('ArrowDown');
  await alice.page.keyboard.press('Enter');
  await expect(log.getByText('Bob removed Mallory')).toBeHidden();
  await expect(log.getByText('Alice made Bob a moderator')).toBeVisible();
  await alice.page.keyboard.press('Escape');
  await expect(alice.page.getByRole('menu')).toBeHidden();
  await alice.page.keyboard.press('/');
  await expect(alice.page.getByRole('searchbox')).toBeFocused();
  await alice.page.keyboard.type('nobody of this name');
  await expect(alice.page.getByText('Nothing matches')).toBeVisible();
  await alice.page.getByRole('button', { name: 'Show everything' }).press('Enter');
  await expect(log.getByText('Bob removed Mallory')).toBeVisible();

  // The role is taken back from the log, and Bob, at work, is told in place.
  await alice.page.getByRole('button', { name: 'Make Bob Member again' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await expect(bob.page.getByText(/Alice made you a member on/u)).toBeVisible();
  await expect(bob.page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible();

  // Mallory keeps nothing.
  await mallory.page.getByRole('button', { name: 'Erase from this browser' }).click();
  await mallory.page
    .getByRole('dialog')
    .getByRole('button', { name: 'Erase from this browser' })
    .click();
  await expect(mallory.page.getByRole('main').getByText('No groups yet')).toBeVisible();
  for (const one of [alice, bob, mallory]) expect(one.complaints).toEqual([]);
});

test('settings: words, a picture and rules reach everybody, one by one', async ({ browser }) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, 'Raised beds');
  const bob = await openPerson(browser, server, 'Bob');
  await comesIn(alice, bob, link);
  await openTalk(bob, GROUP);
  const { page } = alice;
  await page.getByRole('link', { name: /^Manage/u }).click();
  await open(page, 'Settings');
  await page.getByLabel('Rules').fill('Be kind');
  // One pixel of red, as a browser writes it.
  await page.getByLabel('Picture of the group').setInputFiles({
    name: 'red.png',
    mimeType: 'image/png',
    buffer: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
      'base64',
    ),
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Discard changes' })).toBeHidden();
  await expect(bob.page.getByText('Be kind')).toBeVisible();
  await expect(bob.page.locator('header img')).toBeVisible();
  await expect(bob.page.locator('header img')).toHaveAttribute('src', /^blob:/u);

  await page.getByRole('switch', { name: 'Only the owner and the moderators write' }).click();
  await expect(bob.page.getByText('Only the owner and the moderators write here.')).toBeVisible();
  await page.getByRole('switch', { name: 'Only the owner and the moderators write' }).click();

  await page.getByRole('button', { name: 'Share from now on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Share from now on' }).click();
  await expect(page.getByText('The rule holds from now on, with a new key.')).toBeVisible();
  await expect(bob.page.getByText('Newcomers may be shown this later')).toBeVisible();
  await expect(bob.page.getByText('Be kind')).toBeVisible();
  for (const one of [alice, bob]) expect(one.complaints).toEqual([]);
});
