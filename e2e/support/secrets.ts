/** Everything secret a browser holds, taken out the way only script on its own origin can: for proving that none of it ever left. */
import type { Page } from 'playwright/test';
import { loadSodium } from '../../src/crypto/sodium.ts';
import { loadAccount } from '../../src/engine/account.ts';
import { createRecords } from '../../src/engine/records.ts';
import { createMemoryStore } from '../../src/sdk/adapters/memory.ts';
import type { Field } from '../../src/protocol/field.ts';

/** Reads any record as it lies: bytes anywhere in it. */
const anything: Field<unknown> = {
  shape: 'anything',
  read: (value) => value,
  write: (value) => value,
};

interface Dump {
  readonly key: number[];
  readonly records: readonly (readonly [string, number[]])[];
}

async function dump(page: Page): Promise<Dump> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const open = indexedDB.open('conclave');
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error ?? new Error('no database'));
    });
    const ask = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no answer'));
      });
    const held = (await ask(db.transaction('keys').objectStore('keys').get('storage'))) as {
      wrapping: CryptoKey;
      iv: Uint8Array<ArrayBuffer>;
      sealed: ArrayBuffer;
    };
    const key = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: held.iv },
      held.wrapping,
      held.sealed,
    );
    const store = db.transaction('records').objectStore('records');
    const keys = (await ask(store.getAllKeys())).map(String);
    const values = (await ask(store.getAll())) as Uint8Array[];
    db.close();
    return {
      key: [...new Uint8Array(key)],
      records: keys.map((name, i): [string, number[]] => [name, [...(values[i] ?? [])]]),
    };
  });
}

/** Seeds, session keys and link secrets (32 bytes each) in this browser's store, and the number of records read. */
export async function secretsOf(
  page: Page,
): Promise<{ readonly secrets: Uint8Array[]; readonly records: number }> {
  const p = await loadSodium();
  const { key, records } = await dump(page);
  const store = createMemoryStore(
    new Map(records.map(([name, value]) => [name, new Uint8Array(value)])),
  );
  const opened = createRecords(p, store, new Uint8Array(key));
  const secrets: Uint8Array[] = [];
  const account = await loadAccount(p, opened);
  if (account !== null) {
    const { root, device, sealing, vaultKey } = account.stored;
    secrets.push(root, device, ...sealing, ...(vaultKey === null ? [] : [vaultKey]));
  }
  for (const [name] of records) {
    const value = await opened.read(name, anything);
    if (name.endsWith('/keys')) secrets.push(...sessionKeys(value));
    if (name === 'joins') secrets.push(...linkSecrets(value));
  }
  return { secrets, records: records.length };
}

/** Records are arrays in the order of their fields: generation, circle, kc, secret. */
function sessionKeys(value: unknown): Uint8Array[] {
  const rows: unknown[] = Array.isArray(value) ? value : [];
  return rows.flatMap((row) =>
    Array.isArray(row) && row[3] instanceof Uint8Array ? [row[3]] : [],
  );
}

/** joinId, gid, secret, ... */
function linkSecrets(value: unknown): Uint8Array[] {
  const rows: unknown[] = Array.isArray(value) ? value : [];
  return rows.flatMap((row) =>
    Array.isArray(row) && row[2] instanceof Uint8Array ? [row[2]] : [],
  );
}
