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

test('9: a worker that ends in the middle of work loses nothing that was taken and says nothing twice', async ({
  browser,
}) => {
  test.setTimeout(60_000 + KILLS * 20_000);
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 100_000);
  process.stdout.write(`FUZZ_SEED=${String(seed)}\n`);
  const [alice, bob] = await two(browser);
  const said: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    // Somewhere between the first key and after the last answer.
    const before = (seed + kill * 7) % 5;
    for (let i = 0; i < 4; i++) {
      const text = `${String(kill)}/${String(i)}`;
      if (i === before) await endWorker(bob.page);
      await composer(bob, GROUP).fill(text);
      await composer(bob, GROUP).press('Enter');
      said.push(text);
    }
    if (before === 4) await endWorker(bob.page);
    await bob.page.reload();
    await expect(composer(bob, GROUP)).toBeVisible();
    // What was not taken any more is told, or was never in the talk; the page goes on.
    await say(bob, GROUP, `after ${String(kill)}`);
    await reads(alice, `after ${String(kill)}`);
  }
  await say(bob, GROUP, 'the end of it');
  await reads(alice, 'the end of it');
  await reads(bob, 'the end of it');
  const read = await transcript(alice);
  expect(new Set(read).size).toBe(read.length);
  const after = Array.from({ length: KILLS }, (_, kill) => `after ${String(kill)}`);
  expect(read.filter((text) => text.startsWith('after '))).toEqual(after);
  // In the order they were said, and nothing that nobody said.
  const known = said.filter((text) => read.includes(text));
  expect(read.filter((text) => text.includes('/'))).toEqual(known);
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
