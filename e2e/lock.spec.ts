/** A device that is locked: nothing to see, nothing to find, and open again for who has the passphrase or the passkey. */
import { expect, type Page, test } from 'playwright/test';
import { heapText } from './support/heap.ts';
import {
  approve,
  askToJoin,
  composer,
  foundGroup,
  openPerson,
  type Person,
  reads,
  say,
} from './support/people.ts';
import { scan, textNeedle } from './support/scan.ts';
import { secretsOf } from './support/secrets.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { everythingStored } from './support/stored.ts';

const GROUP = 'Night watch';
const WORDS = 'anchor velvet mosquito thunder';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

const lockScreen = (page: Page) => page.getByRole('heading', { name: 'Conclave is locked' });

async function openMenu(page: Page, item: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^Account menu/u }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function setPassphrase({ page }: Person): Promise<void> {
  await openMenu(page, /^Lock$/u);
  await page.getByRole('button', { name: 'Lock with a passphrase' }).click();
  const dialog = page.getByRole('dialog', { name: 'Lock with a passphrase' });
  await dialog.getByLabel('New passphrase').fill(WORDS);
  await dialog.getByLabel('Type it again').fill(WORDS);
  await dialog.getByRole('button', { name: 'Set and lock now' }).click();
  await expect(lockScreen(page)).toBeVisible();
}

async function unlock(page: Page, words = WORDS): Promise<void> {
  await page.getByLabel('Passphrase').fill(words);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
}

/** Passkeys of a made-up device inside this page's browser. */
async function virtualKeys(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    clear: () => cdp.send('WebAuthn.clearCredentials', { authenticatorId }),
  };
}

async function openTab(person: Person): Promise<Person> {
  const page = await person.context.newPage();
  page.on('pageerror', (error) => person.complaints.push(error.message));
  await page.goto(server.address);
  return { ...person, page };
}

test('P149: a locked page holds nothing: not in the document, not in storage, not in memory; unlocked, all is there again', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice Example');
  const bob = await openPerson(browser, server, 'Bob Example');
  const link = await foundGroup(alice, GROUP, 'High water at the pier');
  await approve(alice, bob, GROUP, await askToJoin(bob, link, GROUP, 'I own a gauge'));
  await say(bob, GROUP, 'the tide is coming in');
  await reads(alice, 'the tide is coming in');
  await say(alice, GROUP, 'then we close the gate');
  await composer(alice, GROUP).fill('a draft nobody sent');
  const { secrets } = await secretsOf(alice.page);
  expect(secrets.length).toBeGreaterThan(4);
  const texts = [
    GROUP,
    'High water at the pier',
    'the tide is coming in',
    'then we close the gate',
    'a draft nobody sent',
    'Alice Example',
    'Bob Example',
    WORDS,
  ];
  const needles = [
    ...texts.map(textNeedle),
    ...secrets.map((bytes, i) => ({ what: `key ${String(i)}`, bytes })),
  ];
  // What is looked for can be found: the open page holds it.
  const openHeap = await heapText(alice.page);
  for (const text of ['the tide is coming in', 'Bob Example', 'a draft nobody sent'])
    expect(openHeap.includes(text), text).toBe(true);

  await setPassphrase(alice);
  const { page } = alice;
  await expect(page).toHaveTitle('Conclave');
  const shown = await page.evaluate(() => document.documentElement.outerHTML);
  for (const text of texts) expect(shown).not.toContain(text);

  await test.step('P090: script on the origin finds only ciphertext, and no key that opens it', async () => {
    const stored = await everythingStored(page);
    expect(stored.length).toBeGreaterThan(5);
    expect(scan(stored, needles)).toEqual([]);
    expect(stored.filter(({ where }) => where.includes('CryptoKey'))).toEqual([]);
  });

  await test.step('the memory of the page holds nothing of it', async () => {
    const heap = await heapText(page);
    expect(heap).toContain('Conclave is locked');
    expect(texts.filter((text) => heap.includes(text))).toEqual([]);
  });

  await test.step('P141: a wrong passphrase opens nothing, and each further try waits longer', async () => {
    for (let i = 0; i < 3; i++) {
      await unlock(page, 'anchor velvet mosquito lightning');
      await expect(page.getByText('This does not open it.')).toBeVisible({ timeout: 20_000 });
      await expect(page.getByLabel('Passphrase')).toHaveValue('');
    }
    await expect(page.getByText(/Next try in \d+ second/u).first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Unlock', exact: true })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await expect(page.getByRole('button', { name: 'Unlock', exact: true })).not.toHaveAttribute(
      'aria-disabled',
      'true',
    );
  });

  await say(bob, GROUP, 'written while you were away');
  await unlock(page);
  await expect(page.getByRole('link', { name: new RegExp(GROUP, 'u') })).toBeVisible({
    timeout: 20_000,
  });
  await page.getByRole('link', { name: new RegExp(GROUP, 'u') }).click();
  await reads(alice, 'written while you were away');
  await say(alice, GROUP, 'back again');
  await reads(bob, 'back again');

  await test.step('P090: unlocked, storage still holds no key', async () => {
    const stored = await everythingStored(page);
    expect(scan(stored, needles)).toEqual([]);
    expect(stored.filter(({ where }) => where.includes('CryptoKey'))).toEqual([]);
  });

  await page.keyboard.press('Control+Shift+L');
  await expect(lockScreen(page)).toBeVisible();
  await page.reload();
  await expect(lockScreen(page)).toBeVisible();
  for (const person of [alice, bob]) expect(person.complaints, person.name).toEqual([]);
});

test('P149: two tabs lock and open together; a third opened meanwhile is locked; nobody there for five minutes locks them', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice Example');
  await foundGroup(alice, GROUP, '');
  await setPassphrase(alice);
  const second = await openTab(alice);
  await expect(lockScreen(second.page)).toBeVisible();
  await unlock(second.page);
  const tabs = [alice, second];
  for (const { page } of tabs)
    await expect(page.getByRole('link', { name: new RegExp(GROUP, 'u') })).toBeVisible({
      timeout: 20_000,
    });

  await openMenu(alice.page, /^Lock now/u);
  for (const { page } of tabs) await expect(lockScreen(page)).toBeVisible();
  const third = await openTab(alice);
  await expect(lockScreen(third.page)).toBeVisible();
  await unlock(alice.page);
  tabs.push(third);
  for (const { page } of tabs) await expect(lockScreen(page)).toBeHidden({ timeout: 20_000 });

  await openMenu(third.page, /^Lock$/u);
  // One clock for all tabs of a browser.
  await alice.page.clock.install();
  await third.page.getByText('after 5 minutes').click();
  await expect(third.page.getByRole('radio', { name: 'after 5 minutes' })).toBeChecked();
  // Whoever moves in one tab is there for all of them.
  const told = third.page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        new BroadcastChannel('conclave-there').addEventListener('message', () => resolve());
      }),
  );
  await alice.page.clock.fastForward('04:00');
  await second.page.mouse.move(240, 200);
  await told;
  await alice.page.clock.fastForward('04:00');
  for (const { page } of tabs) await expect(lockScreen(page)).toBeHidden();
  await alice.page.clock.fastForward('02:00');
  for (const { page } of tabs) await expect(lockScreen(page)).toBeVisible();
  expect(alice.complaints).toEqual([]);
});

test('P144: a passkey locks and opens; when it is deleted, the passphrase opens', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice Example');
  const { page } = alice;
  await foundGroup(alice, GROUP, '');
  const keys = await virtualKeys(page);
  await setPassphrase(alice);
  await unlock(page);
  await expect(page.getByRole('heading', { name: 'Lock', level: 2 })).toBeVisible({
    timeout: 20_000,
  });
  await page.getByRole('button', { name: 'Lock with a passkey' }).click();
  await expect(page.getByText('It opens the lock from now on.')).toBeVisible();
  await page.getByRole('button', { name: 'Lock now' }).click();
  await page.getByRole('button', { name: 'Unlock with a passkey' }).click();
  await expect(page.getByRole('heading', { name: 'Lock', level: 2 })).toBeVisible({
    timeout: 20_000,
  });
  await page.getByRole('button', { name: 'Lock now' }).click();
  await keys.clear();
  await page.getByRole('button', { name: 'Unlock with a passkey' }).click();
  await expect(page.getByText('The passkey was not used.')).toBeVisible({ timeout: 70_000 });
  await unlock(page);
  await expect(page.getByRole('heading', { name: 'Lock', level: 2 })).toBeVisible({
    timeout: 20_000,
  });
  await page.getByRole('button', { name: /^Remove: Passkey/u }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: /^Remove: Passphrase/u }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn the lock off' }).click();
  await expect(page.getByRole('button', { name: 'Lock with a passphrase' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Lock', level: 2 })).toBeVisible();
  expect(alice.complaints).toEqual([]);
});

test('13: who cannot unlock erases the device and starts again', async ({ browser }) => {
  const alice = await openPerson(browser, server, 'Alice Example');
  const { page } = alice;
  await foundGroup(alice, GROUP, '');
  await setPassphrase(alice);
  const second = await openTab(alice);
  await expect(lockScreen(second.page)).toBeVisible();
  await page.getByRole('button', { name: 'I cannot unlock it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Erase and start again' }).click();
  await expect(page.getByRole('heading', { name: 'I have an account' })).toBeVisible();
  await expect(second.page.getByLabel('Your name')).toBeVisible();
  const stored = await everythingStored(page);
  expect(stored.filter(({ where }) => where.includes('account'))).toEqual([]);
  expect(alice.complaints).toEqual([]);
});

test('13: a passkey and a passphrase each bring the account to an empty browser; the last way stays', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const alice = await openPerson(browser, server, 'Alice Example');
  const { page } = alice;
  await foundGroup(alice, GROUP, '');
  await virtualKeys(page);
  await openMenu(page, /^Recovery code$/u);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const list = page.getByRole('list', { name: 'Ways back in' });
  await expect(list.getByText('Passkey', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove: Passkey' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.getByRole('button', { name: 'Add a passphrase' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a passphrase' });
  await dialog.getByLabel('New passphrase').fill(WORDS);
  await dialog.getByLabel('Type it again').fill(WORDS);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog.getByText('This is too easy to guess.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Suggest 6 words' }).click();
  const words = await dialog.locator('output .font-mono').innerText();
  expect(words.split(' ')).toHaveLength(6);
  await dialog.getByLabel('New passphrase').fill(words);
  await dialog.getByLabel('Type it again').fill(words);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(list.getByText('Passphrase and address')).toBeVisible({ timeout: 20_000 });
  const address = await list.locator('code').innerText();

  // A browser's made-up passkeys keep their secret to themselves, so the same browser is emptied instead.
  await openMenu(page, /^Log out$/u);
  await page.getByRole('dialog').getByRole('button', { name: 'Log out even so' }).click();
  await page.getByRole('link', { name: 'I have an account' }).click();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('link', { name: 'To my groups' }).click();
  await expect(page.getByRole('link', { name: new RegExp(GROUP, 'u') })).toBeVisible();

  const laptop = await openPerson(browser, server, 'Alice Example');
  await laptop.page.getByRole('link', { name: 'I have an account' }).click();
  await laptop.page.getByRole('button', { name: 'Use a passphrase' }).click();
  await laptop.page.getByLabel('Address').fill(address);
  await laptop.page.getByLabel('Passphrase', { exact: true }).fill(WORDS);
  await laptop.page.getByRole('form', { name: 'Use a passphrase' }).getByRole('button').click();
  await expect(laptop.page.getByText('Together these open nothing here.')).toBeVisible({
    timeout: 20_000,
  });
  await laptop.page.getByLabel('Passphrase', { exact: true }).fill(words);
  await laptop.page.getByRole('form', { name: 'Use a passphrase' }).getByRole('button').click();
  await laptop.page.getByRole('link', { name: 'To my groups' }).click({ timeout: 20_000 });
  await expect(laptop.page.getByRole('link', { name: new RegExp(GROUP, 'u') })).toBeVisible();
  for (const person of [alice, laptop]) expect(person.complaints, person.name).toEqual([]);
});
