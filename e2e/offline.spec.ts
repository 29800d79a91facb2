/** Without a server the page opens and shows what was seen; a newer build is offered, and taken once. */
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  choose,
  composer,
  foundGroup,
  message,
  openPerson,
  openTalk,
  reads,
  say,
} from './support/people.ts';
import { becomeOtherBuild, buildId, copyBuild } from './support/secondBuild.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let web: string;
let server: RunningServer;
test.beforeEach(async () => {
  web = await mkdtemp(join(tmpdir(), 'conclave-web-'));
  await copyBuild(web);
  server = await startServer({ WEB_DIR: web });
});
test.afterEach(async () => {
  await server.close();
  await rm(web, { recursive: true, force: true });
});

/** The build whose shell serves this page. */
const shellOf = (page: Page): Promise<string | null> =>
  page.evaluate(
    () =>
      new Promise<string | null>((resolve) => {
        const { controller } = navigator.serviceWorker;
        if (controller === null) return resolve(null);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (event: MessageEvent<{ id: string }>) => resolve(event.data.id);
        return controller.postMessage('which', [port2]);
      }),
  );

const loadsOf = (page: Page): { readonly count: () => number } => {
  let loads = 0;
  page.on('load', () => (loads += 1));
  return { count: () => loads };
};

test('offline: written and reloaded without a server, still readable, the draft kept, delivered when it is back', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const bob = await openPerson(browser, server, 'Bob');
  const link = await foundGroup(alice, GROUP, '');
  await approve(alice, bob, GROUP, await askToJoin(bob, link, GROUP, ''));
  await openTalk(bob, GROUP);
  await say(bob, GROUP, 'seen before');
  await reads(alice, 'seen before');
  await expect.poll(() => shellOf(alice.page)).toBe(await buildId(web));

  await test.step('what is kept is exactly the files of this build', async () => {
    const kept = await alice.page.evaluate(async () => {
      const lines: string[] = [];
      for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys())
          lines.push(`${name} ${new URL(url).pathname}`);
      return lines;
    });
    expect(kept.length).toBeGreaterThan(8);
    const own = new RegExp(
      `^conclave-build-${await buildId(web)} /(assets/[^ ]+\\.(js|css)|index\\.html|theme\\.js|[a-z0-9-]+\\.(svg|png)|manifest\\.webmanifest)$`,
      'u',
    );
    for (const line of kept) expect(line).toMatch(own);
  });

  await server.kill();
  await say(alice, GROUP, 'written without a server');
  await expect(alice.page.getByText('Offline. What you have seen is here.')).toBeVisible();
  await composer(alice, GROUP).fill('half a thought');
  await alice.page.reload();
  await reads(alice, 'seen before');
  await reads(alice, 'written without a server');
  await expect(composer(alice, GROUP)).toHaveValue('half a thought');
  await expect(alice.page.getByText('Offline. What you have seen is here.')).toBeVisible();

  await test.step('a new tab opens as well, and what only the server says is not made up', async () => {
    const second = await alice.context.newPage();
    await second.goto(server.address);
    await expect(second.getByRole('link', { name: new RegExp(GROUP, 'u') })).toBeVisible();
    const health = await second.evaluate(() =>
      fetch('/healthz').then(
        () => 'answered',
        () => 'nobody',
      ),
    );
    expect(health).toBe('nobody');
    await second.close();
  });

  await server.start();
  await reads(bob, 'written without a server');
  await expect(alice.page.getByText('Offline.')).toBeHidden({ timeout: 30_000 });
  await expect(composer(alice, GROUP)).toHaveValue('half a thought');
  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
});

test('P098: new build: offered in every tab, taken in one, each reloads once and keeps its draft with what it answers', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  await foundGroup(alice, GROUP, '');
  await say(alice, GROUP, 'from the old one');
  await reads(alice, 'from the old one');
  const old = await buildId(web);
  await expect.poll(() => shellOf(alice.page)).toBe(old);
  const second = { ...alice, page: await alice.context.newPage() };
  await second.page.goto(alice.page.url());
  await reads(second, 'from the old one');
  const tabs = [alice, second];
  const loads = tabs.map(({ page }) => loadsOf(page));

  await server.kill();
  const fresh = await becomeOtherBuild(web);
  expect(fresh).not.toBe(old);
  await server.start();
  const offer = (page: Page) => page.getByText(`A new version (0.1.0, build ${fresh}) is ready.`);
  for (const { page } of tabs) await expect(offer(page)).toBeVisible({ timeout: 40_000 });

  await test.step('offered, never forced: a reload by hand stays with the old one', async () => {
    await second.page.reload();
    await expect(offer(second.page)).toBeVisible();
    expect(await shellOf(second.page)).toBe(old);
    await second.page.getByRole('button', { name: 'Later' }).click();
    await expect(offer(second.page)).toBeHidden();
  });

  const before = loads.map((one) => one.count());
  await choose(second, 'from the old one', 'Reply');
  await composer(second, GROUP).fill('half a thought');
  await alice.page.getByRole('button', { name: 'Reload' }).click();
  for (const [i, { page }] of tabs.entries()) {
    await expect.poll(() => loads[i]?.count()).toBe((before[i] ?? 0) + 1);
    await expect.poll(() => shellOf(page)).toBe(fresh);
  }
  for (const tab of tabs) {
    await reads(tab, 'from the old one');
    await expect(composer(tab, GROUP)).toHaveValue('half a thought');
    await expect(tab.page.getByText('Reply to Alice')).toBeVisible();
    await expect(offer(tab.page)).toBeHidden();
  }
  const scripts = await second.page.evaluate(() =>
    [...document.scripts].map(({ src }) => new URL(src).pathname),
  );
  expect(scripts.some((src) => src.endsWith('x.js'))).toBe(true);
  await say(second, GROUP, 'from the new one');
  await reads(alice, 'from the new one');
  const quote = message(alice, 'from the new one').getByRole('button', { name: /Go to/u });
  await expect(quote).toContainText('from the old one');
  const names = await alice.page.evaluate(() => caches.keys());
  expect(names).toEqual([`conclave-build-${fresh}`]);
  for (const [i, one] of loads.entries()) expect(one.count()).toBe((before[i] ?? 0) + 1);
  expect(alice.complaints).toEqual([]);
});

test('new build: a tab that is of another build than the leading one comes to the same without a loop', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  await foundGroup(alice, GROUP, '');
  await expect.poll(() => shellOf(alice.page)).toBe(await buildId(web));
  await server.kill();
  await becomeOtherBuild(web);
  await server.start();
  const second = { ...alice, page: await alice.context.newPage() };
  const loads = [loadsOf(alice.page), loadsOf(second.page)];
  // A reload that passes the shell by is what gives the newer build to one tab only.
  const session = await alice.context.newCDPSession(second.page);
  await session.send('Network.enable');
  await session.send('Network.setBypassServiceWorker', { bypass: true });
  await second.page.goto(alice.page.url());
  // Each has reloaded once; whoever does not run the engine then says why it waits, and tries no more.
  const waits = (page: Page) => page.getByText('Another tab runs another version of Conclave');
  const waiting = async (): Promise<number> =>
    (await Promise.all([alice, second].map(({ page }) => waits(page).count()))).reduce(
      (sum, count) => sum + count,
    );
  await expect.poll(waiting, { timeout: 40_000 }).toBe(1);
  expect(loads.map((one) => one.count())).toEqual([1, 2]);

  await session.send('Network.setBypassServiceWorker', { bypass: false });
  // Without a word to the one that waits: it goes on by itself where it is of the build that is left.
  await second.page.reload();
  await expect(composer(second, GROUP)).toBeVisible();
  await say(second, GROUP, 'together again');
  await reads(alice, 'together again');
  await reads(second, 'together again');
  expect(alice.complaints).toEqual([]);
});

test('new build: a page whose engine has ended is offered it too, and its own reload takes it', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  await foundGroup(alice, GROUP, '');
  await expect.poll(() => shellOf(alice.page)).toBe(await buildId(web));
  await server.kill();
  const fresh = await becomeOtherBuild(web);
  await server.start();
  const offer = alice.page.getByText(`A new version (0.1.0, build ${fresh}) is ready.`);
  await expect(offer).toBeVisible({ timeout: 40_000 });
  const [engine] = alice.page.workers();
  await engine?.evaluate(() => {
    setTimeout(() => {
      throw new Error('ended by the test');
    });
  });
  const stopped = alice.page.getByRole('alert').filter({ hasText: 'Conclave has stopped' });
  await expect(stopped).toBeVisible();
  await expect(offer).toBeVisible();
  await stopped.getByRole('button', { name: 'Reload' }).click();
  await expect(composer(alice, GROUP)).toBeVisible();
  await expect.poll(() => shellOf(alice.page)).toBe(fresh);
});

/** Changes the script that the page of this folder begins with; answers how to put it back. */
async function bend(folder: string): Promise<() => Promise<void>> {
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const name = /src="\/assets\/(index-[^"]+\.js)"/u.exec(page)?.[1];
  if (name === undefined) throw new Error('the page begins with a script');
  expect(await readdir(join(folder, 'assets'))).toContain(name);
  const file = join(folder, 'assets', name);
  const good = await readFile(file);
  await appendFile(file, '\n;globalThis.bent = true;');
  return () => writeFile(file, good);
}

const isBent = (page: Page): Promise<boolean> => page.evaluate(() => 'bent' in globalThis);

/** Asks the server for a newer shell, and answers what became of it. */
const newShell = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    // The page looks for a newer one too, when it comes back to the server.
    if (registration.waiting !== null) return registration.waiting.state;
    const found = new Promise<ServiceWorker>((resolve) => {
      const look = (): void => {
        if (registration.installing !== null) resolve(registration.installing);
      };
      registration.addEventListener('updatefound', look);
      look();
    });
    await registration.update();
    const shell = await found;
    return new Promise<string>((resolve) => {
      const look = (): void => {
        if (shell.state !== 'installing') resolve(shell.state);
      };
      shell.addEventListener('statechange', look);
      look();
    });
  });

test('P098: a file that was changed is not run by a browser that holds the build, and a new build with one is not offered', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  await foundGroup(alice, GROUP, '');
  await say(alice, GROUP, 'seen before');
  await reads(alice, 'seen before');
  const old = await buildId(web);
  await expect.poll(() => shellOf(page)).toBe(old);
  const straighten = await bend(web);

  await test.step('what is kept is run, not what the server has', async () => {
    await page.reload();
    await reads(alice, 'seen before');
    expect(await isBent(page)).toBe(false);
  });

  await test.step('where the browser gave everything up: this file or none', async () => {
    await page.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
    });
    const session = await alice.context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.clearBrowserCache');
    const refused = page.waitForEvent('requestfailed', (request) =>
      new URL(request.url()).pathname.startsWith('/assets/index-'),
    );
    await page.reload();
    await refused;
    expect(await isBent(page)).toBe(false);
    await expect(page.locator('#root')).toBeEmpty();
    await straighten();
    await page.reload();
    await reads(alice, 'seen before');
  });

  await server.kill();
  const fresh = await becomeOtherBuild(web);
  const repair = await bend(web);
  await server.start();
  const offer = page.getByText(`A new version (0.1.0, build ${fresh}) is ready.`);

  await test.step('a new build that does not match its own list', async () => {
    expect(await newShell(page)).toBe('redundant');
    await expect(offer).toHaveCount(0);
    expect(await shellOf(page)).toBe(old);
    expect(await isBent(page)).toBe(false);
  });

  await test.step('and once it does, it is named and waits for a word', async () => {
    await repair();
    await expect.poll(() => newShell(page)).toBe('installed');
    await expect(offer).toBeVisible();
    expect(await shellOf(page)).toBe(old);
  });
});
