/** Key cards: the signed list of an account's keys, and chains of them. */
import { type Bytes, concat } from '../lib/bytes.ts';
import {
  createReader,
  decode,
  id,
  malformed,
  type Reader,
  sorted,
  u16,
  u32,
  u64,
  u8,
  v16,
} from './codec.ts';
import type { Outcome } from './failure.ts';
import type { Dev, Hash, Pid } from './ids.ts';
import { REPLAY } from './limits.ts';
import { WIRE_VERSION } from './version.ts';

export interface CardDevice {
  readonly dev: Dev;
  readonly signPk: Bytes;
}

export interface CardBody {
  readonly n: number;
  /** Zero in card 0, whose hash is the pid. */
  readonly pid: Pid;
  readonly prev: Hash;
  readonly time: number;
  readonly rootPk: Bytes;
  readonly devices: readonly CardDevice[];
  readonly sealGen: number;
  readonly sealPk: Bytes;
}

/** A card as received: `signed` are the body bytes the root key signed, `bytes` the whole card. */
export interface Card extends CardBody {
  readonly signature: Bytes;
  readonly signed: Bytes;
  readonly bytes: Bytes;
}

export function encodeCardBody(card: CardBody): Bytes {
  return concat(
    u8(WIRE_VERSION),
    u32(card.n),
    id(card.pid),
    id(card.prev),
    u64(card.time),
    card.rootPk,
    sorted(
      card.devices,
      (device) => device.dev,
      (device) => concat(id(device.dev), device.signPk, u8(0)),
    ),
    u16(card.sealGen),
    card.sealPk,
    v16(new Uint8Array()),
  );
}

function readCardBody(r: Reader): CardBody {
  if (r.u8() !== WIRE_VERSION) malformed('card version');
  const n = r.u32();
  const pid = r.id<Pid>();
  const prev = r.id<Hash>();
  const time = r.u64();
  const rootPk = r.bytes(32);
  const devices = r.sorted(
    REPLAY.devicesPerCard,
    () => {
      const device = { dev: r.id<Dev>(16), signPk: r.bytes(32) };
      if (r.u8() !== 0) malformed('device flags');
      return device;
    },
    (device) => device.dev,
  );
  const sealGen = r.u16();
  const sealPk = r.bytes(32);
  if (r.v16().length !== 0) malformed('kem key in version 1');
  return { n, pid, prev, time, rootPk, devices, sealGen, sealPk };
}

/** Reads the cards of a chain, one after another until the bytes end; at least one. Inside `decode` only. */
export function readChain(bytes: Bytes): Card[] {
  const r = createReader(bytes);
  const cards: Card[] = [];
  while (r.left() > 0) {
    if (cards.length === REPLAY.cardsPerChain) malformed('cards in a chain', 'E_LIMIT');
    const start = r.position();
    const body = readCardBody(r);
    const signed = r.since(start);
    const signature = r.bytes(64);
    cards.push({ ...body, signature, signed, bytes: r.since(start) });
  }
  if (cards.length === 0) malformed('empty chain');
  return cards;
}

export function decodeChain(bytes: Bytes): Outcome<Card[]> {
  return decode(bytes, (r) => readChain(r.bytes(r.left())));
}
