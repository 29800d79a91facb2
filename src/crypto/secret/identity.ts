/** An account's keys on one device, and the cards they sign. */
import { type Bytes, concat } from '../../lib/bytes.ts';
import { type CardBody, encodeCardBody } from '../../protocol/card.ts';
import { encodeEntryToSign, type EntryHeader } from '../../protocol/entry.ts';
import { type Dev, type Hash, type Pid, ZERO_HASH } from '../../protocol/ids.ts';
import { cardHash, devOf, pidOf } from '../hash.ts';
import { SIGN } from '../label.ts';
import type { KeyPair, Primitives } from '../primitives.ts';
import { signLabelled } from './sign.ts';

export interface Identity {
  readonly pid: Pid;
  readonly dev: Dev;
  readonly device: KeyPair;
  readonly sealing: KeyPair;
  /** All own cards, one after another. */
  readonly chain: Bytes;
  readonly cardHash: Hash;
}

/** 32-byte seeds; the root seed signs cards only and is kept sealed apart from the others. */
export interface Seeds {
  readonly root: Bytes;
  readonly device: Bytes;
  readonly sealing: Bytes;
}

/** Signs a card body with the root key. */
export function signCard(p: Primitives, root: KeyPair, body: CardBody): Bytes {
  const bytes = encodeCardBody(body);
  return concat(bytes, signLabelled(p, SIGN.card, root.secretKey, bytes));
}

/** The first card of a new account and what follows from it. `time` in ms since 1970. */
export function createIdentity(p: Primitives, seeds: Seeds, time: number): Identity {
  const root = p.signKeys(seeds.root);
  const device = p.signKeys(seeds.device);
  const sealing = p.boxKeys(seeds.sealing);
  const dev = devOf(p, device.publicKey);
  const body: CardBody = {
    n: 0,
    pid: ZERO_HASH as string as Pid,
    prev: ZERO_HASH,
    time,
    rootPk: root.publicKey,
    devices: [{ dev, signPk: device.publicKey }],
    sealGen: 1,
    sealPk: sealing.publicKey,
  };
  const card = signCard(p, root, body);
  p.wipe(root.secretKey);
  return {
    pid: pidOf(p, encodeCardBody(body)),
    dev,
    device,
    sealing,
    chain: card,
    cardHash: cardHash(p, card),
  };
}

/** Signs an entry, on or off the log, with the device key. */
export function signEntry(
  p: Primitives,
  identity: Identity,
  header: EntryHeader,
  body: Bytes,
): Bytes {
  const bytes = encodeEntryToSign(header, body);
  return concat(bytes, signLabelled(p, SIGN.act, identity.device.secretKey, bytes));
}
