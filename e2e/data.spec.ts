/** Taking one's data along, and deleting the account. */
import { expect, type Page, test } from 'playwright/test';
import { readArchive, readExportFile } from './support/exported.ts';
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
  transcript,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

async function openData(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account menu/u }).click();
  await page.getByRole('menuitem', { name: 'Your data' }).click();
}

async function twoInGroup(alice: Person, bob: Person): Promise<void> {
  const link = await foundGroup(alice, GROUP, '');
  await approve(alice, bob, GROUP, await askToJoin(bob, link, GROUP, ''));
  await expect(composer(bob, GROUP)).toBeVisible();
}

test('13: the export is what the page shows, read back with its schema', async ({ browser }) => {
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  await twoInGroup(alice, bob);
  for (let i = 0; i < 5; i++) await say(alice, GROUP, `line ${String(i)} <b>“ü”</b>`);
  await say(bob, GROUP, 'an answer');
  await reads(alice, 'an answer');
  await reads(bob, 'line 4 <b>“ü”</b>');
  const shown = await transcript(bob);
  await openData(bob.page);
  const download = bob.page.waitForEvent('download');
  await bob.page.getByRole('button', { name: 'Save the file' }).click();
  const file = await (await download).path();
  await expect(bob.page.getByText(/The file holds 1 group and 6 messages\./u)).toBeVisible();
  const lines = await readExportFile(file);
  const said = lines.flatMap((line) => (line.line === 'message' ? [line.payload['text']] : []));
  expect(said).toEqual(shown);
  expect(lines.filter((line) => line.line === 'group')).toMatchObject([{ name: GROUP }]);
  await test.step('files come along in an archive, with a list of where they belong', async () => {
    await openTalk(alice, GROUP);
    await alice.page.locator('input[type=file]').setInputFiles({
      name: '../plan of beds.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('beds and water'),
    });
    await alice.page.getByRole('button', { name: 'Send', exact: true }).click();
    await openData(bob.page);
    await expect(async () => {
      const again = bob.page.waitForEvent('download');
      await bob.page.getByRole('button', { name: 'Save the file' }).click();
      await again;
      await expect(bob.page.getByRole('button', { name: 'Save the 1 file' })).toBeVisible();
    }).toPass();
    const saved = bob.page.waitForEvent('download');
    await bob.page.getByRole('button', { name: 'Save the 1 file as an archive' }).click();
    const archive = await readArchive(await (await saved).path());
    await expect(bob.page.getByText(/The archive holds 1 file/u)).toBeVisible();
    const [path] = Object.keys(archive).filter((name) => name !== 'files.jsonl');
    expect(path).toMatch(/^files\/0001 [^/]*plan of beds\.txt$/u);
    expect(archive[path ?? '']).toBe('beds and water');
    expect(JSON.parse(archive['files.jsonl'] ?? '')).toMatchObject({ path, why: null });
  });
  const people = lines.flatMap((line) => (line.line === 'member' ? [line.who.name] : []));
  expect(people.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(['Alice', 'Bob']);
  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
});

test('13: an account is deleted: asked deliberately, told to the groups, and nothing is left in the browser', async ({
  browser,
}) => {
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  await twoInGroup(alice, bob);
  await openData(alice.page);
  const button = alice.page.getByRole('button', { name: 'Delete my account' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await alice.page.getByRole('radio', { name: /^Close it for all 2 members/u }).check();
  await button.click();
  const ask = alice.page.getByRole('dialog', { name: 'Delete your account for good?' });
  await ask.getByLabel('Type your name to confirm').fill('Bob');
  await ask.getByRole('button', { name: 'Delete my account' }).click();
  await expect(ask.getByText('This is not your name.')).toBeVisible();
  await ask.getByLabel('Type your name to confirm').fill('Alice');
  await ask.getByRole('button', { name: 'Delete my account' }).click();
  await expect(alice.page.getByRole('heading', { name: 'Your account is deleted' })).toBeVisible({
    timeout: 30_000,
  });
  await expect(alice.page.getByRole('list', { name: 'What became of your groups' })).toContainText(
    'closed',
  );
  await openTalk(bob, GROUP);
  await expect(bob.page.getByText(/closed the group/u).first()).toBeVisible();
  await alice.page.getByRole('button', { name: 'To the start page' }).click();
  await expect(alice.page.getByLabel('Your name')).toBeVisible();
  await alice.page.reload();
  await expect(alice.page.getByLabel('Your name')).toBeVisible();
  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
});
