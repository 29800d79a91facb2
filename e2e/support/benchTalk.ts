/** How fast a long talk opens and scrolls: as many real messages as wished, sent by an engine, received by a real browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type BrowserContext, chromium, expect } from 'playwright/test';
import { type BarePage, withoutRunner } from './bareBrowser.ts';
import { atRest, type Bench, median, type Row, ROUNDS, tell } from './bench.ts';
import { bot, letIn, must } from './bots.ts';
import { foundGroup, personIn } from './people.ts';
import type { RunningServer } from './server.ts';

const GROUP = 'Harbour garden';
const OPEN_MS = 1000;
const FRAME_MS = 50;
/** Twice what it takes; it grows with the lines that are held, and with nothing else. */
const HELD_MIB = 20;
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
function watching(words: string): string {
  const watch = (wanted: string): void => {
    const seen = { drawn: 0, worst: 0, longest: 0, at: 0 };
    Object.assign(globalThis, { seen });
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
  };
  // This program's compiler names functions with a helper that the page does not have.
  return `{ const __name = (it) => it; (${watch.toString()})(${JSON.stringify(words)}); }`;
}

interface Seen {
  readonly drawn: number;
  readonly worst: number;
  readonly longest: number;
}

interface Long {
  readonly address: string;
  readonly messages: number;
}
const nameOf = ({ messages }: Long): string => `a group of ${String(messages)} messages`;

/**
 * In a profile on disk, as people have it: there the browser keeps what it compiled. How long something takes is told as a median;
 * what holds the page up, as the worst that was seen.
 */
export async function benchTalk({ how, server }: Bench): Promise<Row[]> {
  const profile = await mkdtemp(join(tmpdir(), 'conclave-profile-'));
  const permissions = ['clipboard-read', 'clipboard-write'];
  const withRunner = async <T>(act: (context: BrowserContext) => Promise<T>): Promise<T> => {
    const context = await chromium.launchPersistentContext(profile, { ...how, permissions });
    try {
      return await act(context);
    } finally {
      await context.close();
    }
  };
  try {
    const long = await withRunner((context) => received(context, server, messagesWished()));
    const openings = await withoutRunner(how, profile, (page) => opening(page, server, long));
    return [...openings, ...(await withRunner((context) => scrolling(context, long)))];
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}

const textOf = (n: number): string =>
  `message number ${String(n)} about the beds, the water and who has time on Saturday`;

/** A group with that many messages, all of them read. */
async function received(
  context: BrowserContext,
  server: RunningServer,
  messages: number,
): Promise<Long> {
  const alice = await personIn(context, server, 'Alice', { quiet: true });
  const { page } = alice;
  const link = await foundGroup(alice, GROUP, '');
  const bob = await bot(server, 'Bob');
  const gid = await letIn(alice, bob, { name: 'Bob', link, group: GROUP });
  const address = page.url();
  await page.goto('about:blank');
  for (let n = 1; n <= messages; n++) {
    must(await bob.sendMessage(gid, textOf(n)));
    if (n % AT_ONCE === 0 || n === messages) await allSent(bob, gid, textOf(n));
  }
  await bob.close();
  await page.goto(address);
  const groups = page.getByRole('navigation', { name: 'Groups' });
  const preview = textOf(messages).slice(0, 24 + String(messages).length);
  await expect(groups).toContainText(preview, { timeout: patience(messages) });
  // Read to the end, so that it opens there; it may have opened at the first unread message.
  const end = page.getByRole('article').filter({ hasText: textOf(messages) });
  const down = page.getByRole('button', { name: /new messages?$|To the newest message/u });
  await expect(end.or(down).first()).toBeVisible();
  if (await down.isVisible()) await down.click();
  await expect(end).toBeVisible();
  await expect(page).toHaveTitle('Conclave', { timeout: patience(messages) });
  return { address, messages };
}

async function opening(page: BarePage, server: RunningServer, long: Long): Promise<Row[]> {
  await page.call('Page.addScriptToEvaluateOnNewDocument', {
    source: watching(textOf(long.messages)),
  });
  const all: Seen[] = [];
  // One more than is counted: this browser has not seen the page yet.
  for (let round = 0; round <= ROUNDS; round++) all.push(await opened(page, server, long));
  const counted = all.slice(1);
  const drawn = median(counted.map((one) => one.drawn));
  return [
    tell(`${nameOf(long)} opens on its last page`, drawn, OPEN_MS),
    tell(`${nameOf(long)}: longest task while it opens`, most(counted, 'longest'), FRAME_MS),
  ];
}

async function opened(page: BarePage, server: RunningServer, long: Long): Promise<Seen> {
  const seen = (): Promise<Seen> => page.value('seen');
  const before = logins(server);
  // As somebody comes to it: another page was there.
  await page.call('Page.navigate', { url: 'about:blank' });
  await atRest();
  await page.call('Page.navigate', { url: long.address });
  // All there is to do for an opening is done once the engine is at the server again; the page is not asked before.
  const timeout = patience(long.messages);
  await expect.poll(() => logins(server), { timeout }).toBeGreaterThan(before);
  await expect.poll(async () => (await seen()).drawn, { timeout }).toBeGreaterThan(0);
  return seen();
}

async function scrolling(context: BrowserContext, long: Long): Promise<Row[]> {
  const page = await context.newPage();
  await page.addInitScript({ content: watching(textOf(long.messages)) });
  await page.goto(long.address);
  await page.getByRole('region', { name: 'Messages' }).hover();
  const all: Seen[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await atRest();
    await page.evaluate('Object.assign(seen, { worst: 0, longest: 0, at: performance.now() })');
    for (let turn = 0; turn < 200; turn++) await page.mouse.wheel(0, -300);
    for (let turn = 0; turn < 100; turn++) await page.mouse.wheel(0, 300);
    // What is drawn once the talk stands still belongs to it.
    await atRest();
    all.push(await page.evaluate<Seen>('seen'));
  }
  const browser = await context.newCDPSession(page);
  await browser.send('HeapProfiler.collectGarbage');
  const { usedSize } = await browser.send('Runtime.getHeapUsage');
  const name = nameOf(long);
  return [
    tell(`${name}: worst frame while scrolling`, most(all, 'worst'), FRAME_MS),
    tell(`${name}: longest task while scrolling`, most(all, 'longest'), FRAME_MS),
    tell(`${name}: memory of the page once scrolled`, usedSize / 2 ** 20, HELD_MIB, 'MiB'),
  ];
}

const most = (all: readonly Seen[], what: 'worst' | 'longest'): number =>
  Math.max(...all.map((one) => one[what]));

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
