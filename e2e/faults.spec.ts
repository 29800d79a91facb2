/** The browser's own faults: a worker that ends anywhere, and a disk without room. 5 ends by default, 20 with FAULTS=full. */
import process from 'node:process';
import { expect, type Page, test } from 'playwright/test';
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
const KILLS = process.env['FAULTS'] === 'full' ? 20 : 5;

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000', LIMIT_MESSAGES_PER_SECOND: '1000' });
});
test.afterEach(() => server.close());

async function two(browser: Parameters<typeof openPerson>[0]): Promise<[Person, Person]> {
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, '');
  const bob = await openPerson(browser, server, 'Bob');
  await approve(alice, bob, GROUP, await askToJoin(bob, link, GROUP, ''));
  await openTalk(bob, GROUP);
  return [alice, bob];
}

/** Ends the worker of the engine where it stands. */
async function endWorker(page: Page): Promise<void> {
  for (const worker of page.workers())
    await worker.evaluate(() => self.close()).catch(() => undefined);
}

test('9: a worker that ends in the middle of work is followed by another: everything that was taken is said, in order and once', async ({
  browser,
}) => {
  test.setTimeout(60_000 + KILLS * 20_000);
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 100_000);
  process.stdout.write(`FUZZ_SEED=${String(seed)}\n`);
  const [alice, bob] = await two(browser);
  const said: string[] = [];
  const hers: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    // Somewhere between the first key and after the last answer.
    const before = (seed + kill * 7) % 5;
    const ends: Promise<void>[] = [];
    for (let i = 0; i < 4; i++) {
      const text = `${String(kill)}/${String(i)}`;
      if (i === before) ends.push(endWorker(bob.page));
      await composer(bob, GROUP).fill(text);
      await composer(bob, GROUP).press('Enter');
      said.push(text);
    }
    if (before === 4) ends.push(endWorker(bob.page));
    await Promise.all(ends);
    // The page goes on by itself: what the composer took stands in the talk, and it takes more.
    for (const text of said.slice(-4)) await reads(bob, text);
    await expect(composer(bob, GROUP)).toHaveValue('');
    const word = `from Alice ${String(kill)}`;
    await say(alice, GROUP, word);
    hers.push(word);
    await reads(bob, word);
    if (kill % 2 === 1) continue;
    // What stands there is kept, whether it has gone out or not, when the page ends right after its worker.
    const last = `last ${String(kill)}`;
    await say(bob, GROUP, last);
    said.push(last);
    await reads(bob, last);
    await endWorker(bob.page);
    await bob.page.reload();
    await expect(composer(bob, GROUP)).toBeVisible();
    await reads(alice, last);
  }
  await say(bob, GROUP, 'the end of it');
  said.push('the end of it');
  await reads(alice, 'the end of it');
  await reads(bob, 'the end of it');
  const read = await transcript(alice);
  expect(read.filter((text) => !hers.includes(text))).toEqual(said);
  expect(read.filter((text) => hers.includes(text))).toEqual(hers);
  expect(await transcript(bob)).toEqual(read);
});

test('13: a browser without room for the store says so, stores no half, and goes on once there is room', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [alice, bob] = await two(browser);
  await say(bob, GROUP, 'before');
  await reads(alice, 'before');
  // The browser's own quota does not bind a test's profile: its refusal is made where the store meets it.
  for (const worker of bob.page.workers())
    await worker.evaluate(() => {
      Reflect.set(IDBObjectStore.prototype, 'put', () => {
        throw new DOMException('no room', 'QuotaExceededError');
      });
    });
  // The first thing it wants to keep is the draft.
  await composer(bob, GROUP).fill('no room for this');
  // The engine stops with a word instead of going on without its memory.
  await expect(bob.page.getByRole('alert')).toContainText(
    'There is no room left to store anything',
    { timeout: 20_000 },
  );
  await say(alice, GROUP, 'meanwhile');
  await bob.page.reload();
  await openTalk(bob, GROUP);
  await reads(bob, 'meanwhile');
  await say(bob, GROUP, 'there is room again');
  await reads(alice, 'there is room again');
  const read = await transcript(alice);
  expect(read.filter((text) => text === 'no room for this').length).toBeLessThanOrEqual(1);
  expect(await transcript(bob)).toEqual(read);
});
