/** What people say and what they say about it, between two of them: answer, mention, reaction, edit, deletion, hiding, a kept draft. */
import { expect, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  choose,
  composer,
  foundGroup,
  message,
  openPerson,
  openTalk,
  reads,
  say,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

test('talk: each kind of saying reaches the other, and takes back what it says it takes back', async ({
  browser,
}) => {
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, '');
  const bob = await openPerson(browser, server, 'Bob');
  const code = await askToJoin(bob, link, GROUP, '');
  await approve(alice, bob, GROUP, code);
  await openTalk(alice, GROUP);
  await openTalk(bob, GROUP);

  await test.step('light markdown is drawn, and nothing else', async () => {
    await say(alice, GROUP, 'Bring **gloves** and `rope`');
    await expect(message(bob, 'Bring').locator('strong')).toHaveText('gloves');
    const groups = bob.page.getByRole('navigation', { name: 'Groups' });
    await expect(groups).toContainText('Bring gloves and rope');
    await say(alice, GROUP, '<img src=x onerror=alert(1)> # not a title');
    await reads(bob, '<img src=x onerror=alert(1)> # not a title');
    expect(await bob.page.locator('article img').count()).toBe(0);
  });

  await test.step('an answer quotes, a mention is marked', async () => {
    await choose(bob, 'Bring', 'Reply');
    const box = composer(bob, GROUP);
    await expect(box).toBeFocused();
    await bob.page.keyboard.type('I will, @Ali');
    await box.press('Enter');
    await expect(box).toHaveValue('I will, @Alice ');
    await box.press('Enter');
    const answer = message(alice, 'I will');
    await expect(answer.getByRole('button', { name: /Go to/u })).toContainText(
      'Bring gloves and rope',
    );
    await expect(answer.locator('bdi', { hasText: '@Alice' })).toBeVisible();
  });

  await test.step('a reaction is counted and taken back', async () => {
    const line = message(alice, 'I will');
    await choose(alice, 'I will', 'React');
    await alice.page.getByRole('menuitem', { name: 'React with 🎉' }).click();
    await expect(line.getByRole('button', { name: /^🎉/u })).toBeVisible();
    await line.hover();
    await line.getByRole('button', { name: 'React', exact: true }).click();
    await alice.page.getByRole('menuitem', { name: 'React with 👍' }).click();
    const seen = message(bob, 'I will').getByRole('button', { name: /👍 by/u });
    await expect(seen).toContainText('1');
    await line.getByRole('button', { name: /👍 by/u }).click();
    await expect(seen).toHaveCount(0);
  });

  await test.step('an edit shows, with what was said before', async () => {
    await choose(bob, 'I will', 'Edit');
    const box = composer(bob, GROUP);
    await box.fill('I cannot, @Alice');
    await box.press('Enter');
    await expect(message(alice, 'I cannot')).toContainText('edited');
    await choose(alice, 'I cannot', 'Details');
    const details = alice.page.getByRole('dialog', { name: 'About this message' });
    await expect(details).toContainText('I will, @Alice');
    await details.getByRole('button', { name: 'Close' }).last().click();
  });

  await test.step('a deletion and a hiding leave a line that says who', async () => {
    await say(bob, GROUP, 'oops');
    await choose(bob, 'oops', 'Delete');
    await bob.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(alice.page.getByText('Bob deleted this message.')).toBeVisible();
    await expect(alice.page.getByText('oops')).toHaveCount(0);
    // Whoever deletes goes on where they were.
    await expect(bob.page.getByText('Bob deleted this message.')).toBeFocused();
    await say(bob, GROUP, 'cheap watches');
    await choose(alice, 'cheap watches', 'Hide');
    const dialog = alice.page.getByRole('dialog');
    await dialog.getByLabel(/Reason/u).fill('advertising');
    await dialog.getByRole('button', { name: 'Hide' }).click();
    await expect(bob.page.getByText('Alice hid this message.')).toBeVisible();
    await expect(bob.page.getByText('cheap watches')).toHaveCount(0);
  });

  await test.step('opened by keyboard, the menu of a message begins at its first item, and leads back', async () => {
    const menu = message(alice, 'I cannot').getByRole('button', { name: /^Message of/u });
    await menu.press('Enter');
    await expect(alice.page.getByRole('menuitem', { name: 'React' })).toBeFocused();
    await alice.page.keyboard.press('ArrowDown');
    await expect(alice.page.getByRole('menuitem', { name: 'Reply' })).toBeFocused();
    await alice.page.keyboard.press('Escape');
    await expect(menu).toBeFocused();
  });

  await test.step('what was typed is there again after a reload, and marked in the list before it is opened', async () => {
    const box = composer(alice, GROUP);
    await box.pressSequentially('half a thought');
    // The worker answers after it has kept what was typed before.
    await choose(alice, 'I cannot', 'Details');
    await expect(alice.page.getByRole('dialog')).toContainText('verified');
    await alice.page.goto(server.address);
    await expect(alice.page.getByRole('navigation', { name: 'Groups' })).toContainText(
      'Draft: half a thought',
    );
    await openTalk(alice, GROUP);
    await expect(composer(alice, GROUP)).toHaveValue('half a thought');
    await composer(alice, GROUP).fill('');
  });

  await test.step('an edit that was begun goes on after a reload, and changes the message it was about', async () => {
    await choose(bob, 'I cannot', 'Edit');
    await composer(bob, GROUP).fill('I can');
    await choose(bob, 'Bring', 'Details');
    await expect(bob.page.getByRole('dialog')).toContainText('verified');
    await bob.page.reload();
    await openTalk(bob, GROUP);
    await expect(bob.page.getByText('Edit your message')).toBeVisible();
    await expect(composer(bob, GROUP)).toHaveValue('I can');
    await bob.page.getByRole('button', { name: 'Save', exact: true }).click();
    await reads(alice, 'I can');
    await expect(message(alice, 'I cannot')).toHaveCount(0);
    await expect(bob.page.getByText('Edit your message')).toBeHidden();
  });

  expect(alice.complaints).toEqual([]);
  expect(bob.complaints).toEqual([]);
});
