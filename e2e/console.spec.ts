/** Links in every state and members in every role, as the owner runs them; each screen looked at by axe. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from 'playwright/test';
import { ask, bot, isIn, MANY, must } from './support/bots.ts';
import {
  foundGroup,
  makeLink,
  openPerson,
  openSection,
  openTalk,
  reads,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer(MANY);
});
test.afterEach(() => server.close());

async function sound(page: Page, screen: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((one) => ['serious', 'critical'].includes(one.impact ?? ''));
  expect(
    serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`),
    screen,
  ).toEqual([]);
}

test('links: made, paused, resumed, used up, capped anew, revoked, filtered, all revoked', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  await foundGroup(alice, 'Choir', 'Tuesdays');
  const address = await makeLink(alice, 'Poster');
  const row = page.getByRole('listitem').filter({ hasText: 'Poster' });
  const sheet = page.getByRole('dialog', { name: 'Poster' });
  const open = () => page.getByRole('button', { name: 'Link “Poster”', exact: true }).click();
  await expect(row.getByText('Live')).toBeVisible();
  const carol = await bot(server, 'Carol');
  const dave = await bot(server, 'Dave');

  await open();
  await sheet.getByRole('button', { name: 'Pause' }).click();
  await expect(sheet.getByText('Paused', { exact: true })).toBeVisible();
  expect(must(await carol.openLink(address)).state).toBe('paused');
  await sound(page, 'a link');
  await sheet.getByRole('button', { name: 'Resume' }).click();
  await expect(sheet.getByText('Live', { exact: true })).toBeVisible();
  await sheet.getByRole('radio', { name: '1', exact: true }).check();
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByText('0 of 1 used')).toBeVisible();

  await ask(carol, address, '');
  await ask(dave, address, '');
  await expect(row.getByText('2 waiting')).toBeVisible();
  await openSection(alice, 'Requests');
  await page.getByRole('button', { name: 'Request of Carol' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await isIn(carol);
  await openSection(alice, 'Links');
  await expect(row.getByText('Used up')).toBeVisible();
  await open();
  await sheet.getByRole('radio', { name: '1', exact: true }).check();
  await expect(sheet.getByRole('button', { name: 'Save' })).toBeDisabled();
  await sheet.getByRole('radio', { name: '5', exact: true }).check();
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByText('1 of 5 used')).toBeVisible();
  await sound(page, 'links');

  await open();
  await sheet.getByRole('button', { name: 'Revoke…' }).click();
  const question = page.getByRole('dialog', { name: 'Revoke “Poster”?' });
  await expect(question.getByText('1 request is still waiting')).toBeVisible();
  await question.getByRole('button', { name: 'Revoke' }).click();
  await expect(row.getByText('revoked by Alice')).toBeVisible();
  const erin = await bot(server, 'Erin');
  expect(must(await erin.openLink(address)).state).toBe('revoked');

  const filter = page.getByRole('button', { name: 'Filter links, revoke all' });
  await filter.click();
  await page.getByRole('menuitemradio', { name: 'Revoked' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: 'Join links' }).getByRole('listitem')).toHaveCount(1);
  await filter.click();
  await page.getByRole('menuitem', { name: 'Revoke all links…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Show all links' }).click();
  await expect(page.getByText('Live', { exact: true })).toHaveCount(0);
  for (const one of [carol, dave, erin]) await one.close();
  expect(alice.complaints).toEqual([]);
});

test('SX-11; members: observer and back, blocked with a reason, with what they wrote hidden and shown again, unblocked, asked again, and added by contact code', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  const bob = await bot(server, 'Bob');
  const letIn = async (): Promise<void> => {
    await openSection(alice, 'Requests');
    await page.getByRole('button', { name: 'Request of Bob' }).click();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await isIn(bob);
  };
  await ask(bob, link, 'Bass');
  await letIn();
  await openSection(alice, 'Members');
  const row = page.getByRole('row', { name: /Bob/u });
  const act = async (name: string): Promise<void> => {
    await row.getByRole('button', { name: 'Actions for Bob' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await act('Make observer');
  const role = page.getByRole('dialog', { name: 'Make Bob an observer?' });
  await expect(role.getByText('Write messages')).toBeVisible();
  await role.getByRole('button', { name: 'Make observer' }).click();
  await expect(row.getByText('Observer')).toBeVisible();
  await expect.poll(async () => (await bob.groups())[0]?.role).toBe(0);
  await act('Make member');
  await page.getByRole('dialog').getByRole('button', { name: 'Make member' }).click();
  await expect(row.getByText('Member', { exact: true })).toBeVisible();
  await sound(page, 'members');

  const gid = (await bob.groups())[0]?.gid;
  if (gid === undefined) throw new Error('Bob is in no group');
  for (const text of ['Tickets, cheap', 'Last chance']) must(await bob.sendMessage(gid, text));
  await openTalk(alice, 'Choir');
  await reads(alice, 'Last chance');
  await openSection(alice, 'Members');
  await act('Remove…');
  const removal = page.getByRole('dialog', { name: 'Remove Bob?' });
  await removal.getByLabel('Remove and block').check();
  await removal.getByLabel('Reason').fill('Sold tickets');
  await removal.getByRole('radio', { name: 'Last hour' }).check();
  await expect(
    removal.getByText('2 messages are hidden for everybody. You can show them again.'),
  ).toBeVisible();
  await expect(removal.getByText('1 of 1 remaining members gets a new key')).toBeVisible();
  await sound(page, 'removing');
  await removal.getByRole('button', { name: 'Remove and block' }).click();
  await expect(page.getByText('Secured. 1 of 1 has the new key.')).toBeVisible();
  const begun = page.getByRole('dialog', { name: 'Removing Bob' });
  await expect(begun.getByText('2 of 2 messages')).toBeVisible();
  await expect(begun.getByRole('article', { name: 'Hide the messages of Bob' })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect.poll(async () => (await bob.groups())[0]?.standing).toBe('removed');
  await openTalk(alice, 'Choir');
  await expect(page.getByRole('article').getByText('Tickets, cheap')).toHaveCount(0);
  await expect(page.getByText('Alice hid this message.')).toHaveCount(2);
  await page.getByRole('link', { name: /^Manage/u }).click();
  await page.getByRole('button', { name: 'Work', exact: true }).click();
  await page.getByRole('button', { name: /^Show again what was hidden/u }).click();
  await expect(page.getByText('2 messages are shown again.')).toBeVisible();
  await page.keyboard.press('Escape');
  await openTalk(alice, 'Choir');
  await reads(alice, 'Tickets, cheap');
  await openSection(alice, 'Members');
  await page.getByRole('button', { name: 'Unblock Bob' }).click();
  await expect(page.getByRole('heading', { name: 'Blocked accounts' })).toBeHidden();

  await ask(bob, link, 'Sorry');
  await openSection(alice, 'Requests');
  await page.getByRole('button', { name: 'Request of Bob' }).click();
  await expect(page.getByText('removed and blocked by Alice')).toBeVisible();
  await letIn();

  const carol = await bot(server, 'Carol');
  await openSection(alice, 'Members');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const add = page.getByRole('dialog', { name: 'Add by contact code' });
  await add.getByLabel('Contact code').fill('not a code');
  await add.getByRole('button', { name: 'Add' }).click();
  await expect(add.getByText('There is no contact code in this text.')).toBeVisible();
  const pid = (await carol.account())?.pid ?? '';
  const code = Buffer.from(pid, 'hex').toString('base64url');
  await add.getByLabel('Contact code').fill(`Here it is: ${code}`);
  await add.getByRole('button', { name: 'Add' }).click();
  await expect.poll(async () => (await carol.groups())[0]?.standing).toBe('invited');
  for (const one of [bob, carol]) await one.close();
  expect(alice.complaints).toEqual([]);
});
