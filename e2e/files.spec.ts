/** Files between two browsers: whole, resumed, called off, refused in time, cleaned, looked at, and damaged on the disk of the server. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Locator, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  openTalk,
  type Person,
  reads,
  say,
} from './support/people.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';
const MIB = 1024 * 1024;
/** Frames with a part of a file are larger than anything else that is said. */
const PART_FRAME = 200_000;

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

async function two(browser: Parameters<typeof openPerson>[0]): Promise<[Person, Person]> {
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, '');
  const bob = await openPerson(browser, server, 'Bob');
  const code = await askToJoin(bob, link, GROUP, '');
  await approve(alice, bob, GROUP, code);
  await openTalk(bob, GROUP);
  return [alice, bob];
}

interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const bytesNamed = (name: string, length: number): Chosen => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: randomBytes(length),
});

async function choose(person: Person, ...files: readonly Chosen[]): Promise<void> {
  await person.page.locator('input[type=file]').setInputFiles([...files]);
}

async function send(person: Person, ...files: readonly Chosen[]): Promise<void> {
  await choose(person, ...files);
  await person.page.getByRole('button', { name: 'Send', exact: true }).click();
}

function message(person: Person, text: string): Locator {
  return person.page.getByRole('article').filter({ hasText: text });
}

/** The bytes the browser saves when the person asks for a file. */
async function saved(person: Person, press: () => Promise<void>): Promise<Buffer> {
  const coming = person.page.waitForEvent('download', { timeout: 120_000 });
  await press();
  return readFile(await (await coming).path());
}

const save = (person: Person, name: string): Promise<Buffer> =>
  saved(person, () => person.page.getByRole('button', { name: `Save ${name}` }).click());

/** How much of a file is said to be at the server. */
async function shareOf(person: Person): Promise<number> {
  const words = await person.page
    .getByText(/^Sending, \d+ %$/u)
    .first()
    .textContent();
  return Number(/\d+/u.exec(words ?? '')?.[0] ?? 0);
}

const partsIn = (traffic: readonly Buffer[]): number =>
  traffic.filter((frame) => frame.length > PART_FRAME).length;

test('files: 1 byte, 5 MiB and 25 MiB arrive whole, the last one through a reload; one is called off, a larger one refused', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const [alice, bob] = await two(browser);

  await test.step('two at once, the caption with the first', async () => {
    const [one, five] = [bytesNamed('one.bin', 1), bytesNamed('five.bin', 5 * MIB)];
    await choose(alice, one, five);
    await composer(alice, GROUP).fill('plans for the beds');
    await composer(alice, GROUP).press('Enter');
    await expect(message(bob, 'one.bin')).toContainText('plans for the beds');
    await expect(message(bob, 'five.bin')).toBeVisible({ timeout: 60_000 });
    expect((await save(bob, 'one.bin')).equals(one.buffer)).toBe(true);
    expect((await save(bob, 'five.bin')).equals(five.buffer)).toBe(true);
  });

  await test.step('25 MiB: the server dies in the middle, the page is reloaded, and it goes on from there', async () => {
    const large = bytesNamed('large.bin', 25 * MIB);
    await send(alice, large);
    await expect
      .poll(() => shareOf(alice), { timeout: 120_000, intervals: [20] })
      .toBeGreaterThan(5);
    await server.kill();
    const before = partsIn(alice.traffic);
    expect(before).toBeGreaterThan(0);
    await alice.page.reload();
    await expect(message(alice, 'large.bin')).toContainText('Goes out when you are online');
    await server.start();
    await expect(message(bob, 'large.bin')).toBeVisible({ timeout: 180_000 });
    // Every part once; the ones that were under way when the server died, twice.
    const all = 32 * 4 + 1;
    const sent = partsIn(alice.traffic) - partsOfFive;
    expect(sent).toBeLessThanOrEqual(all + 2);
    expect((await save(bob, 'large.bin')).equals(large.buffer)).toBe(true);
  });

  await test.step('called off while it is on its way', async () => {
    await send(alice, bytesNamed('wrong.bin', 25 * MIB));
    const line = message(alice, 'wrong.bin');
    await expect(line.getByRole('progressbar')).toBeVisible({ timeout: 60_000 });
    await line.getByRole('button', { name: 'Cancel' }).click();
    await expect(line).toHaveCount(0);
    await say(alice, GROUP, 'that was the wrong one');
    await reads(bob, 'that was the wrong one');
    await expect(message(bob, 'wrong.bin')).toHaveCount(0);
  });

  await test.step('too large is said before anything is uploaded', async () => {
    const before = partsIn(alice.traffic);
    await choose(alice, bytesNamed('film.bin', 26 * MIB));
    const tray = alice.page.getByRole('list', { name: 'Files to send' });
    await expect(tray).toContainText('This file has 26 MB. Up to 25 MB can be sent here.');
    await expect(alice.page.getByRole('button', { name: 'Send', exact: true })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    expect(partsIn(alice.traffic)).toBe(before);
    await tray.getByRole('button', { name: 'Remove film.bin' }).click();
    await expect(tray).toHaveCount(0);
  });
  expect([...alice.complaints, ...bob.complaints]).toEqual([]);
});

/** Sealed parts of the 5 MiB file: 8 MiB and what sealing adds. */
const partsOfFive = 32 + 1;

/** A picture as a camera writes it: with a place in it. Drawn by the browser, so that it is a real one. */
async function photo(person: Person, name: string, colour: string): Promise<Chosen> {
  const base64 = await person.page.evaluate(async (fill) => {
    const canvas = document.createElement('canvas');
    canvas.width = 1200;
    canvas.height = 800;
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error('no canvas');
    pen.fillStyle = fill;
    pen.fillRect(0, 0, 1200, 800);
    pen.fillStyle = '#fff';
    pen.fillRect(300, 200, 600, 400);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] ?? '';
  }, colour);
  const plain = Buffer.from(base64, 'base64');
  const exif = Buffer.from(`Exif\0\0${PLACE}`, 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  const buffer = Buffer.concat([plain.subarray(0, 2), head, exif, plain.subarray(2)]);
  return { name, mimeType: 'image/jpeg', buffer };
}

const PLACE = 'GPSLatitude 53.5436 GPSLongitude 9.9884';

test('pictures: what the camera wrote is gone, one looks through them by keyboard, and a damaged one is named', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const [alice, bob] = await two(browser);
  const beds = await photo(alice, 'beds.jpg', '#3a7');
  expect(beds.buffer.includes(PLACE)).toBe(true);

  await test.step('sent, seen small, and the place is out of it', async () => {
    await send(alice, beds);
    await send(alice, await photo(alice, 'shed.jpg', '#a63'));
    const small = message(bob, '').getByRole('img', { name: 'beds.jpg' });
    await expect(small).toBeVisible({ timeout: 30_000 });
    expect(await small.getAttribute('src')).toMatch(/^blob:/u);
    await bob.page.getByRole('button', { name: 'Open picture beds.jpg' }).click();
    const viewer = bob.page.getByRole('dialog', { name: 'beds.jpg' });
    await expect(viewer.getByRole('img', { name: 'beds.jpg' })).toBeVisible();
    const kept = await saved(bob, () => viewer.getByRole('button', { name: 'Save' }).click());
    expect(kept.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(kept.includes('Exif')).toBe(false);
    expect(kept.includes('GPS')).toBe(false);
  });

  await test.step('by keyboard to the next, back, and out', async () => {
    await bob.page.keyboard.press('ArrowRight');
    const next = bob.page.getByRole('dialog', { name: 'shed.jpg' });
    await expect(next.getByRole('img', { name: 'shed.jpg' })).toBeVisible();
    await bob.page.keyboard.press('ArrowRight');
    await expect(next).toBeVisible();
    await bob.page.keyboard.press('ArrowLeft');
    await expect(bob.page.getByRole('dialog', { name: 'beds.jpg' })).toBeVisible();
    await bob.page.keyboard.press('Escape');
    await expect(bob.page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('a picture that cannot be cleaned is not sent', async () => {
    const buffer = Buffer.concat([beds.buffer.subarray(0, 60), randomBytes(40)]);
    await send(alice, { name: 'cut.jpg', mimeType: 'image/jpeg', buffer });
    const tray = alice.page.getByRole('list', { name: 'Files to send' });
    await expect(tray).toContainText('This picture cannot be opened here');
    await tray.getByRole('button', { name: 'Remove cut.jpg' }).click();
  });

  await test.step('bytes that were changed at the server are told in words, and nothing breaks', async () => {
    await server.kill();
    server.bendFiles();
    await server.start();
    await say(bob, GROUP, 'are they there?');
    await reads(alice, 'are they there?');
    await bob.page.getByRole('button', { name: 'Open picture beds.jpg' }).click();
    const viewer = bob.page.getByRole('dialog', { name: 'beds.jpg' });
    await expect(viewer.getByRole('alert')).toContainText(
      'This file is damaged or was changed on its way',
    );
    await expect(viewer.getByRole('img')).toHaveCount(0);
    await bob.page.keyboard.press('Escape');
    await say(bob, GROUP, 'they were changed');
    await reads(alice, 'they were changed');
  });
  expect([...alice.complaints, ...bob.complaints]).toEqual([]);
});
