/**
 * A copied profile: the same device key in two places. Two engines with one counter look like a device with two tongues, so the
 * one that notices stops sending for good and waits until the person lets it in again as a device of its own.
 */
import { equal } from '../lib/bytes.ts';
import type { Identity } from '../crypto/secret/identity.ts';
import { bool } from '../protocol/field.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { ZERO_HASH } from '../protocol/ids.ts';
import type { StoreWrite } from './ports.ts';
import type { Records } from './records.ts';
import { type Outgoing, type Replica, writesOf } from './replica.ts';
import type { StoredItem } from './timeline.ts';

const KEY = 'twin';

export interface Twin {
  readonly known: () => boolean;
  /** A message of this very device came by that was never sealed here. Stored before anything else goes out. */
  readonly notice: () => Promise<void>;
  /** The write that ends it; it goes with the new device key. */
  readonly end: StoreWrite;
  /** Once that is stored and the new key is in use: before, a message would still go out under the old one. */
  readonly over: () => void;
}

export async function createTwin(records: Records, told: () => void): Promise<Twin> {
  let known = (await records.read(KEY, bool)) ?? false;
  return {
    known: () => known,
    async notice() {
      if (known) return;
      known = true;
      await records.write([records.put(KEY, bool, true)]);
      told();
    },
    end: { key: KEY, value: null },
    over() {
      known = false;
    },
  };
}

/** Whether one of these items was written with this device's key, and not here. `outbox` as it was before they came. */
export function fromTwin(
  { pid, dev }: Identity,
  outbox: readonly Outgoing[],
  items: readonly StoredItem[],
): boolean {
  return items.some(({ item, message }) => {
    if (message === null || message.failure !== null) return false;
    const header = decodeHeader(message.header);
    if (!header.ok || header.value.author !== pid || header.value.dev !== dev) return false;
    return !outbox.some((out) => out.sealed?.item === item);
  });
}

/** Whether the server holds another message under the counter of this one. */
export function answeredForTwin(out: Outgoing, detail: unknown): boolean {
  return detail instanceof Uint8Array && out.sealed !== null && !equal(detail, out.sealed.header);
}

/** A group for a device that begins again: no counter is used, and nothing that waits is sealed. */
export function begunAgain(records: Records, replica: Replica): StoreWrite[] {
  replica.head = { ...replica.head, ownCtr: 0, ownItem: ZERO_HASH };
  replica.outbox = replica.outbox.map((out) => ({ ...out, sealed: null, failed: null }));
  return writesOf(records, replica, { outbox: true });
}
