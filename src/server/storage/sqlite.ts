/** Storage in one SQLite file: write-ahead log, every commit synced to the disk before it is answered. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { concat } from '../../lib/bytes.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Dev, type Gid, idBytes, idOf, type LinkPk, type Pid } from '../../protocol/ids.ts';
import type { Circle } from '../../protocol/role.ts';
import type { RecordKind } from '../../protocol/sealed.ts';
import { createGroupCommit } from './groupCommit.ts';
import { lockFolder } from './lock.ts';
import { MIGRATIONS } from './migrations.ts';
import { takePage } from './page.ts';
import type {
  PageLimit,
  Storage,
  StoredEntry,
  StoredItem,
  StoredMessage,
  StoredPass,
  StoredRequest,
  StoredStatement,
} from './port.ts';
import { blob, blobOrNull, hash, integer, named, type Row, string } from './row.ts';
import { createSqliteWriter, type Sql, type SqlValue } from './sqliteWrite.ts';

/** Brings the file to today's tables, step by step. A sentence where a newer version of Conclave wrote it. */
function migrate(db: DatabaseSyncInstance, folder: string): Result<null, string> {
  const version = integer(db.prepare('PRAGMA user_version').get() as Row, 'user_version');
  if (version > MIGRATIONS.length) {
    return err(
      `The data folder ${folder} was written by a newer version of Conclave (${version}, this one knows ${MIGRATIONS.length}).`,
    );
  }
  for (const [i, step] of MIGRATIONS.entries()) {
    if (i >= version) db.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${i + 1}; COMMIT;`);
  }
  return ok(null);
}

const ENTRY = 'seq IS NOT NULL';

function readEntry(row: Row): StoredEntry {
  return {
    kind: 'entry',
    t: integer(row, 't'),
    seq: integer(row, 'seq'),
    hash: hash(row, 'hash'),
    head: blob(row, 'head'),
    at: integer(row, 'at'),
    T: hash(row, 'running'),
  };
}

function readMessage(row: Row): StoredMessage {
  return {
    kind: 'message',
    t: integer(row, 't'),
    author: named<Pid>(row, 'author'),
    dev: named<Dev>(row, 'dev'),
    ctr: integer(row, 'ctr'),
    circle: integer(row, 'circle') as Circle,
    hash: hash(row, 'hash'),
    head: blob(row, 'head'),
    body: blobOrNull(row, 'body'),
    at: integer(row, 'at'),
    T: hash(row, 'running'),
  };
}

const readItem = (row: Row): StoredItem =>
  row['seq'] === null ? readMessage(row) : readEntry(row);

function readRequest(row: Row): StoredRequest {
  return {
    gid: named<Gid>(row, 'gid'),
    pid: named<Pid>(row, 'pid'),
    hash: hash(row, 'hash'),
    link: named<LinkPk>(row, 'link'),
    exp: integer(row, 'exp'),
    at: integer(row, 'at'),
    state: string(row, 'state') as StoredRequest['state'],
    request: blob(row, 'request'),
    intro: blobOrNull(row, 'intro'),
    rejection: blobOrNull(row, 'rejection'),
  };
}

function readStatement(row: Row): StoredStatement {
  return {
    gid: named<Gid>(row, 'gid'),
    about: string(row, 'about') as StoredStatement['about'],
    author: named<Pid>(row, 'author'),
    generation: integer(row, 'generation'),
    hash: hash(row, 'hash'),
    entry: blob(row, 'entry'),
    at: integer(row, 'at'),
  };
}

function readRoster(bytes: Uint8Array): Pid[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) =>
    idOf<Pid>(bytes.subarray(32 * i, 32 * i + 32)),
  );
}

function* readEach<T>(rows: Iterable<Row>, read: (row: Row) => T): Iterable<T> {
  for (const row of rows) yield read(row);
}

/** Statements are prepared once, at their first use. */
function createSql(db: DatabaseSyncInstance): Sql {
  const prepared = new Map<string, ReturnType<DatabaseSyncInstance['prepare']>>();
  const statement = (text: string): ReturnType<DatabaseSyncInstance['prepare']> => {
    const known = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, known);
    return known;
  };
  return {
    get: (text, ...values) => (statement(text).get(...values) as Row | undefined) ?? null,
    all: (text, ...values) => statement(text).all(...values) as Row[],
    each: (text, ...values) => statement(text).iterate(...values) as Iterable<Row>,
    run: (text, ...values) => statement(text).run(...values).changes,
    exec: (text) => db.exec(text),
  };
}

/**
 * Opens the data folder, made at need; a sentence for the operator where that cannot be.
 * The caller closes it, after the server that uses it.
 */
export function openSqlite(folder: string): Result<Storage, string> {
  const lock = lockFolder(folder);
  if (!lock.ok) return lock;
  const file = path.join(folder, 'conclave.sqlite');
  const fresh = !existsSync(file);
  try {
    const db = new DatabaseSync(file);
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;',
    );
    const migrated = migrate(db, folder);
    if (migrated.ok) return ok(createStorage(db, lock.value.release));
    db.close();
    lock.value.release();
    return migrated;
  } catch {
    lock.value.release();
    return err(`The database ${file} cannot be ${fresh ? 'made' : 'opened'}.`);
  }
}

function createStorage(db: DatabaseSyncInstance, release: () => void): Storage {
  const sql = createSql(db);
  const group = createGroupCommit(createSqliteWriter(sql));
  const give = <T>(value: T): Promise<T> => Promise.resolve(value);
  const one = <T>(
    read: (row: Row) => T,
    text: string,
    ...values: SqlValue[]
  ): Promise<T | null> => {
    const row = sql.get(text, ...values);
    return give(row === null ? null : read(row));
  };
  const count = (row: Row | null): number => (row === null ? 0 : integer(row, 'c'));
  const page = <T extends StoredItem>(
    read: (row: Row) => T,
    limit: PageLimit,
    text: string,
    ...values: SqlValue[]
  ): T[] => takePage(readEach(sql.each(text, ...values), read), limit);
  return {
    commit: group.commit,
    vault: (pid) =>
      one((row) => blob(row, 'vault'), 'SELECT vault FROM vaults WHERE pid = ?', idBytes(pid)),
    vaultAt: (locator) =>
      one(
        (row) => blob(row, 'vault'),
        'SELECT vault FROM vaults JOIN locators USING (pid) WHERE locator = ?',
        idBytes(locator),
      ),
    passAt: (locator) =>
      one(
        (row): StoredPass => ({
          pid: idOf<Pid>(blob(row, 'pid')),
          locator,
          pass: blob(row, 'pass'),
          exp: integer(row, 'exp'),
        }),
        'SELECT pid, pass, exp FROM passes WHERE locator = ?',
        idBytes(locator),
      ),
    meta: (name) => one((row) => blob(row, 'value'), 'SELECT value FROM meta WHERE key = ?', name),
    cards: (pid) =>
      give(
        sql
          .all('SELECT n, hash, card FROM cards WHERE pid = ? ORDER BY n', idBytes(pid))
          .map((row) => ({
            n: integer(row, 'n'),
            hash: hash(row, 'hash'),
            card: blob(row, 'card'),
          })),
      ),
    memberships: (pid) =>
      give(
        sql
          .all('SELECT gid, member FROM memberships WHERE pid = ?', idBytes(pid))
          .map((row) => ({ gid: named<Gid>(row, 'gid'), member: integer(row, 'member') === 1 })),
      ),
    lastItem: (gid) =>
      one(readItem, 'SELECT * FROM items WHERE gid = ? ORDER BY t DESC LIMIT 1', idBytes(gid)),
    itemAt: (gid, t) =>
      one(readItem, 'SELECT * FROM items WHERE gid = ? AND t = ?', idBytes(gid), t),
    entryAt: (gid, seq) =>
      one(
        readEntry,
        `SELECT * FROM items WHERE gid = ? AND seq = ? AND ${ENTRY}`,
        idBytes(gid),
        seq,
      ),
    items(gid, from, until, limit, which) {
      const range = [idBytes(gid), from, until, limit.items] as const;
      const text = 'SELECT * FROM items WHERE gid = ? AND t >= ? AND t < ? ORDER BY t';
      if (which === 'oldest') return give(page(readItem, limit, `${text} LIMIT ?`, ...range));
      return give(page(readItem, limit, `${text} DESC LIMIT ?`, ...range).toReversed());
    },
    entries: (gid, seq, limit) =>
      give(
        page(
          readEntry,
          limit,
          `SELECT * FROM items WHERE gid = ? AND seq >= ? AND ${ENTRY} ORDER BY seq LIMIT ?`,
          idBytes(gid),
          seq,
          limit.items,
        ),
      ),
    positionAt(gid, at) {
      // The time never falls along a timeline, so the first by time is the first by position.
      const row =
        sql.get(
          'SELECT t FROM items WHERE gid = ? AND at >= ? ORDER BY at, t LIMIT 1',
          idBytes(gid),
          at,
        ) ?? sql.get('SELECT coalesce(max(t) + 1, 0) AS t FROM items WHERE gid = ?', idBytes(gid));
      return give(row === null ? 0 : integer(row, 't'));
    },
    message: (gid, author, dev, ctr) =>
      one(
        readMessage,
        'SELECT * FROM items WHERE gid = ? AND author = ? AND dev = ? AND ctr = ?',
        idBytes(gid),
        idBytes(author),
        idBytes(dev),
        ctr,
      ),
    lastCounter: (gid, author, dev) =>
      give(
        count(
          sql.get(
            'SELECT coalesce(max(ctr), 0) AS c FROM items WHERE gid = ? AND author = ? AND dev = ?',
            idBytes(gid),
            idBytes(author),
            idBytes(dev),
          ),
        ),
      ),
    boxes: (gid, generation, circle) =>
      one(
        (row) => ({ roster: readRoster(blob(row, 'roster')), boxes: blob(row, 'boxes') }),
        'SELECT roster, boxes FROM boxes WHERE gid = ? AND generation = ? AND circle = ?',
        idBytes(gid),
        generation,
        circle,
      ),
    dueBoxes: (gid) =>
      give(
        sql
          .all(
            'SELECT generation, circle, roster, hash FROM due_boxes WHERE gid = ? ORDER BY generation, circle',
            idBytes(gid),
          )
          .map((row) => ({
            generation: integer(row, 'generation'),
            circle: integer(row, 'circle') as Circle,
            roster: readRoster(blob(row, 'roster')),
            hash: hash(row, 'hash'),
          })),
      ),
    dueBodies: (gid, limit) =>
      give(
        sql
          .all('SELECT t FROM due_bodies WHERE gid = ? ORDER BY t LIMIT ?', idBytes(gid), limit)
          .map((row) => integer(row, 't')),
      ),
    givenUp: (gid) =>
      one((row) => integer(row, 'at'), 'SELECT at FROM given_up WHERE gid = ?', idBytes(gid)),
    sealed: (gid, circle) =>
      one(
        (row) => blob(row, 'text'),
        'SELECT text FROM sealed WHERE gid = ? AND circle = ?',
        idBytes(gid),
        circle,
      ),
    preview: (gid, name) =>
      one(
        (row) => blob(row, 'preview'),
        'SELECT preview FROM previews WHERE gid = ? AND hash = ?',
        idBytes(gid),
        idBytes(name),
      ),
    requests: (gid) =>
      give(
        sql
          .all(
            `SELECT * FROM requests WHERE gid = ? ORDER BY state <> 'waiting', at, rowid`,
            idBytes(gid),
          )
          .map(readRequest),
      ),
    request: (gid, pid) =>
      one(
        readRequest,
        'SELECT * FROM requests WHERE gid = ? AND pid = ?',
        idBytes(gid),
        idBytes(pid),
      ),
    countWaiting: (gid, now) =>
      give(
        count(
          sql.get(
            `SELECT count(*) AS c FROM requests WHERE gid = ? AND state = 'waiting' AND exp >= ?`,
            idBytes(gid),
            now,
          ),
        ),
      ),
    countWaitingOf: (pid, now) =>
      give(
        count(
          sql.get(
            `SELECT count(*) AS c FROM requests WHERE pid = ? AND state = 'waiting' AND exp >= ?`,
            idBytes(pid),
            now,
          ),
        ),
      ),
    blocked: (gid, pid) =>
      give(
        count(
          sql.get(
            'SELECT count(*) AS c FROM blocks WHERE gid = ? AND pid = ?',
            idBytes(gid),
            idBytes(pid),
          ),
        ) > 0,
      ),
    statements: (gid, about) =>
      give(
        sql
          .all(
            'SELECT * FROM statements WHERE gid = ? AND about = ? ORDER BY at, rowid',
            idBytes(gid),
            about,
          )
          .map(readStatement),
      ),
    records: (gid) =>
      give(
        sql
          .all(
            'SELECT pid, which, record FROM records WHERE gid = ? ORDER BY pid, which',
            idBytes(gid),
          )
          .map((row) => ({
            pid: named<Pid>(row, 'pid'),
            which: integer(row, 'which') as RecordKind,
            record: blob(row, 'record'),
          })),
      ),
    upload: (gid, name, pid) =>
      one(
        (row) => ({
          total: integer(row, 'total'),
          received: integer(row, 'received'),
          whole: integer(row, 'whole') === 1,
        }),
        'SELECT total, received, whole FROM uploads WHERE gid = ? AND blob = ? AND pid = ?',
        idBytes(gid),
        idBytes(name),
        idBytes(pid),
      ),
    unfinishedUploads: (pid) =>
      give(
        count(
          sql.get('SELECT count(*) AS c FROM uploads WHERE pid = ? AND whole = 0', idBytes(pid)),
        ),
      ),
    uploadPart: (gid, name, pid, offset) =>
      one(
        (row) => blob(row, 'part'),
        `SELECT part FROM parts JOIN uploads ON upload = id WHERE gid = ? AND blob = ? AND pid = ? AND start = ?`,
        idBytes(gid),
        idBytes(name),
        idBytes(pid),
        offset,
      ),
    named: (gid, name, pid) =>
      give(
        count(
          sql.get(
            'SELECT count(*) AS c FROM named JOIN uploads ON upload = id WHERE gid = ? AND blob = ? AND pid = ?',
            idBytes(gid),
            idBytes(name),
            idBytes(pid),
          ),
        ) > 0,
      ),
    blobBytes: (of) =>
      give(
        count(
          'gid' in of
            ? sql.get(
                'SELECT coalesce(sum(total), 0) AS c FROM uploads WHERE gid = ?',
                idBytes(of.gid),
              )
            : sql.get(
                'SELECT coalesce(sum(total), 0) AS c FROM uploads WHERE pid = ?',
                idBytes(of.pid),
              ),
        ),
      ),
    blobPart(gid, name, offset) {
      const whole = sql.get(
        'SELECT id, total FROM uploads WHERE gid = ? AND blob = ? AND whole = 1 LIMIT 1',
        idBytes(gid),
        idBytes(name),
      );
      if (whole === null) return give(null);
      const row = sql.get(
        'SELECT start, part FROM parts WHERE upload = ? AND start <= ? ORDER BY start DESC LIMIT 1',
        integer(whole, 'id'),
        offset,
      );
      const part =
        row === null ? concat() : blob(row, 'part').slice(offset - integer(row, 'start'));
      return give({ total: integer(whole, 'total'), part });
    },
    async close() {
      await group.close();
      db.close();
      release();
    },
  };
}
