/** A server that was put back from a backup, as people see it. */
import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  openTalk,
  type Person,
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

const backup = (): string => join(server.folder, '../backup');

async function takeBackup(): Promise<void> {
  await server.kill();
  await cp(server.folder, backup(), { recursive: true });
  await server.start();
}

async function putBack(): Promise<void> {
  await server.kill();
  await rm(server.folder, { recursive: true });
  await cp(backup(), server.folder, { recursive: true });
}

/** Says something and waits until the server has it. */
async function sends(person: Person, text: string): Promise<void> {
  await say(person, GROUP, text);
  await reads(person, text);
  await expect(person.page.getByText(/^(Sending|Securing|Goes out)/u)).toHaveCount(0, {
    timeout: 30_000,
  });
}

/** Closes the person's only tab; what the browser stores stays. */
async function leave(person: Person): Promise<void> {
  await person.page.close();
}

/** Opens a tab again in the same browser, on the talk. */
async function comeBack(person: Person): Promise<Person> {
  const page = await person.page.context().newPage();
  await page.goto(server.address);
  const back = { ...person, page };
  await openTalk(back, GROUP);
  return back;
}

test('P009: an alarm says what the server lost, and ends once a member gave it back', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, '');
  await takeBackup();
  // What came before Bob is not his to give back.
  await sends(alice, 'before Bob');
  const bob = await openPerson(browser, server, 'Bob');
  const code = await askToJoin(bob, link, GROUP, '');
  await approve(alice, bob, GROUP, code);
  await expect(composer(bob, GROUP)).toBeVisible();
  await say(bob, GROUP, 'after the backup');
  await reads(alice, 'after the backup');

  await leave(alice);
  await putBack();
  await server.start();
  const alarm = bob.page.getByRole('alert').filter({ hasText: 'lost or hides' });
  await expect(alarm).toBeVisible({ timeout: 30_000 });
  await expect(alarm).toContainText('once somebody who was here before is online');
  await reads(bob, 'after the backup');
  const again = await comeBack(alice);
  await expect(alarm).toBeHidden({ timeout: 60_000 });
  await say(bob, GROUP, 'and on');
  await reads(again, 'and on');
});

test('P011: after a contradiction the evidence is exported, judged offline, and the person goes on', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  const link = await foundGroup(alice, GROUP, '');
  const code = await askToJoin(bob, link, GROUP, '');
  await approve(alice, bob, GROUP, code);
  await expect(composer(bob, GROUP)).toBeVisible();
  await say(alice, GROUP, 'common');
  await reads(bob, 'common');
  await takeBackup();
  await leave(bob);
  await sends(alice, 'lost from Alice');
  await leave(alice);
  await putBack();
  await server.start();
  const otherBob = await comeBack(bob);
  await sends(otherBob, 'Bob was first');
  const back = await comeBack(alice);
  const halted = back.page.getByRole('alert').filter({ hasText: 'Sending is stopped.' });
  await expect(halted).toBeVisible({ timeout: 60_000 });

  const downloading = back.page.waitForEvent('download');
  await halted.getByRole('button', { name: 'Export evidence' }).click();
  const file = await (await downloading).path();
  const judged = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'src/cli/verifyLog.ts', file],
    { cwd: join(import.meta.dirname, '..') },
  );
  expect(judged.stdout).toMatch(/^Proven: the server of group \S+ signed two different timelines/u);

  await halted.getByRole('button', { name: 'Go on with the server' }).click();
  await back.page
    .getByRole('dialog')
    .getByRole('button', { name: 'Go on with the server' })
    .click();
  await expect(halted).toBeHidden();
  await reads(back, 'Bob was first');
  await back.page.getByRole('button', { name: 'Send again' }).click();
  await reads(otherBob, 'lost from Alice');
});
