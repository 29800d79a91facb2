/** What decoders refuse by rule, case by case: lengths, order, numbers, unknown values, text, emptiness. */
import { describe, expect, it } from 'vitest';
import { ascii, type Bytes, concat, utf8 } from '../lib/bytes.ts';
import { type Action, decodeAction, encodeAction } from './action.ts';
import { decodeChain, encodeCardBody } from './card.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import {
  createReader,
  decode,
  id,
  list,
  opt,
  sorted,
  u16,
  u32,
  u64,
  u8,
  v16,
  v32,
  v8,
} from './codec.ts';
import { decodeEntry, KIND } from './entry.ts';
import { decodeBody, decodeHeader } from './envelope.ts';
import type { Outcome } from './failure.ts';
import { encodeKeyUpdate } from './keyUpdate.ts';
import { REPLAY, SIZE } from './limits.ts';
import { decodeMemberRecord, decodeNameRecord, decodeNames, decodeSealedText } from './sealed.ts';
import { NO_OPS } from './ops.ts';
import {
  ACTIONS,
  card,
  chain,
  checkpoint,
  entryOf,
  fill,
  header,
  inner,
  LAYOUTS,
  nameRecord,
  pid,
  requestEntry,
} from './testing/samples.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const errorOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'taken' : outcome.error.name);

function patched(bytes: Bytes, at: number, ...values: number[]): Bytes {
  const out = bytes.slice();
  out.set(values, at);
  return out;
}

const rotateKeys = encodeKeyUpdate(ACTIONS.RotateSessionKey.keys);
const read = (kind: Action['kind'], ...parts: Bytes[]): string =>
  errorOf(decodeAction(kind, concat(...parts)));
const empty = u16(0);
const p = (byte: number): Bytes => id(pid(byte));

/** Ops written by hand, in any order. */
const ops = (
  remove: Bytes[] = [],
  add: Bytes[] = [],
  setRole: Bytes[] = [],
  unban: Bytes[] = [],
): Bytes => concat(...[remove, add, setRole, unban].map((items) => list(items, (item) => item)));
const memberOps = (...lists: Bytes[][]): string => read('MemberOps', ops(...lists), u8(0));
const gone = (byte: number, ban = 0): Bytes => concat(p(byte), u8(ban));
const added = (byte: number, via = 0, source = chain): Bytes =>
  concat(p(byte), u8(via), v32(source));
const role = (byte: number, value: number): Bytes => concat(p(byte), u8(value));

const link = (byte: number, change: { role?: number; flags?: number } = {}): Bytes =>
  concat(p(byte), u64(0), u16(0), u8(change.role ?? 1), u8(change.flags ?? 0), fill(32, 1));
const linkOps = (create: Bytes[], revoke: Bytes[] = []): string =>
  read(
    'LinkOps',
    list(create, (item) => item),
    list(revoke, (item) => item),
    fill(64, 0),
  );

describe('P116: lengths beyond the limit are refused before anything is copied', () => {
  const huge = u32(0xffff_ffff);
  const many = u16(0xffff);
  const entryHead = entryOf(ACTIONS.EditGroupInfo).slice(0, 198);
  const cases: readonly (readonly [string, string, () => string])[] = [
    ['body of an entry', 'E_LIMIT', () => errorOf(decodeEntry(concat(entryHead, huge)))],
    [
      'body one byte over 256 KiB',
      'E_LIMIT',
      () => errorOf(decodeEntry(concat(entryHead, u32(REPLAY.entryBodyBytes + 1)))),
    ],
    [
      'chain of SpawnGroup',
      'E_LIMIT',
      () => read('SpawnGroup', fill(32, 0), u8(1), u16(0), fill(32, 0), u8(0), huge),
    ],
    ['chain of UpdateCard', 'E_LIMIT', () => read('UpdateCard', huge)],
    ['chain of a request', 'E_LIMIT', () => read('RequestToJoin', fill(40, 0), huge)],
    ['list of removals', 'E_LIMIT', () => read('MemberOps', many)],
    ['257 removals', 'E_LIMIT', () => read('MemberOps', u16(257))],
    ['list of additions', 'E_LIMIT', () => read('MemberOps', empty, many)],
    ['source of an addition', 'E_LIMIT', () => read('MemberOps', empty, u16(1), p(1), u8(0), huge)],
    ['list of roles', 'E_LIMIT', () => read('MemberOps', empty, empty, many)],
    ['list of pardons', 'E_LIMIT', () => read('MemberOps', empty, empty, empty, many)],
    ['list of new links', 'E_LIMIT', () => read('LinkOps', many)],
    ['list of revoked links', 'E_LIMIT', () => read('LinkOps', empty, many)],
    [
      'number of boxes',
      'E_LIMIT',
      () => read('RotateSessionKey', patched(rotateKeys, 101, 0xff, 0xff)),
    ],
    ['1001 boxes', 'E_LIMIT', () => read('RotateSessionKey', patched(rotateKeys, 101, 0x03, 0xe9))],
    ['keys of a report', 'E_LIMIT', () => read('Report', u32(1), v16(fill(40, 0)), many)],
    ['sealed report', 'E_FORMAT', () => read('Report', u32(1), many)],
    [
      'note of a rejection',
      'E_LIMIT',
      () => read('RejectRequest', fill(32, 0), u8(0), u8(1), many),
    ],
    ['farewell note', 'E_FORMAT', () => read('LeaveGroup', u8(1), u32(1), fill(24, 0), many)],
    ['sealed text', 'E_FORMAT', () => errorOf(decodeSealedText(concat(u32(1), fill(24, 0), many)))],
    [
      'member record',
      'E_LIMIT',
      () => errorOf(decodeMemberRecord(concat(u32(1), u8(0), fill(24, 0), many))),
    ],
    ['names', 'E_LIMIT', () => errorOf(decodeNames(many, 1000))],
    ['devices of a card', 'E_LIMIT', () => errorOf(decodeChain(patched(card, 109, 0xff, 0xff)))],
    ['17 devices', 'E_LIMIT', () => errorOf(decodeChain(patched(card, 109, 0, 17)))],
    [
      '513 cards',
      'E_LIMIT',
      () => errorOf(decodeChain(concat(...Array.from({ length: 513 }, () => card)))),
    ],
  ];

  it.each(cases)('%s: %s', (_, expected, run) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(run()).toBe(expected);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
  });

  it('a list that claims more items than there are bytes left makes no items', () => {
    let made = 0;
    const outcome = decode(concat(u16(5), fill(4, 0)), (r) =>
      r.list(10, () => {
        made += 1;
        return r.u8();
      }),
    );
    expect([errorOf(outcome), made]).toEqual(['E_FORMAT', 0]);
  });
});

describe('P117: lists are strictly ascending by id', () => {
  it('removals, additions, roles, pardons', () => {
    expect(memberOps([gone(1), gone(2)])).toBe('taken');
    expect(memberOps([gone(2), gone(1)])).toBe('E_FORMAT');
    expect(memberOps([gone(1), gone(1)])).toBe('E_FORMAT');
    expect(memberOps([], [added(1), added(2)])).toBe('taken');
    expect(memberOps([], [added(2), added(1)])).toBe('E_FORMAT');
    expect(memberOps([], [added(1), added(1)])).toBe('E_FORMAT');
    expect(memberOps([], [], [role(1, 0), role(2, 1)])).toBe('taken');
    expect(memberOps([], [], [role(2, 1), role(1, 0)])).toBe('E_FORMAT');
    expect(memberOps([], [], [role(1, 0), role(1, 1)])).toBe('E_FORMAT');
    expect(memberOps([], [], [], [p(1), p(2)])).toBe('taken');
    expect(memberOps([], [], [], [p(2), p(1)])).toBe('E_FORMAT');
    expect(memberOps([], [], [], [p(1), p(1)])).toBe('E_FORMAT');
  });

  it('P052: a pid stands once; twice only as remove then add, and then set_role', () => {
    expect(memberOps([gone(1)], [added(1)])).toBe('taken');
    expect(memberOps([gone(1)], [added(1)], [role(1, 2)])).toBe('taken');
    expect(memberOps([], [added(1)], [role(1, 0)])).toBe('taken');
    expect(memberOps([gone(1)], [], [role(1, 0)])).toBe('E_FORMAT');
    expect(memberOps([gone(1)], [], [], [p(1)])).toBe('E_FORMAT');
    expect(memberOps([], [added(1)], [], [p(1)])).toBe('E_FORMAT');
    expect(memberOps([], [], [role(1, 0)], [p(1)])).toBe('E_FORMAT');
  });

  it('links, revoked links, devices, names', () => {
    expect(linkOps([link(1), link(2)], [p(3), p(4)])).toBe('taken');
    expect(linkOps([link(2), link(1)])).toBe('E_FORMAT');
    expect(linkOps([link(1), link(1)])).toBe('E_FORMAT');
    expect(linkOps([], [p(2), p(1)])).toBe('E_FORMAT');
    expect(linkOps([], [p(1), p(1)])).toBe('E_FORMAT');

    const device = (byte: number): Bytes => concat(fill(16, byte), fill(32, byte), u8(0));
    const cardWith = (...devices: Bytes[]): string => {
      const before = card.slice(0, 109);
      const after = card.slice(109 + 2 + 49);
      return errorOf(
        decodeChain(
          concat(
            before,
            list(devices, (item) => item),
            after,
          ),
        ),
      );
    };
    expect(cardWith(device(1), device(2))).toBe('taken');
    expect(cardWith(device(2), device(1))).toBe('E_FORMAT');
    expect(cardWith(device(1), device(1))).toBe('E_FORMAT');

    const names = (...records: Bytes[]): string => errorOf(decodeNames(list(records, v16), 10));
    const other = patched(nameRecord, 32, ...fill(32, 0x13));
    expect(names(nameRecord, other)).toBe('taken');
    expect(names(other, nameRecord)).toBe('E_FORMAT');
    expect(names(nameRecord, nameRecord)).toBe('E_FORMAT');
  });
});

describe('P118: numbers above 2^53-1', () => {
  const over = [0x00, 0x20, 0, 0, 0, 0, 0, 0];
  const most = [0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  const body = concat(fill(64, 0), inner, LAYOUTS['padded256'] ?? fill(0, 0));
  const places: readonly (readonly [string, Bytes, number, (bytes: Bytes) => Outcome<unknown>])[] =
    [
      ['time of an entry', entryOf(ACTIONS.EditGroupInfo), 150, decodeEntry],
      ['view of an entry', entryOf(ACTIONS.EditGroupInfo), 158, decodeEntry],
      ['counter of a message', header, 87, decodeHeader],
      ['view in a message', body, 64 + 68, decodeBody],
      ['time in a message', body, 64 + 108, decodeBody],
      ['position in a checkpoint', checkpoint, 68, decodeCheckpoint],
      ['time of a checkpoint', checkpoint, 108, decodeCheckpoint],
      ['time of a card', card, 69, decodeChain],
      [
        'end of an acceptance',
        encodeAction(ACTIONS.TransferOwnership),
        36,
        (bytes) => decodeAction('TransferOwnership', bytes),
      ],
      [
        'end of a request',
        encodeAction(ACTIONS.RequestToJoin),
        32,
        (bytes) => decodeAction('RequestToJoin', bytes),
      ],
      [
        'end of a link',
        encodeAction(ACTIONS.LinkOps),
        34,
        (bytes) => decodeAction('LinkOps', bytes),
      ],
    ];

  it.each(places)('%s', (_, bytes, at, decodeIt) => {
    expect(errorOf(decodeIt(patched(bytes, at, ...most)))).toBe('taken');
    expect(errorOf(decodeIt(patched(bytes, at, ...over)))).toBe('E_FORMAT');
    expect(errorOf(decodeIt(patched(bytes, at, ...fill(8, 0xff))))).toBe('E_FORMAT');
  });

  it('our own writer refuses what does not fit', () => {
    expect(decode(u64(MAX), (r) => r.u64())).toEqual({ ok: true, value: MAX });
    for (const value of [-1, 0.5, Number.NaN, MAX + 1, 2 ** 64])
      expect(() => u64(value)).toThrow('broken promise');
    expect(() => u8(256)).toThrow('broken promise');
    expect(() => u16(65_536)).toThrow('broken promise');
    expect(() => u32(2 ** 32)).toThrow('broken promise');
    expect(() => v8(fill(256, 0))).toThrow('broken promise');
    expect(() => v16(fill(65_536, 0))).toThrow('broken promise');
  });
});

describe('P119: unknown versions, kinds, suites, flags, roles, ways and options', () => {
  const entry = entryOf(ACTIONS.EditGroupInfo);

  it('version and kind of an entry', () => {
    for (const version of [0, 2, 255])
      expect(errorOf(decodeEntry(patched(entry, 0, version)))).toBe('E_FORMAT');
    const known = new Set<number>(Object.values(KIND));
    known.delete(KIND.SendMessage);
    for (let kind = 0; kind < 256; kind++)
      expect(errorOf(decodeEntry(patched(entry, 1, kind)))).toBe(
        known.has(kind) ? 'taken' : 'E_FORMAT',
      );
  });

  it('version, kind, circle and counter zero of a message', () => {
    expect(errorOf(decodeHeader(patched(header, 0, 2)))).toBe('E_FORMAT');
    expect(errorOf(decodeHeader(patched(header, 1, 4)))).toBe('E_FORMAT');
    expect(errorOf(decodeHeader(patched(header, 86, 0)))).toBe('taken');
    expect(errorOf(decodeHeader(patched(header, 86, 2)))).toBe('E_FORMAT');
    expect(errorOf(decodeHeader(patched(header, 87, ...fill(8, 0))))).toBe('E_FORMAT');
  });

  it('version of a card, flags of a device, a key of a later suite', () => {
    expect(errorOf(decodeChain(patched(card, 0, 2)))).toBe('E_FORMAT');
    expect(errorOf(decodeChain(patched(card, 109 + 2 + 48, 1)))).toBe('E_FORMAT');
    const kem = concat(card.slice(0, -66), v16(fill(32, 1)), card.slice(-64));
    expect(errorOf(decodeChain(kem))).toBe('E_FORMAT');
  });

  it('suite and policy bits of SpawnGroup, policy bits of EditGroupInfo', () => {
    const spawn = encodeAction(ACTIONS.SpawnGroup);
    for (const suite of [0, 2, 255])
      expect(read('SpawnGroup', patched(spawn, 32, suite))).toBe('E_SUITE');
    for (let bit = 0; bit < 16; bit++) {
      const said = bit < 5 ? 'taken' : 'E_FORMAT';
      expect(read('SpawnGroup', patched(spawn, 33, (1 << bit) >> 8, (1 << bit) & 0xff))).toBe(said);
      expect(read('EditGroupInfo', fill(64, 0), opt(u16(1 << bit)))).toBe(said);
    }
  });

  it('ban, via, role of a member; role and flags of a link', () => {
    for (let value = 0; value < 256; value++) {
      expect(memberOps([gone(1, value)])).toBe(value < 2 ? 'taken' : 'E_FORMAT');
      expect(memberOps([], [], [role(1, value)])).toBe(value < 4 ? 'taken' : 'E_FORMAT');
      expect(memberOps([], [added(1, value)])).toBe(value === 0 ? 'taken' : 'E_FORMAT');
      expect(memberOps([], [added(1, value, requestEntry.bytes)])).toBe(
        value === 1 ? 'taken' : 'E_FORMAT',
      );
      expect(linkOps([link(1, { role: value })])).toBe(value < 2 ? 'taken' : 'E_FORMAT');
      expect(linkOps([link(1, { flags: value })])).toBe(value < 4 ? 'taken' : 'E_FORMAT');
    }
  });

  it('circle and flags of a key batch, reason of a rotation, flags of a rejection, circle of a complaint', () => {
    const second = 104 + 72;
    expect(read('RotateSessionKey', rotateKeys, u8(0))).toBe('taken');
    expect(read('RotateSessionKey', patched(rotateKeys, 4, 1), u8(0))).toBe('E_FORMAT');
    expect(read('RotateSessionKey', patched(rotateKeys, second + 4, 0), u8(0))).toBe('E_FORMAT');
    for (const flags of [4, 8, 128])
      expect(read('RotateSessionKey', patched(rotateKeys, second + 103, flags), u8(0))).toBe(
        'E_FORMAT',
      );
    for (let value = 0; value < 256; value++) {
      expect(read('RotateSessionKey', rotateKeys, u8(value))).toBe(
        value < 5 ? 'taken' : 'E_FORMAT',
      );
      expect(read('RejectRequest', fill(32, 0), u8(value), u8(0))).toBe(
        value < 4 ? 'taken' : 'E_FORMAT',
      );
      expect(read('Complain', u32(1), u8(value))).toBe(value < 2 ? 'taken' : 'E_FORMAT');
    }
  });

  it('an option byte is 0 or 1; a member record tells a name or an ack', () => {
    for (let value = 2; value < 256; value++) {
      expect(read('CloseGroup', u8(value), fill(32, 0))).toBe('E_FORMAT');
      expect(read('LeaveGroup', u8(value))).toBe('E_FORMAT');
      expect(
        errorOf(decodeMemberRecord(concat(u32(1), u8(value), fill(24, 0), v16(fill(9, 0))))),
      ).toBe('E_FORMAT');
    }
  });

  it('InitGroup adds directly and sets roles; it removes, pardons and admits nobody', () => {
    const init = (bytes: Bytes): string => read('InitGroup', fill(64, 0), bytes, rotateKeys);
    expect(init(ops())).toBe('taken');
    expect(init(ops([], [added(1)], [role(1, 2)]))).toBe('taken');
    expect(init(ops([gone(1)]))).toBe('E_FORMAT');
    expect(init(ops([], [], [], [p(1)]))).toBe('E_FORMAT');
    expect(init(ops([], [added(1, 1, requestEntry.bytes)]))).toBe('E_FORMAT');
  });
});

describe('P120: text is well-formed UTF-8', () => {
  const record = (name: Bytes, avatar: Bytes): string =>
    errorOf(decodeNameRecord(concat(nameRecord.slice(0, 84), v8(name), v16(avatar), fill(64, 0))));

  it.each([
    ['overlong', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a lone continuation byte', [0x80]],
    ['cut', [0xe2, 0x82]],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('a name or an avatar that is %s is E_FORMAT', (_, bytes) => {
    expect(record(new Uint8Array(bytes), ascii(''))).toBe('E_FORMAT');
    expect(record(ascii('a'), new Uint8Array(bytes))).toBe('E_FORMAT');
    expect(record(utf8('\u00e4') ?? ascii(''), ascii('{}'))).toBe('taken');
  });
});

describe('P121: empty structures', () => {
  it('empty ops, an empty body, an empty chain, no bytes at all', () => {
    expect(read('MemberOps', ops(), u8(0))).toBe('E_FORMAT');
    expect(read('MemberOps', ops(), opt(rotateKeys))).toBe('E_FORMAT');
    expect(read('UpdateCard', v32(fill(0, 0)))).toBe('E_FORMAT');
    expect(memberOps([], [added(1, 0, fill(0, 0))])).toBe('E_FORMAT');
    expect(memberOps([], [added(1, 1, fill(0, 0))])).toBe('E_FORMAT');
    expect(errorOf(decodeChain(fill(0, 0)))).toBe('E_FORMAT');
    expect(errorOf(decodeEntry(fill(0, 0)))).toBe('E_FORMAT');
    for (const kind of Object.values(ACTIONS).map((action) => action.kind))
      expect(read(kind)).toBe('E_FORMAT');
  });

  it('P036: a message whose padding is all zero, or longer than needed, is E_FORMAT', () => {
    const body = (padded: Bytes): string => errorOf(decodeBody(concat(fill(64, 0), inner, padded)));
    expect(body(concat(u8(0x80), fill(255, 0)))).toBe('taken');
    expect(body(fill(256, 0))).toBe('E_FORMAT');
    expect(body(concat(u8(0x80), fill(511, 0)))).toBe('E_FORMAT');
    expect(body(concat(u8(0x80), fill(254, 0)))).toBe('E_FORMAT');
    expect(body(fill(0, 0))).toBe('E_FORMAT');
    expect(body(concat(fill(255, 1), u8(0x81)))).toBe('E_FORMAT');
  });
});

describe('our own writers', () => {
  it('write lists in order, and refuse the same id twice', () => {
    const write = (items: string[]): Bytes => sorted(items, (item) => item, ascii);
    expect(write(['b', 'a'])).toEqual(write(['a', 'b']));
    expect(() => write(['a', 'b', 'a'])).toThrow('broken promise');
    expect(encodeAction({ kind: 'MemberOps', ops: NO_OPS, keys: null })).toEqual(
      concat(empty, empty, empty, empty, u8(0)),
    );
  });

  it('the order of devices in memory does not change a card', () => {
    const read = decodeChain(chain);
    const last = read.ok ? read.value.at(-1) : undefined;
    if (last === undefined) throw new Error('broken promise: the sample is read');
    expect(encodeCardBody({ ...last, devices: last.devices.toReversed() })).toEqual(last.signed);
  });

  it('a reader answers copies: the value does not change with the input', () => {
    const input = fill(40, 1);
    const value = createReader(input).bytes(32);
    input.fill(2);
    expect(value).toEqual(fill(32, 1));
  });

  it('a reader of a part of a buffer sees that part only', () => {
    const part = concat(fill(8, 9), u32(7), fill(8, 9)).subarray(8, 12);
    expect(decode(part, (r) => r.u32())).toEqual({ ok: true, value: 7 });
    expect(errorOf(decode(part, (r) => r.u64()))).toBe('E_FORMAT');
  });

  it('a fault of our own inside a reader is not taken for bad input', () => {
    expect(() =>
      decode(fill(1, 0), () => {
        throw new TypeError('ours');
      }),
    ).toThrow('ours');
  });

  it('the largest message fits its limit', () => {
    expect(SIZE.messageBytes).toBe(64 + 116 + 65_536 + 16);
  });
});
