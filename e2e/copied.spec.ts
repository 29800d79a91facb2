/** A browser profile that exists twice: a whole browser of its own, its folder copied while it was closed. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, expect, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  openTalk,
  personIn,
  reads,
  say,
  transcript,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

let server: RunningServer;
const open: BrowserContext[] = [];
test.beforeEach(async () => {
  server = await startServer();
});
test.afterEach(async () => {
  for (const context of open.splice(0)) await context.close();
  await server.close();
});

const GROUP = 'Harbour garden';

test('P147: a copied profile stops, says so, sends nothing under the old keys, and goes on as a device of its own', async ({
  browser,
  playwright,
}, info) => {
  test.setTimeout(180_000);
  const profile = (name: string): string => join(server.folder, '..', `profile-${name}`);
  const start = async (name: string): Promise<BrowserContext> => {
    const { launchOptions = {}, viewport, locale } = info.project.use;
    const context = await playwright.chromium.launchPersistentContext(profile(name), {
      ...launchOptions,
      viewport: viewport ?? null,
      ...(locale === undefined ? {} : { locale }),
    });
    open.push(context);
    return context;
  };
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, 'Raised beds');
  const first = await start('desk');
  const bob = await personIn(first, server, 'Bob');
  const code = await askToJoin(bob, link, GROUP, 'Neighbour');
  await approve(alice, bob, GROUP, code);
  await expect(composer(bob, GROUP)).toBeVisible();
  await say(bob, GROUP, 'Before the copy');
  await reads(alice, 'Before the copy');
  await first.close();
  await cp(profile('desk'), profile('copy'), { recursive: true });
  // What a running browser leaves for the next one to see.
  for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
    await rm(join(profile('copy'), lock), { force: true });

  const copy = await personIn(await start('copy'), server, 'Bob’s copy');
  await openTalk(copy, GROUP);
  await reads(copy, 'Before the copy');
  const desk = await personIn(await start('desk'), server, 'Bob');
  await openTalk(desk, GROUP);
  await say(desk, GROUP, 'From the desk');
  await reads(alice, 'From the desk');
  const alarm = copy.page.getByRole('alert').filter({ hasText: 'used in a second place' });
  await expect(alarm).toBeVisible({ timeout: 30_000 });
  await copy.page.reload();
  await expect(alarm).toBeVisible();

  await alarm.getByRole('button', { name: 'Make it a device of its own' }).click();
  await expect(alarm).toBeHidden({ timeout: 30_000 });
  await openTalk(copy, GROUP);
  await say(copy, GROUP, 'On its own now');
  await reads(alice, 'On its own now');
  await expect(desk.page.getByText(/signed out/iu).first()).toBeVisible({ timeout: 30_000 });
  expect(await transcript(alice)).toEqual(['Before the copy', 'From the desk', 'On its own now']);
  expect(alice.complaints).toEqual([]);
});
