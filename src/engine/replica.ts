/** One group as this client holds it in memory, and the records it is kept in. */
import { present } from '../lib/assert.ts';
import type { Bytes } from '../lib/bytes.ts';
import { createSerial, type Serial } from '../lib/serial.ts';
import type { SessionKey } from '../crypto/secret/groupKey.ts';
import { entryHash, firstT } from '../crypto/hash.ts';
import type { GroupState, Generation } from '../group/state.ts';
import { replay } from '../ledger/replay.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import { CHECKPOINT_BYTES } from '../protocol/checkpoint.ts';
import { HEADER_BYTES, decodeHeader } from '../protocol/envelope.ts';
import { ERROR_NAMES } from '../protocol/failure.ts';
import {
  array,
  bool,
  bytes,
  type FieldType,
  grown,
  id,
  nullable,
  oneOf,
  record,
  text,
  uint,
} from '../protocol/field.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';
import { ENTRY_MAX } from '../protocol/item.ts';
import { SIZE } from '../protocol/limits.ts';
import type { Circle } from '../protocol/role.ts';
import { type Annotations, annotationsIn, createAnnotations } from './annotations.ts';
import type { Records } from './records.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { StoreWrite } from './ports.ts';
import { createPast, extendPast, type Past } from './past.ts';
import { filterField, filterOf } from './searchIndex.ts';
import { createTimeline, pageOf, type StoredItem, storedPage, type Timeline } from './timeline.ts';

const LOG_PAGE = 32;

const keyRecord = record({
  generation: uint,
  circle: oneOf(0, 1),
  kc: id<Hash>(),
  secret: bytes(32, true),
});
const keysField = array(keyRecord, 100_000);

const chainRecord = record({
  author: id<Pid>(),
  dev: id<Dev>(16),
  /** Counter of the last message accepted from this device. */
  accepted: uint,
  /** Newest headers seen: their counters and item hashes, readable or not. */
  seen: array(record({ ctr: uint, item: id<Hash>() }), 16),
});
export type DeviceChain = FieldType<typeof chainRecord>;
const chainsField = record({ t: uint, chains: array(chainRecord, 100_000) });

const logField = array(bytes(ENTRY_MAX), LOG_PAGE);

/** Names, titles and acknowledgements kept of a group at most, the newest ones: a record holds no more. */
export const KNOWN_MAX = 10_000;
/** Items kept as evidence at most. */
export const SHOWN_MAX = 1000;

/** The small things of a group that change often; one record, replaced as a whole. */
export const headField = record({
  standing: oneOf('member', 'invited', 'left', 'removed', 'closed'),
  seq: uint,
  /** Where this client's timeline begins. */
  baseT: uint,
  base: id<Hash>(),
  end: uint,
  /** Position of the entry that made this account a member (last time). */
  joinedT: uint,
  lastRead: uint,
  checkpoint: nullable(bytes(CHECKPOINT_BYTES, true)),
  halted: nullable(oneOf(...ERROR_NAMES)),
  /** Where it was halted: the other checkpoint and the newest own one, or the entry that does not follow and what signs it. */
  /** Seq of the next entry that is in the log already and still has to come by in the timeline; 0: none. */
  again: uint,
  /** The person went on with the server's timeline: nothing is sent until it was read to its end. */
  resuming: bool,
  /** Nothing is sealed in this generation or an earlier one: counters used there stood on messages that are lost. */
  freshAfter: uint,
  evidence: array(bytes(ENTRY_MAX), 8),
  /** Other items at positions already seen, as they were served up to the other checkpoint. */
  shown: nullable(record({ t: uint, heads: array(bytes(ENTRY_MAX), SHOWN_MAX) })),
  /** Padded text that matches its commitment. */
  profile: nullable(bytes(SIZE.profileBytes)),
  staffText: nullable(bytes(SIZE.staffTextBytes)),
  /** Group names this client saw, by the seq of the entry that set them. */
  titles: array(record({ seq: uint, name: text(400) }), KNOWN_MAX),
  /** Labels of links as the staff text last had them: it forgets a link that ended, the log does not. */
  labels: array(record({ pk: id<LinkPk>(), label: text(4 * SIZE.linkLabelBytes) }), KNOWN_MAX),
  names: array(record({ pid: id<Pid>(), record: bytes(SIZE.memberRecordBytes) }), KNOWN_MAX),
  opened: array(record({ pid: id<Pid>(), generation: uint }), KNOWN_MAX),
  warnings: array(record({ kind: text(20), who: nullable(id<Pid>()) }), 100),
  /** The newest addition by entry seq, and the newest whose names were posted. */
  lastAddition: uint,
  namesPosted: uint,
  ackedGeneration: uint,
  ackedAt: uint,
  /** Generation whose own box did not open, and the one complained about. */
  /** People whose request the staff rejected, and did not reopen: no link admits them without a person. */
  rejected: array(id<Pid>(), KNOWN_MAX),
  /** The newest offer of ownership its owner made. */
  offer: nullable(record({ to: id<Pid>(), epoch: uint, exp: uint })),
  /** Keys of earlier generations the staff passed on beside a wrap that does not fit. */
  mended: array(record({ generation: uint, circle: oneOf(0, 1) }), KNOWN_MAX),
  /** Until others agree with what was served to a restored device: whom it asked, up to where, and how far they agree. */
  restored: nullable(record({ nonce: text(64), upTo: uint, t: uint, at: uint, seen: uint })),
  /** Own deleted messages whose bodies the server still holds. */
  dropping: array(id<Hash>(), KNOWN_MAX),
  boxFailed: uint,
  failedCircle: oneOf(0, 1),
  complained: uint,
  namedAs: text(400),
  namedVersion: uint,
  /** Own last stored message: counter and item hash. */
  ownCtr: uint,
  ownItem: id<Hash>(),
  /** Messages since the present generation began. */
  sinceRotation: uint,
});
export type Head = FieldType<typeof headField>;

const outgoing = grown(
  {
    localId: text(64),
    at: uint,
    payload: bytes(SIZE.payloadBytes),
    circle: oneOf(0, 1),
    /** Set once sealed; a resend is the same bytes. */
    sealed: nullable(
      record({
        header: bytes(HEADER_BYTES, true),
        body: bytes(SIZE.messageBytes),
        item: id<Hash>(),
        ctr: uint,
        generation: uint,
      }),
    ),
    failed: nullable(oneOf(...ERROR_NAMES)),
    /** Not shown in the talk: names, notes, pongs. */
    quiet: bool,
  },
  {
    /** Of a file: under which name its sealed parts are kept here, how long they are, and whether the server has them. */
    file: [nullable(record({ id: text(64), total: uint, uploaded: bool })), null],
  },
);
export type Outgoing = FieldType<typeof outgoing>;
/** Messages that wait here at most: a record holds no more. */
export const OUTBOX_MAX = 10_000;
export const outboxField = array(outgoing, OUTBOX_MAX);

/** A group's picture with the hash that names it. */
export interface HeldImage {
  readonly hash: Hash;
  readonly content: Bytes;
}

export interface Prepared {
  readonly keys: { readonly everyone: Bytes; readonly staff: Bytes } | null;
  /** Padded texts. */
  readonly profile: Bytes | null;
  readonly staffText: Bytes | null;
}

const NOTHING_LACKING: Replica['lacking'] = { sealed: [], previews: [] };

/** No position yet: the own admission did not come by in the timeline so far. */
export const UNSEEN = Number.MAX_SAFE_INTEGER;

export interface Replica {
  readonly gid: Gid;
  readonly serial: Serial;
  state: GroupState;
  /** The state before the own admission, until that admission comes by in the timeline. */
  prior: GroupState | null;
  readonly log: Bytes[];
  /** Entry hash by seq. */
  readonly heads: Hash[];
  readonly acts: VerifiedAct[];
  readonly generations: Map<number, Generation>;
  timeline: Timeline;
  /** What the messages held say about each other. */
  annotations: Annotations;
  head: Head;
  readonly keys: Map<string, SessionKey>;
  readonly chains: Map<string, DeviceChain>;
  outbox: readonly Outgoing[];
  /** How many items the server shows, where that is fewer than are held here; not stored. */
  behind: number | null;
  /** What the server lost and the staff has to seal anew; not stored. */
  lacking: { readonly sealed: readonly Circle[]; readonly previews: readonly LinkPk[] };
  /** How many bytes of a file the server has, by local id of its message; not stored. */
  readonly uploads: Map<string, number>;
  /** The picture that was last held, whether the profile still names it or not. */
  image: HeldImage | null;
  /** Derived from the acts, as far as somebody asked; not stored. */
  readonly past: Past;
  /** What this client sealed in entries it made and has not yet seen in the log. */
  readonly prepared: Map<Hash, Prepared>;
}

export const keyName = (generation: number, circle: Circle): string =>
  `${String(generation)}/${String(circle)}`;
export const chainName = (author: Pid, dev: Dev): string => `${author}/${dev}`;

export function keyOf(replica: Replica, generation: number, circle: Circle): SessionKey | null {
  return replica.keys.get(keyName(generation, circle)) ?? null;
}

export const path = {
  log: (gid: Gid, page: number): string => `g/${gid}/log/${String(page)}`,
  page: (gid: Gid, page: number): string => `g/${gid}/t/${String(page)}`,
  words: (gid: Gid, page: number): string => `g/${gid}/words/${String(page)}`,
  head: (gid: Gid): string => `g/${gid}/head`,
  keys: (gid: Gid): string => `g/${gid}/keys`,
  chains: (gid: Gid): string => `g/${gid}/chains`,
  outbox: (gid: Gid): string => `g/${gid}/out`,
};

/** Where the sealed parts of a file that is on its way are kept; all of them where no number is given. */
export const filePath = (gid: Gid, file: string, part: number | '' = ''): string =>
  `g/${gid}/f/${file}/${String(part)}`;
export const filesPath = (gid: Gid): string => `g/${gid}/f/`;

/** Follows a device's chain over one message header. */
export function follow(chains: Map<string, DeviceChain>, item: StoredItem): void {
  if (item.message === null) return;
  const header = decodeHeader(item.message.header);
  if (!header.ok) return;
  const { author, dev, ctr } = header.value;
  const name = chainName(author, dev);
  const before = chains.get(name);
  const accepted =
    item.message.failure === null ? Math.max(ctr, before?.accepted ?? 0) : (before?.accepted ?? 0);
  chains.set(name, {
    author,
    dev,
    accepted,
    seen: [...(before?.seen ?? []), { ctr, item: item.item }].slice(-8),
  });
}

export interface ReplicaStart {
  readonly gid: Gid;
  readonly state: GroupState;
  readonly prior: GroupState | null;
  readonly log: readonly Bytes[];
  readonly acts: readonly VerifiedAct[];
  readonly heads: readonly Hash[];
  readonly generations: ReadonlyMap<number, Generation>;
  readonly base: { readonly t: number; readonly T: Hash };
  readonly standing: Head['standing'];
  /** What was derived while the log was replayed. */
  readonly past?: Past;
}

const ZERO = '0'.repeat(64) as Hash;

export function createReplica(p: Primitives, start: ReplicaStart): Replica {
  return {
    gid: start.gid,
    serial: createSerial(),
    state: start.state,
    prior: start.prior,
    log: [...start.log],
    heads: [...start.heads],
    acts: [...start.acts],
    generations: new Map(start.generations),
    timeline: createTimeline(p, start.base, []),
    annotations: createAnnotations(),
    head: {
      standing: start.standing,
      seq: start.state.seq,
      baseT: start.base.t,
      base: start.base.T,
      end: start.base.t,
      joinedT: UNSEEN,
      lastRead: start.base.t,
      checkpoint: null,
      halted: null,
      evidence: [],
      shown: null,
      again: 0,
      resuming: false,
      freshAfter: 0,
      profile: null,
      staffText: null,
      titles: [],
      labels: [],
      names: [],
      opened: [],
      warnings: [],
      lastAddition: 0,
      namesPosted: 0,
      ackedGeneration: 0,
      ackedAt: 0,
      rejected: [],
      offer: null,
      mended: [],
      dropping: [],
      restored: null,
      boxFailed: 0,
      failedCircle: 0,
      complained: 0,
      namedAs: '',
      namedVersion: 0,
      ownCtr: 0,
      ownItem: ZERO,
      sinceRotation: 0,
    },
    keys: new Map(),
    chains: new Map(),
    outbox: [],
    behind: null,
    lacking: NOTHING_LACKING,
    uploads: new Map(),
    image: null,
    past: start.past ?? createPast(),
    prepared: new Map(),
  };
}

/** The timeline base of a group this account spawned: nothing before it. */
export function emptyBase(p: Primitives, gid: Gid): { t: number; T: Hash } {
  return { t: 0, T: firstT(p, gid) };
}

/** Replays a log from its first entry. The last state is answered with every act on the way. */
export function replayAll(
  p: Primitives,
  log: readonly Bytes[],
): {
  state: GroupState;
  acts: VerifiedAct[];
  heads: Hash[];
  generations: Map<number, Generation>;
  past: Past;
} | null {
  let state: GroupState | null = null;
  const acts: VerifiedAct[] = [];
  const generations = new Map<number, Generation>();
  const past = createPast();
  for (const bytesOfEntry of log) {
    const next = replay(p, state, bytesOfEntry);
    if (!next.ok) return null;
    state = next.value.state;
    acts.push(next.value.act);
    extendPast(past, next.value.act, state);
    if (state.keys !== null) generations.set(state.keys.generation, state.keys);
  }
  return state === null
    ? null
    : { state, acts, heads: log.map((entry) => entryHash(p, entry)), generations, past };
}

export interface ChangedParts {
  readonly logFrom?: number;
  readonly pages?: Iterable<number>;
  readonly keys?: boolean;
  readonly chains?: boolean;
  readonly outbox?: boolean;
}

/** A record that holds more than it reads would keep the client from starting again; the oldest go. */
function bounded(head: Head): Head {
  const { titles, labels, names, opened } = head;
  const longest = Math.max(titles.length, labels.length, names.length, opened.length);
  if (longest <= KNOWN_MAX) return head;
  return {
    ...head,
    titles: titles.slice(-KNOWN_MAX),
    labels: labels.slice(-KNOWN_MAX),
    names: names.slice(-KNOWN_MAX),
    opened: opened.slice(-KNOWN_MAX),
  };
}

/** The writes that make the store say what the replica says, for the parts that changed. */
export function writesOf(records: Records, replica: Replica, parts: ChangedParts): StoreWrite[] {
  const { gid } = replica;
  const writes: StoreWrite[] = [records.put(path.head(gid), headField, bounded(replica.head))];
  if (parts.logFrom !== undefined) {
    for (
      let page = Math.floor(parts.logFrom / LOG_PAGE);
      page * LOG_PAGE < replica.log.length;
      page++
    ) {
      writes.push(
        records.put(
          path.log(gid, page),
          logField,
          replica.log.slice(page * LOG_PAGE, (page + 1) * LOG_PAGE),
        ),
      );
    }
  }
  const pages = [...(parts.pages ?? [])];
  for (const page of pages) writes.push(...pageWrites(records, replica, page));
  if (pages.length > 1 || parts.chains === true) {
    writes.push(
      records.put(path.chains(gid), chainsField, {
        t: replica.timeline.end(),
        chains: [...replica.chains.values()],
      }),
    );
  }
  if (parts.keys === true)
    writes.push(records.put(path.keys(gid), keysField, [...replica.keys.values()]));
  if (parts.outbox === true)
    writes.push(records.put(path.outbox(gid), outboxField, replica.outbox));
  return writes;
}

/** A page and what is found in it are written together. */
function pageWrites(records: Records, { gid, timeline }: Replica, n: number): StoreWrite[] {
  const page = timeline.page(n);
  return [
    records.put(path.page(gid, n), storedPage, page),
    records.put(path.words(gid, n), filterField, filterOf(page.items)),
  ];
}

async function readAll<T>(read: (page: number) => Promise<readonly T[] | null>): Promise<T[]> {
  const out: T[] = [];
  for (let page = 0; ; page++) {
    const items = await read(page);
    if (items === null) return out;
    out.push(...items);
  }
}

/** The state in force at the end of the timeline, where the log is ahead of it. */
function priorOf(p: Primitives, head: Head, log: readonly Bytes[]): GroupState | null {
  if (head.again > 0) return replayAll(p, log.slice(0, head.again))?.state ?? null;
  return head.joinedT === UNSEEN ? (replayAll(p, log.slice(0, -1))?.state ?? null) : null;
}

/** Loads a group from the store; null where it was never stored. */
export async function loadReplica(
  p: Primitives,
  records: Records,
  gid: Gid,
): Promise<Replica | null> {
  const head = await records.read(path.head(gid), headField);
  return head === null ? null : loadFrom(p, records, gid, head, pageOf(head.baseT));
}

/** Pages of a glance. */
const GLANCE_PAGES = 8;

/**
 * The end of a group that is long: what it looks like now, without what came before. It is only to be shown: whatever is
 * judged, sent or searched needs the whole. Null where the group is short and is loaded as fast as a part of it.
 */
export async function glanceAt(p: Primitives, records: Records, gid: Gid): Promise<Replica | null> {
  const head = await records.read(path.head(gid), headField);
  if (head === null) return null;
  const from = pageOf(Math.max(head.end - 1, head.baseT)) - GLANCE_PAGES;
  return from <= pageOf(head.baseT) + GLANCE_PAGES ? null : loadFrom(p, records, gid, head, from);
}

async function loadFrom(
  p: Primitives,
  records: Records,
  gid: Gid,
  head: Head,
  firstPage: number,
): Promise<Replica> {
  const log = await readAll((page) => records.read(path.log(gid, page), logField));
  const replayed = present(replayAll(p, log), 'the stored log was verified before it was stored');
  const pages = [];
  for (let n = firstPage; n <= pageOf(Math.max(head.end - 1, head.baseT)); n++) {
    const page = await records.read(path.page(gid, n), storedPage);
    if (page !== null) pages.push(page);
  }
  const keys = (await records.read(path.keys(gid), keysField)) ?? [];
  const snapshot = (await records.read(path.chains(gid), chainsField)) ?? {
    t: head.baseT,
    chains: [],
  };
  const timeline = createTimeline(p, { t: head.baseT, T: head.base }, pages);
  const chains = new Map(
    snapshot.chains.map((chain) => [chainName(chain.author, chain.dev), chain]),
  );
  for (const item of timeline.range(snapshot.t, timeline.end())) follow(chains, item);
  return {
    gid,
    serial: createSerial(),
    state: replayed.state,
    prior: priorOf(p, head, log),
    log,
    heads: replayed.heads,
    acts: replayed.acts,
    generations: replayed.generations,
    timeline,
    annotations: annotationsIn(timeline),
    head,
    keys: new Map(keys.map((key) => [keyName(key.generation, key.circle), { ...key, gid }])),
    chains,
    outbox: (await records.read(path.outbox(gid), outboxField)) ?? [],
    behind: null,
    lacking: NOTHING_LACKING,
    uploads: new Map(),
    image: null,
    past: replayed.past,
    prepared: new Map(),
  };
}
