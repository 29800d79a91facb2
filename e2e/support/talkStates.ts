/** Goes through the states of a talk and looks at each: every kind of saying, what can be done about one, the composer in every height. */
import { expect, type Page } from 'playwright/test';
import { type Bot, type GroupId, must } from './bots.ts';
import { choose, composer, message, openTalk, type Person, reads } from './people.ts';

/** What is done with the page in each state: a picture taken, or its marks for assistive technology checked. */
export type Look = (page: Page, state: string) => Promise<void>;

export interface Talk {
  readonly look: Look;
  readonly alice: Person;
  readonly bob: Bot;
  readonly carol: Bot;
  readonly group: string;
}

/** A picture of beds by the water, drawn by the browser. */
const picture = async (page: Page): Promise<Buffer> => {
  const jpeg = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 1200;
    canvas.height = 800;
    const pen = canvas.getContext('2d');
    if (pen === null) return '';
    const sky = pen.createLinearGradient(0, 0, 0, 800);
    sky.addColorStop(0, '#9cc4d8');
    sky.addColorStop(1, '#5d8a6b');
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 1200, 800);
    pen.fillStyle = '#6b4c33';
    for (let bed = 0; bed < 4; bed++) pen.fillRect(100 + bed * 260, 480, 200, 180);
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  return Buffer.from(jpeg, 'base64');
};

/** A message that begins with these words, once this person has it from the server. */
async function itemOf(client: Bot, gid: GroupId, words: string) {
  const find = async () =>
    must(await client.timeline(gid, null)).items.flatMap((line) =>
      line.kind === 'message' && line.text.startsWith(words) ? [line.item] : [],
    )[0];
  await expect.poll(find).toBeDefined();
  const item = await find();
  if (item === undefined) throw new Error('no such message');
  return item;
}

/** Everything that can stand in a talk, said by three people. */
async function sayAll({ look, alice, bob, carol, group }: Talk, gid: GroupId): Promise<void> {
  const { page } = alice;
  await page.locator('input[type=file]').setInputFiles([
    { name: 'beds.jpg', mimeType: 'image/jpeg', buffer: await picture(page) },
    {
      name: 'Plan of the raised beds, with seedlings and water, second version.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.alloc(300_000, 1),
    },
  ]);
  await composer(alice, group).fill('The beds as they stand now, and the plan');
  await expect(page.getByRole('button', { name: /^Remove/u })).toHaveCount(2);
  await look(page, '40-tray');
  await composer(alice, group).press('Enter');
  await expect(page.getByRole('img', { name: 'beds.jpg' })).toBeVisible();

  must(await bob.sendMessage(gid, 'Soil comes on Friday. **Who** can lift?\n\n- spades\n- gloves'));
  await reads(alice, 'spades');
  const soil = await itemOf(carol, gid, 'Soil');
  must(await carol.sendMessage(gid, 'I can, until noon', { reply: soil }));
  for (const emoji of ['👍', '🎉']) must(await carol.reactTo(gid, soil, emoji, true));
  must(await bob.sendMessage(gid, 'Then we start at nine'));
  must(
    await bob.editMessage(gid, await itemOf(bob, gid, 'Then'), 'Then we start at half past eight'),
  );
  must(await bob.sendMessage(gid, 'cheap watches'));
  must(await carol.sendMessage(gid, 'sorry, wrong group'));
  must(await carol.deleteMessage(gid, await itemOf(carol, gid, 'sorry')));
  await reads(alice, 'cheap watches');
  await expect(page.getByText('Carol deleted this message.')).toBeVisible();
  await choose(alice, 'Then we start', 'Pin');
  await choose(alice, 'cheap watches', 'Hide');
  await page
    .getByRole('dialog')
    .getByLabel(/Reason/u)
    .fill('Advertising');
  await look(page, '44-hide');
  await page.getByRole('dialog').getByRole('button', { name: 'Hide' }).click();
  await expect(page.getByText('Alice hid this message.')).toBeVisible();
  await choose(alice, 'Soil comes', 'React');
  await page.getByRole('menuitem', { name: /👍/u }).click();
}

/** The composer with ten lines, with many, and with more than a message holds; answering and editing. */
async function heights({ look, alice, group }: Talk): Promise<void> {
  const field = composer(alice, group);
  await choose(alice, 'I can, until noon', 'Reply');
  await field.fill(Array.from({ length: 10 }, (_, i) => `Line ${String(i + 1)}`).join('\n'));
  await look(alice.page, '41-ten-lines');
  await field.fill('A word more.\n'.repeat(200));
  await look(alice.page, '42-many-lines');
  await field.fill('too long '.repeat(1800));
  await look(alice.page, '43-too-long');
  await field.fill('');
  await field.press('Escape');
}

/** Goes away, lets much be said, and comes back to where reading stopped. */
async function comeBack({ look, alice, bob, group }: Talk, gid: GroupId): Promise<void> {
  const { page } = alice;
  const home = new URL('/', page.url()).href;
  await page.goto('about:blank');
  for (let n = 1; n <= 90; n++) must(await bob.sendMessage(gid, `Bed ${String(n)} is ready`));
  await page.goto(home);
  await expect(page.getByRole('navigation', { name: 'Groups' })).toContainText('90 unread');
  await look(page, '50-unread');
  await openTalk(alice, group);
  await expect(message(alice, 'Bed 1 is ready')).toBeInViewport();
  await look(page, '51-new');
  await page.getByRole('button', { name: /new messages/u }).click();
  await expect(message(alice, 'Bed 90 is ready')).toBeInViewport();
}

/** Opens a window, looks at it, and closes it again. */
async function inWindow(
  { look, alice: { page } }: Talk,
  state: string,
  open: () => Promise<void>,
): Promise<void> {
  await open();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look(page, state);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

export async function talkStates(talk: Talk): Promise<void> {
  const { look, alice, bob, group } = talk;
  const { page } = alice;
  const gid = (await bob.groups())[0]?.gid;
  if (gid === undefined) throw new Error('Bob is in the group');
  await sayAll(talk, gid);
  await look(page, '45-kinds');
  await heights(talk);
  await inWindow(talk, '46-details', () => choose(alice, 'Then we start', 'Details'));
  await inWindow(talk, '47-delete', () => choose(alice, 'The beds as they stand', 'Delete'));
  await inWindow(talk, '61-report', () => choose(alice, 'Soil comes', 'Report to the moderators…'));
  await inWindow(talk, '62-viewer', () =>
    page.getByRole('button', { name: 'Open picture beds.jpg' }).click(),
  );
  const soil = message(alice, 'Soil comes').last();
  await soil.hover();
  await soil.getByRole('button', { name: 'React', exact: true }).click();
  await look(page, '48-reactions');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Pinned messages' }).click();
  await look(page, '49-pins');
  await page.keyboard.press('Escape');
  await comeBack(talk, gid);

  const person = page.getByRole('button', { name: 'Open the menu of this person' }).first();
  await person.click();
  await look(page, '63-person');
  // Where the page became narrow meanwhile, the menu has gone with the members beside the talk.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await inWindow(talk, '52-safety', async () => {
    await person.click();
    await page.getByRole('menuitem', { name: 'Safety number' }).click();
  });
  await page.getByRole('link', { name: 'Search in this group' }).click();
  await look(page, '53-search-empty');
  await page.getByRole('searchbox').fill('from:bob bed');
  await expect(page.getByRole('button', { name: /Bed 90 is ready/u })).toBeVisible();
  await look(page, '54-search');
  await page.getByRole('searchbox').fill('nobody said this');
  await expect(page.getByText('Nothing found')).toBeVisible();
  await look(page, '55-search-nothing');
  await openTalk(alice, group);
}

/** The server is gone: what is written waits. */
export async function offlineState({ look, alice, group }: Talk): Promise<void> {
  await composer(alice, group).fill('I bring the wheelbarrow');
  await composer(alice, group).press('Enter');
  await expect(alice.page.getByText('Offline.').filter({ visible: true }).first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(message(alice, 'I bring the wheelbarrow')).toBeVisible();
  await look(alice.page, '60-offline');
}
