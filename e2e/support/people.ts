/** Named people: each a browser context of their own, with everything their browser said and sent kept for the end of the story. */
import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
} from 'playwright/test';
import type { RunningServer } from './server.ts';

export interface Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console lines of warning level and above, page errors and policy reports. */
  readonly complaints: string[];
  /** Every frame of every socket and every request with its body. */
  readonly traffic: Buffer[];
}

export interface PersonWishes {
  /** Keeps no traffic: for what sends more than anybody wants to look at. */
  readonly quiet?: boolean;
}

export async function openPerson(
  browser: Browser,
  server: Pick<RunningServer, 'address'> & Partial<Pick<RunningServer, 'visited'>>,
  name: string,
  wishes: PersonWishes = {},
): Promise<Person> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  return personIn(context, server, name, wishes);
}

/** A person in a browser context that is open already. */
export async function personIn(
  context: BrowserContext,
  server: Pick<RunningServer, 'address'> & Partial<Pick<RunningServer, 'visited'>>,
  name: string,
  { quiet = false }: PersonWishes = {},
): Promise<Person> {
  server.visited?.(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  const traffic: Buffer[] = [];
  const keep = (payload: string | Buffer): void => {
    traffic.push(typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload);
  };
  context.on('console', (message) => {
    // A killed server is part of the story: the browser itself reports the refused connection.
    const refused = message.text().includes('net::ERR_CONNECTION_REFUSED');
    if (['warning', 'error'].includes(message.type()) && !refused) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  if (!quiet)
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => keep(payload));
      socket.on('framereceived', ({ payload }) => keep(payload));
    });
  context.on('request', (request) => {
    keep(request.url());
    const body = request.postDataBuffer();
    if (body !== null) keep(body);
  });
  await page.goto(server.address);
  return { name, context, page, complaints, traffic };
}

/** Makes an account with a first group; answers its join link. */
export async function foundGroup(person: Person, group: string, about: string): Promise<string> {
  const { page } = person;
  await page.getByLabel('Your name').fill(person.name);
  await page.getByRole('button', { name: 'Create a group' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a group' });
  await dialog.getByLabel('Group name').fill(group);
  await dialog.getByLabel('About').fill(about);
  await dialog.getByRole('button', { name: 'Create group' }).click();
  const ready = page.getByRole('dialog', { name: `${group} is ready` });
  await ready.getByRole('button', { name: 'Copy link' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await ready.getByRole('button', { name: 'Open the group' }).click();
  await expect(page.getByRole('heading', { name: group, level: 2 })).toBeVisible();
  return link;
}

/** Opens a link without an account, sees the preview, and asks; answers the six words. */
export async function askToJoin(
  person: Person,
  link: string,
  group: string,
  note: string,
): Promise<string> {
  const { page } = person;
  await page.goto(link);
  await expect(page.getByRole('heading', { name: group })).toBeVisible();
  // The secret leaves the address before anything else happens with it.
  await expect.poll(() => new URL(page.url()).hash).toBe('');
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('Note to the moderators').fill(note);
  await page.getByRole('button', { name: 'Ask to join' }).click();
  return readCode(page, 'Your six words');
}

export async function readCode(page: Page, label: string): Promise<string> {
  const words = page.getByRole('figure', { name: label });
  await expect(words).toBeVisible();
  return (await words.innerText()).trim().split(/\s+/u).join(' ');
}

/** Staff compares the code of one waiting request and approves it. */
export async function approve(
  staff: Person,
  applicant: Person,
  group: string,
  code: string,
): Promise<void> {
  const { page } = staff;
  await openTalk(staff, group);
  const manage = page.getByRole('link', { name: /^Manage/u });
  // It leads to the requests once there is one.
  await expect(manage).toHaveAttribute('href', /\/manage\/requests$/u, { timeout: 20_000 });
  await manage.click();
  await page.getByRole('button', { name: `Request of ${applicant.name}` }).click();
  expect(await readCode(page, `Six words of ${applicant.name}`)).toBe(code);
  await page.getByRole('button', { name: 'They match' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('button', { name: `Request of ${applicant.name}` })).toBeHidden();
  await openTalk(staff, group);
}

/** Goes to the talk of a group from wherever the person is. */
export async function openTalk(person: Person, group: string): Promise<void> {
  const { page } = person;
  const back = page.getByRole('link', { name: 'Back to the talk' });
  const entry = page.getByRole('link', { name: new RegExp(group, 'u') });
  // While a window closes over the page there is none of them: wait for a way before choosing one.
  const ways = back.or(entry).or(composer(person, group)).filter({ visible: true });
  await expect(ways.first()).toBeVisible();
  if (await back.isVisible()) await back.click();
  else if (!(await composer(person, group).isVisible())) await entry.first().click();
  await expect(page.getByRole('heading', { name: group, level: 2 })).toBeVisible();
}

export function composer(person: Person, group: string) {
  return person.page.getByRole('textbox', { name: `Message ${group}` });
}

export async function say(person: Person, group: string, text: string): Promise<void> {
  await composer(person, group).fill(text);
  await composer(person, group).press('Enter');
}

export function message(person: Person, text: string): Locator {
  return person.page.getByRole('article').filter({ hasText: text });
}

/** Takes an item from the menu of the last message with this text. */
export async function choose(person: Person, text: string, item: string): Promise<void> {
  const line = message(person, text).last();
  await line.hover();
  await line.getByRole('button', { name: /^Message of/u }).click();
  await person.page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Waits until the person has the message on the screen; a return after a lost connection may take a while. */
export async function reads(person: Person, text: string): Promise<void> {
  await expect(person.page.getByRole('article').getByText(text, { exact: true })).toBeVisible({
    timeout: 30_000,
  });
}

/** Opens the menu of a member in the console. */
export async function memberMenu(staff: Person, member: string): Promise<void> {
  const { page } = staff;
  await page.getByRole('link', { name: /^Manage/u }).click();
  await page
    .getByRole('navigation', { name: 'Manage' })
    .getByRole('link', { name: /^Members/u })
    .click();
  await page.getByRole('button', { name: `Actions for ${member}` }).click();
}

/** Texts of the messages on the screen, in order. The window is made tall enough for all of them. */
export async function transcript(person: Person): Promise<string[]> {
  await person.page.setViewportSize({ width: 1440, height: 6000 });
  await expect(
    person.page.getByText(/This is the beginning of what you can read|were not shared with you/u),
  ).toBeVisible();
  const said = await person.page.getByRole('article').locator('div[dir=auto]').allInnerTexts();
  await person.page.setViewportSize({ width: 1440, height: 900 });
  return said;
}

/** Opens one part of the console from wherever the person is. */
export async function openSection(staff: Person, section: string): Promise<void> {
  const { page } = staff;
  const nav = page.getByRole('navigation', { name: 'Manage' });
  const manage = page.getByRole('link', { name: /^Manage/u });
  await expect(nav.or(manage).filter({ visible: true }).first()).toBeVisible();
  if (!(await nav.isVisible())) await manage.click();
  await nav.getByRole('link', { name: new RegExp(`^${section}`, 'u') }).click();
  await expect(page.getByRole('heading', { name: section, level: 1 })).toBeVisible();
}

/** Makes a link with the usual terms in the console; answers its address. */
export async function makeLink(staff: Person, label: string): Promise<string> {
  const { page } = staff;
  await openSection(staff, 'Links');
  await page.getByRole('button', { name: 'Create link' }).click();
  const sheet = page.getByRole('dialog', { name: 'Create a link' });
  await sheet.getByLabel('Name of the link').fill(label);
  await sheet.getByRole('button', { name: 'Create link' }).click();
  const ready = page.getByRole('dialog', { name: 'The link is ready' });
  const address = await ready.getByLabel('Join link', { exact: true }).inputValue();
  await ready.getByRole('button', { name: 'Done' }).click();
  return address;
}

/** Goes on with Tab until this has the focus: what a story does by keyboard alone. */
export async function tabTo(page: Page, to: Locator): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if ((await to.count()) === 1 && (await to.evaluate((it) => it === document.activeElement)))
      return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}
