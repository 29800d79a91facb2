/** An engine with its plugs in: the same for browser and Node, only the adapters differ. */
import type { Client } from '../client/client.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { createEngine } from '../engine/engine.ts';
import type { Clock, KeyPlace, Store, Stretch, Transport } from '../engine/ports.ts';
import type { Bytes } from '../lib/bytes.ts';

export interface Plugs {
  readonly transport: Transport;
  readonly store: Store;
  /** 32 bytes; drawn by `drawKey` the first time and kept by the adapter. */
  readonly storageKey: (drawKey: () => Bytes) => Promise<Bytes>;
  /** Resolves with a reason if the store loses what it held; null where that cannot be noticed. */
  readonly storeGone: Promise<string> | null;
  /** Null where this device cannot be locked. */
  readonly keyPlace: KeyPlace | null;
  /** Argon2id; where it cannot be had, passphrases are refused. */
  readonly stretch: Stretch;
  readonly clock: Clock;
  /** The origin this client means to talk to, e.g. https://chat.example */
  readonly origin: string;
  /** What this installation is called among the account's devices. */
  readonly deviceName: string;
}

export async function plugClient(plugs: Plugs): Promise<Client> {
  const primitives = await loadSodium();
  const storageKey = await plugs.storageKey(() => primitives.random(32));
  return createEngine({
    primitives,
    transport: plugs.transport,
    store: plugs.store,
    storageKey,
    storeGone: plugs.storeGone,
    keyPlace: plugs.keyPlace,
    stretch: plugs.stretch,
    clock: plugs.clock,
    origin: plugs.origin,
    deviceName: plugs.deviceName,
  });
}
