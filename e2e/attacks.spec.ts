/** A server that lies, as a person with a browser meets it: the same verdicts as in the engine, in words. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'playwright/test';
import { type Hostile, hostile } from './support/hostile.ts';
import {
  foundGroup,
  openPerson,
  openSection,
  openTalk,
  type Person,
  reads,
} from './support/people.ts';

let server: Hostile;
test.beforeEach(async () => {
  server = await hostile();
});
test.afterEach(() => server.close());

/** Bob opens the link, asks, and is let in by Alice. */
async function come(bob: Person): Promise<Awaited<ReturnType<Hostile['letIn']>>> {
  const { page } = bob;
  await page.goto(server.link);
  await expect(page.getByRole('heading', { name: 'First group' })).toBeVisible();
  await expect.poll(() => new URL(page.url()).hash).toBe('');
  await page.getByLabel('Your name').fill('Bob');
  await page.getByRole('button', { name: 'Ask to join' }).click();
  const pid = await server.letIn();
  await expect(page.getByRole('textbox', { name: 'Message First group' })).toBeVisible();
  return pid;
}

test('P001, P009, P011, P012, P016, P018, P027: a server that lies is met with plain words, and nothing it made up is shown as true', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const bob = await openPerson(browser, server, 'Bob');
  const { page } = bob;
  const pid = await come(bob);
  const halted = page.getByRole('alert').filter({ hasText: 'Sending is stopped.' });

  /** A group of its own for each lie: Bob accepts, and reads a first word. */
  const enter = async (name: string): Promise<Awaited<ReturnType<Hostile['invite']>>> => {
    const gid = await server.invite(name, pid);
    await page
      .getByRole('link', { name: new RegExp(name, 'u') })
      .first()
      .click();
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect(page.getByRole('textbox', { name: `Message ${name}` })).toBeVisible();
    await server.says(gid, `welcome to ${name}`);
    await reads(bob, `welcome to ${name}`);
    return gid;
  };

  await test.step('P027: roles, members and a group are invented: the screen shows what the log says', async () => {
    const gid = await enter('Orchard');
    await server.invent(gid);
    await server.says(gid, 'still here');
    await reads(bob, 'still here');
    await expect(page.getByRole('link', { name: /Invented group/u })).toHaveCount(0);
    await expect(page.getByText('Mallory')).toHaveCount(0);
    await expect(page.getByRole('textbox', { name: 'Message Orchard' })).toBeVisible();
    server.honest();
  });

  await test.step('P001: somebody adds herself: it is not taken, and the evidence can be exported', async () => {
    const gid = await enter('Ghost');
    await server.ghost(gid);
    await expect(halted).toContainText('a change of this group that nobody here may make');
    await expect(page.getByText('Mallory')).toHaveCount(0);
    const downloading = page.waitForEvent('download');
    await halted.getByRole('button', { name: 'Export evidence' }).click();
    expect((await downloading).suggestedFilename()).toMatch(/./u);
    server.honest();
  });

  await test.step('P011: two histories: sending stops', async () => {
    const gid = await enter('Fork');
    await server.trust(gid, pid);
    await expect(page.getByRole('link', { name: /^Manage/u })).toBeVisible();
    await server.fork(gid);
    const verdict = 'The server has shown two different histories';
    await expect(halted).toContainText(verdict);
    // The console says the same everywhere it is asked, and hands out a file that others can judge.
    await openSection(bob, 'Overview');
    await expect(page.getByText(verdict)).toBeVisible();
    await openSection(bob, 'Activity');
    await expect(page.getByRole('alert').filter({ hasText: verdict })).toBeVisible();
    await openSection(bob, 'Security');
    await expect(page.getByText(verdict)).toBeVisible();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export evidence' }).click();
    const file = await (await downloading).path();
    const judged = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'src/cli/verifyLog.ts', file],
      { cwd: join(import.meta.dirname, '..') },
    );
    expect(judged.stdout).toMatch(/^Proven: the server of group/u);
    await openTalk(bob, 'Fork');
    server.honest();
  });

  await test.step('P012: a message is left out: the next one is not shown as if nothing were missing', async () => {
    const gid = await enter('Gap');
    await server.leaveOut(gid);
    await expect(
      page.getByText(/^This does not prove to come from Alice|^This message of Alice/u).or(halted),
    ).toBeVisible();
    await expect(page.getByText('after what was left out', { exact: true })).toHaveCount(0);
    server.honest();
  });

  await test.step('P016: a message under the old key is not shown', async () => {
    const gid = await enter('Stale');
    await server.stale(gid, 'under the old key');
    await expect(page.getByText(/Alice was not allowed to write this when it came/u)).toBeVisible();
    await expect(page.getByText('under the old key', { exact: true })).toHaveCount(0);
    server.honest();
  });

  await test.step('P018: boxes are swapped: the server is named, not Alice', async () => {
    const gid = await enter('Boxes');
    await server.swapBoxes(gid);
    await expect(page.getByText('The server holds back a part of this group.')).toBeVisible();
    server.honest();
  });

  await test.step('P009: a shorter log: an alarm, and nothing is taken back', async () => {
    const gid = await enter('Short');
    const back = await server.remember();
    await server.says(gid, 'what will be gone');
    await reads(bob, 'what will be gone');
    back();
    await expect(page.getByRole('alert').filter({ hasText: 'lost or hides' })).toBeVisible({
      timeout: 40_000,
    });
    await reads(bob, 'what will be gone');
  });
});

test('P076, P077: nothing of a link leaves the browser: not its secret, not in an address, a referrer or the history; no address leads elsewhere', async ({
  browser,
}) => {
  const bob = await openPerson(browser, server, 'Bob');
  const { page } = bob;
  const secret = server.link.split('#')[1]?.split('.')[2] ?? '';
  expect(secret).toHaveLength(43);
  const raw = Buffer.from(secret, 'base64url');
  const addresses: string[] = [];
  bob.context.on('request', (request) => {
    addresses.push(request.url(), JSON.stringify(request.headers()));
  });
  await come(bob);
  await openTalk(bob, 'First group');
  const told = Buffer.concat(bob.traffic);
  expect(told.length).toBeGreaterThan(1000);
  for (const needle of [Buffer.from(secret), raw]) expect(told.includes(needle)).toBe(false);
  expect(addresses.join('\n')).not.toContain(secret);
  const kept = await page.evaluate(() => ({
    address: location.href,
    referrer: document.referrer,
    state: JSON.stringify(history.state),
    // The browser's own timing of the page keeps the address it was opened with; nothing can be done about that.
    entries: performance
      .getEntries()
      .filter((entry) => entry.entryType !== 'navigation')
      .map((entry) => entry.name),
  }));
  expect(JSON.stringify(kept)).not.toContain(secret);
  await page.goBack().catch(() => null);
  expect(page.url()).not.toContain(secret);

  // Addresses that a foreign page might put in front: none of them leads away from here.
  for (const path of [
    '/join?next=https://elsewhere.example/',
    '/redirect?url=https://elsewhere.example/',
    '//elsewhere.example/',
    '/%2f%2felsewhere.example/',
    '/join/https://elsewhere.example/',
  ]) {
    const answer = await page.request.get(`${server.address}${path}`, { maxRedirects: 0 });
    expect(answer.headers()['location']).toBeUndefined();
    expect([200, 400, 404]).toContain(answer.status());
  }
  expect(bob.traffic.some((one) => one.includes('elsewhere.example'))).toBe(false);
});

test('P148: a clock that is three days off is told and asked about, and a link of an hour lives an hour of the server’s', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const bob = await openPerson(browser, server, 'Bob');
  const { page } = bob;
  await foundGroup(bob, 'Choir', 'Tuesdays');
  const clock = page.getByText('The clock of this device is off by 3 days.');
  await expect(clock).toHaveCount(0);
  server.turnClock(3 * 24 * 60 * 60 * 1000 + 60_000);
  await expect(clock).toBeVisible();
  await page.getByRole('button', { name: 'Use the server’s time' }).click();
  await expect(page.getByRole('button', { name: 'Use the server’s time' })).toHaveCount(0);
  await expect(clock).toBeVisible();
  await openSection(bob, 'Links');
  await page.getByRole('button', { name: 'Create link' }).click();
  const sheet = page.getByRole('dialog', { name: 'Create a link' });
  await sheet.getByLabel('Name of the link').fill('Poster');
  await sheet.getByRole('radio', { name: '1 hour', exact: true }).check();
  await sheet.getByRole('button', { name: 'Create link' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'Poster' });
  await expect(row.getByText('Live')).toBeVisible();
  expect(bob.complaints).toEqual([]);
});
