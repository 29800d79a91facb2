/** What somebody reads stays where it is, to the pixel: when messages come above or below it, when a picture is there late, when the window changes, and when they go away and come back. */
import { type Browser, expect, type Page, test } from 'playwright/test';
import { ask, type Bot, bot, type GroupId, isIn, MANY, must, onTheWay } from './support/bots.ts';
import {
  composer,
  foundGroup,
  openPerson,
  openSection,
  openTalk,
  type Person,
  reads,
  say,
} from './support/people.ts';
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

async function bottomOf(page: Page, text: string): Promise<number> {
  const box = await page.getByRole('article').filter({ hasText: text }).first().boundingBox();
  return (box?.y ?? Number.NaN) + (box?.height ?? 0);
}

/** How much of the talk stands below what is in sight, in pixels. */
const belowSight = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const list = document.querySelector('[aria-label=Messages] > [tabindex]');
    return list === null ? Number.NaN : list.scrollHeight - list.scrollTop - list.clientHeight;
  });

type Where = 'middle' | 'above' | 'last';

/** A message of the many: in the middle of what is shown, the last that is not in sight any more, or the one nearest to the composer. */
const inSight = (page: Page, where: Where = 'middle'): Promise<string> =>
  page.evaluate((wanted) => {
    const list = document.querySelector('[aria-label=Messages] > div')?.getBoundingClientRect();
    const { top: first, bottom: last } = list ?? new DOMRect();
    const shown = [...document.querySelectorAll('article')].filter((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      if (wanted === 'above') return bottom < first;
      return wanted === 'last' ? bottom < last : top > (first + last) / 2 && top < last;
    });
    const of = (one: Element | undefined): string | undefined =>
      /line \d+ of/u.exec(one?.textContent ?? '')?.[0];
    const text = of(wanted === 'middle' ? shown[0] : shown.at(-1));
    if (text === undefined) throw new Error('no message is in sight');
    return text;
  }, where);

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

interface Two {
  readonly alice: Person;
  readonly bob: Bot;
  readonly gid: GroupId;
}

/** Alice with a group, and Bob in it. */
async function two(browser: Browser): Promise<Two> {
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const link = await foundGroup(alice, GROUP, '');
  const bob = await bot(server, 'Bob');
  await ask(bob, link, '');
  await openSection(alice, 'Requests');
  await page.getByRole('button', { name: 'Request of Bob' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await isIn(bob);
  const [group] = await bob.groups();
  if (group === undefined) throw new Error('Bob is in the group');
  await openTalk(alice, GROUP);
  return { alice, bob, gid: group.gid };
}

/** Goes home and comes back: what was read stands where it stood. */
async function awayAndBack(alice: Person): Promise<void> {
  const { page } = alice;
  const text = await inSight(page);
  const top = await topOf(page, text);
  await page.getByRole('link', { name: 'Conclave' }).click();
  await expect(composer(alice, GROUP)).toBeHidden();
  await page.getByRole('link', { name: new RegExp(GROUP, 'u') }).click();
  await expect(composer(alice, GROUP)).toBeVisible();
  await still(page);
  expect(Math.abs((await topOf(page, text)) - top)).toBeLessThanOrEqual(1);
}

/** Messages of many lengths; all of them have their place when this is over. */
async function lines(bob: Bot, gid: GroupId, from: number, until: number): Promise<void> {
  for (let i = from; i < until; i++)
    must(await bob.sendMessage(gid, `line ${String(i)} of\n${'many words '.repeat(i % 40)}`));
  await expect.poll(() => onTheWay(bob, gid)).toBe(0);
}

test('place: reading stays to the pixel while later messages come, and after going away and coming back', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { alice, bob, gid } = await two(browser);
  const { page } = alice;
  await lines(bob, gid, 0, 150);
  await openTalk(alice, GROUP);
  await say(alice, GROUP, 'the newest');
  await expect(page.getByRole('article').getByText('the newest')).toBeVisible();
  await still(page);

  await page.getByRole('region', { name: 'Messages' }).hover();
  await page.mouse.wheel(0, -1500);
  await still(page);

  await test.step('a long text pasted over a long one leaves the end above the composer', async () => {
    await page.getByRole('region', { name: 'Messages' }).getByRole('button').last().click();
    const field = composer(alice, GROUP);
    await field.fill('a word\n'.repeat(80));
    await page.evaluate(() => navigator.clipboard.writeText('another word\n'.repeat(90)));
    await still(page);
    const bottom = await bottomOf(page, 'the newest');
    // The second time over itself.
    for (let i = 0; i < 2; i++) {
      await field.press('ControlOrMeta+a');
      await field.press('ControlOrMeta+v');
      await expect(field).toHaveValue(/^another/u);
      await still(page);
      expect(Math.abs((await bottomOf(page, 'the newest')) - bottom)).toBeLessThanOrEqual(1);
    }
    await field.fill('');
    await still(page);
    await page.getByRole('region', { name: 'Messages' }).hover();
    await page.mouse.wheel(0, -1500);
    await still(page);
  });

  await test.step('scrolling up is not taken back by a message that comes at that moment', async () => {
    for (let i = 0; i < 4; i++) {
      await page.getByRole('region', { name: 'Messages' }).getByRole('button').last().click();
      await still(page);
      must(await bob.sendMessage(gid, `just now ${String(i)}`));
      await expect(page.getByRole('article').getByText(`just now ${String(i)}`)).toBeAttached();
      await page.mouse.wheel(0, -900);
      await still(page);
      expect(await belowSight(page)).toBeGreaterThan(500);
    }
    await page.mouse.wheel(0, -600);
    await still(page);
  });

  await test.step('later messages come below', async () => {
    const text = await inSight(page);
    const top = await topOf(page, text);
    for (let i = 0; i < 20; i++) must(await bob.sendMessage(gid, `later ${String(i)}`));
    await expect(page.getByRole('button', { name: /new/u }).last()).toBeVisible();
    await still(page);
    expect(Math.abs((await topOf(page, text)) - top)).toBeLessThanOrEqual(1);
  });

  await test.step('away and back', async () => {
    await awayAndBack(alice);
  });

  await test.step('away and back, a little above the end, where lines are lower than the list expects', async () => {
    for (let i = 0; i < 120; i++)
      must(await bob.sendMessage(gid, `line ${String(1000 + i)} of few`));
    await expect.poll(() => onTheWay(bob, gid)).toBe(0);
    await page.getByRole('region', { name: 'Messages' }).getByRole('button').last().click();
    await expect(page.getByRole('article').last()).toContainText('line 1119 of few');
    await still(page);
    await page.getByRole('region', { name: 'Messages' }).hover();
    await page.mouse.wheel(0, -700);
    await still(page);
    await awayAndBack(alice);
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

test('place: a talk with more unread than its last page holds opens where it was left; the way down leads to its end, and reads it', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { alice, bob, gid } = await two(browser);
  const { page } = alice;
  const address = page.url();
  await lines(bob, gid, 0, 30);
  await say(alice, GROUP, 'so far');
  await reads(alice, 'so far');
  await page.goto('about:blank');
  await lines(bob, gid, 30, 260);
  await page.goto(server.address);
  const groups = page.getByRole('navigation', { name: 'Groups' });
  await expect(groups).toContainText('230 unread');
  await groups.getByRole('link', { name: new RegExp(GROUP, 'u') }).click();
  const region = page.getByRole('region', { name: 'Messages' });
  const row = (n: number) => page.getByRole('article').filter({ hasText: `line ${String(n)} of` });
  /** "New" stands at the upper edge, over this line. */
  const beginsWith = async (n: number): Promise<void> => {
    await expect(row(n)).toBeInViewport();
    await still(page);
    const list = await region.boundingBox();
    const mark = await region.getByRole('heading', { name: 'New' }).boundingBox();
    expect(Math.abs((mark?.y ?? Number.NaN) - (list?.y ?? Number.NaN))).toBeLessThanOrEqual(1);
    const under = (await topOf(page, `line ${String(n)} of`)) - (mark?.y ?? Number.NaN);
    expect(under).toBeGreaterThan(0);
    expect(under).toBeLessThan(100);
  };
  await beginsWith(30);
  await expect(groups).toContainText('230 unread');

  await test.step('the way down by keyboard goes on in the talk', async () => {
    await page.getByRole('button', { name: '230 new messages' }).press('Enter');
    await expect(row(259)).toBeInViewport();
    await expect(groups).not.toContainText('unread');
    await still(page);
    await page.keyboard.press('PageUp');
    await expect(row(259)).not.toBeInViewport();
  });

  await test.step('the first of them near the upper edge of the last page, opened by its own address', async () => {
    await page.goto('about:blank');
    await lines(bob, gid, 260, 318);
    await page.goto(address);
    await beginsWith(260);
    await expect(groups).toContainText('58 unread');
  });

  await test.step('what is written there stands at the end', async () => {
    await say(alice, GROUP, 'read it all');
    await expect(page.getByRole('article').getByText('read it all')).toBeInViewport();
    await expect(groups).not.toContainText('unread');
  });

  await test.step('a message higher than the window is read from its beginning', async () => {
    must(await bob.sendMessage(gid, `line 1318 of\n${'a word\n'.repeat(80)}`));
    await beginsWith(1318);
    await expect(groups).toContainText('1 unread');
    await say(alice, GROUP, 'what a list');
    await expect(groups).not.toContainText('unread');
  });

  await test.step('opened again and again from the list, what came meanwhile stays unread and in sight', async () => {
    for (let n = 2000; n < 2200; n += 100) {
      await page.getByRole('link', { name: 'Conclave' }).click();
      for (let i = n; i < n + 40; i++) must(await bob.sendMessage(gid, `line ${String(i)} of few`));
      await expect.poll(() => onTheWay(bob, gid)).toBe(0);
      await expect(groups).toContainText('40 unread');
      await groups.getByRole('link', { name: new RegExp(GROUP, 'u') }).click();
      await beginsWith(n);
      await expect(groups).toContainText('40 unread');
      await page.getByRole('button', { name: '40 new messages' }).click();
      await expect(groups).not.toContainText('unread');
    }
  });

  await test.step('what comes while nobody looks is not led out of sight, and not read', async () => {
    await page.evaluate(() =>
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }),
    );
    await lines(bob, gid, 318, 360);
    await expect(groups).toContainText('42 unread');
    await page.evaluate(() => {
      Reflect.deleteProperty(document, 'visibilityState');
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await beginsWith(318);
    await expect(groups).toContainText('42 unread');
    await expect(page.getByRole('button', { name: '42 new messages' })).toBeVisible();
  });
  await bob.close();
  expect(alice.complaints).toEqual([]);
});

/** What is read does not move by a pixel while this happens. */
async function stays(page: Page, happen: () => Promise<void>): Promise<void> {
  const text = await inSight(page);
  const top = await topOf(page, text);
  await happen();
  await still(page);
  expect(Math.abs((await topOf(page, text)) - top)).toBeLessThan(1);
}

const messagesOf = async (client: Bot, gid: GroupId) =>
  must(await client.timeline(gid, null)).items.filter((line) => line.kind === 'message');

const textsOf = async (client: Bot, gid: GroupId): Promise<string[]> =>
  (await messagesOf(client, gid)).map(({ file, text }) => file?.name ?? text);

async function itemOf(client: Bot, gid: GroupId, words: string) {
  const found = (await messagesOf(client, gid)).find(({ text }) => text.startsWith(words));
  if (found === undefined) throw new Error('no such message');
  return found.item;
}

type Held = 'worker' | 'picture';

/** From the next load on, what comes from the worker, or the bytes of pictures, can be held back and let through by the story. */
async function withHold(page: Page) {
  await page.addInitScript(() => {
    const held: Record<string, (() => void)[] | null> = { worker: null, picture: null };
    const { addEventListener } = EventTarget.prototype;
    Worker.prototype.addEventListener = function hear(
      this: Worker,
      kind: string,
      ear: (event: Event) => void,
    ) {
      const late = (event: Event): void => {
        if (held['worker'] === null) ear.call(this, event);
        else held['worker']?.push(() => ear.call(this, event));
      };
      addEventListener.call(this, kind, kind === 'message' ? late : ear);
    };
    const { setAttribute } = Element.prototype;
    HTMLImageElement.prototype.setAttribute = function draw(name, value) {
      // The address of a picture that is not drawn any more was given back.
      const late = (): void => {
        if (this.isConnected) setAttribute.call(this, name, value);
      };
      if (name !== 'src' || held['picture'] === null) setAttribute.call(this, name, value);
      else held['picture']?.push(late);
    };
    Object.assign(window, {
      hold: (what: string) => (held[what] = []),
      letGo: (what: string) => {
        const waiting = held[what] ?? [];
        held[what] = null;
        for (const pass of waiting) pass();
        return waiting.length;
      },
    });
  });
  await page.reload();
  const call = (verb: 'hold' | 'letGo', what: Held): Promise<unknown> =>
    page.evaluate(
      ([name, of]) => (window as unknown as Record<string, (of: string) => unknown>)[name]?.(of),
      [verb, what] as const,
    );
  return {
    hold: (what: Held) => call('hold', what),
    /** Answers how much was held. */
    letGo: (what: Held) => call('letGo', what),
  };
}

/** A real picture, drawn by the browser. */
const picture = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 1200;
    canvas.height = 900;
    canvas.getContext('2d')?.fillRect(300, 200, 600, 400);
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });

test('place: in the middle of a long talk reading stays to the pixel when earlier messages are put above, a message there grows, a picture there comes late; when the window becomes lower, what stood above the composer stands above it', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { alice, bob, gid } = await two(browser);
  const { page } = alice;
  await lines(bob, gid, 0, 100);
  const beds = Buffer.from(await picture(page), 'base64');
  await page
    .locator('input[type=file]')
    .setInputFiles([{ name: 'beds.jpg', mimeType: 'image/jpeg', buffer: beds }]);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('img', { name: 'beds.jpg' })).toBeVisible();
  await expect.poll(async () => (await textsOf(bob, gid)).includes('beds.jpg')).toBe(true);
  await lines(bob, gid, 100, 125);
  const { hold, letGo } = await withHold(page);
  const region = page.getByRole('region', { name: 'Messages' });
  await expect(page.getByRole('article').first()).toBeVisible();
  await still(page);
  await region.hover();
  await page.mouse.wheel(0, 100_000);
  await still(page);

  await test.step('a picture above comes late', async () => {
    await hold('picture');
    const row = page
      .getByRole('article')
      .filter({ has: page.getByRole('button', { name: /beds/u }) });
    await region.hover();
    await expect(async () => {
      if ((await row.count()) === 0) await page.mouse.wheel(0, -300);
      await expect(row).toHaveCount(1, { timeout: 200 });
    }).toPass();
    await still(page);
    const box = await row.boundingBox();
    const list = await region.boundingBox();
    // Just out of sight above, and drawn all the same.
    await page.mouse.wheel(0, (box?.y ?? 0) + (box?.height ?? 0) - (list?.y ?? 0) + 40);
    await still(page);
    await expect(row).toHaveCount(1);
    await stays(page, async () => {
      expect(await letGo('picture')).toBeGreaterThan(0);
      await expect
        .poll(() => row.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
        .toBeGreaterThan(0);
    });
  });

  await test.step('a message above grows', async () => {
    // Away from the picture, so that a message in words is the last one out of sight.
    await page.mouse.wheel(0, 300);
    await still(page);
    const above = await inSight(page, 'above');
    const item = await itemOf(bob, gid, above);
    await stays(page, async () => {
      must(await bob.editMessage(gid, item, `${above}\n${'changed\n'.repeat(30)}`));
      await expect(page.getByRole('article').filter({ hasText: 'changed' })).toHaveCount(1);
    });
  });

  await test.step('earlier messages are put above', async () => {
    await hold('worker');
    const coming = page.getByText('Loading earlier messages');
    await region.hover();
    await expect(async () => {
      await page.mouse.wheel(0, -2000);
      await expect(coming).toBeVisible({ timeout: 200 });
    }).toPass();
    await page.mouse.wheel(0, -5000);
    await still(page);
    await stays(page, async () => {
      expect(await letGo('worker')).toBeGreaterThan(0);
      await expect(coming).toBeHidden();
    });
  });

  await test.step('the keyboard of a phone comes and goes', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await still(page);
    await page.mouse.wheel(0, 1500);
    await still(page);
    const text = await inSight(page, 'last');
    const toComposer = async (): Promise<number> =>
      ((await composer(alice, GROUP).boundingBox())?.y ?? Number.NaN) -
      (await bottomOf(page, text));
    const [gap, top] = [await toComposer(), await topOf(page, text)];
    await page.setViewportSize({ width: 390, height: 480 });
    await still(page);
    expect(Math.abs((await toComposer()) - gap)).toBeLessThan(1);
    await page.setViewportSize({ width: 390, height: 844 });
    await still(page);
    expect(Math.abs((await topOf(page, text)) - top)).toBeLessThan(1);
  });

  await bob.close();
  expect(alice.complaints).toEqual([]);
});
