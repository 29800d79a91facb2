/** How fast the console answers in a large group, and a long talk opens and scrolls: `npm run bench:ui [-- --json]`. A real server, real engines, a real browser. */
import process from 'node:process';
import { chromium, expect, type LaunchOptions, type Page } from 'playwright/test';
import { findBrowser } from '../../scripts/browser.mjs';
import type { Pid } from '../../src/protocol/ids.ts';
import { type Bench, median, type Row, ROUNDS, tell } from './bench.ts';
import { benchTalk } from './benchTalk.ts';
import { ask, bot, crowd, MANY, must } from './bots.ts';
import { foundGroup, openPerson, openSection, type Person } from './people.ts';
import { type RunningServer, startServer } from './server.ts';

const MEMBERS = 1000;
const REQUESTS = 500;
/** Fewer than make a wave of one link. */
const PER_LINK = 45;
const LIMIT_MS = 100;
/** Members one entry takes. */
const PER_ENTRY = 200;
/** Limits of a server on which one person writes a hundred thousand messages at once. */
const TALKATIVE = { LIMIT_MESSAGE_BURST: '1000000', LIMIT_MESSAGES_PER_SECOND: '1000000' };

/** What the page shows when it has answered: an element, with these words in it. */
interface Answer {
  readonly at: string;
  readonly says?: string;
  /** Words that are gone then. */
  readonly without?: string;
}

/** From the input to the frame after the one in which the page shows the answer, in the page's own clock. */
async function timed(page: Page, act: () => Promise<void>, answer: Answer): Promise<number> {
  await page.evaluate(({ at, says, without }) => {
    const shows = (): boolean => {
      const texts = [...document.querySelectorAll(at)].map((one) => one.textContent ?? '');
      return (
        texts.some((text) => says === undefined || text.includes(says)) &&
        !texts.some((text) => without !== undefined && text.includes(without))
      );
    };
    const kinds = ['keydown', 'pointerdown'];
    const state = window as unknown as { bench: Promise<number> };
    state.bench = new Promise((resolve) => {
      const begin = (event: Event): void => {
        for (const kind of kinds) window.removeEventListener(kind, begin, true);
        const look = (): void => {
          if (shows()) requestAnimationFrame(() => resolve(performance.now() - event.timeStamp));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      };
      for (const kind of kinds) window.addEventListener(kind, begin, true);
    });
  }, answer);
  await act();
  return page.evaluate(() => (window as unknown as { bench: Promise<number> }).bench);
}

/** A group of a thousand with five hundred who ask, made by engines in this process. */
async function seed(server: RunningServer, alice: Person): Promise<void> {
  const { page } = alice;
  await foundGroup(alice, 'Harbour garden', 'Beds');
  // Whoever owns the browser owns the group; a moderator without a screen fills it.
  const bob = await bot(server, 'Bob');
  const pids: Pid[] = [];
  const others = await crowd(
    server,
    Array.from({ length: MEMBERS - 2 }, (_, i) => `Member ${i + 1}`),
    async (client) => {
      const account = await client.account();
      if (account !== null) pids.push(account.pid);
      await client.close();
    },
  );
  const own = (await bob.account())?.pid;
  if (own === undefined) throw new Error('Bob has an account');
  await openSection(alice, 'Members');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const add = page.getByRole('dialog', { name: 'Add by contact code' });
  await add.getByLabel('Contact code').fill(Buffer.from(own, 'hex').toString('base64url'));
  await add.getByRole('button', { name: 'Add' }).click();
  await expect.poll(async () => (await bob.groups())[0]?.standing).toBe('invited');
  const gid = (await bob.groups())[0]?.gid;
  if (gid === undefined) throw new Error('Bob is in the group');
  must(await bob.acceptInvitation(gid));
  const row = page.getByRole('row', { name: /Bob/u });
  await row.getByRole('button', { name: /^Actions for/u }).click({ timeout: 30_000 });
  await page.getByRole('menuitem', { name: 'Make moderator' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make moderator' }).click();
  await expect.poll(async () => (await bob.groups())[0]?.role).toBe(2);
  for (let from = 0; from < REQUESTS; from += PER_LINK) {
    const wishes = { label: 'Poster', expires: 0, maxUses: 0, role: 1, auto: false } as const;
    const link = must(await bob.copyLink(gid, must(await bob.createLink(gid, wishes))));
    const size = Math.min(PER_LINK, REQUESTS - from);
    await crowd(
      server,
      Array.from({ length: size }, (_, i) => `Guest ${from + i + 1}`),
      async (client) => {
        await ask(client, link, 'from the choir');
        await client.close();
      },
    );
  }
  // Asked before the group is full: nobody can ask to join a full one.
  for (let i = 0; i < pids.length; i += PER_ENTRY)
    must(await bob.editMember(gid, { add: pids.slice(i, i + PER_ENTRY) }));
  await others.close();
  await bob.close();
}

async function measure(page: Page): Promise<Row[]> {
  const rows: Row[] = [];
  const note = async (
    name: string,
    act: () => Promise<void>,
    answer: Answer | ((round: number) => Answer),
    back: () => Promise<void>,
  ): Promise<void> => {
    const values: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const wanted = typeof answer === 'function' ? answer(round) : answer;
      values.push(await timed(page, act, wanted));
      await back();
    }
    rows.push(tell(name, median(values), LIMIT_MS));
  };
  const nothing = (): Promise<void> => Promise.resolve();
  const press = (key: string) => (): Promise<void> => page.keyboard.press(key);
  const open = (section: string) => (): Promise<void> =>
    page
      .getByRole('navigation', { name: 'Manage' })
      .getByRole('link', { name: new RegExp(`^${section}`, 'u') })
      .click();
  const leave = async (): Promise<void> => {
    await open('Settings')();
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  };
  const focused = (row: number): Answer => ({ at: `[data-row="${row}"] [data-start]:focus` });
  const drawn = {
    Requests: 'button[data-hash]',
    Links: 'li[data-row]',
    Members: '[role=row][data-row]',
  };
  for (const [section, at] of Object.entries(drawn)) {
    await note(`open ${section}`, open(section), { at }, leave);
  }
  await open('Requests')();
  await expect(page.locator('button[data-hash]').first()).toBeVisible();
  await note('requests: j', press('j'), focused, nothing);
  await page.keyboard.press('j');
  await note('requests: k', press('k'), (round) => focused(ROUNDS - 1 - round), nothing);
  const all = page.getByLabel(/^Select all/u);
  const unselect = async (): Promise<void> => {
    await all.click();
    await expect(page.getByRole('region', { name: / selected$/u })).toHaveCount(0);
  };
  const selected = { at: 'section', says: `${REQUESTS} selected` };
  await note('requests: select all', () => all.click(), selected, unselect);
  await all.click();
  await page.locator('button[data-hash]').first().focus();
  await note(
    'requests: open the preview',
    press('a'),
    { at: '[role=dialog]', says: 'people come in' },
    async () => {
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await page.locator('button[data-hash]').first().focus();
    },
  );
  const type = async (label: string, name: string, answer: Answer): Promise<void> => {
    const search = page.getByLabel(label);
    await search.fill('');
    await search.focus();
    await note(name, press('9'), answer, () => search.fill(''));
  };
  await page.keyboard.press('Escape');
  await type('Name, note or link', 'requests: type in the search', {
    at: 'label',
    says: 'Select all 95 shown',
  });
  await open('Members')();
  await expect(page.locator('[role=row][data-row]').first()).toBeVisible();
  await note('members: j', press('j'), focused, nothing);
  const everybody = { at: 'section', says: 'selected' };
  await note('members: select all', () => all.click(), everybody, unselect);
  await type('Find a member', 'members: type in the search', {
    at: 'label',
    without: `Select all ${MEMBERS} shown`,
  });
  return rows;
}

async function benchConsole({ how, server }: Bench): Promise<Row[]> {
  const browser = await chromium.launch(how);
  const alice = await openPerson(browser, server, 'Alice');
  // The runner's compiler names functions with a helper that the page does not have.
  await alice.context.addInitScript({ content: 'globalThis.__name = (it) => it;' });
  await seed(server, alice);
  await alice.page.reload();
  await expect(alice.page.getByRole('navigation', { name: 'Manage' })).toBeVisible();
  await openSection(alice, 'Requests');
  await expect(alice.page.getByRole('tab', { name: /^Waiting/u })).toHaveText(
    `Waiting${REQUESTS}`,
    { timeout: 120_000 },
  );
  const rows = await measure(alice.page);
  await browser.close();
  return rows;
}

const found = await findBrowser();
const how: LaunchOptions = {
  executablePath: found.file,
  env: { ...process.env, ...found.env },
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
};
/** Each part has a server of its own. `--only console` or `--only talk` runs one of them. */
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]
  : null;
const rows: Row[] = [];
for (const [part, bench] of Object.entries({ console: benchConsole, talk: benchTalk })) {
  if (only !== null && only !== part) continue;
  const server = await startServer({ ...MANY, ...TALKATIVE });
  try {
    rows.push(...(await bench({ how, server })));
  } finally {
    await server.close();
  }
}
process.exit(rows.every((row) => row.ok) ? 0 : 1);
