/** German: what a German system sees at once and what is chosen in the menu; no English is left on any main screen, and none is wider than it is. */
import { expect, type Page, test } from 'playwright/test';
import { englishSaid, filled, GERMAN as de } from './support/german.ts';
import { askToJoin, composer, openPerson, type Person, personIn, reads } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Hafengarten';
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

async function isGerman(page: Page): Promise<void> {
  expect(await englishSaid(page)).toEqual([]);
}

async function isGermanAndFits(page: Page): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    // Some screens are drawn anew for another width, a moment after it has changed.
    const beyond = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await expect
      .poll(beyond, { message: `${page.url()} at ${String(size.width)}` })
      .toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await isGerman(page);
}

async function chooseLanguage({ page }: Person, language: string): Promise<void> {
  await page.getByRole('button', { name: /^(?:Kontomenü|Account menu)/u }).click();
  await page.getByRole('menuitemradio', { name: language, exact: true }).last().click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
}

async function say({ page }: Person, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: filled(de.chat.composer, { name: GROUP }) });
  await field.fill(text);
  await field.press('Enter');
}

test('german: from the system or the menu, from the first page to the last, with nothing in English', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const alice = await personIn(await browser.newContext({ locale: 'de-AT' }), server, 'Alice');
  const { page } = alice;
  const link = await test.step('a German system sees it without asking', async () => {
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.getByRole('heading', { name: de.start.title })).toBeVisible();
    await isGermanAndFits(page);
    await page.getByLabel(de.start.name).fill('Alice');
    await page.getByRole('button', { name: de.start.create }).click();
    const dialog = page.getByRole('dialog', { name: de.create.title });
    await dialog.getByLabel(de.create.name).fill(GROUP);
    await dialog.getByLabel(de.create.about).fill('Beete am Wasser');
    await isGermanAndFits(page);
    await dialog.getByRole('button', { name: de.create.submit }).click();
    const ready = page.getByRole('dialog', { name: filled(de.create.ready, { name: GROUP }) });
    const address = await ready.getByLabel(de.share.link, { exact: true }).inputValue();
    await isGermanAndFits(page);
    await ready.getByRole('button', { name: de.create.open }).click();
    await say(alice, 'Wer hat am Samstag Zeit?');
    await reads(alice, 'Wer hat am Samstag Zeit?');
    await expect(page.getByText(de.when.today, { exact: true }).first()).toBeVisible();
    await isGermanAndFits(page);
    return address;
  });

  const bob = await openPerson(browser, server, 'Bob');
  await test.step('somebody with another system asks to join in English', async () => {
    await askToJoin(bob, link, GROUP, 'Ich habe die Beete gebaut');
  });

  await test.step('and is approved in German', async () => {
    const manage = page.getByRole('link', { name: new RegExp(`^${de.chat.manage}`, 'u') });
    // It leads to the requests once there is one.
    await expect(manage).toHaveAttribute('href', /\/manage\/requests$/u);
    await manage.click();
    await page.getByRole('button', { name: filled(de.queue.details, { name: 'Bob' }) }).click();
    await isGermanAndFits(page);
    await page.getByRole('button', { name: de.queue.approve, exact: true }).click();
    await expect(composer(bob, GROUP)).toBeVisible();
  });

  await test.step('chosen in the menu, it is there at once and after a reload', async () => {
    await expect(bob.page.locator('html')).toHaveAttribute('lang', 'en');
    await chooseLanguage(bob, 'Deutsch');
    await expect(bob.page.locator('html')).toHaveAttribute('lang', 'de');
    await say(bob, 'Ich, ab zehn');
    await reads(bob, 'Ich, ab zehn');
    await bob.page.reload();
    await reads(bob, 'Ich, ab zehn');
    await expect(bob.page.locator('html')).toHaveAttribute('lang', 'de');
    await isGermanAndFits(bob.page);
    await chooseLanguage(bob, de.shell.themeSystem);
    await expect(bob.page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(composer(bob, GROUP)).toBeVisible();
  });

  await test.step('what is searched for is said in German, and in English as well', async () => {
    await page.goto(`${server.address}/search`);
    const field = page.getByRole('searchbox', { name: de.search.field });
    for (const typed of ['von:bob zehn', 'from:bob zehn']) {
      await field.fill(typed);
      await expect(page.getByRole('listitem').locator('mark')).toHaveText('zehn');
      await isGermanAndFits(page);
    }
    await field.fill('von:alice zehn');
    await expect(page.getByText(de.search.nothing)).toBeVisible();
    await page.goBack();
  });

  const carol = await personIn(await browser.newContext({ locale: 'de-DE' }), server, 'Carol');
  await test.step('a link is opened and asked through', async () => {
    await carol.page.goto(link);
    await expect(carol.page.getByRole('heading', { name: GROUP })).toBeVisible();
    await isGermanAndFits(carol.page);
    await carol.page.getByLabel(de.join.name).fill('Carol');
    await carol.page.getByRole('button', { name: de.join.ask }).click();
    await expect(carol.page.getByRole('figure', { name: de.join.codeTitle })).toBeVisible();
    await isGermanAndFits(carol.page);
  });

  await test.step('the console', async () => {
    const nav = page.getByRole('navigation', { name: de.console.nav });
    for (const section of [
      de.console.overview,
      de.console.requests,
      de.console.links,
      de.console.members,
      de.console.activity,
      de.console.security,
      de.console.settings,
    ]) {
      await nav.getByRole('link', { name: new RegExp(`^${section}`, 'u') }).click();
      await expect(page.getByRole('heading', { name: section, level: 1 })).toBeVisible();
      await isGermanAndFits(page);
    }
  });

  await test.step('the windows of the console', async () => {
    const nav = page.getByRole('navigation', { name: de.console.nav });
    await nav.getByRole('link', { name: new RegExp(`^${de.console.links}`, 'u') }).click();
    await page.getByRole('button', { name: de.links.create }).click();
    await expect(page.getByRole('dialog', { name: de.links.sheet })).toBeVisible();
    await isGermanAndFits(page);
    await page.keyboard.press('Escape');
    await nav.getByRole('link', { name: new RegExp(`^${de.console.members}`, 'u') }).click();
    await page.getByRole('button', { name: filled(de.table.menu, { name: 'Bob' }) }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await isGerman(page);
    await page.getByRole('menuitem', { name: de.table.remove }).click();
    const asked = filled(de.table.removeTitle_one, { name: 'Bob' });
    await expect(page.getByRole('dialog', { name: asked })).toBeVisible();
    await isGermanAndFits(page);
    await page.keyboard.press('Escape');
  });

  await test.step('the pages of the account', async () => {
    for (const path of [
      '/account/recovery',
      '/account/devices',
      '/account/lock',
      '/account/notices',
      '/account/data',
      '/account/restore',
      '/privacy',
    ]) {
      await page.goto(`${server.address}${path}`);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await isGermanAndFits(page);
    }
  });

  expect([...alice.complaints, ...bob.complaints, ...carol.complaints]).toEqual([]);
});
