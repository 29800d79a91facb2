/** Several on the staff: what each decided offline, who was first, and a wave that pauses its link. */
import { expect, test } from 'playwright/test';
import { ask, bot, crowd, isIn, MANY } from './support/bots.ts';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  openSection,
  type Person,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer(MANY);
});
test.afterEach(() => server.close());

async function letIn(staff: Person, name: string): Promise<void> {
  await openSection(staff, 'Requests');
  await staff.page.getByRole('button', { name: `Request of ${name}` }).click();
  await staff.page.getByRole('button', { name: 'Approve', exact: true }).click();
}

test('SX-09: two moderators decide the same things without a connection; each is done once, and the later one is told who was first', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  const code = await askToJoin(bob, link, 'Choir', 'Bass');
  await approve(alice, bob, 'Choir', code);
  await expect(composer(bob, 'Choir')).toBeVisible();
  const dave = await bot(server, 'Dave');
  await ask(dave, link, '');
  await letIn(alice, 'Dave');
  await isIn(dave);
  await openSection(alice, 'Members');
  await alice.page.getByRole('button', { name: 'Actions for Bob' }).click();
  await alice.page.getByRole('menuitem', { name: 'Make moderator' }).click();
  const role = alice.page.getByRole('dialog', { name: 'Make Bob a moderator?' });
  await expect(role.getByText('Remove and block members')).toBeVisible();
  await role.getByRole('button', { name: 'Make moderator' }).click();
  await expect(bob.page.getByRole('link', { name: /^Manage/u })).toBeVisible();
  const carol = await bot(server, 'Carol');
  const erin = await bot(server, 'Erin');
  for (const one of [carol, erin]) await ask(one, link, '');
  for (const staff of [alice, bob]) {
    await openSection(staff, 'Requests');
    await expect(staff.page.getByRole('button', { name: /^Request of/u })).toHaveCount(2);
  }

  await server.kill();
  for (const staff of [alice, bob]) {
    const { page } = staff;
    await expect(page.getByText(/There is no connection\. This is how it stood at/u)).toBeVisible();
    await letIn(staff, 'Carol');
    await expect(page.getByRole('button', { name: 'Request of Carol' })).toContainText('approving');
    await openSection(staff, 'Members');
    await page.getByRole('button', { name: 'Actions for Dave' }).click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    const removal = page.getByRole('dialog', { name: 'Remove Dave?' });
    await removal.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('button', { name: 'Work, 2 not finished' })).toBeVisible();
  }
  await letIn(alice, 'Erin');
  await alice.page.getByRole('button', { name: 'Work, 3 not finished' }).click();
  await alice.page.getByRole('button', { name: 'Take back: Approve Erin' }).click();
  await alice.page.keyboard.press('Escape');

  await server.start();
  const told: string[] = [];
  for (const { page } of [alice, bob]) {
    await expect(page.getByRole('button', { name: 'Work', exact: true })).toBeVisible({
      timeout: 45_000,
    });
    await page.getByRole('button', { name: 'Work', exact: true }).click();
    const tray = page.getByRole('dialog', { name: 'Work' });
    for (const act of ['Approve Carol', 'Remove Dave']) {
      const card = tray.getByRole('article', { name: act });
      await expect(card).toContainText('done');
      told.push(...(await card.getByText(/(Alice|Bob) was first\./u).allInnerTexts()));
    }
    await page.keyboard.press('Escape');
  }
  expect(told).toHaveLength(2);
  await isIn(carol);
  await openSection(bob, 'Requests');
  await expect(bob.page.getByRole('button', { name: 'Request of Erin' })).toBeVisible();
  await openSection(bob, 'Members');
  await expect(bob.page.getByRole('row', { name: /Carol/u })).toBeVisible();
  await expect(bob.page.getByRole('row', { name: /Dave/u })).toHaveCount(0);
  for (const one of [carol, dave, erin]) await one.close();
  for (const person of [alice, bob]) expect(person.complaints).toEqual([]);
});

test('wave brake: fifty requests pause their link; the staff looks at them, and resumes it', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  await openSection(alice, 'Requests');
  const names = Array.from({ length: 50 }, (_, i) => `Guest ${i + 1}`);
  const guests = await crowd(server, names, (client) => ask(client, link, 'hello'));
  await expect(page.getByText(/50 requests came through “.+” since/u)).toBeVisible();
  await page.getByRole('button', { name: 'Look at them' }).click();
  await expect(page.getByLabel('Select all 50 shown')).toBeVisible();
  await page.getByRole('button', { name: 'Reject all 50…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reject 50 requests?' });
  await expect(dialog.getByText(/and 44 more/u)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Resume the link…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText(/50 requests came through/u)).toBeHidden();
  const late = await bot(server, 'Late');
  await ask(late, link, '');
  await expect(page.getByRole('tab', { name: /^Waiting/u })).toHaveText('Waiting51');
  await late.close();
  await guests.close();
  expect(alice.complaints).toEqual([]);
});
