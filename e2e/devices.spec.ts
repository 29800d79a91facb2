/** A second device by a code of the first. */
import { expect, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  openTalk,
  reads,
  say,
  transcript,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

test('13: a second device comes in by the link of the first, a third by its code; all talk, and the first sees them by itself', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  const link = await foundGroup(alice, GROUP, '');
  const words = await askToJoin(bob, link, GROUP, '');
  await approve(alice, bob, GROUP, words);
  await expect(composer(bob, GROUP)).toBeVisible();
  await say(alice, GROUP, 'before the phone');
  await reads(bob, 'before the phone');

  await bob.page.getByRole('button', { name: /^Account menu/u }).click();
  await bob.page.getByRole('menuitem', { name: 'Devices' }).click();
  await bob.page.getByRole('button', { name: 'Add a device' }).click();
  const dialog = bob.page.getByRole('dialog', { name: 'Add a device' });
  await expect(dialog.getByRole('figure', { name: 'Device link to scan' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy the link' }).click();
  const deviceLink = await bob.page.evaluate(() => navigator.clipboard.readText());
  expect(deviceLink).toMatch(/\/device#d1\.[0-9A-HJKMNP-TV-Z]{26}$/u);

  const phone = await openPerson(browser, server, 'Bob');
  await phone.page.goto(deviceLink);
  await expect(
    phone.page.getByRole('heading', { name: 'Use your account in this browser?' }),
  ).toBeVisible();
  expect(new URL(phone.page.url()).hash).toBe('');
  await phone.page.getByRole('button', { name: 'Use my account here' }).click();
  await expect(phone.page.getByRole('heading', { name: /Welcome back/u })).toBeVisible();
  await expect(dialog.getByText(/was added/u)).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(
    bob.page.getByRole('list', { name: 'Your devices' }).getByRole('listitem'),
  ).toHaveCount(2);
  await phone.page.getByRole('link', { name: 'To my groups' }).click();
  await openTalk(phone, GROUP);
  await reads(phone, 'before the phone');

  // The next code comes from the second device and is typed.
  await phone.page.getByRole('button', { name: /^Account menu/u }).click();
  await phone.page.getByRole('menuitem', { name: 'Devices' }).click();
  await phone.page.getByRole('button', { name: 'Add a device' }).click();
  const code = await phone.page.getByRole('figure', { name: 'Device code' }).innerText();
  const tablet = await openPerson(browser, server, 'Bob');
  await tablet.page.getByRole('link', { name: 'I have an account' }).click();
  await tablet.page.getByRole('link', { name: 'Use a code from another device' }).click();
  await tablet.page.getByLabel('Device code').fill('0000000000 0000000000 000000');
  await tablet.page.getByRole('button', { name: 'Use my account here' }).click();
  await expect(tablet.page.getByText(/This code opens nothing here/u)).toBeVisible();
  await tablet.page.getByLabel('Device code').fill(code.toLowerCase());
  await tablet.page.getByRole('button', { name: 'Use my account here' }).click();
  await tablet.page.getByRole('link', { name: 'To my groups' }).click();
  await openTalk(tablet, GROUP);
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await openTalk(phone, GROUP);
  await openTalk(bob, GROUP);
  await say(tablet, GROUP, 'from the tablet');
  await say(bob, GROUP, 'from the desk');
  await say(phone, GROUP, 'from the phone');
  for (const person of [alice, bob, phone, tablet])
    for (const place of ['tablet', 'desk', 'phone']) await reads(person, `from the ${place}`);
  expect(await transcript(tablet)).toEqual(await transcript(alice));
  for (const person of [alice, bob, phone, tablet])
    expect(person.complaints, person.name).toEqual([]);
});
