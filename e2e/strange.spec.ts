/** Texts that broke other programs are shown as what they are, and nothing becomes of them. */
import { expect, type Locator, type Page, test } from 'playwright/test';
import { ask, type Bot, bot, crowd, type GroupId, MANY, must, onTheWay } from './support/bots.ts';
import {
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  openSection,
  openTalk,
  type Person,
  reads,
} from './support/people.ts';
import {
  moreThanText,
  sendNamed,
  some,
  STRANGE,
  STRANGE_FILES,
  STRANGE_NAMES,
  STRANGEST,
} from './support/strange.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ ...MANY, LIMIT_MESSAGE_BURST: '10000' });
});
test.afterEach(() => server.close());

const PHONE = { width: 390, height: 2400 };

/** Scrolls the list this stands in by so much, and waits until it is drawn; answers whether there was more. */
const turn = (inList: Locator, by: number): Promise<boolean> =>
  inList.evaluate(async (it, px) => {
    let list = it.parentElement;
    while (list !== null && !/auto|scroll/u.test(getComputedStyle(list).overflowY))
      list = list.parentElement;
    const before = list?.scrollTop;
    list?.scrollBy(0, px);
    const moved = list?.scrollTop !== before;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return moved;
  }, by);

/** Goes up to the beginning of the talk; answers every message that was drawn on the way. */
async function readAll(page: Page): Promise<Set<string>> {
  const seen = new Set<string>();
  const list = page.getByRole('region', { name: 'Messages' });
  const beginning = list.getByText(
    /This is the beginning of what you can read|were not shared with you/u,
  );
  await list.hover();
  await page.mouse.wheel(0, -100);
  for (let i = 0; i < 400; i++) {
    for (const text of await page.getByRole('article').allTextContents()) seen.add(text);
    expect(await moreThanText(page)).toEqual([]);
    if (await beginning.isVisible()) return seen;
    await turn(page.getByRole('article').first(), -900);
  }
  throw new Error('the talk has no beginning');
}

test('P038: strange: every text as a message, as a name with a note, as the name of a group is only text', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const link = await foundGroup(alice, GROUP, '');
  const bob = await bot(server, 'Bob');
  await ask(bob, link, '');
  await openSection(alice, 'Requests');
  await page.getByRole('button', { name: 'Request of Bob' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect.poll(async () => (await bob.groups())[0]?.name).toBe(GROUP);
  const gid = (await bob.groups())[0]?.gid;
  if (gid === undefined) throw new Error('Bob is in the group');

  await test.step('as messages', async () => {
    const texts = STRANGE.filter((text) => text !== '');
    for (const text of texts) must(await bob.sendMessage(gid, text));
    must(await bob.sendMessage(gid, 'the end of it'));
    await openTalk(alice, GROUP);
    await page.setViewportSize(PHONE);
    await page.getByRole('region', { name: 'Messages' }).hover();
    // It opens where Alice stopped reading.
    await expect(async () => {
      await page.mouse.wheel(0, 100_000);
      await expect(page.getByRole('article').getByText('the end of it')).toBeVisible({
        timeout: 500,
      });
    }).toPass();
    const seen = await readAll(page);
    // Signs that light markdown takes for itself are left out on both sides; everything else stands there as it was sent.
    const plain = (text: string): string => text.replaceAll(/[\\`*_~\s]/gu, '');
    const shown = [...seen].map(plain);
    expect(texts.filter((text) => !shown.some((one) => one.includes(plain(text))))).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step('as names and notes of requests', async () => {
    let asked = 0;
    for (const text of STRANGEST) {
      const guest = await bot(server, text === '' ? 'Carol' : `C ${text}`);
      await ask(guest, link, text.slice(0, 1000));
      await guest.close();
      asked += 1;
    }
    await openSection(alice, 'Requests');
    await expect(page.getByRole('tab', { name: /^Waiting/u })).toContainText(String(asked));
    for (const size of [PHONE, { width: 1440, height: 2400 }]) {
      await page.setViewportSize(size);
      expect(await moreThanText(page)).toEqual([]);
    }
    await page
      .getByRole('button', { name: /^Request of/u })
      .first()
      .click();
    expect(await moreThanText(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step('as the name of the group, and refused in words where nobody could see it', async () => {
    await page.goto(server.address);
    await openTalk(alice, GROUP);
    await openSection(alice, 'Settings');
    const name = page.getByLabel('Group name');
    for (const text of ['<script>alert(0)</script>', '{{name}} $t(app.name) %s']) {
      await name.fill(text);
      await page.getByRole('button', { name: 'Save', exact: true }).first().click();
      await expect.poll(async () => (await bob.groups())[0]?.name).toBe(text);
      await expect(
        page.getByRole('heading', { name: text }).or(page.getByText(text)).first(),
      ).toBeVisible();
      expect(await moreThanText(page)).toEqual([]);
    }
    await name.fill('\u200b\u202e');
    await page.getByRole('button', { name: 'Save', exact: true }).first().click();
    await expect(
      page.getByText('a name is needed').or(page.getByRole('alert')).first(),
    ).toBeVisible();
    expect((await bob.groups())[0]?.name).toBe('{{name}} $t(app.name) %s');
  });

  await bob.close();
  expect(dialogs).toEqual([]);
  expect(alice.complaints).toEqual([]);
});

/** Fewer than make a wave of one link. */
const PER_LINK = 45;
const SIZES = [{ width: 1440, height: 2400 }, PHONE];

/** Bob's group, with Alice in a browser among its staff. */
async function staffed(alice: Person): Promise<{ readonly bob: Bot; readonly gid: GroupId }> {
  const bob = await bot(server, 'Bob');
  const gid = must(await bob.spawnGroup());
  must(await bob.initGroup(gid, { group_name: GROUP }, {}));
  await askToJoin(alice, await newLink(bob, gid), GROUP, '');
  await approveAll(bob, gid, 1);
  await expect(composer(alice, GROUP)).toBeVisible();
  const pid = must(await bob.group(gid)).members.find((member) => !member.me)?.pid;
  if (pid === undefined) throw new Error('Alice is in the group');
  must(await bob.editMember(gid, { set_role: [[pid, 2]] }));
  return { bob, gid };
}

async function newLink(bob: Bot, gid: GroupId): Promise<string> {
  const wishes = { label: 'Poster', expires: 0, maxUses: 0, role: 1, auto: false } as const;
  return must(await bob.copyLink(gid, must(await bob.createLink(gid, wishes))));
}

async function approveAll(bob: Bot, gid: GroupId, count: number): Promise<void> {
  const waiting = async () =>
    must(await bob.requests(gid)).filter(({ state }) => state === 'waiting');
  await expect.poll(async () => (await waiting()).length).toBe(count);
  const hashes = (await waiting()).map(({ hash }) => hash);
  for (let i = 0; i < hashes.length; i += 100)
    must(await bob.approve(gid, hashes.slice(i, i + 100)));
}

/** Goes down a long list; answers every name that was drawn on the way, in whatever row. */
async function namesIn(page: Page, list: Locator): Promise<Set<string>> {
  const seen = new Set<string>();
  const name = list.locator('bdi').first();
  await turn(name, -1_000_000);
  for (let more = true; more; more = await turn(name, 900)) {
    for (const text of await list.locator('bdi').allTextContents()) seen.add(text);
    expect(await moreThanText(page)).toEqual([]);
  }
  return seen;
}

test('P038: strange: a text as the name of a person is only text, asking and as a member', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const { bob, gid } = await staffed(alice);
  const shown = [...STRANGE_NAMES.keys()];
  // A member is named by an own client: the strangest stay, the others only ask.
  const strangest = shown.filter((name) => STRANGEST.includes(STRANGE_NAMES.get(name) ?? ''));
  const others = some(shown.filter((name) => !strangest.includes(name)));
  const guests = async (names: readonly string[], act: (client: Bot) => Promise<void>) => {
    const link = await newLink(bob, gid);
    const texts = names.map((name) => STRANGE_NAMES.get(name) ?? '');
    return crowd(server, texts, async (client) => {
      await ask(client, link, '');
      await act(client);
    });
  };
  const staying = await guests(strangest, () => Promise.resolve());
  await approveAll(bob, gid, strangest.length);
  for (let from = 0; from < others.length; from += PER_LINK)
    await guests(others.slice(from, from + PER_LINK), (client) => client.close());

  await test.step('asking', async () => {
    await openSection(alice, 'Requests');
    await expect(page.getByRole('tab', { name: /^Waiting/u })).toContainText(String(others.length));
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const list = page.getByRole('list', { name: 'Requests', exact: true });
      const seen = await namesIn(page, list);
      expect(others.filter((name) => !seen.has(name))).toEqual([]);
    }
  });

  await test.step('as members, and in the lines of the talk', async () => {
    const named = async () =>
      must(await bob.group(gid)).members.filter(({ name }) => name !== null).length;
    await expect.poll(named).toBe(strangest.length + 2);
    must(await bob.sendMessage(gid, 'all are in'));
    await page.setViewportSize({ width: 1440, height: 2400 });
    await openTalk(alice, GROUP);
    await reads(alice, 'all are in');
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await expect(page.getByRole('region', { name: 'Messages' })).toBeVisible();
      expect(await moreThanText(page)).toEqual([]);
    }
    await openSection(alice, 'Members');
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const named = { name: 'Members of the group' };
      const list = page.getByRole('table', named).or(page.getByRole('list', named));
      const seen = await namesIn(page, list);
      expect(strangest.filter((name) => !seen.has(name))).toEqual([]);
    }
  });

  await staying.close();
  await bob.close();
  expect(alice.complaints).toEqual([]);
});

test('P038: strange: a text as the name of a file is only text, and what is saved has a harmless one', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const { bob, gid } = await staffed(alice);
  for (const [text] of STRANGE_FILES) await sendNamed(bob, gid, text);
  // A text does not wait for files that are on their way.
  await expect.poll(() => onTheWay(bob, gid), { timeout: 120_000 }).toBe(0);
  must(await bob.sendMessage(gid, 'the end of it'));
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.getByRole('region', { name: 'Messages' }).hover();
    await expect(async () => {
      await page.mouse.wheel(0, 100_000);
      await expect(page.getByRole('article').getByText('the end of it')).toBeVisible({
        timeout: 500,
      });
    }).toPass();
    const seen = await readAll(page);
    const shown = [...seen];
    const missing = STRANGE_FILES.filter(([, name]) => !shown.some((one) => one.includes(name)));
    expect(missing).toEqual([]);
  }
  await bob.close();
  expect(alice.complaints).toEqual([]);
});
