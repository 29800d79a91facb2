/** Test people: accounts with known keys, who sign what a test asks them to. */
import { type Bytes, ascii, concat } from '../../lib/bytes.ts';
import { cardHash, devOf, pidOf } from '../../crypto/hash.ts';
import { SIGN, type SignLabel } from '../../crypto/label.ts';
import type { KeyPair, Primitives } from '../../crypto/primitives.ts';
import { labelled } from '../../crypto/verify.ts';
import { type Action, encodeAction } from '../../protocol/action.ts';
import { encodeCardBody } from '../../protocol/card.ts';
import { encodeEntryToSign, type EntryHeader } from '../../protocol/entry.ts';
import { type Dev, type Hash, type Pid, ZERO_HASH } from '../../protocol/ids.ts';

export interface Person {
  readonly pid: Pid;
  readonly dev: Dev;
  readonly card: Hash;
  readonly chain: Bytes;
  readonly root: KeyPair;
  readonly device: KeyPair;
  readonly seal: KeyPair;
}

const ZERO_PID = ZERO_HASH as string as Pid;

export function sign(p: Primitives, keys: KeyPair, label: SignLabel, data: Uint8Array): Bytes {
  return p.sign(keys.secretKey, labelled(label, data));
}

/** Person number n, always the same; `installation` gives another device and sealing key. */
export function person(p: Primitives, n: number, time: number): Person {
  const number = new Uint8Array(32).fill(n);
  if (n > 255) new DataView(number.buffer).setUint32(0, n);
  const seed = (word: string): Bytes => p.keyedHash(32, number, ascii(word));
  const root = p.signKeys(seed('root'));
  const device = p.signKeys(seed('dev'));
  const seal = p.boxKeys(seed('seal'));
  const dev = devOf(p, device.publicKey);
  const body = encodeCardBody({
    n: 0,
    pid: ZERO_PID,
    prev: ZERO_HASH,
    time,
    rootPk: root.publicKey,
    devices: [{ dev, signPk: device.publicKey }],
    sealGen: 1,
    sealPk: seal.publicKey,
  });
  const chain = concat(body, sign(p, root, SIGN.card, body));
  return { pid: pidOf(p, body), dev, card: cardHash(p, chain), chain, root, device, seal };
}

/** The next card of a person whose device was lost: another device, another sealing key. */
export function withNewDevice(
  p: Primitives,
  before: Person,
  time: number,
): { readonly after: Person; readonly card: Bytes } {
  const device = p.signKeys(p.random(32));
  const seal = p.boxKeys(p.random(32));
  const dev = devOf(p, device.publicKey);
  const body = encodeCardBody({
    n: 1,
    pid: before.pid,
    prev: before.card,
    time,
    rootPk: before.root.publicKey,
    devices: [{ dev, signPk: device.publicKey }],
    sealGen: 2,
    sealPk: seal.publicKey,
  });
  const card = concat(body, sign(p, before.root, SIGN.card, body));
  return {
    after: {
      ...before,
      dev,
      device,
      seal,
      card: cardHash(p, card),
      chain: concat(before.chain, card),
    },
    card,
  };
}

/** A signed entry with the given header. */
export function signEntry(
  p: Primitives,
  by: Person,
  place: Omit<EntryHeader, 'kind' | 'author' | 'dev' | 'card'>,
  action: Action,
): Bytes {
  const bytes = encodeEntryToSign(
    { ...place, kind: action.kind, author: by.pid, dev: by.dev, card: by.card },
    encodeAction(action),
  );
  return concat(bytes, sign(p, by.device, SIGN.act, bytes));
}

/** An off-log act: seq, prev and view are zero. */
export function signOffLog(
  p: Primitives,
  by: Person,
  gid: EntryHeader['gid'],
  time: number,
  action: Action,
): Bytes {
  return signEntry(
    p,
    by,
    { gid, seq: 0, prev: ZERO_HASH, time, view: { t: 0, T: ZERO_HASH } },
    action,
  );
}
