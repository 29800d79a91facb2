/** How fast a long talk opens and scrolls: as many real messages as wished, sent by an engine, received by a real browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type BrowserContext, chromium, expect, type Page } from 'playwright/test';
import { atRest, type Bench, median, type Row, ROUNDS, tell } from './bench.ts';
import { bot, letIn, must } from './bots.ts';
import { foundGroup, personIn } from './people.ts';
import type { RunningServer } from './server.ts';

const GROUP = 'Harbour garden';
const OPEN_MS = 1000;
const FRAME_MS = 50;
/** Messages that wait in the sender's outbox at a time. */
const AT_ONCE = 500;
/** A message takes a few milliseconds from one end to the other. */
const patience = (messages: number): number => 60_000 + messages * 20;

export function messagesWished(): number {
  const at = process.argv.indexOf('--messages');
  return at < 0 ? 100_000 : Number(process.argv[at + 1]);
}

const logins = (server: RunningServer): number => server.output().split('"msg":"login"').length;

/** Keeps, in the page's own clock: when these words were first drawn, the worst frame since asked, the longest task of all (0 below 50 ms: the browser tells of no shorter ones). */
async function watch(page: Page, words: string): Promise<void> {
  // The runner's compiler names functions with a helper that the page does not have.
  await page.addInitScript({ content: 'globalThis.__name = (it) => it;' });
  await page.addInitScript((wanted) => {
    const seen = { drawn: 0, worst: 0, longest: 0, at: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask', buffered: true });
    const look = (now: number): void => {
      if (seen.at > 0) seen.worst = Math.max(seen.worst, now - seen.at);
      if (seen.at > 0) seen.at = now;
      if (seen.drawn === 0) {
        const last = [...document.querySelectorAll('article')].at(-1)?.textContent ?? '';
        if (last.includes(wanted)) seen.drawn = performance.now();
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, words);
}

interface Seen {
  readonly drawn: number;
  readonly worst: number;
  readonly longest: number;
}
const seenIn = (page: Page): Promise<Seen> =>
  page.evaluate(() => (window as unknown as { seen: Seen }).seen);

/** In a profile on disk, as people have it: there the browser keeps what it compiled. */
export async function benchTalk({ how, server }: Bench): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-profile-'));
  const permissions = ['clipboard-read', 'clipboard-write'];
  const context = await chromium.launchPersistentContext(folder, { ...how, permissions });
  try {
    return await inProfile(context, server);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** How long it takes is told as a median; what holds the page up, as the worst that was seen. */
async function inProfile(context: BrowserContext, server: RunningServer): Promise<Row[]> {
  const messages = messagesWished();
  const last = `message number ${String(messages)} about the beds`;
  const alice = await personIn(context, server, 'Alice', { quiet: true });
  const { page } = alice;
  const link = await foundGroup(alice, GROUP, '');
  const bob = await bot(server, 'Bob');
  const gid = await letIn(alice, bob, { name: 'Bob', link, group: GROUP });
  const address = page.url();
  await page.goto('about:blank');
  for (let n = 1; n <= messages; n++) {
    const text = `message number ${String(n)} about the beds, the water and who has time on Saturday`;
    must(await bob.sendMessage(gid, text));
    if (n % AT_ONCE === 0 || n === messages) await allSent(bob, gid, text);
  }
  await bob.close();
  await page.goto(address);
  const groups = page.getByRole('navigation', { name: 'Groups' });
  await expect(groups).toContainText(last.slice(0, 24 + String(messages).length), {
    timeout: patience(messages),
  });
  // Read to the end, so that it opens there; it may have opened at the first unread message.
  const end = page.getByRole('article').filter({ hasText: last });
  const down = page.getByRole('button', { name: /new messages?$|To the newest message/u });
  await expect(end.or(down).first()).toBeVisible();
  if (await down.isVisible()) await down.click();
  await expect(end).toBeVisible();
  await expect(page).toHaveTitle('Conclave', { timeout: patience(messages) });

  const name = `a group of ${String(messages)} messages`;
  await watch(page, last);
  const openings: Seen[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = logins(server);
    // As somebody comes to it: another page was there.
    await page.goto('about:blank');
    await atRest();
    await page.goto(address);
    // All there is to do for an opening is done once the engine is at the server again. The page is not asked before: what the
    // runner puts into it to answer takes the page's thread as well, for longer than what is looked for.
    await expect
      .poll(() => logins(server), { timeout: patience(messages) })
      .toBeGreaterThan(before);
    await expect
      .poll(async () => (await seenIn(page)).drawn, { timeout: patience(messages) })
      .toBeGreaterThan(0);
    openings.push(await seenIn(page));
  }
  const opened = openings.map(({ drawn }) => drawn);
  const rows = [tell(`${name} opens on its last page`, median(opened), OPEN_MS)];
  const blocked = openings.map(({ longest }) => longest);
  rows.push(tell(`${name}: longest task while it opens`, Math.max(...blocked), FRAME_MS));

  await page.getByRole('region', { name: 'Messages' }).hover();
  const scrolls: Seen[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await atRest();
    await page.evaluate(() => {
      const { seen } = window as unknown as { seen: Record<keyof Seen | 'at', number> };
      Object.assign(seen, { worst: 0, longest: 0, at: performance.now() });
    });
    for (let turn = 0; turn < 200; turn++) await page.mouse.wheel(0, -300);
    for (let turn = 0; turn < 100; turn++) await page.mouse.wheel(0, 300);
    // What is drawn once the talk stands still belongs to it.
    await atRest();
    scrolls.push(await seenIn(page));
  }
  const worst = scrolls.map((one) => one.worst);
  rows.push(tell(`${name}: worst frame while scrolling`, Math.max(...worst), FRAME_MS));
  const held = scrolls.map((one) => one.longest);
  rows.push(tell(`${name}: longest task while scrolling`, Math.max(...held), FRAME_MS));
  return rows;
}

type Bot = Awaited<ReturnType<typeof bot>>;
type Gid = Parameters<Bot['timeline']>[0];

/** Resolves once what was written last came back from the server. */
function allSent(sender: Bot, gid: Gid, text: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = sender.listen((event) => {
      if (event.kind !== 'timeline' || event.gid !== gid) return;
      if (!event.items.some((item) => item.kind === 'message' && item.text === text)) return;
      stop();
      resolve();
    });
  });
}
