/** Every screen of the first path, looked at by axe: nothing serious, light and dark. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from 'playwright/test';
import { ask, bot, letIn, MANY } from './support/bots.ts';
import { askToJoin, foundGroup, openPerson, openSection, reads, say } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { offlineState, talkStates } from './support/talkStates.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ ...MANY, LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

async function sound(page: Page, screen: string): Promise<void> {
  // A colour half-way through a change is nobody's reading.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const theme of ['light', 'dark']) {
    await page.evaluate(async (value) => {
      document.documentElement.setAttribute('data-theme', value);
      await new Promise(requestAnimationFrame);
      const ending = document
        .getAnimations()
        .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
      await Promise.allSettled(ending.map((one) => one.finished));
    }, theme);
    // The marks around an open menu hand the focus on at once: nobody ever stands on one.
    const builder = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]');
    // Between the two only colours differ.
    if (theme === 'dark') builder.withRules('color-contrast');
    const { violations } = await builder.analyze();
    const serious = violations.filter(
      (one) => one.impact === 'serious' || one.impact === 'critical',
    );
    expect(
      serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`),
      `${screen}, ${theme}`,
    ).toEqual([]);
  }
}

test('axe finds nothing serious from the start page to the console', async ({ browser }) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  await expect(alice.page.getByLabel('Your name')).toBeVisible();
  await sound(alice.page, 'start');
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  await say(alice, 'Choir', 'Welcome');
  // Stored: what is looked at does not change meanwhile.
  await reads(alice, 'Welcome');
  await expect(alice.page.getByText('Sending')).toBeHidden();
  await sound(alice.page, 'talk');
  const bob = await openPerson(browser, server, 'Bob');
  await bob.page.goto(link);
  await expect(bob.page.getByRole('heading', { name: 'Choir' })).toBeVisible();
  await sound(bob.page, 'join');
  await askToJoin(bob, link, 'Choir', 'Bass');
  await sound(bob.page, 'waiting');
  await openSection(alice, 'Requests');
  await alice.page.getByRole('button', { name: 'Request of Bob' }).click();
  await sound(alice.page, 'requests');
  for (const section of ['Overview', 'Links', 'Members', 'Activity', 'Security', 'Settings']) {
    await alice.page
      .getByRole('navigation', { name: 'Manage' })
      .getByRole('link', { name: new RegExp(`^${section}`, 'u') })
      .click();
    await expect(alice.page.getByRole('heading', { name: section }).first()).toBeVisible();
    await sound(alice.page, section);
  }
  for (const person of [alice, bob]) expect(person.complaints).toEqual([]);
});

test('axe finds nothing serious in the talk, whatever is said, opened, searched, or waiting there', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const alice = await openPerson(browser, server, 'Alice');
  const group = 'Harbour garden';
  const link = await foundGroup(alice, group, 'Raised beds');
  const bob = await bot(server, 'Bob');
  const carol = await bot(server, 'Carol');
  await letIn(alice, bob, { name: 'Bob', link, group });
  await letIn(alice, carol, { name: 'Carol', link, group });
  const talk = { look: sound, alice, bob, carol, group };
  await talkStates(talk);
  expect(alice.complaints).toEqual([]);
  for (const one of [bob, carol]) await one.close();
  await server.kill();
  await offlineState(talk);
});

test('axe finds nothing serious in the windows of the console', async ({ browser }) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  const dialog = page.getByRole('dialog');
  const away = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
  const bob = await bot(server, 'Bob');
  const carol = await bot(server, 'Carol');
  for (const one of [bob, carol]) await ask(one, link, 'from the choir');
  await openSection(alice, 'Requests');
  await expect(page.getByRole('tab', { name: /^Waiting/u })).toHaveText('Waiting2');
  await page.getByRole('button', { name: 'Request of Bob' }).click();
  await page.keyboard.press('r');
  await expect(dialog).toHaveAccessibleName('Reject Bob?');
  await sound(page, 'rejection');
  await away();
  await page.getByRole('button', { name: 'More ways to approve' }).click();
  await page.getByRole('menuitem', { name: 'Look at everything first…' }).click();
  await expect(dialog.getByText(/get a new key/u)).toBeVisible();
  await sound(page, 'approval');
  await dialog.getByRole('button', { name: 'Approve 1' }).click();
  await expect(page.getByRole('tab', { name: /^Waiting/u })).toHaveText('Waiting1');
  await page.getByRole('button', { name: 'Work', exact: true }).click();
  await expect(dialog.getByRole('article', { name: 'Approve Bob' })).toContainText('done');
  await sound(page, 'tray');
  await away();

  await openSection(alice, 'Links');
  await page.getByRole('button', { name: 'Create link' }).click();
  await expect(dialog).toHaveAccessibleName('Create a link');
  await sound(page, 'link sheet');
  await away();

  await openSection(alice, 'Members');
  for (const [item, screen] of [
    ['Make moderator', 'role'],
    ['Remove…', 'removal'],
  ] as const) {
    await page.getByRole('button', { name: 'Actions for Bob' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await expect(dialog).toBeVisible();
    await sound(page, screen);
    await away();
  }
  for (const one of [bob, carol]) await one.close();
  expect(alice.complaints).toEqual([]);
});

/** Menu item and heading; the ways back in stand with the recovery code. */
const ACCOUNT_PAGES = [
  ['Recovery code', 'Recovery code'],
  ['Devices', 'Devices'],
  ['Lock', 'Lock'],
  ['Notifications', 'Notifications'],
  ['Your data', 'Your data'],
  ['Privacy', 'Privacy: what the server sees'],
] as const;

test('axe finds nothing serious on the pages of the account', async ({ browser }) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  await foundGroup(alice, 'Choir', 'Tuesdays');
  const open = async (item: string, heading: string): Promise<void> => {
    await page.goto(server.address);
    await page.getByRole('button', { name: /^Account menu/u }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
    await sound(page, item);
  };
  for (const [item, heading] of ACCOUNT_PAGES) await open(item, heading);
  await page.goto(server.address);
  await page.getByRole('button', { name: 'Search messages' }).click();
  await page.getByRole('searchbox', { name: 'Search messages' }).fill('nothing like it');
  await expect(page.getByText('Nothing found')).toBeVisible();
  await sound(page, 'search');
  const guest = await openPerson(browser, server, 'Bob');
  await guest.page.goto(`${server.address}/account/restore`);
  await expect(guest.page.getByRole('heading').first()).toBeVisible();
  await sound(guest.page, 'restore');
  for (const person of [alice, guest]) expect(person.complaints).toEqual([]);
});
