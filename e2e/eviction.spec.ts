/** The browser, or somebody, clears what Conclave stored while it is open. */
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
} from './support/people.ts';
import { saveCode } from './support/recovery.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

test('P145: data cleared under the running page is explained by itself, makes no new account, and the account comes back as a new device', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  const link = await foundGroup(alice, GROUP, '');
  await approve(alice, bob, GROUP, await askToJoin(bob, link, GROUP, ''));
  await expect(composer(bob, GROUP)).toBeVisible();
  await say(bob, GROUP, 'one');
  await reads(alice, 'one');
  const code = await saveCode(bob.page);
  await openTalk(bob, GROUP);

  const second = await bob.context.newPage();
  await second.goto(bob.page.url());
  await expect(second.getByRole('region', { name: 'Messages' }).getByText('one')).toBeVisible();

  const tools = await bob.context.newCDPSession(bob.page);
  await tools.send('Storage.clearDataForOrigin', {
    origin: server.address,
    storageTypes: 'all',
  });
  await expect(
    bob.page.getByText('The data of Conclave was cleared in this browser'),
  ).toBeVisible();
  // No tab begins anew, whichever of them ran the engine.
  await expect(second.getByText('The data of Conclave was cleared in this browser')).toBeVisible();
  await second.close();
  await bob.page.getByRole('button', { name: 'Bring my account back' }).click();
  await bob.page.getByLabel('Recovery code').fill(code);
  await bob.page.getByRole('button', { name: 'Restore' }).click();
  await bob.page.getByRole('link', { name: 'To my groups' }).click();
  await openTalk(bob, GROUP);
  await reads(bob, 'one');
  await say(bob, GROUP, 'two, from the same browser');
  await reads(alice, 'two, from the same browser');
  await say(alice, GROUP, 'welcome back');
  await reads(bob, 'welcome back');
  // The device that was there before stands beside the new one, to be signed out.
  await bob.page.getByRole('button', { name: /^Account menu/u }).click();
  await bob.page.getByRole('menuitem', { name: 'Devices' }).click();
  await expect(
    bob.page.getByRole('list', { name: 'Your devices' }).getByRole('listitem'),
  ).toHaveCount(2);
  await expect(bob.page.getByText('This device', { exact: true })).toHaveCount(1);
  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
});
