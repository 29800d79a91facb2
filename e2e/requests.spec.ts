/** The queue at work: many at once by keyboard alone, nothing decided by accident, and a rejection that can be taken back. */
import { expect, test } from 'playwright/test';
import { ask, bot, crowd, isIn, MANY } from './support/bots.ts';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  makeLink,
  openPerson,
  openSection,
  tabTo,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer(MANY);
});
test.afterEach(() => server.close());

const names = (word: string): string[] => Array.from({ length: 30 }, (_, i) => `${word} ${i + 1}`);

test('P101: sixty people are looked at and let in by keyboard alone, and no key decides before the person is at the list', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const first = await foundGroup(alice, 'Choir', 'Tuesdays');
  // Two links: fifty through one of them would be a wave, and pause it.
  const second = await makeLink(alice, 'Poster');
  await openSection(alice, 'Requests');
  const altos = await crowd(server, names('Alto'), (client) =>
    ask(client, first, 'from the choir'),
  );
  const basses = await crowd(server, names('Bass'), (client) => ask(client, second, 'saw it'));
  const waiting = page.getByRole('tab', { name: /^Waiting/u });
  await expect(waiting).toHaveText('Waiting60');

  await page.reload();
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
  }
  await expect(waiting).toHaveText('Waiting60');
  await page.keyboard.press('a');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Work', exact: true })).toBeVisible();

  await page.keyboard.press('j');
  await expect(page.getByRole('button', { name: /^Request of/u }).first()).toBeFocused();
  await page.keyboard.press('x');
  for (let i = 0; i < 9; i++) await page.keyboard.press('Shift+J');
  await expect(page.getByRole('region', { name: '10 selected' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('/');
  await page.keyboard.type('from the choir');
  await expect(page.getByLabel('Select all 30 shown')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await tabTo(page, page.getByLabel('Select all 60 shown'));
  await page.keyboard.press('Space');
  await page.keyboard.press('a');
  const sheet = page.getByRole('dialog', { name: 'Approve 60 requests' });
  await expect(sheet.getByText('61 members get a new key')).toBeVisible();
  await expect(sheet.getByText('60 people come in')).toBeVisible();
  await tabTo(page, sheet.getByRole('button', { name: 'Approve 60' }));
  await page.keyboard.press('Enter');
  // Sixty engines in this process take the new key in at the same moment.
  await expect(waiting).toHaveText('Waiting0', { timeout: 45_000 });
  const after = page.getByRole('region', { name: 'After the approval' });
  await expect(after.getByText('60 approved')).toBeVisible();
  for (const { clients } of [altos, basses]) for (const client of clients) await isIn(client);
  await expect(after.getByText('Joined 60 of 60')).toBeVisible({ timeout: 60_000 });
  await altos.close();
  await basses.close();
  expect(alice.complaints).toEqual([]);
});

test('a rejection is taken back in time, survives a reload, reaches the person with its note, and is approved after all', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  const erin = await bot(server, 'Erin');
  await ask(erin, link, 'Alto');
  await openSection(alice, 'Requests');
  const row = page.getByRole('button', { name: 'Request of Erin' });
  const dialog = page.getByRole('dialog', { name: 'Reject Erin?' });

  await row.click();
  await page.keyboard.press('r');
  await dialog.getByRole('button', { name: 'Reject request' }).click();
  await expect(row).toContainText('rejecting');
  await page.getByRole('button', { name: 'Take back', exact: true }).click();
  await expect(row).not.toContainText('rejecting');
  await expect(page.getByRole('button', { name: 'Work', exact: true })).toBeVisible();

  await row.click();
  await page.keyboard.press('r');
  await dialog.getByLabel('A note from you').check();
  await dialog.getByRole('button', { name: 'Reject request' }).click();
  await expect(dialog.getByText('Write a note, or choose to say nothing.')).toBeVisible();
  await dialog.getByLabel('Note to the person').fill('We are full this year');
  await dialog.getByRole('button', { name: 'Reject request' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Work, 1 not finished' }).click();
  const tray = page.getByRole('dialog', { name: 'Work' });
  await expect(tray.getByText(/Goes out in \d+ s/u)).toBeVisible();
  await expect(tray.getByRole('article', { name: 'Reject Erin' })).toContainText('done', {
    timeout: 20_000,
  });
  await page.keyboard.press('Escape');
  await expect
    .poll(async () => (await erin.ownRequests())[0]?.note, { timeout: 15_000 })
    .toBe('We are full this year');

  await page.getByRole('tab', { name: /^Rejected/u }).click();
  await row.click();
  await page.getByRole('button', { name: 'Approve after all' }).click();
  const sheet = page.getByRole('dialog', { name: 'Approve Erin' });
  await expect(sheet.getByText('Alice rejected this request.')).toBeVisible();
  await sheet.getByRole('button', { name: 'Approve 1' }).click();
  await isIn(erin);
  await erin.close();
  expect(alice.complaints).toEqual([]);
});

test('P025: who waits is told that nothing is confirmed, after a day what to do, and is let in all the same', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  const bob = await openPerson(browser, server, 'Bob');
  await bob.page.clock.install();
  const code = await askToJoin(bob, link, 'Choir', '');
  const unconfirmed = bob.page.getByText(/^Not confirmed: only a decision shows/u);
  const late = bob.page.getByText('Nobody has answered for a day.');
  await expect(unconfirmed).toBeVisible();
  await bob.page.clock.fastForward('23:58:00');
  await expect(late).toHaveCount(0);
  await bob.page.clock.fastForward('03:00');
  await expect(late).toBeVisible();
  await expect(unconfirmed).toBeVisible();
  await approve(alice, bob, 'Choir', code);
  await expect(composer(bob, 'Choir')).toBeVisible();
  expect(bob.complaints).toEqual([]);
});
