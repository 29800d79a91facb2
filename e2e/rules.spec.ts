/** What a newcomer is given to read, who may write, and what ends with a role, as both sides see it. */
import { expect, test } from 'playwright/test';
import { bot, MANY, must } from './support/bots.ts';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  makeLink,
  openPerson,
  openSection,
  openTalk,
  type Person,
  reads,
  say,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer(MANY);
});
test.afterEach(() => server.close());

const GROUP = 'Harbour garden';

async function comesIn(staff: Person, one: Person, link: string): Promise<void> {
  const code = await askToJoin(one, link, GROUP, 'Neighbour');
  await approve(staff, one, GROUP, code);
  await expect(composer(one, GROUP)).toBeVisible();
}

/** Opens the menu of a member and chooses what to make of them. */
async function makeRole(staff: Person, name: string, item: string, given: string): Promise<void> {
  const { page } = staff;
  await openSection(staff, 'Members');
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').getByRole('button', { name: item }).click();
  await expect(
    page.getByRole('row', { name: new RegExp(name, 'u') }).getByText(given),
  ).toBeVisible();
}

test('AO-47: a newcomer reads what was shared and nothing else, the divider says so, and an approval without history ends the sharing', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, 'Raised beds');
  await say(alice, GROUP, 'Before Bob');
  await reads(alice, 'Before Bob');

  const bob = await openPerson(browser, server, 'Bob');
  await comesIn(alice, bob, link);
  await say(alice, GROUP, 'With Bob');
  await reads(bob, 'With Bob');
  await expect(
    bob.page.getByText(/^Messages before .+ were not shared with you\.$/u),
  ).toBeVisible();
  await expect(bob.page.getByRole('article').getByText('Before Bob')).toHaveCount(0);
  await expect(alice.page.getByText('This is the beginning of what you can read')).toBeVisible();

  await openSection(alice, 'Settings');
  await alice.page.getByRole('button', { name: 'Share from now on' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Share from now on' }).click();
  await expect(alice.page.getByText('The rule holds from now on, with a new key.')).toBeVisible();
  await openTalk(alice, GROUP);
  await say(alice, GROUP, 'To be shared');
  await reads(bob, 'To be shared');

  const carol = await openPerson(browser, server, 'Carol');
  await comesIn(alice, carol, link);
  await reads(carol, 'To be shared');
  await expect(
    carol.page.getByText('What stands above was shared with you by Alice'),
  ).toBeVisible();
  await expect(
    carol.page.getByText(/^Messages before .+ were not shared with you\.$/u),
  ).toBeVisible();
  await expect(carol.page.getByRole('article').getByText('With Bob')).toHaveCount(0);

  // One approval that shares nothing.
  const dave = await openPerson(browser, server, 'Dave');
  await askToJoin(dave, link, GROUP, '');
  await openSection(alice, 'Requests');
  await alice.page.getByRole('button', { name: 'Request of Dave' }).click();
  await alice.page.getByRole('button', { name: 'More ways to approve' }).click();
  await alice.page.getByRole('menuitem', { name: 'Look at everything first…' }).click();
  const sheet = alice.page.getByRole('dialog', { name: 'Approve Dave' });
  await sheet.getByRole('radio', { name: 'From now on only' }).check();
  await expect(sheet.getByText(/This ends the shared history/u)).toBeVisible();
  await sheet.getByRole('button', { name: 'Approve 1' }).click();
  await expect(composer(dave, GROUP)).toBeVisible();
  await openTalk(alice, GROUP);
  await say(alice, GROUP, 'Hello Dave');
  await reads(dave, 'Hello Dave');
  await expect(dave.page.getByText(/were not shared with you/u)).toBeVisible();
  await expect(dave.page.getByText(/What stands above was shared/u)).toHaveCount(0);
  await expect(dave.page.getByRole('article').getByText('To be shared')).toHaveCount(0);
  for (const one of [alice, bob, carol, dave]) expect(one.complaints, one.name).toEqual([]);
});

test('SX-07: an observer, and everybody where only the staff writes, cannot write from the next message on, is told why, and is put back', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, 'Raised beds');
  const bob = await openPerson(browser, server, 'Bob');
  await comesIn(alice, bob, link);
  await say(bob, GROUP, 'As a member');
  await reads(alice, 'As a member');

  await makeRole(alice, 'Bob', 'Make observer', 'Observer');
  await expect(
    bob.page.getByText('You are an observer here: you read, you do not write.'),
  ).toBeVisible();
  await expect(composer(bob, GROUP)).toBeHidden();
  await openTalk(alice, GROUP);
  await say(alice, GROUP, 'Bob reads on');
  await reads(bob, 'Bob reads on');
  await makeRole(alice, 'Bob', 'Make member', 'Member');
  await say(bob, GROUP, 'A member again');
  await openTalk(alice, GROUP);
  await reads(alice, 'A member again');

  const only = alice.page.getByRole('switch', {
    name: 'Only the owner and the moderators write',
  });
  await openSection(alice, 'Settings');
  await only.click();
  await expect(bob.page.getByText('Only the owner and the moderators write here.')).toBeVisible();
  await expect(composer(bob, GROUP)).toBeHidden();
  await openTalk(alice, GROUP);
  await say(alice, GROUP, 'An announcement');
  await reads(bob, 'An announcement');
  await openSection(alice, 'Settings');
  await only.click();
  await say(bob, GROUP, 'Everybody again');
  await openTalk(alice, GROUP);
  await reads(alice, 'Everybody again');
  for (const one of [alice, bob]) expect(one.complaints, one.name).toEqual([]);
});

test('R9: the links of a moderator end with the role, and whoever opens one is told so', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, 'Raised beds');
  const bob = await openPerson(browser, server, 'Bob');
  await comesIn(alice, bob, link);
  await makeRole(alice, 'Bob', 'Make moderator', 'Moderator');
  await expect(bob.page.getByRole('link', { name: /^Manage/u })).toBeVisible();
  const address = await makeLink(bob, 'From Bob');
  const carol = await bot(server, 'Carol');
  expect(must(await carol.openLink(address)).state).toBe('open');

  const { page } = alice;
  await openSection(alice, 'Members');
  await page.getByRole('button', { name: 'Actions for Bob' }).click();
  await page.getByRole('menuitem', { name: 'Make member' }).click();
  const role = page.getByRole('dialog', { name: 'Make Bob a member?' });
  await expect(role.getByText(/Join links they made end with it/u)).toBeVisible();
  await role.getByRole('button', { name: 'Make member' }).click();
  await openSection(alice, 'Links');
  await expect(page.getByRole('listitem').filter({ hasText: 'From Bob' })).toContainText('Revoked');
  await expect(bob.page.getByText(/Alice made you a member on/u)).toBeVisible();
  expect(must(await carol.openLink(address)).state).toBe('revoked');
  const dave = await openPerson(browser, server, 'Dave');
  await dave.page.goto(address);
  await expect(dave.page.getByText('This link was withdrawn')).toBeVisible();
  await carol.close();
  for (const one of [alice, bob, dave]) expect(one.complaints, one.name).toEqual([]);
});
