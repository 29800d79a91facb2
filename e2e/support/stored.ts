/** Everything script on the origin finds stored in a browser: every database, and the two small storages. */
import type { Page } from 'playwright/test';

export async function everythingStored(page: Page): Promise<{ where: string; bytes: Buffer }[]> {
  const found = await page.evaluate(async () => {
    const lines: [string, number[]][] = [];
    const text = (value: string): number[] => [...new TextEncoder().encode(value)];
    const keep = (where: string, value: unknown): void => {
      if (value instanceof ArrayBuffer) lines.push([where, [...new Uint8Array(value)]]);
      else if (value instanceof Uint8Array) lines.push([where, [...value]]);
      else if (value instanceof CryptoKey) lines.push([`${where} CryptoKey`, []]);
      else if (typeof value === 'object' && value !== null)
        for (const [name, part] of Object.entries(value)) keep(`${where}.${name}`, part);
      else lines.push([where, text(String(value))]);
    };
    for (const storage of [localStorage, sessionStorage])
      for (const [name, value] of Object.entries(storage)) keep(`small ${name}`, value);
    const ask = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no answer'));
      });
    for (const { name } of await indexedDB.databases()) {
      const db = await ask(indexedDB.open(name ?? ''));
      for (const store of db.objectStoreNames) {
        const read = db.transaction(store).objectStore(store);
        const keys = await ask(read.getAllKeys());
        const values = (await ask(read.getAll())) as unknown[];
        for (const [i, key] of keys.entries()) {
          const name = typeof key === 'string' ? key : '';
          keep(`${store} key`, name);
          keep(`${store} ${name}`, values[i]);
        }
      }
      db.close();
    }
    return lines;
  });
  return found.map(([where, bytes]) => ({ where, bytes: Buffer.from(bytes) }));
}
