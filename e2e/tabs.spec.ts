/** Several tabs of one person: all of them work at once, and the others go on when the one that runs the engine goes. */
import { expect, type Page, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  type Person,
  reads,
  say,
  transcript,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Tide watch';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000', LIMIT_MESSAGES_PER_SECOND: '1000' });
});
test.afterEach(() => server.close());

/** Who opened a socket, in order: only the tab that runs the engine does. */
function watchLeaders() {
  const leaders: Page[] = [];
  return {
    watch: (page: Page): void => {
      page.on('websocket', () => {
        if (leaders.at(-1) !== page) leaders.push(page);
      });
    },
    now: (): Page | undefined => leaders.at(-1),
  };
}

async function openTab(person: Person, path: string): Promise<Person> {
  const page = await person.context.newPage();
  page.on('pageerror', (error) => person.complaints.push(error.message));
  await page.goto(path);
  return { ...person, page };
}

/** Sends one message after the other until told to stop. */
function keepTalking(person: Person, word: string, said: string[]): () => Promise<void> {
  let going = true;
  const talking = (async () => {
    for (let i = 0; going; i++) {
      const text = `${word} ${String(i)}`;
      said.push(text);
      await say(person, GROUP, text);
      await expect(person.page.getByRole('article').getByText(text, { exact: true })).toBeVisible({
        timeout: 20_000,
      });
    }
  })();
  return async () => {
    going = false;
    await talking;
  };
}

/** Texts of a long talk: the window is made tall enough for all of it. */
async function wholeTalk({ page }: Person): Promise<string[]> {
  await page.setViewportSize({ width: 1440, height: 14_000 });
  await expect(
    page.getByText(/beginning of what you can read|were not shared with you/u),
  ).toBeVisible();
  return page.getByRole('article').locator('div[dir=auto]').allInnerTexts();
}

async function setup(browser: Parameters<typeof openPerson>[0]) {
  const alice = await openPerson(browser, server, 'Alice Example');
  const bob = await openPerson(browser, server, 'Bob Example');
  const link = await foundGroup(alice, GROUP, 'High water at the pier');
  await approve(alice, bob, GROUP, await askToJoin(bob, link, GROUP, 'I own a gauge'));
  await expect(composer(bob, GROUP)).toBeVisible();
  return { alice, bob, address: alice.page.url() };
}

test('tabs: three tabs talk at once, and the rest goes on when the leader is closed or crashes', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const said: string[] = [];
  const { alice, bob, address } = await setup(browser);
  const leaders = watchLeaders();
  let tabs: Person[] = [alice];
  const handOvers: Record<string, number> = {};

  await test.step('two more tabs show the same talk, and each can write', async () => {
    for (let i = 0; i < 2; i++) tabs.push(await openTab(alice, address));
    for (const { page } of tabs) leaders.watch(page);
    for (const [i, tab] of tabs.entries()) {
      await expect(composer(tab, GROUP)).toBeVisible();
      said.push(`tab ${String(i)}`);
      await say(tab, GROUP, `tab ${String(i)}`);
    }
    said.push('bob to all');
    await say(bob, GROUP, 'bob to all');
    for (const person of [...tabs, bob]) for (const text of said) await reads(person, text);
  });

  /** Ends the leader in the middle of the talk and waits until a message of Bob is read in every tab that is left. */
  const lose = async (how: string, end: (leader: Page) => Promise<void>): Promise<void> => {
    const leader = leaders.now() ?? alice.page;
    const rest = tabs.filter((tab) => tab.page !== leader);
    expect(rest.length).toBe(tabs.length - 1);
    const stops = rest.map((tab, i) => keepTalking(tab, `${how} ${String(i)}`, said));
    const silenceBob = keepTalking(bob, `${how} bob`, said);
    for (const person of [...rest, bob]) await reads(person, `${how} bob 1`);
    const started = Date.now();
    await end(leader);
    tabs = rest;
    await expect
      .poll(() => tabs.some((tab) => tab.page === leaders.now()), { intervals: [10] })
      .toBe(true);
    handOvers[`${how}, next engine connects`] = Date.now() - started;
    await silenceBob();
    const after = `after ${how}`;
    said.push(after);
    await say(bob, GROUP, after);
    await Promise.all(tabs.map((tab) => reads(tab, after)));
    handOvers[`${how}, message of another person read in every tab`] = Date.now() - started;
    for (const stop of stops) await stop();
  };

  await test.step('the leading tab is closed while messages flow', () =>
    lose('closed', (leader) => leader.close()));

  await test.step('the next leading tab crashes while messages flow', async () => {
    tabs.push(await openTab(alice, address));
    const newest = tabs.at(-1);
    if (newest !== undefined) leaders.watch(newest.page);
    for (const tab of tabs) await expect(composer(tab, GROUP)).toBeVisible();
    await lose('crashed', async (leader) => {
      const crashed = leader.waitForEvent('crash');
      const session = await alice.context.newCDPSession(leader);
      session.send('Page.crash').catch(() => undefined);
      await crashed;
    });
  });

  await test.step('everybody has every message exactly once, also after all pages are reloaded', async () => {
    const everybody = [...tabs, bob];
    for (const reload of [false, true]) {
      if (reload) await Promise.all(everybody.map(({ page }) => page.reload()));
      for (const person of everybody) {
        await reads(person, 'after crashed');
        await expect(person.page.getByText('Sending')).toHaveCount(0);
        await expect
          .poll(async () => (await wholeTalk(person)).toSorted(), { timeout: 20_000 })
          .toEqual(said.toSorted());
      }
    }
  });

  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
  test.info().annotations.push({ type: 'ms', description: JSON.stringify(handOvers) });
  for (const [what, ms] of Object.entries(handOvers)) expect(ms, what).toBeLessThan(10_000);
});

test('tabs: a leader that does not answer is replaced, and goes on as one of the others', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const { alice, bob, address } = await setup(browser);
  const second = await openTab(alice, address);
  await expect(composer(second, GROUP)).toBeVisible();
  const [worker] = alice.page.workers();
  const stuck = worker?.evaluate(() => {
    const end = Date.now() + 15_000;
    while (Date.now() < end);
  });
  await say(second, GROUP, 'written meanwhile');
  await reads(bob, 'written meanwhile');
  await stuck;
  await reads(alice, 'written meanwhile');
  await say(alice, GROUP, 'I am back');
  for (const person of [alice, second, bob]) {
    await reads(person, 'I am back');
    expect(await transcript(person)).toEqual(['written meanwhile', 'I am back']);
  }
  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
});
