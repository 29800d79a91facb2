/** The whole path, from the browser to the disk and back: what Conclave is for. */
import { expect, test } from 'playwright/test';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  memberMenu,
  openPerson,
  openTalk,
  type Person,
  reads,
  say,
  transcript,
} from './support/people.ts';
import { filesIn, scan, textNeedle } from './support/scan.ts';
import { secretsOf } from './support/secrets.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';
const ABOUT = 'Beds behind the shed';
const NOTES = { bob: 'I bring two spades', carol: 'Alto from the choir', dave: 'Here for one day' };

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000', LIMIT_MESSAGES_PER_SECOND: '1000' });
});
test.afterEach(() => server.close());

test('main: a group is made, talks, changes hands, loses a member and its server, and loses nothing else', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const alice = await openPerson(browser, server, 'Alice Example');
  const bob = await openPerson(browser, server, 'Bob Example');
  const carol = await openPerson(browser, server, 'Carol Example');
  const dave = await openPerson(browser, server, 'Dave Example');
  const everybody = [alice, bob, carol, dave];
  const said: string[] = [];
  const speak = async (person: Person, text: string): Promise<void> => {
    said.push(text);
    await say(person, GROUP, text);
  };

  const link = await test.step('Alice makes an account and the group, and copies a link', () =>
    foundGroup(alice, GROUP, ABOUT));

  await test.step('Bob sees the preview before he has an account, asks, and is approved after the codes were compared', async () => {
    const code = await askToJoin(bob, link, GROUP, NOTES.bob);
    await approve(alice, bob, GROUP, code);
    await expect(composer(bob, GROUP)).toBeVisible();
  });

  await test.step('both chat', async () => {
    await speak(alice, 'The raised beds arrived');
    await reads(bob, 'The raised beds arrived');
    await speak(bob, 'I am there on Saturday');
    await reads(alice, 'I am there on Saturday');
  });

  await test.step('Alice makes Bob moderator', async () => {
    await memberMenu(alice, bob.name);
    await alice.page.getByRole('menuitem', { name: 'Make moderator' }).click();
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Make moderator' }).click();
    await openTalk(alice, GROUP);
    await expect(bob.page.getByRole('link', { name: /^Manage/u })).toBeVisible();
  });

  await test.step('Carol asks and Bob approves; the generation is 3 or more', async () => {
    const code = await askToJoin(carol, link, GROUP, NOTES.carol);
    await approve(bob, carol, GROUP, code);
    await expect(composer(carol, GROUP)).toBeVisible();
    await bob.page.getByRole('link', { name: /^Manage/u }).click();
    await bob.page
      .getByRole('navigation', { name: 'Manage' })
      .getByRole('link', { name: /^Security/u })
      .click();
    const number = bob.page.getByRole('definition').first();
    await expect(number).toHaveText(/^\d+$/u);
    expect(Number(await number.innerText())).toBeGreaterThanOrEqual(3);
    await openTalk(bob, GROUP);
  });

  await test.step('Alice removes Carol while all three are talking: nobody else loses a message', async () => {
    await speak(carol, 'carol before');
    await reads(alice, 'carol before');
    await reads(bob, 'carol before');
    const talk = async (person: Person, word: string): Promise<void> => {
      for (let i = 0; i < 6; i++) await speak(person, `${word} ${String(i)}`);
    };
    const carolTalks = (async () => {
      for (let i = 0; i < 20 && (await composer(carol, GROUP).isVisible()); i++) {
        // Her field may vanish between two keystrokes: that is the point of the step.
        await composer(carol, GROUP)
          .fill(`carol talks ${String(i)}`, { timeout: 1000 })
          .catch(() => undefined);
        await composer(carol, GROUP)
          .press('Enter', { timeout: 1000 })
          .catch(() => undefined);
      }
    })();
    await memberMenu(alice, carol.name);
    await alice.page.getByRole('menuitem', { name: 'Remove…' }).click();
    const removal = alice.page.getByRole('dialog', { name: `Remove ${carol.name}?` });
    await Promise.all([
      removal.getByRole('button', { name: 'Remove', exact: true }).click(),
      talk(bob, 'bob through it'),
    ]);
    await alice.page.getByRole('button', { name: 'Done' }).click();
    await openTalk(alice, GROUP);
    await talk(alice, 'alice after it');
    await carolTalks;
    for (const person of [alice, bob]) {
      await reads(person, 'bob through it 5');
      await reads(person, 'alice after it 5');
    }
    await expect(carol.page.getByText(/removed you from this group on/u)).toBeVisible();
    await expect(carol.page.getByText(/after it/u)).toHaveCount(0);
  });

  await test.step('Dave joins and leaves, and the key is rotated by itself', async () => {
    const code = await askToJoin(dave, link, GROUP, NOTES.dave);
    await approve(alice, dave, GROUP, code);
    await expect(composer(dave, GROUP)).toBeVisible();
    await speak(dave, 'dave says hello');
    await reads(alice, 'dave says hello');
    await dave.page.getByRole('button', { name: 'Group menu' }).click();
    await dave.page.getByRole('menuitem', { name: 'Leave group' }).click();
    await dave.page.getByRole('dialog').getByRole('button', { name: 'Leave group' }).click();
    await expect(alice.page.getByText('New key for everybody')).toBeVisible({ timeout: 20_000 });
    await expect(alice.page.getByText(/secured since/u)).toBeVisible();
  });

  await test.step('the server is killed in the middle and started again: the outbox delivers the rest', async () => {
    await speak(alice, 'stored before the end');
    await reads(bob, 'stored before the end');
    await server.kill();
    await speak(alice, 'written while it was away');
    await speak(bob, 'bob wrote meanwhile');
    await reads(alice, 'written while it was away');
    await server.start();
    await reads(bob, 'written while it was away');
    await reads(alice, 'bob wrote meanwhile');
  });

  await test.step('every page is reloaded and shows the same timeline', async () => {
    for (const person of [alice, bob]) {
      await person.page.reload();
      await expect(composer(person, GROUP)).toBeVisible();
      await reads(person, 'bob wrote meanwhile');
    }
    const ofAlice = await transcript(alice);
    const ofBob = await transcript(bob);
    expect(ofBob).toEqual(ofAlice);
    const expected = said.filter((text) => !text.startsWith('carol talks'));
    expect([...ofAlice].filter((text) => !text.startsWith('carol talks')).sort()).toEqual(
      [...expected].sort(),
    );
    await carol.page.reload();
    await expect(carol.page.getByText(/removed you from this group on/u)).toBeVisible();
    await expect(carol.page.getByText(/after it/u)).toHaveCount(0);
  });

  await test.step('neither the data folder nor any frame holds a name, a text, a link secret or a key', async () => {
    const secrets = await Promise.all(everybody.map((person) => secretsOf(person.page)));
    const keys = secrets.flatMap((one) => one.secrets);
    expect(keys.length).toBeGreaterThan(20);
    const secretPart = link.split('.')[2] ?? '';
    const needles = [
      ...[
        GROUP,
        ABOUT,
        ...Object.values(NOTES),
        ...everybody.map((person) => person.name),
        ...said,
        secretPart,
      ].map(textNeedle),
      ...keys.map((bytes, i) => ({ what: `key ${String(i)}`, bytes })),
      { what: 'link secret', bytes: Buffer.from(secretPart, 'base64url') },
    ];
    await server.kill();
    const traffic = everybody.flatMap((person) =>
      person.traffic.map((bytes) => ({ where: `traffic of ${person.name}`, bytes })),
    );
    expect(traffic.length).toBeGreaterThan(100);
    const files = await filesIn(server.folder);
    expect(files.length).toBeGreaterThan(0);
    expect(
      scan(
        [...files, ...traffic, { where: 'the log', bytes: Buffer.from(server.output()) }],
        needles,
      ),
    ).toEqual([]);
    // The scan itself must be able to find: what the server does see is there.
    const sees = await alice.page.evaluate(() => location.pathname.split('/')[2] ?? '');
    expect(
      scan([...files], [{ what: 'gid', bytes: Buffer.from(sees, 'base64url') }]).length,
    ).toBeGreaterThan(0);
  });

  for (const person of everybody)
    expect(person.complaints, `console of ${person.name}`).toEqual([]);
});
