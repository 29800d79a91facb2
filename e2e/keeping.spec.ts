/** An account outlives its browser, and a group its owner. */
import { expect, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  memberMenu,
  openPerson,
  openTalk,
  type Person,
  reads,
  say,
  transcript,
} from './support/people.ts';
import { saveCode } from './support/recovery.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({
    LIMIT_MESSAGE_BURST: '1000',
    OPERATOR: 'Garden club',
    CONTACT: 'post@garden.example',
  });
});
test.afterEach(() => server.close());

/** Types the code on an empty browser. */
async function restore(person: Person, code: string): Promise<void> {
  const { page } = person;
  await page.getByRole('link', { name: 'I have an account' }).click();
  await page.getByLabel('Recovery code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('link', { name: 'To my groups' }).click();
}

async function twoInGroup(alice: Person, bob: Person): Promise<void> {
  const link = await foundGroup(alice, GROUP, '');
  const code = await askToJoin(bob, link, GROUP, '');
  await approve(alice, bob, GROUP, code);
  await expect(composer(bob, GROUP)).toBeVisible();
}

async function makeModerator(alice: Person, bob: Person): Promise<void> {
  await memberMenu(alice, bob.name);
  await alice.page.getByRole('menuitem', { name: 'Make moderator' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Make moderator' }).click();
  await openTalk(alice, GROUP);
  await expect(bob.page.getByRole('link', { name: /^Manage/u })).toBeVisible();
}

test('P145: an account is taken back on an empty browser; two devices talk at once, and one is signed out while messages flow', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  await twoInGroup(alice, bob);
  await say(alice, GROUP, 'before the loss');
  await reads(bob, 'before the loss');
  const code = await saveCode(bob.page);

  const laptop = await openPerson(browser, server, 'Bob');
  await restore(laptop, code);
  await openTalk(laptop, GROUP);
  await reads(laptop, 'before the loss');
  await openTalk(bob, GROUP);
  await say(laptop, GROUP, 'from the laptop');
  await say(bob, GROUP, 'from the desk');
  for (const person of [alice, bob, laptop]) {
    await reads(person, 'from the laptop');
    await reads(person, 'from the desk');
  }

  await laptop.page.getByRole('button', { name: /^Account menu/u }).click();
  await laptop.page.getByRole('menuitem', { name: 'Devices' }).click();
  await laptop.page
    .getByRole('button', { name: /^Sign out/u })
    .first()
    .click();
  await laptop.page
    .getByRole('dialog')
    .getByRole('button', { name: /^Sign out/u })
    .click();
  for (let i = 0; i < 5; i++) await say(alice, GROUP, `while it ends ${String(i)}`);
  await expect(bob.page.getByText('The server refused the connection.')).toBeVisible({
    timeout: 30_000,
  });
  await expect(alice.page.getByText('New key for everybody').first()).toBeVisible({
    timeout: 30_000,
  });
  await say(alice, GROUP, 'only for who is left');
  await openTalk(laptop, GROUP);
  await reads(laptop, 'only for who is left');
  await expect(bob.page.getByText('only for who is left')).toHaveCount(0);
  await say(laptop, GROUP, 'still here');
  await reads(alice, 'still here');
  expect(await transcript(laptop)).toEqual(await transcript(alice));
  for (const person of [alice, bob, laptop]) expect(person.complaints, person.name).toEqual([]);
});

test('P056: a group changes hands, and continues when its owner is lost', async ({ browser }) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  await twoInGroup(alice, bob);
  await makeModerator(alice, bob);

  await alice.page.getByRole('link', { name: /^Manage/u }).click();
  await alice.page
    .getByRole('navigation', { name: 'Manage' })
    .getByRole('link', { name: /^Settings/u })
    .click();
  await alice.page.getByRole('button', { name: 'Hand the group over' }).click();
  const offer = alice.page.getByRole('dialog');
  await offer.getByRole('radio', { name: /^Bob/u }).check();
  await offer.getByRole('button', { name: 'Offer the group' }).click();
  await bob.page.getByRole('button', { name: 'Become the owner' }).click();
  await openTalk(alice, GROUP);
  await expect(alice.page.getByText(/Alice handed the group over to Bob/u)).toBeVisible();

  // Bob is the owner now and disappears; Alice, a moderator, goes on.
  await bob.page.close();
  await alice.page.getByRole('link', { name: /^Manage/u }).click();
  await alice.page
    .getByRole('navigation', { name: 'Manage' })
    .getByRole('link', { name: /^Settings/u })
    .click();
  await alice.page.getByRole('button', { name: 'Open a successor group' }).click();
  await alice.page
    .getByRole('dialog')
    .getByRole('button', { name: 'Open a successor group' })
    .click();
  const back = await bob.context.newPage();
  await back.goto(server.address);
  await back
    .getByRole('link', { name: new RegExp(GROUP, 'u') })
    .last()
    .click();
  await expect(
    back.getByText(/Alice says the owner is lost|Alice opened a group that continues/u).first(),
  ).toBeVisible();
  await back.getByRole('button', { name: 'Join' }).first().click();
  const field = back.getByRole('textbox', { name: `Message ${GROUP}` });
  await field.fill('here we go on');
  await field.press('Enter');
  await alice.page.getByRole('link', { name: /here we go on/u }).click();
  await reads(alice, 'here we go on');
  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
});

test('/privacy says who runs the server, before any account', async ({ browser }) => {
  const visitor = await openPerson(browser, server, 'Nobody');
  await visitor.page.goto(`${server.address}/privacy`);
  await expect(visitor.page.getByText('Garden club')).toBeVisible();
  await expect(visitor.page.getByText('post@garden.example')).toBeVisible();
  expect(visitor.complaints).toEqual([]);
});
