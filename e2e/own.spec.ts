/** What a person sets for themself: title and marks, quiet groups, pins, blocking, a conversation of two, codes and changed identities. */
import { expect, type Locator, test } from 'playwright/test';
import { bot, letIn, must } from './support/bots.ts';
import { composer, foundGroup, openPerson, openTalk, reads, say } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

test('own: unread is counted once for all, a quiet group stays quiet, pins are found, people are blocked, written to alone and compared', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, '');
  const bob = await bot(server, 'Bob');
  const gid = await letIn(alice, bob, { name: 'Bob', link, group: GROUP });
  const { page } = alice;
  const pid = must(await bob.group(gid)).members.find((member) => !member.me)?.pid;
  if (pid === undefined) throw new Error('Alice is a member');
  const inList = (): Locator =>
    page.getByRole('navigation', { name: 'Groups' }).getByRole('link', { name: GROUP });

  await test.step('the title and the list count the same', async () => {
    await page.getByRole('link', { name: 'Conclave', exact: true }).click();
    must(await bob.sendMessage(gid, 'one'));
    must(await bob.sendMessage(gid, 'two, Alice', { mentions: [pid] }));
    await expect(page).toHaveTitle('(2) Conclave');
    await expect(inList()).toContainText('2 unread messages');
    await expect(inList()).toContainText('You are mentioned');
    await openTalk(alice, GROUP);
    await reads(alice, 'one');
    await expect(page).toHaveTitle('Conclave');
  });

  await test.step('many unread: it opens at the first of them, says how many, and one act leads to the end and has read them', async () => {
    await page.getByRole('link', { name: 'Conclave', exact: true }).click();
    for (let n = 1; n <= 40; n++) must(await bob.sendMessage(gid, `row ${String(n)}`));
    await expect(page).toHaveTitle('(40) Conclave');
    await expect(inList()).toContainText('row 40');
    await openTalk(alice, GROUP);
    await expect(page.getByRole('heading', { name: 'New', exact: true })).toBeInViewport();
    await expect(page).toHaveTitle('(40) Conclave');
    await page.getByRole('button', { name: '40 new messages' }).click();
    await reads(alice, 'row 40');
    await expect(page).toHaveTitle('Conclave');
    await expect(page.getByRole('button', { name: /new messages$/u })).toBeHidden();
  });

  await test.step('a group for mentions only does not count others', async () => {
    await page.getByRole('button', { name: 'Group menu' }).click();
    await page.getByRole('menuitemradio', { name: 'Mentions only' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Conclave', exact: true }).click();
    must(await bob.sendMessage(gid, 'three'));
    await expect(inList()).toContainText('1 unread message');
    await expect(page).toHaveTitle('Conclave');
    must(await bob.sendMessage(gid, 'four, Alice', { mentions: [pid] }));
    await expect(page).toHaveTitle('(1) Conclave');
    await openTalk(alice, GROUP);
  });

  await test.step('who types is seen, until they stop', async () => {
    await bob.attend(gid, true);
    await expect(page.getByText('Bob is typing')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Members' })).toContainText('Here now');
    await bob.attend(null, false);
    await expect(page.getByText('Bob is typing')).toBeHidden();
  });

  await test.step('what is pinned is found again', async () => {
    const line = page.getByRole('article').filter({ hasText: 'three' }).last();
    await line.hover();
    await line.getByRole('button', { name: /^Message of/u }).click();
    await page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
    await expect(line).toContainText('Pinned');
    await page.getByRole('button', { name: 'Pinned messages' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /three/u }).click();
    await expect(line).toBeInViewport();
  });

  const menuOf = (name: string): Promise<void> =>
    page
      .getByRole('list', { name: 'Members' })
      .getByRole('button', { name: new RegExp(name, 'u') })
      .click();

  await test.step('a search finds it in all groups and leads there', async () => {
    await page.getByRole('button', { name: 'Search messages' }).click();
    await page.getByRole('searchbox', { name: 'Search messages' }).fill('from:bob THR');
    await expect(page.getByText('Everything you can read was searched.')).toBeVisible();
    const hit = page.getByRole('listitem').filter({ hasText: 'three' });
    await expect(hit.locator('mark')).toHaveText('thr');
    await page.getByRole('searchbox', { name: 'Search messages' }).fill('from:alice three');
    await expect(page.getByText('Nothing found')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search messages' }).fill('three');
    await hit.getByRole('button').click();
    await expect(page.getByRole('article').filter({ hasText: 'three' }).last()).toBeInViewport();
  });

  await test.step('the codes are compared, and the mark stands beside the name', async () => {
    await menuOf('Bob');
    await page.getByRole('menuitem', { name: 'Safety number' }).click();
    const dialog = page.getByRole('dialog', { name: 'Safety number with Bob' });
    const theirs = must(await bob.safetyNumber(pid)).replaceAll(/\D/gu, '');
    const digits = dialog.getByRole('figure', { name: 'Safety number', exact: true });
    expect((await digits.innerText()).replaceAll(/\D/gu, '')).toBe(theirs);
    await dialog.getByRole('button', { name: 'They match' }).click();
    await say(alice, GROUP, 'is it you?');
    // Bob answers what he has read, so that his words stand after it.
    const heard = async () =>
      must(await bob.timeline(gid, null)).items.some(
        (item) => item.kind === 'message' && item.text === 'is it you?',
      );
    await expect.poll(heard).toBe(true);
    must(await bob.sendMessage(gid, 'it is'));
    await reads(alice, 'it is');
    await expect(page.getByRole('article').getByText('Compared').first()).toBeAttached();
  });

  await test.step('a conversation of two carries the name of the other one', async () => {
    await menuOf('Bob');
    await page.getByRole('menuitem', { name: 'Message privately' }).click();
    await expect(page.getByRole('heading', { name: 'Bob', level: 2 })).toBeVisible();
    await composer(alice, 'Bob').fill('between us');
    await composer(alice, 'Bob').press('Enter');
    const invitation = async () =>
      (await bob.groups()).find((group) => group.standing === 'invited') ?? null;
    await expect.poll(invitation).not.toBeNull();
    const invited = await invitation();
    if (invited === null) throw new Error('Bob is invited');
    expect(invited).toMatchObject({ pair: true, name: 'Alice' });
    must(await bob.acceptInvitation(invited.gid));
    must(await bob.sendMessage(invited.gid, 'I hear you'));
    await reads(alice, 'I hear you');
    await openTalk(alice, GROUP);
  });

  await test.step('somebody with the name of who was compared holds what is written', async () => {
    must(await bob.leaveGroup(gid, ''));
    await expect(page.getByText(/Bob left/u).first()).toBeVisible();
    const other = await bot(server, 'Bob');
    await letIn(alice, other, { name: 'Bob', link, group: GROUP });
    const alarm = page.getByRole('alert').filter({ hasText: 'you compared codes with' });
    await expect(alarm).toBeVisible();
    await say(alice, GROUP, 'are you Bob?');
    const written = page.getByRole('article').filter({ hasText: 'are you Bob?' });
    await expect(written).toContainText('Waits for you to compare codes');
    await alarm.getByRole('button', { name: 'Send anyway' }).click();
    await expect(alarm).toBeHidden();
    await expect(written.getByText('Waits for you')).toBeHidden();

    await menuOf('Bob');
    await page.getByRole('menuitem', { name: 'Block for me' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Block for me' }).click();
    must(await other.sendMessage(gid, 'can you hear me'));
    await expect(page.getByText('1 message of a person you blocked')).toBeVisible();
    await expect(page.getByText('can you hear me')).toHaveCount(0);
    await page.getByRole('button', { name: /^Account menu/u }).click();
    await page.getByRole('menuitem', { name: 'Notifications' }).click();
    await page.getByRole('button', { name: 'Unblock Bob' }).click();
    await expect(page.getByText('Nobody.')).toBeVisible();
    await openTalk(alice, GROUP);
    await reads(alice, 'can you hear me');
    await other.close();
  });
  await bob.close();
  expect(alice.complaints).toEqual([]);
});
