/** One made-up value of every wire structure, for the tests that cut, bend and fingerprint them. Nothing here is signed. */
import { type Bytes, ascii, concat, toBase64url } from '../../lib/bytes.ts';
import type { Action, ActionOf } from '../action.ts';
import { encodeAction } from '../action.ts';
import { encodeAuthClaim } from '../auth.ts';
import { type CardBody, decodeChain, encodeCardBody } from '../card.ts';
import { encodeCheckpointBody } from '../checkpoint.ts';
import { decodeEntry, encodeEntryToSign, type Entry, isOffLog } from '../entry.ts';
import { bodyLength, encodeHeader, encodeInner } from '../envelope.ts';
import type { Outcome } from '../failure.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from '../ids.ts';
import { ZERO_HASH } from '../ids.ts';
import type { KeyUpdate } from '../keyUpdate.ts';
import { encodeLinkText } from '../link.ts';
import { pad1024, pad256 } from '../padding.ts';
import { encodeOpenedPreview } from '../preview.ts';
import type { PushName, PushOf } from '../push.ts';
import type { RequestArgs, RequestName, RequestReply } from '../request.ts';
import {
  encodeAckBody,
  encodeMemberRecord,
  encodeNameRecordBody,
  encodeNames,
  encodeSealedText,
  decodeNameRecord,
} from '../sealed.ts';
import { encodeSignal, encodeSignalContent } from '../signal.ts';
import type { Intro, Payload, Preview, Profile, Report, StaffText } from '../text.ts';
import { encodePassContent } from '../pass.ts';
import { encodeVault } from '../vault.ts';

export const fill = (length: number, value: number): Bytes => new Uint8Array(length).fill(value);
const hex = (byte: number, length = 32): string =>
  byte.toString(16).padStart(2, '0').repeat(length);
export const gid = hex(0x11) as Gid;
export const pid = (byte: number): Pid => hex(byte) as Pid;
export const hash = (byte: number): Hash => hex(byte) as Hash;
export const dev = (byte: number): Dev => hex(byte, 16) as Dev;
export const linkPk = (byte: number): LinkPk => hex(byte) as LinkPk;

/** 2023-11-14, a time with more than 32 bits. */
export const TIME = 1_700_000_000_000;

export function taken<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`broken promise: a sample is read: ${outcome.error.name}`);
  return outcome.value;
}

const card0: CardBody = {
  n: 0,
  pid: ZERO_HASH as string as Pid,
  prev: ZERO_HASH,
  time: TIME,
  rootPk: fill(32, 0x21),
  devices: [{ dev: dev(0x22), signPk: fill(32, 0x23) }],
  sealGen: 1,
  sealPk: fill(32, 0x24),
};
const card1: CardBody = {
  ...card0,
  n: 1,
  pid: pid(0x25),
  prev: hash(0x26),
  devices: [...card0.devices, { dev: dev(0x27), signPk: fill(32, 0x28) }],
  sealGen: 2,
  sealPk: fill(32, 0x29),
};
export const card = concat(encodeCardBody(card0), fill(64, 0x2a));
export const chain = concat(card, encodeCardBody(card1), fill(64, 0x2b));
const cards = taken(decodeChain(chain));

const keys: KeyUpdate = {
  everyone: {
    generation: 2,
    circle: 0,
    rosterHash: hash(0x31),
    kc: hash(0x32),
    boxesHash: hash(0x33),
    boxes: 3,
    shareable: true,
    wrap: fill(72, 0x34),
  },
  staff: {
    generation: 2,
    circle: 1,
    rosterHash: hash(0x35),
    kc: hash(0x36),
    boxesHash: hash(0x37),
    boxes: 1,
    shareable: false,
    wrap: null,
  },
  profileHash: hash(0x38),
  staffHash: hash(0x39),
};

const request: ActionOf<'RequestToJoin'> = {
  kind: 'RequestToJoin',
  linkPk: linkPk(0x41),
  exp: TIME + 1,
  chain: cards,
  chainBytes: chain,
  introHash: hash(0x42),
  linkSig: fill(64, 0x43),
};

export function entryOf(action: Action): Bytes {
  const offLog = isOffLog(action.kind);
  const signed = encodeEntryToSign(
    {
      kind: action.kind,
      gid: action.kind === 'SpawnGroup' ? (ZERO_HASH as string as Gid) : gid,
      author: pid(0x12),
      dev: dev(0x13),
      card: hash(0x14),
      seq: offLog || action.kind === 'SpawnGroup' ? 0 : 7,
      prev: offLog ? ZERO_HASH : hash(0x15),
      time: TIME,
      view: offLog ? { t: 0, T: ZERO_HASH } : { t: 9, T: hash(0x16) },
    },
    encodeAction(action),
  );
  return concat(signed, fill(64, 0x17));
}

export const requestEntry: Entry = taken(decodeEntry(entryOf(request)));

const direct = (byte: number) =>
  ({ pid: pid(byte), via: 'direct', chain: cards, source: chain }) as const;

/** Every kind once, with every optional part. */
export const ACTIONS: { readonly [K in Action['kind']]: ActionOf<K> } = {
  SpawnGroup: {
    kind: 'SpawnGroup',
    nonce: fill(32, 0x51),
    policy: 0b01100,
    serverPk: fill(32, 0x52),
    predecessor: hex(0x53) as Gid,
    chain: cards,
    chainBytes: chain,
  },
  InitGroup: {
    kind: 'InitGroup',
    profileCommit: hash(0x54),
    staffCommit: hash(0x55),
    ops: {
      remove: [],
      add: [direct(0x56), direct(0x57)],
      setRole: [{ pid: pid(0x57), role: 2 }],
      unban: [],
    },
    keys,
  },
  EditGroupInfo: {
    kind: 'EditGroupInfo',
    profileHash: hash(0x58),
    profileCommit: hash(0x59),
    policy: 0b00110,
  },
  MemberOps: {
    kind: 'MemberOps',
    ops: {
      remove: [
        { pid: pid(0x5a), ban: false },
        { pid: pid(0x5b), ban: true },
      ],
      add: [
        direct(0x5c),
        { pid: pid(0x5d), via: 'request', request: requestEntry, source: requestEntry.bytes },
      ],
      setRole: [
        { pid: pid(0x5c), role: 0 },
        { pid: pid(0x5e), role: 2 },
      ],
      unban: [pid(0x5f), pid(0x60)],
    },
    keys,
  },
  RequestToJoin: request,
  LeaveGroup: {
    kind: 'LeaveGroup',
    note: { generation: 2, nonce: fill(24, 0x61), sealed: fill(272, 0x62) },
  },
  RotateSessionKey: { kind: 'RotateSessionKey', keys, reason: 'complaint' },
  LinkOps: {
    kind: 'LinkOps',
    links: {
      create: [
        {
          pk: linkPk(0x63),
          expires: TIME,
          maxUses: 100,
          role: 1,
          auto: true,
          paused: false,
          previewHash: hash(0x64),
        },
        {
          pk: linkPk(0x65),
          expires: 0,
          maxUses: 0,
          role: 0,
          auto: false,
          paused: true,
          previewHash: hash(0x66),
        },
      ],
      revoke: [linkPk(0x67), linkPk(0x68)],
      staffHash: hash(0x69),
      staffCommit: hash(0x6a),
    },
  },
  UpdateCard: { kind: 'UpdateCard', chain: cards, chainBytes: chain },
  TransferOwnership: {
    kind: 'TransferOwnership',
    to: pid(0x6b),
    epoch: 1,
    exp: TIME,
    dev: dev(0x6c),
    acceptance: fill(64, 0x6d),
  },
  CloseGroup: { kind: 'CloseGroup', successor: hex(0x6e) as Gid },
  Complain: { kind: 'Complain', generation: 2, circle: 1 },
  RejectRequest: {
    kind: 'RejectRequest',
    request: hash(0x6f),
    block: true,
    tell: false,
    note: fill(304, 0x70),
  },
  WithdrawRequest: { kind: 'WithdrawRequest', request: hash(0x71) },
  Report: {
    kind: 'Report',
    generation: 2,
    sealed: fill(296, 0x72),
    keys: [fill(80, 0x73), fill(80, 0x74)],
  },
};

export const header = encodeHeader({
  gid,
  author: pid(0x12),
  dev: dev(0x13),
  generation: 2,
  circle: 1,
  ctr: 3,
  nonce: fill(24, 0x75),
  bodyLength: bodyLength(256),
  bodyHash: hash(0x76),
});

export const inner = encodeInner({
  prevOwn: hash(0x77),
  logSeq: 7,
  logHead: hash(0x78),
  view: { t: 9, T: hash(0x79) },
  time: TIME,
});

export const checkpoint = concat(
  encodeCheckpointBody({ gid, seq: 7, head: hash(0x7a), t: 9, T: hash(0x7b), time: TIME }),
  fill(64, 0x7c),
);

function nameRecordOf(byte: number): Bytes {
  const body = {
    gid,
    pid: pid(byte),
    dev: dev(0x13),
    version: 5,
    name: new Uint8Array([0xc3, 0x84, 0x62]),
    avatar: ascii('{"blob":"x"}'),
  };
  return concat(encodeNameRecordBody(body), fill(64, 0x7d));
}

export const nameRecord = nameRecordOf(0x12);

/** Byte layouts by name. */
const VAULT = encodeVault({
  pid: pid(1),
  n: 2,
  prev: hash(1),
  slots: [
    {
      slot: dev(1),
      kind: 'recoveryCode',
      locator: hash(2),
      check: fill(32, 3),
      params: fill(0, 0),
      nonce: fill(24, 4),
      sealedKey: fill(48, 5),
    },
  ],
  nonce: fill(24, 6),
  sealed: fill(1040, 7),
});

const SIGNAL = encodeSignal({ generation: 2, nonce: fill(24, 0x85), sealed: fill(25, 0x86) });

export const LAYOUTS: Readonly<Record<string, Bytes>> = {
  signal: SIGNAL,
  signalContent: encodeSignalContent({ sign: 'typing', time: TIME }),
  card,
  chain,
  vault: VAULT,
  pass: encodePassContent({
    pid: pid(1),
    locator: hash(2),
    vaultKey: fill(32, 3),
    vaultN: 4,
    vaultHash: hash(5),
    recovery: 'none',
  }),
  header,
  checkpoint,
  nameRecord,
  body: concat(fill(64, 0x7e), inner, pad256(ascii('{"type":"ping","nonce":"1"}'))),
  sealedText: encodeSealedText({
    generation: 2,
    nonce: fill(24, 0x7f),
    sealed: fill(1040, 0x80),
  }),
  memberRecord: encodeMemberRecord({
    generation: 2,
    which: 1,
    nonce: fill(24, 0x81),
    sealed: fill(300, 0x82),
  }),
  ack: concat(
    encodeAckBody({ gid, pid: pid(0x12), dev: dev(0x13), generation: 2, checkpoint }),
    fill(64, 0x83),
  ),
  names: encodeNames([0x85, 0x84].map((byte) => taken(decodeNameRecord(nameRecordOf(byte))))),
  sealedPreview: concat(fill(24, 0x86), fill(300, 0x87)),
  openedPreview: encodeOpenedPreview(fill(64, 0x88), card, pad256(ascii('{}'))),
  authClaim: encodeAuthClaim({
    origin: ascii('https://chat.example'),
    serverNonce: fill(32, 0x89),
    clientNonce: fill(32, 0x8a),
    pid: pid(0x12),
    dev: dev(0x13),
    cardHash: hash(0x14),
    exp: TIME,
  }),
  linkText: ascii(encodeLinkText({ gid, secret: fill(32, 0x8b), check: fill(3, 0x8c) })),
  padded256: pad256(ascii('padded')),
  padded1024: pad1024(ascii('padded')),
};

const blob = { blob: hex(0x91), key: toBase64url(fill(32, 0x92)), hash: hex(0x93) };

export const TEXTS: {
  readonly profile: Profile;
  readonly staffText: StaffText;
  readonly preview: Preview;
  readonly intro: Intro;
  readonly report: Report;
} = {
  profile: { salt: 'AAAA', group_name: 'Climbers', about: 'Tuesdays', img: blob, rules: 'none' },
  staffText: {
    salt: 'AAAA',
    links: [
      {
        pk: hex(0x94),
        secret: toBase64url(fill(32, 0x95)),
        intake_secrets: [toBase64url(fill(32, 0x96))],
        label: 'flyer',
      },
    ],
  },
  preview: {
    name: 'Climbers',
    about: 'Tuesdays',
    image: null,
    rules: '',
    size: '10-49',
    inviter: 'Alice',
    review: true,
    history: 'shared',
    intake_pk: toBase64url(fill(32, 0x97)),
    made: TIME,
  },
  intro: { gid, pid: pid(0x12), name: 'AAAA', note: 'hello', answers: ['yes', 'no'] },
  report: { about: hex(1), item: hex(2), quote: 'spam', text: 'look' },
};

/** Every payload type once. */
export const PAYLOADS: { readonly [T in Payload['type']]: Extract<Payload, { type: T }> } = {
  text: { type: 'text', text: 'hello', reply: hex(1), mentions: [hex(2)] },
  edit: { type: 'edit', of: hex(1), text: 'hullo', mentions: [] },
  delete: { type: 'delete', of: hex(1) },
  hide: { type: 'hide', of: hex(1), undo: false, reason: 'spam' },
  reaction: { type: 'reaction', of: hex(1), emoji: '\u{1F44D}', undo: false },
  file: {
    type: 'file',
    ...blob,
    name: 'a.png',
    media: 'image/png',
    bytes: 5,
    width: 1,
    height: 2,
    preview: 'AAAA',
    text: '',
  },
  names: { type: 'names', ...blob, bytes: 5 },
  pin: { type: 'pin', of: hex(1), undo: true },
  note: {
    type: 'note',
    about: hex(1),
    request: hex(2),
    verdict: 'rejected',
    report: hex(3),
    text: 'no',
  },
  wrap: { type: 'wrap', generation: 1, circle: 0, key: toBase64url(fill(32, 1)) },
  handover: {
    type: 'handover',
    to: hex(1),
    epoch: 0,
    exp: TIME,
    dev: hex(2, 16),
    sig: toBase64url(fill(64, 3)),
  },
  ping: { type: 'ping', nonce: '1' },
  pong: { type: 'pong', nonce: '1', checkpoint: toBase64url(checkpoint) },
};

const entry = entryOf(ACTIONS.EditGroupInfo);
const wireItems = [
  { t: 0, kind: 0, head: entry, body: null, at: TIME },
  { t: 1, kind: 1, head: header, body: fill(452, 1), at: TIME },
] as const;

export const REQUEST_ARGS: { readonly [N in RequestName]: RequestArgs<N> } = {
  auth: {
    pid: pid(1),
    dev: dev(2),
    card: hash(3),
    clientNonce: fill(32, 4),
    exp: TIME,
    signature: fill(64, 5),
    checkpoints: [checkpoint],
  },
  ping: {},
  publishCards: { cards: chain },
  fetchCards: { pid: pid(1) },
  append: { entry, objects: [fill(80, 1), fill(128, 2)], image: hash(3) },
  send: { header, body: fill(452, 1), file: hash(4) },
  subscribe: { gid, t: 5 },
  query: { gid, by: 'time', from: 0, until: TIME, limit: 64, order: 'desc' },
  log: { gid, seq: 3 },
  box: { gid, generation: 2, circle: 1 },
  boxes: { gid, generation: 2, circle: 0 },
  sealed: { gid, circle: 0 },
  preview: { gid, linkPk: linkPk(1) },
  offer: { entry: requestEntry.bytes, intro: fill(304, 1) },
  requests: { gid },
  ownRequest: { gid },
  lost: { checkpoint, from: 3, hashes: fill(64, 1) },
  giveBack: { gid, items: wireItems, objects: [fill(80, 1)] },
  dropBody: { gid, t: 3, signature: fill(64, 6) },
  lacking: { gid },
  giveObjects: {
    gid,
    bodies: [{ t: 4, body: fill(452, 1) }],
    boxes: [{ generation: 2, circle: 1, boxes: fill(80, 1) }],
  },
  signal: { gid, signal: SIGNAL },
  putRecord: { gid, record: fill(100, 1) },
  records: { gid },
  blobRoom: { gid },
  putBlob: { gid, blob: hash(1), total: 5, offset: 0, part: fill(5, 1) },
  dropBlob: { gid, blob: hash(1) },
  getBlob: { gid, blob: hash(1), offset: 0 },
  putVault: { vault: VAULT },
  ownVault: {},
  getVault: { locator: hash(1) },
  putPass: { locator: hash(1), pass: fill(300, 2) },
  takePass: { locator: hash(1) },
  dropPass: {},
  dropAccount: {},
};

export const REPLIES: { readonly [N in RequestName]: RequestReply<N> } = {
  auth: { time: TIME, groups: [{ gid, member: true, checkpoint }] },
  ping: { time: TIME },
  publishCards: {},
  fetchCards: { chain },
  append: { t: 5, at: TIME, checkpoint },
  send: { t: 5, at: TIME, checkpoint },
  subscribe: { items: wireItems, checkpoint, more: false },
  query: { items: wireItems, before: hash(1), checkpoint },
  log: { entries: [entry], more: true, checkpoint },
  box: { box: fill(80, 1) },
  boxes: { boxes: fill(176, 1) },
  sealed: { text: fill(100, 1) },
  preview: {
    entry0: entryOf(ACTIONS.SpawnGroup),
    preview: fill(400, 1),
    state: {
      expires: TIME,
      maxUses: 5,
      uses: 1,
      role: 1,
      auto: false,
      paused: false,
      revoked: false,
      full: false,
      closed: false,
    },
    time: TIME,
  },
  offer: {},
  requests: {
    requests: [
      { request: requestEntry.bytes, intro: fill(304, 1), at: TIME, rejection: null },
      {
        request: requestEntry.bytes,
        intro: null,
        at: TIME,
        rejection: entryOf(ACTIONS.RejectRequest),
      },
    ],
    complaints: [entryOf(ACTIONS.Complain)],
    reports: [entryOf(ACTIONS.Report)],
  },
  ownRequest: { state: 'rejected', request: hash(1), rejection: entryOf(ACTIONS.RejectRequest) },
  lost: { end: 3, next: 5, proven: true },
  giveBack: { end: 5 },
  dropBody: {},
  lacking: {
    bodies: [4],
    boxes: [{ generation: 2, circle: 1 }],
    sealed: [1],
    previews: [linkPk(1)],
  },
  giveObjects: {},
  signal: {},
  putRecord: {},
  records: { records: [{ pid: pid(1), record: fill(100, 1) }] },
  blobRoom: { fileBytes: 5, left: 6 },
  putBlob: { next: 5, done: true },
  dropBlob: {},
  getBlob: { total: 5, part: fill(5, 1) },
  putVault: {},
  ownVault: { vault: VAULT },
  getVault: { vault: VAULT, cards: chain },
  putPass: { exp: TIME },
  takePass: { pass: fill(300, 2) },
  dropPass: {},
  dropAccount: {},
};

export const NEWS: { readonly [N in PushName]: PushOf<N> } = {
  hello: {
    version: 1,
    nonce: fill(32, 1),
    serverPk: fill(32, 2),
    time: TIME,
    origin: 'https://chat.example',
  },
  items: { gid, items: wireItems, checkpoint },
  record: { gid, pid: pid(1), record: fill(100, 1) },
  signal: { gid, pid: pid(1), dev: dev(2), signal: SIGNAL },
  requests: { gid },
  standing: { gid },
  account: { what: 'cards' },
  mended: { gid },
  bye: { name: 'E_BUSY', retryAt: TIME },
};
