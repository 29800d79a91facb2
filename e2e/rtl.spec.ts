/** From right to left: chosen in the menu, kept, and every main screen stands the other way round without being wider than it is. */
import { expect, type Page, test } from 'playwright/test';
import { composer, foundGroup, openPerson, reads, say } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer();
});
test.afterEach(() => server.close());

async function chooseLanguage(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: /Account/u }).click();
  // Appearance has a choice of the same name before it.
  await page.getByRole('menuitemradio', { name }).last().click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
}

/** What of the page lies outside of it; with nothing there, it cannot be moved sideways. */
const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

async function fits(page: Page): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    // Some screens are drawn anew for another width, a moment after it has changed.
    await expect
      .poll(() => sideways(page), { message: `${page.url()} at ${String(size.width)}` })
      .toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('rtl: chosen in the account menu, the page stands the other way round, also after a reload', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await foundGroup(alice, GROUP, 'Beds by the water');
  await say(alice, GROUP, 'left to right, as it was written');
  await reads(alice, 'left to right, as it was written');
  const rail = page
    .getByRole('navigation')
    .filter({ has: page.getByRole('heading', { level: 1 }) });
  const talk = page.getByRole('article').first();
  const sideOfTheRail = async (): Promise<'start of a line' | 'end of a line'> => {
    const [one, other] = [await rail.boundingBox(), await talk.boundingBox()];
    return (one?.x ?? 0) < (other?.x ?? 0) ? 'start of a line' : 'end of a line';
  };
  expect(await sideOfTheRail()).toBe('start of a line');

  await chooseLanguage(page, /right to left/u);
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en-XB');
  expect(await sideOfTheRail()).toBe('end of a line');
  await fits(page);

  await page.reload();
  await reads(alice, 'left to right, as it was written');
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  expect(await sideOfTheRail()).toBe('end of a line');
  // What people write keeps the direction it was written in.
  await expect(talk.getByText('left to right, as it was written')).toHaveCSS('direction', 'ltr');

  await test.step('a menu opens on the side of its button', async () => {
    await talk.hover();
    await talk.locator('button[aria-haspopup=menu]').last().click();
    const box = await page.getByRole('menu').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1440);
    await page.keyboard.press('Escape');
  });

  await test.step('every main screen fits', async () => {
    await page.getByRole('link', { name: /Manage/u }).click();
    const nav = page.getByRole('navigation', { name: /Manage/u });
    for (const section of [
      'Overview',
      'Requests',
      'Links',
      'Members',
      'Activity',
      'Security',
      'Settings',
    ]) {
      await nav.getByRole('link', { name: new RegExp(section, 'u') }).click();
      await expect(
        page.getByRole('heading', { name: new RegExp(section, 'u') }).first(),
      ).toBeVisible();
      await fits(page);
    }
    for (const path of [
      '/account/recovery',
      '/account/devices',
      '/account/lock',
      '/account/data',
      '/privacy',
    ]) {
      await page.goto(`${server.address}${path}`);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await fits(page);
    }
  });

  await page.goto(server.address);
  await chooseLanguage(page, /system/u);
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
  await page.getByRole('link', { name: new RegExp(GROUP, 'u') }).click();
  await expect(composer(alice, GROUP)).toBeVisible();
  expect(await sideOfTheRail()).toBe('start of a line');
  expect(alice.complaints).toEqual([]);
});
