/** What somebody reads stays where it is, to the pixel, when messages come below it and when they go away and come back. */
import { expect, type Page, test } from 'playwright/test';
import { ask, bot, MANY, must } from './support/bots.ts';
import { composer, foundGroup, openPerson, openTalk, say } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ ...MANY, LIMIT_MESSAGE_BURST: '10000' });
});
test.afterEach(() => server.close());

/** Where a message begins, in the window. */
async function topOf(page: Page, text: string): Promise<number> {
  const box = await page.getByRole('article').filter({ hasText: text }).first().boundingBox();
  return box?.y ?? Number.NaN;
}

/** A message in the middle of what is shown. */
const inSight = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const shown = [...document.querySelectorAll('article')].filter((one) => {
      const { top } = one.getBoundingClientRect();
      return top > 250 && top < 600;
    });
    const text = /line \d+ of/u.exec(shown[0]?.textContent ?? '')?.[0];
    if (text === undefined) throw new Error('no message is in sight');
    return text;
  });

/** Resolves when nothing on the page has moved for so many frames. */
const still = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        let last = '';
        let same = 0;
        const look = (): void => {
          const now = [...document.querySelectorAll('article')]
            .map((one) => `${one.textContent ?? ''}${one.getBoundingClientRect().top}`)
            .join();
          same = now === last ? same + 1 : 0;
          last = now;
          if (same > 20) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );

test('place: reading stays to the pixel while later messages come, and after going away and coming back', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const link = await foundGroup(alice, GROUP, '');
  const bob = await bot(server, 'Bob');
  await ask(bob, link, '');
  await page.getByRole('link', { name: /^Manage/u }).click();
  await page.getByRole('button', { name: 'Request of Bob' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect.poll(async () => (await bob.groups())[0]?.name).toBe(GROUP);
  const gid = (await bob.groups())[0]?.gid;
  if (gid === undefined) throw new Error('Bob is in the group');
  for (let i = 0; i < 150; i++)
    must(await bob.sendMessage(gid, `line ${String(i)} of\n${'many words '.repeat(i % 40)}`));
  await openTalk(alice, GROUP);
  await say(alice, GROUP, 'the newest');
  await expect(page.getByRole('article').getByText('the newest')).toBeVisible();
  await still(page);

  await page.getByRole('region', { name: 'Messages' }).hover();
  await page.mouse.wheel(0, -1500);
  await still(page);

  await test.step('later messages come below', async () => {
    const text = await inSight(page);
    const top = await topOf(page, text);
    for (let i = 0; i < 20; i++) must(await bob.sendMessage(gid, `later ${String(i)}`));
    await expect(page.getByRole('button', { name: /new/u }).last()).toBeVisible();
    await still(page);
    expect(Math.abs((await topOf(page, text)) - top)).toBeLessThanOrEqual(1);
  });

  await test.step('away and back', async () => {
    const text = await inSight(page);
    const top = await topOf(page, text);
    await page.getByRole('link', { name: 'Conclave' }).click();
    await expect(composer(alice, GROUP)).toBeHidden();
    await page.getByRole('link', { name: new RegExp(GROUP, 'u') }).click();
    await expect(composer(alice, GROUP)).toBeVisible();
    await still(page);
    expect(Math.abs((await topOf(page, text)) - top)).toBeLessThanOrEqual(1);
  });

  await test.step('the keyboard of a phone takes the lower half: the end stays in sight', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('region', { name: 'Messages' }).getByRole('button').last().click();
    await still(page);
    await page.setViewportSize({ width: 390, height: 480 });
    await still(page);
    const last = await page.getByRole('article').last().boundingBox();
    const field = await composer(alice, GROUP).boundingBox();
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(field?.y ?? 0);
  });

  await bob.close();
  expect(alice.complaints).toEqual([]);
});
