/** The newest card the directory has of an account. */
import { type CardDevice, decodeChain } from '../../protocol/card.ts';
import type { Hash, Pid } from '../../protocol/ids.ts';
import type { Storage } from '../storage/port.ts';

export interface NewestCard {
  readonly hash: Hash;
  readonly devices: readonly CardDevice[];
}

/** Null where nothing was published. */
export async function newestCard(storage: Storage, pid: Pid): Promise<NewestCard | null> {
  const stored = (await storage.cards(pid)).at(-1);
  const cards = stored === undefined ? null : decodeChain(stored.card);
  return stored === undefined || cards?.ok !== true
    ? null
    : { hash: stored.hash, devices: cards.value[0]?.devices ?? [] };
}
