/** Texts that broke other programs are shown as what they are, and nothing becomes of them. */
import { expect, type Page, test } from 'playwright/test';
import { ask, bot, MANY, must } from './support/bots.ts';
import { foundGroup, openPerson, openSection, openTalk } from './support/people.ts';
import { moreThanText, STRANGE, STRANGEST } from './support/strange.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ ...MANY, LIMIT_MESSAGE_BURST: '10000' });
});
test.afterEach(() => server.close());

const PHONE = { width: 390, height: 2400 };

/** Goes up to the beginning of the talk; answers every message that was drawn on the way. */
async function readAll(page: Page): Promise<Set<string>> {
  const seen = new Set<string>();
  const beginning = page.getByText('This is the beginning of what you can read here.');
  await page.getByRole('region', { name: 'Messages' }).hover();
  for (let i = 0; i < 200; i++) {
    for (const text of await page.getByRole('article').allTextContents()) seen.add(text);
    expect(await moreThanText(page)).toEqual([]);
    if (await beginning.isVisible()) return seen;
    // Two turns of the wheel may come at once: together they are still less than what is shown.
    await page.mouse.wheel(0, -900);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
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
  await page.getByRole('link', { name: /^Manage/u }).click();
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
