/** Storage in memory: for tests and scenarios. Forgets everything when the process ends. */
import { type Bytes, concat } from '../../lib/bytes.ts';
import type { Gid, Hash, Pid } from '../../protocol/ids.ts';
import { createGroupCommit } from './groupCommit.ts';
import type {
  CommitOutcome,
  DueBoxes,
  PageLimit,
  Storage,
  StoredBoxes,
  StoredCard,
  StoredEntry,
  StoredItem,
  StoredMessage,
  StoredPass,
  StoredRecord,
  StoredRequest,
  StoredStatement,
  StoredVault,
  Write,
} from './port.ts';
import { takePage } from './page.ts';

interface Upload {
  readonly gid: Gid;
  readonly blob: Hash;
  readonly pid: Pid;
  readonly total: number;
  received: number;
  whole: boolean;
  at: number;
  readonly parts: { readonly start: number; readonly part: Bytes }[];
  /** Positions of messages that name it, and -1 for the profile. */
  readonly named: Set<number>;
}

interface Tables {
  readonly meta: Map<string, Bytes>;
  readonly vaults: Map<Pid, StoredVault>;
  readonly passes: Map<Pid, StoredPass>;
  readonly cards: Map<Pid, StoredCard[]>;
  readonly memberships: Map<Pid, Map<Gid, boolean>>;
  readonly items: Map<Gid, StoredItem[]>;
  readonly entries: Map<Gid, StoredEntry[]>;
  readonly messages: Map<string, StoredMessage>;
  readonly counters: Map<string, number>;
  readonly boxes: Map<string, StoredBoxes>;
  readonly dueBoxes: Map<string, DueBoxes>;
  readonly dueBodies: Map<Gid, Set<number>>;
  readonly givenUp: Map<Gid, number>;
  readonly sealed: Map<string, Bytes>;
  readonly previews: Map<string, Bytes>;
  readonly requests: Map<string, StoredRequest>;
  readonly blocks: Set<string>;
  readonly statements: Map<string, StoredStatement>;
  readonly records: Map<string, StoredRecord>;
  readonly uploads: Map<string, Upload>;
}

const key = (...parts: readonly (string | number)[]): string => parts.join(' ');

function listOf<K, V>(map: Map<K, V[]>, name: K): V[] {
  const list = map.get(name) ?? [];
  map.set(name, list);
  return list;
}

/** Whether something else holds a place this write claims. */
function conflicts(tables: Tables, batch: readonly Write[], write: Write): boolean {
  switch (write.kind) {
    case 'meta':
      return tables.meta.has(write.key);
    case 'vault': {
      const others = [...tables.vaults.values()].filter((other) => other.pid !== write.pid);
      const taken = others.some((other) =>
        other.locators.some((one) => write.locators.includes(one)),
      );
      return taken || (tables.vaults.get(write.pid)?.n ?? 0) !== write.over;
    }
    case 'pass':
      return [...tables.passes.values()].some(
        (other) => other.pid !== write.pid && other.locator === write.locator,
      );
    case 'takePass':
      return ![...tables.passes.values()].some((one) => one.locator === write.locator);
    case 'card':
      return (tables.cards.get(write.pid)?.length ?? 0) !== write.n;
    case 'item': {
      const { gid, item } = write;
      const ahead = itemsBefore(batch, write);
      if ((tables.items.get(gid)?.length ?? 0) + ahead.length !== item.t) return true;
      if (item.kind === 'entry') {
        const entries = ahead.filter((one) => one.kind === 'entry').length;
        return (tables.entries.get(gid)?.length ?? 0) + entries !== item.seq;
      }
      return tables.messages.has(key(gid, item.author, item.dev, item.ctr));
    }
    case 'part':
      return (
        (tables.uploads.get(key(write.gid, write.blob, write.pid))?.received ?? 0) !== write.offset
      );
    case 'keepFile':
      return tables.uploads.get(key(write.gid, write.blob, write.pid))?.whole !== true;
    case 'body':
      return tables.dueBodies.get(write.gid)?.has(write.t) !== true;
    case 'dueBoxes':
      return tables.dueBoxes.has(key(write.gid, write.generation, write.circle));
    case 'boxes':
      return tables.boxes.has(key(write.gid, write.generation, write.circle));
    default:
      return false;
  }
}

/** Items of the same group that stand before this one in its batch. */
function itemsBefore(
  batch: readonly Write[],
  write: Extract<Write, { kind: 'item' }>,
): StoredItem[] {
  return batch
    .slice(0, batch.indexOf(write))
    .flatMap((one) => (one.kind === 'item' && one.gid === write.gid ? [one.item] : []));
}

function setBody(
  tables: Tables,
  { gid, t, body }: { readonly gid: Gid; readonly t: number; readonly body: Bytes | null },
): void {
  tables.dueBodies.get(gid)?.delete(t);
  const items = listOf(tables.items, gid);
  const held = items[t];
  if (held?.kind !== 'message') return;
  const whole = { ...held, body };
  items[t] = whole;
  tables.messages.set(key(gid, held.author, held.dev, held.ctr), whole);
}

function applyItem(tables: Tables, gid: Gid, item: StoredItem): void {
  listOf(tables.items, gid).push(item);
  if (item.kind === 'entry') {
    listOf(tables.entries, gid).push(item);
    return;
  }
  tables.messages.set(key(gid, item.author, item.dev, item.ctr), item);
  tables.counters.set(key(gid, item.author, item.dev), item.ctr);
}

function applyPart(tables: Tables, write: Extract<Write, { kind: 'part' }>): void {
  const name = key(write.gid, write.blob, write.pid);
  const upload = tables.uploads.get(name) ?? {
    gid: write.gid,
    blob: write.blob,
    pid: write.pid,
    total: write.total,
    received: 0,
    whole: false,
    at: write.at,
    parts: [],
    named: new Set<number>(),
  };
  upload.parts.push({ start: write.offset, part: write.part });
  upload.received += write.part.length;
  upload.at = write.at;
  tables.uploads.set(name, upload);
}

const PROFILE = -1;

function dropFile(tables: Tables, gid: Gid, t: number): void {
  for (const [name, upload] of tables.uploads)
    if (upload.gid === gid && upload.named.delete(t) && upload.named.size === 0)
      tables.uploads.delete(name);
}

function keepImage(tables: Tables, write: Extract<Write, { kind: 'keepImage' }>): void {
  const { gid, blob, pid } = write;
  for (const upload of tables.uploads.values())
    if (upload.gid === gid) upload.named.delete(PROFILE);
  const whole = [...tables.uploads.values()].filter(
    (upload) => upload.gid === gid && upload.blob === blob && upload.whole,
  );
  (whole.find((upload) => upload.pid === pid) ?? whole[0])?.named.add(PROFILE);
}

function dropAccount(tables: Tables, pid: Pid): void {
  tables.vaults.delete(pid);
  tables.passes.delete(pid);
  for (const [name, row] of tables.records) if (row.pid === pid) tables.records.delete(name);
  for (const [name, row] of tables.requests) if (row.pid === pid) tables.requests.delete(name);
  for (const [name, upload] of tables.uploads)
    if (upload.pid === pid && !upload.whole) tables.uploads.delete(name);
}

function apply(tables: Tables, write: Write): void {
  switch (write.kind) {
    case 'meta':
      tables.meta.set(write.key, write.value);
      return;
    case 'vault':
      tables.vaults.set(write.pid, write);
      return;
    case 'pass':
      tables.passes.set(write.pid, {
        pid: write.pid,
        locator: write.locator,
        pass: write.pass,
        exp: write.exp,
      });
      return;
    case 'takePass':
      for (const one of tables.passes.values())
        if (one.locator === write.locator) tables.passes.delete(one.pid);
      return;
    case 'dropPass':
      tables.passes.delete(write.pid);
      return;
    case 'dropAccount':
      dropAccount(tables, write.pid);
      return;
    case 'card':
      listOf(tables.cards, write.pid).push({ n: write.n, hash: write.hash, card: write.card });
      return;
    case 'item':
      applyItem(tables, write.gid, write.item);
      return;
    case 'membership': {
      const groups = tables.memberships.get(write.pid) ?? new Map<Gid, boolean>();
      tables.memberships.set(write.pid, groups.set(write.gid, write.member));
      return;
    }
    case 'boxes':
      tables.boxes.set(key(write.gid, write.generation, write.circle), {
        roster: write.roster,
        boxes: write.boxes,
      });
      tables.dueBoxes.delete(key(write.gid, write.generation, write.circle));
      return;
    case 'dueBoxes':
      tables.dueBoxes.set(key(write.gid, write.generation, write.circle), write);
      return;
    case 'dueBody':
      tables.dueBodies.set(
        write.gid,
        (tables.dueBodies.get(write.gid) ?? new Set<number>()).add(write.t),
      );
      return;
    case 'body':
      setBody(tables, write);
      return;
    case 'dropBody':
      setBody(tables, { ...write, body: null });
      return;
    case 'givenUp':
      tables.givenUp.set(write.gid, write.at);
      return;
    case 'sealed':
      tables.sealed.set(key(write.gid, write.circle), write.text);
      return;
    case 'preview':
      tables.previews.set(key(write.gid, write.hash), write.preview);
      return;
    case 'request':
      tables.requests.set(key(write.row.gid, write.row.pid), write.row);
      return;
    case 'dropRequest':
      tables.requests.delete(key(write.gid, write.pid));
      return;
    case 'dropExpired':
      for (const [name, row] of tables.requests) {
        if (row.gid === write.gid && row.exp < write.before) tables.requests.delete(name);
      }
      return;
    case 'block':
      if (write.blocked) tables.blocks.add(key(write.gid, write.pid));
      else tables.blocks.delete(key(write.gid, write.pid));
      return;
    case 'statement':
      tables.statements.set(key(write.row.gid, write.row.about, write.row.hash), write.row);
      return;
    case 'dropComplaints':
      for (const [name, row] of tables.statements) {
        if (row.gid === write.gid && row.about === 'complaint') tables.statements.delete(name);
      }
      return;
    case 'record':
      tables.records.set(key(write.gid, write.pid, write.which), {
        pid: write.pid,
        which: write.which,
        record: write.record,
      });
      return;
    case 'dropRecord':
      tables.records.delete(key(write.gid, write.pid, write.which));
      return;
    case 'part':
      applyPart(tables, write);
      return;
    case 'whole': {
      const upload = tables.uploads.get(key(write.gid, write.blob, write.pid));
      if (upload !== undefined) upload.whole = true;
      return;
    }
    case 'dropUpload':
      tables.uploads.delete(key(write.gid, write.blob, write.pid));
      return;
    case 'dropStale':
      for (const [name, upload] of tables.uploads) {
        if (!upload.whole && upload.at < write.before) tables.uploads.delete(name);
      }
      return;
    case 'keepFile':
      tables.uploads.get(key(write.gid, write.blob, write.pid))?.named.add(write.t);
      return;
    case 'dropFile':
      dropFile(tables, write.gid, write.t);
      return;
    case 'keepImage':
      keepImage(tables, write);
      return;
    case 'dropUnnamed':
      for (const [name, upload] of tables.uploads) {
        if (upload.whole && upload.named.size === 0 && upload.at < write.before)
          tables.uploads.delete(name);
      }
      return;
  }
}

function writeBatch(tables: Tables, batch: readonly Write[]): CommitOutcome {
  // Two cards or parts in one batch build on each other, so judging and applying alternate; only the first can conflict.
  if (batch.some((write, i) => firstOfItsPlace(batch, i) && conflicts(tables, batch, write)))
    return 'conflict';
  for (const write of batch) apply(tables, write);
  return 'stored';
}

function firstOfItsPlace(batch: readonly Write[], at: number): boolean {
  const write = batch[at];
  if (write?.kind !== 'card') return true;
  return !batch
    .slice(0, at)
    .some((earlier) => earlier.kind === 'card' && earlier.pid === write.pid);
}

function under<V>(map: ReadonlyMap<string, V>, gid: Gid): V[] {
  return [...map].filter(([name]) => name.startsWith(`${gid} `)).map(([, value]) => value);
}

const waits = (row: StoredRequest, now: number): boolean =>
  row.state === 'waiting' && row.exp >= now;

export function createMemoryStorage(): Storage {
  const tables: Tables = {
    meta: new Map(),
    vaults: new Map(),
    passes: new Map(),
    cards: new Map(),
    memberships: new Map(),
    items: new Map(),
    entries: new Map(),
    messages: new Map(),
    counters: new Map(),
    boxes: new Map(),
    dueBoxes: new Map(),
    dueBodies: new Map(),
    givenUp: new Map(),
    sealed: new Map(),
    previews: new Map(),
    requests: new Map(),
    blocks: new Set(),
    statements: new Map(),
    records: new Map(),
    uploads: new Map(),
  };
  const group = createGroupCommit((batches) => batches.map((batch) => writeBatch(tables, batch)));
  const give = <T>(value: T): Promise<T> => Promise.resolve(value);
  const wholeUpload = (gid: Gid, blob: Hash): Upload | undefined =>
    [...tables.uploads].find(
      ([name, upload]) => upload.whole && name.startsWith(key(gid, blob)),
    )?.[1];
  return {
    commit: group.commit,
    meta: (name) => give(tables.meta.get(name) ?? null),
    vault: (pid) => give(tables.vaults.get(pid)?.vault ?? null),
    vaultAt: (locator) =>
      give(
        [...tables.vaults.values()].find((one) => one.locators.includes(locator))?.vault ?? null,
      ),
    cards: (pid) => give([...(tables.cards.get(pid) ?? [])]),
    memberships: (pid) =>
      give([...(tables.memberships.get(pid) ?? [])].map(([gid, member]) => ({ gid, member }))),
    lastItem: (gid) => give(tables.items.get(gid)?.at(-1) ?? null),
    itemAt: (gid, t) => give(tables.items.get(gid)?.[t] ?? null),
    entryAt: (gid, seq) => give(tables.entries.get(gid)?.[seq] ?? null),
    items(gid, from, until, limit, which) {
      const range = (tables.items.get(gid) ?? []).slice(from, Math.max(from, until));
      return give(
        which === 'oldest'
          ? takePage(range, limit)
          : takePage(range.toReversed(), limit).toReversed(),
      );
    },
    entries: (gid, seq, limit: PageLimit) =>
      give(takePage((tables.entries.get(gid) ?? []).slice(seq), limit)),
    positionAt(gid, at) {
      const items = tables.items.get(gid) ?? [];
      const found = items.findIndex((item) => item.at >= at);
      return give(found === -1 ? items.length : found);
    },
    message: (gid, author, dev, ctr) =>
      give(tables.messages.get(key(gid, author, dev, ctr)) ?? null),
    lastCounter: (gid, author, dev) => give(tables.counters.get(key(gid, author, dev)) ?? 0),
    boxes: (gid, generation, circle) =>
      give(tables.boxes.get(key(gid, generation, circle)) ?? null),
    dueBoxes: (gid) =>
      give(
        under(tables.dueBoxes, gid)
          .map(({ generation, circle, roster, hash }) => ({ generation, circle, roster, hash }))
          .sort((a, b) => a.generation - b.generation || a.circle - b.circle),
      ),
    dueBodies: (gid, limit) =>
      give([...(tables.dueBodies.get(gid) ?? [])].sort((a, b) => a - b).slice(0, limit)),
    givenUp: (gid) => give(tables.givenUp.get(gid) ?? null),
    sealed: (gid, circle) => give(tables.sealed.get(key(gid, circle)) ?? null),
    preview: (gid, hash) => give(tables.previews.get(key(gid, hash)) ?? null),
    requests(gid) {
      const rank = (row: StoredRequest): number => (row.state === 'waiting' ? 0 : 1);
      return give(under(tables.requests, gid).sort((a, b) => rank(a) - rank(b) || a.at - b.at));
    },
    request: (gid, pid) => give(tables.requests.get(key(gid, pid)) ?? null),
    countWaiting: (gid, now) =>
      give(under(tables.requests, gid).filter((row) => waits(row, now)).length),
    countWaitingOf: (pid, now) =>
      give(
        [...tables.requests.values()].filter((row) => row.pid === pid && waits(row, now)).length,
      ),
    blocked: (gid, pid) => give(tables.blocks.has(key(gid, pid))),
    statements: (gid, about) =>
      give(
        under(tables.statements, gid)
          .filter((row) => row.about === about)
          .sort((a, b) => a.at - b.at),
      ),
    records: (gid) =>
      give(
        under(tables.records, gid).sort((a, b) =>
          a.pid === b.pid ? a.which - b.which : a.pid < b.pid ? -1 : 1,
        ),
      ),
    upload: (gid, blob, pid) => {
      const upload = tables.uploads.get(key(gid, blob, pid));
      return give(
        upload === undefined
          ? null
          : { total: upload.total, received: upload.received, whole: upload.whole },
      );
    },
    unfinishedUploads: (pid) =>
      give(
        [...tables.uploads.values()].filter((upload) => upload.pid === pid && !upload.whole).length,
      ),
    uploadPart: (gid, blob, pid, offset) =>
      give(
        tables.uploads.get(key(gid, blob, pid))?.parts.find((held) => held.start === offset)
          ?.part ?? null,
      ),
    named: (gid, blob, pid) => give((tables.uploads.get(key(gid, blob, pid))?.named.size ?? 0) > 0),
    blobBytes: (of) =>
      give(
        [...tables.uploads.values()]
          .filter((upload) => ('gid' in of ? upload.gid === of.gid : upload.pid === of.pid))
          .reduce((sum, upload) => sum + upload.total, 0),
      ),
    blobPart(gid, blob, offset) {
      const upload = wholeUpload(gid, blob);
      if (upload === undefined) return give(null);
      const held = upload.parts.findLast((candidate) => candidate.start <= offset);
      return give({
        total: upload.total,
        part: held === undefined ? concat() : held.part.slice(offset - held.start),
      });
    },
    passAt: (locator) =>
      give([...tables.passes.values()].find((one) => one.locator === locator) ?? null),
    close: group.close,
  };
}
