/** A long talk: something said long ago is found, read among its neighbours, and left again for what is new. */
import { expect, test } from 'playwright/test';
import { bot, letIn, MANY, must } from './support/bots.ts';
import { foundGroup, openPerson, reads, say } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';
const MESSAGES = 1500;

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({
    ...MANY,
    LIMIT_MESSAGE_BURST: '10000',
    LIMIT_MESSAGES_PER_SECOND: '1000',
  });
});
test.afterEach(() => server.close());

test('far: a find of long ago is shown among its neighbours without what lies between; below it the talk goes on, to its end', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice', { quiet: true });
  const { page } = alice;
  const link = await foundGroup(alice, GROUP, '');
  const bob = await bot(server, 'Bob');
  const gid = await letIn(alice, bob, { name: 'Bob', link, group: GROUP });
  const word = (n: number): string => `row ${String(n)}${n === 40 ? ', the lost wheelbarrow' : ''}`;
  for (let n = 1; n <= MESSAGES; n++) must(await bob.sendMessage(gid, word(n)));
  const line = (n: number) =>
    page.getByRole('article').filter({ has: page.getByText(word(n), { exact: true }) });
  await expect(page.getByRole('navigation', { name: 'Groups' })).toContainText(word(MESSAGES), {
    timeout: 120_000,
  });
  await say(alice, GROUP, 'so many');
  await expect(line(MESSAGES)).toBeVisible();

  await page.getByRole('link', { name: 'Search in this group' }).click();
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('wheelbarrow');
  await page.getByRole('button', { name: /lost wheelbarrow/u }).click();
  await expect(line(40)).toBeInViewport();
  await expect(line(39)).toBeAttached();

  await test.step('reading on below shows every line once, in order', async () => {
    await page.getByRole('region', { name: 'Messages' }).hover();
    for (const n of [60, 90, 130]) {
      await expect(async () => {
        await page.mouse.wheel(0, 400);
        await expect(line(n)).toBeInViewport({ timeout: 200 });
      }).toPass();
      const drawn = (
        await page
          .getByRole('article')
          .getByText(/^row \d+/u)
          .allInnerTexts()
      ).map((text) => Number.parseInt(text.slice(4), 10));
      expect(drawn.length).toBeGreaterThan(5);
      expect(drawn).toEqual(drawn.map((_, i) => (drawn[0] ?? 0) + i));
    }
  });

  await test.step('news come in below without moving what is read; one act leads there', async () => {
    must(await bob.sendMessage(gid, 'who has time today?'));
    await expect(page.getByRole('navigation', { name: 'Groups' })).toContainText(
      'who has time today?',
    );
    await expect(line(130)).toBeInViewport();
    await page.getByRole('button', { name: '1 new message' }).click();
    await reads(alice, 'who has time today?');
    await expect(page).toHaveTitle('Conclave');
    await expect(line(MESSAGES)).toBeVisible();
  });

  await test.step('writing while one reads far above leads to what was written', async () => {
    await page.getByRole('link', { name: 'Search in this group' }).click();
    await page.getByRole('searchbox').fill('wheelbarrow');
    await page.getByRole('button', { name: /lost wheelbarrow/u }).click();
    await expect(line(40)).toBeInViewport();
    await say(alice, GROUP, 'I found it');
    await expect(line(MESSAGES)).toBeAttached();
    await expect(line(40)).toHaveCount(0);
  });
  await bob.close();
  expect(alice.complaints).toEqual([]);
});
