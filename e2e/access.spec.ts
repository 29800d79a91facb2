/** Every screen of the first path, looked at by axe: nothing serious, light and dark. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from 'playwright/test';
import { askToJoin, foundGroup, openPerson, reads, say } from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer();
});
test.afterEach(() => server.close());

async function sound(page: Page, screen: string): Promise<void> {
  // A colour half-way through a change is nobody's reading.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const theme of ['light', 'dark']) {
    await page.evaluate(
      (value) => document.documentElement.setAttribute('data-theme', value),
      theme,
    );
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      (one) => one.impact === 'serious' || one.impact === 'critical',
    );
    expect(
      serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`),
      `${screen}, ${theme}`,
    ).toEqual([]);
  }
}

test('axe finds nothing serious from the start page to the console', async ({ browser }) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  await expect(alice.page.getByLabel('Your name')).toBeVisible();
  await sound(alice.page, 'start');
  const link = await foundGroup(alice, 'Choir', 'Tuesdays');
  await say(alice, 'Choir', 'Welcome');
  // Stored: what is looked at does not change meanwhile.
  await reads(alice, 'Welcome');
  await expect(alice.page.getByText('Sending')).toBeHidden();
  await sound(alice.page, 'talk');
  const bob = await openPerson(browser, server, 'Bob');
  await bob.page.goto(link);
  await expect(bob.page.getByRole('heading', { name: 'Choir' })).toBeVisible();
  await sound(bob.page, 'join');
  await askToJoin(bob, link, 'Choir', 'Bass');
  await sound(bob.page, 'waiting');
  await alice.page.getByRole('link', { name: /^Manage/u }).click();
  await alice.page.getByRole('button', { name: 'Request of Bob' }).click();
  await sound(alice.page, 'requests');
  for (const section of ['Overview', 'Links', 'Members', 'Activity', 'Security', 'Settings']) {
    await alice.page
      .getByRole('navigation', { name: 'Manage' })
      .getByRole('link', { name: new RegExp(`^${section}`, 'u') })
      .click();
    await expect(alice.page.getByRole('heading', { name: section }).first()).toBeVisible();
    await sound(alice.page, section);
  }
  for (const person of [alice, bob]) expect(person.complaints).toEqual([]);
});
