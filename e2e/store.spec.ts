/** The store in a real browser: whoever opened it last is the only one that can write. */
import { expect, test } from 'playwright/test';
import { bundleStore, type StoreModule } from './support/store.ts';

const ADDRESS = 'http://localhost:1/';

test('store: an engine whose store was taken can read and cannot write', async ({ page }) => {
  const code = await bundleStore();
  await page.route(`${ADDRESS}**`, (route) =>
    route.request().url().endsWith('adapter.js')
      ? route.fulfill({ contentType: 'text/javascript', body: code })
      : route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  await page.goto(ADDRESS);
  const seen = await page.evaluate(async (address) => {
    const adapter = (await import(`${address}adapter.js`)) as StoreModule;
    const bytes = (n: number) => new Uint8Array(32).fill(n);
    const write = async (
      store: Awaited<ReturnType<StoreModule['openIndexedDb']>>['store'],
      n: number,
    ): Promise<string> =>
      store.write([{ key: 'counter', value: bytes(n) }]).then(
        () => 'written',
        (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
      );
    const first = await adapter.openIndexedDb('fence');
    const key = await first.storageKey(() => bytes(7));
    const before = await write(first.store, 1);
    // Opened while the first one is writing: what it had begun is done, what it begins later is refused.
    const begun = write(first.store, 2);
    const second = await adapter.openIndexedDb('fence');
    const sameKey = (await second.storageKey(() => bytes(8)))[0] === key[0];
    const late = await write(first.store, 3);
    const next = await write(second.store, 4);
    const laterStill = await write(first.store, 5);
    const read = (await first.store.read('counter'))?.[0];
    const overtaken = await adapter.openIndexedDb('fence empty');
    await adapter.openIndexedDb('fence empty');
    const lateKey = await overtaken
      .storageKey(() => bytes(9))
      .then(
        () => 'drawn',
        (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
      );
    return { before, begun: await begun, sameKey, late, next, laterStill, read, lateKey };
  }, ADDRESS);
  expect(seen).toEqual({
    before: 'written',
    begun: 'written',
    sameKey: true,
    late: 'StoreTaken',
    next: 'written',
    laterStill: 'StoreTaken',
    read: 4,
    lateKey: 'StoreTaken',
  });
});

test('P145: a store whose records are removed says so and takes no further write; nothing is begun anew', async ({
  page,
}) => {
  const code = await bundleStore();
  await page.route(`${ADDRESS}**`, (route) =>
    route.request().url().endsWith('adapter.js')
      ? route.fulfill({ contentType: 'text/javascript', body: code })
      : route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  await page.goto(ADDRESS);
  const seen = await page.evaluate(async (address) => {
    const adapter = (await import(`${address}adapter.js`)) as StoreModule;
    const done = <T>(asked: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        asked.addEventListener('success', () => resolve(asked.result));
        asked.addEventListener('error', () => reject(new Error('refused')));
      });
    const write = (
      store: Awaited<ReturnType<StoreModule['openIndexedDb']>>['store'],
    ): Promise<string> =>
      store.write([{ key: 'counter', value: new Uint8Array(8) }]).then(
        () => 'written',
        (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
      );
    // Only the records are emptied.
    const emptied = await adapter.openIndexedDb('emptied');
    const first = await write(emptied.store);
    const other = await done(indexedDB.open('emptied'));
    await done(other.transaction('records', 'readwrite').objectStore('records').clear());
    const after = await write(emptied.store);
    const why = await emptied.gone;
    // The whole database goes.
    const deleted = await adapter.openIndexedDb('deleted');
    await write(deleted.store);
    await done(indexedDB.deleteDatabase('deleted'));
    const whyDeleted = await deleted.gone;
    const late = await write(deleted.store);
    return { first, after, why, whyDeleted, late };
  }, ADDRESS);
  expect(seen).toEqual({
    first: 'written',
    after: 'cleared',
    why: 'cleared',
    whyDeleted: 'cleared',
    late: 'InvalidStateError',
  });
});
