import { describe, expect, it } from 'vitest';
import { type Bytes, concat, equal, toHex } from '../../lib/bytes.ts';
import type { Dev, Gid, Hash, Pid } from '../../protocol/ids.ts';
import { CIRCLE } from '../../protocol/role.ts';
import type { Primitives } from '../primitives.ts';
import { loadSodium } from '../sodium.ts';
import {
  buildBoxes,
  fingerprint,
  freshSecret,
  keyCommitment,
  leaveKey,
  memberKey,
  messageKey,
  openBox,
  pickBox,
  profileKey,
  type SessionKey,
  unwrapPrevious,
  wrapPrevious,
} from './groupKey.ts';

const p = await loadSodium();
const fill = (value: number): Bytes => new Uint8Array(32).fill(value);
const hash = (digit: string): Hash => digit.repeat(64) as Hash;
const pid = (digit: string): Pid => digit.repeat(64) as Pid;
const dev = (digit: string): Dev => digit.repeat(32) as Dev;
const gid = hash('9') as string as Gid;
const author = pid('a');
const rosterHash = hash('b');

const people = [1, 2, 3].map((seed) => p.boxKeys(fill(seed)));
const sealPks = people.map((keys) => keys.publicKey);

function keyOf(generation: number, secret: Bytes, circle: SessionKey['circle'] = 0): SessionKey {
  const at = { gid, generation, circle };
  return { ...at, secret, kc: keyCommitment(p, secret, at, rosterHash, author) };
}

const key = keyOf(3, fill(21));
const boxes = buildBoxes(p, key.secret, key, sealPks);

/** What every member of the circle can do: rebuild the boxes from the key and compare. */
const audit = (suspect: Bytes): boolean => equal(buildBoxes(p, key.secret, key, sealPks), suspect);

describe('kc: one key, one place (P047)', () => {
  it('another key, group, generation, circle, roster or author is another commitment', () => {
    const all = [
      keyCommitment(p, key.secret, key, rosterHash, author),
      keyCommitment(p, fill(22), key, rosterHash, author),
      keyCommitment(p, key.secret, { ...key, gid: hash('8') as string as Gid }, rosterHash, author),
      keyCommitment(p, key.secret, { ...key, generation: 4 }, rosterHash, author),
      keyCommitment(p, key.secret, { ...key, circle: CIRCLE.staff }, rosterHash, author),
      keyCommitment(p, key.secret, key, hash('c'), author),
      keyCommitment(p, key.secret, key, rosterHash, pid('c')),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('boxes', () => {
  it('each member opens the own box and no other', () => {
    for (const [i] of people.entries())
      expect(people.map((other) => openBox(p, pickBox(boxes, i), other) !== null)).toEqual(
        people.map((_, j) => i === j),
      );
    expect(openBox(p, pickBox(boxes, 1), people[1] ?? p.boxKeys(fill(9)))).toEqual(key.secret);
  });

  it('P019: boxes of another generation are other boxes', () => {
    const others = buildBoxes(p, key.secret, { ...key, generation: 2 }, sealPks);
    expect(others).not.toEqual(boxes);
    expect(audit(others)).toBe(false);
  });

  it('a box of another length or of a zero key does not open', () => {
    const own = people[0] ?? p.boxKeys(fill(9));
    const box = pickBox(boxes, 0);
    for (const length of [0, 32, 79]) expect(openBox(p, box.slice(0, length), own)).toBeNull();
    expect(openBox(p, concat(box, fill(0)), own)).toBeNull();
    const zero = buildBoxes(p, fill(0), key, sealPks);
    expect(openBox(p, pickBox(zero, 0), own)).toBeNull();
  });

  it('P045: the audit finds a poisoned box, whichever byte it is', () => {
    expect(audit(boxes)).toBe(true);
    for (let at = 0; at < boxes.length; at++) {
      const poisoned = boxes.slice();
      poisoned[at] = (poisoned[at] ?? 0) ^ 1;
      expect(audit(poisoned)).toBe(false);
    }
  });

  it('P045, P046: the audit finds a box that holds another key, a ghost, a missing and a swapped box', () => {
    const stranger = p.boxKeys(fill(8)).publicKey;
    const split = buildBoxes(p, fill(22), key, sealPks);
    const [first, second, third] = [0, 1, 2].map((i) => pickBox(boxes, i).slice(32));
    const eph = boxes.slice(0, 32);
    const suspects = [
      concat(boxes.slice(0, 80), split.slice(80)),
      buildBoxes(p, key.secret, key, [...sealPks, stranger]),
      buildBoxes(p, key.secret, key, [...sealPks.slice(0, 2), stranger]),
      boxes.slice(0, -48),
      concat(eph, ...[second, first, third].map((box) => box ?? fill(0))),
      new Uint8Array(),
    ];
    for (const suspect of suspects) expect(audit(suspect)).toBe(false);
  });
});

describe('wraps: the way back through generations', () => {
  const previous = keyOf(2, fill(20));
  const wrap = wrapPrevious(p, key, previous);

  it('a wrap is 72 bytes and opens to the generation before', () => {
    expect(wrap).toHaveLength(72);
    expect(unwrapPrevious(p, key, wrap, { ...previous, rosterHash }, author)).toEqual(previous);
    expect(wrapPrevious(p, key, previous)).not.toEqual(wrap);
  });

  it('is refused against another commitment, roster, author, generation or circle', () => {
    const open = (change: Partial<SessionKey & { rosterHash: Hash }>, by = author): unknown =>
      unwrapPrevious(p, key, wrap, { ...previous, rosterHash, ...change }, by);
    expect(open({ kc: key.kc })).toBeNull();
    expect(open({ rosterHash: hash('c') })).toBeNull();
    expect(open({ generation: 1 })).toBeNull();
    expect(open({ circle: CIRCLE.staff })).toBeNull();
    expect(open({}, pid('c'))).toBeNull();
  });

  it('is refused under another key, and with any byte changed', () => {
    const at = { ...previous, rosterHash };
    expect(unwrapPrevious(p, keyOf(3, fill(22)), wrap, at, author)).toBeNull();
    for (let i = 0; i < wrap.length; i++) {
      const damaged = wrap.slice();
      damaged[i] = (damaged[i] ?? 0) ^ 0x80;
      expect(unwrapPrevious(p, key, damaged, at, author)).toBeNull();
    }
  });

  it('a wrap of another key than was committed to opens for nobody', () => {
    const lie = wrapPrevious(p, key, { ...previous, secret: fill(30) });
    expect(unwrapPrevious(p, key, lie, { ...previous, rosterHash }, author)).toBeNull();
  });
});

describe('derived keys', () => {
  it('one per purpose, author, device, member and place; the staff key derives none of the everyone keys', () => {
    const staff = keyOf(3, fill(23), CIRCLE.staff);
    const all = [
      messageKey(p, key, pid('1'), dev('1')),
      messageKey(p, key, pid('1'), dev('2')),
      messageKey(p, key, pid('2'), dev('1')),
      messageKey(p, keyOf(4, fill(21)), pid('1'), dev('1')),
      messageKey(p, staff, pid('1'), dev('1')),
      profileKey(p, key),
      profileKey(p, staff),
      leaveKey(p, key),
      memberKey(p, key, pid('1')),
      memberKey(p, key, pid('2')),
      key.secret,
    ].map(toHex);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('fresh keys', () => {
  it('a key that is zero or was seen before is not taken', () => {
    const drawn = [fill(0), fill(1), fill(2)];
    const scripted: Primitives = { ...p, random: () => drawn.shift() ?? fill(7) };
    expect(freshSecret(scripted, new Set([fingerprint(p, fill(1))]))).toEqual(fill(2));
  });
});
