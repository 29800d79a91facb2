/** An account's keys on one device, and the cards they sign. */
import { type Bytes, concat, equal } from '../../lib/bytes.ts';
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
  /** Sealing pairs used before: boxes of earlier generations were made for them. */
  readonly pastSealing: readonly KeyPair[];
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
    pastSealing: [],
    chain: card,
    cardHash: cardHash(p, card),
  };
}

/** What a device keeps of an account: its own seed, the shared sealing seeds (oldest first), and the chain of cards. */
export interface KeptKeys {
  readonly pid: Pid;
  readonly device: Bytes;
  readonly sealing: readonly Bytes[];
  readonly chain: Bytes;
  /** The last card of the chain. */
  readonly card: Bytes;
}

export function wakeIdentity(p: Primitives, kept: KeptKeys): Identity {
  const device = p.signKeys(kept.device);
  const pairs = kept.sealing.map((seed) => p.boxKeys(seed));
  const sealing = pairs.at(-1);
  if (sealing === undefined) throw new Error('broken promise: an account has a sealing key');
  return {
    pid: kept.pid,
    dev: devOf(p, device.publicKey),
    device,
    sealing,
    pastSealing: pairs.slice(0, -1),
    chain: kept.chain,
    cardHash: cardHash(p, kept.card),
  };
}

/** The sealing pair a box was made for; the present one where no other fits. */
export function sealingFor(identity: Identity, sealPk: Uint8Array): KeyPair {
  return identity.pastSealing.find((pair) => equal(pair.publicKey, sealPk)) ?? identity.sealing;
}

/** What changes from one card to the next. */
export interface CardChange {
  readonly devices: CardBody['devices'];
  readonly sealPk: Bytes;
}

/** Signs the card after a given one. `time` in ms since 1970. */
export function nextCard(
  p: Primitives,
  rootSeed: Bytes,
  before: Pick<CardBody, 'n' | 'rootPk' | 'sealGen' | 'sealPk'> & {
    readonly pid: Pid;
    readonly hash: Hash;
  },
  change: CardChange,
  time: number,
): Bytes {
  const root = p.signKeys(rootSeed);
  const card = signCard(p, root, {
    n: before.n + 1,
    pid: before.pid,
    prev: before.hash,
    time,
    rootPk: before.rootPk,
    devices: change.devices,
    sealGen: before.sealGen + (equal(change.sealPk, before.sealPk) ? 0 : 1),
    sealPk: change.sealPk,
  });
  p.wipe(root.secretKey);
  return card;
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
