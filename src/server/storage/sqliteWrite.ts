/** Writing batches into SQLite: many in one transaction, each behind its own savepoint. */
import { concat } from '../../lib/bytes.ts';
import { idBytes } from '../../protocol/ids.ts';
import type { Batch } from './groupCommit.ts';
import type { CommitOutcome, StoredItem, Write } from './port.ts';
import { integer, type Row } from './row.ts';

export type SqlValue = Uint8Array | number | string | null;

export interface Sql {
  readonly get: (text: string, ...values: SqlValue[]) => Row | null;
  readonly all: (text: string, ...values: SqlValue[]) => Row[];
  /** Row by row; the reader may stop before the end. */
  readonly each: (text: string, ...values: SqlValue[]) => Iterable<Row>;
  /** How many rows changed. */
  readonly run: (text: string, ...values: SqlValue[]) => number;
  readonly exec: (text: string) => void;
}

/** Carries a conflict out of a batch; never leaves this file. */
class Conflict extends Error {}

const CONSTRAINT = 19;

function isConflict(error: unknown): boolean {
  if (error instanceof Conflict) return true;
  const code = error instanceof Error && 'errcode' in error ? error.errcode : null;
  return typeof code === 'number' && (code & 0xff) === CONSTRAINT;
}

/** The condition on t is what keeps a gap out when the item before it was refused. */
const INSERT_ITEM = `
  INSERT INTO items (gid, t, hash, head, body, at, running, seq, author, dev, ctr, circle)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
  WHERE ?2 = (SELECT coalesce(max(t) + 1, 0) FROM items WHERE gid = ?1)`;

function writeItem(sql: Sql, gid: Uint8Array, item: StoredItem): void {
  const placed = [gid, item.t, idBytes(item.hash), item.head] as const;
  const after = [item.at, idBytes(item.T)] as const;
  const changed =
    item.kind === 'entry'
      ? sql.run(INSERT_ITEM, ...placed, null, ...after, item.seq, null, null, null, null)
      : sql.run(
          INSERT_ITEM,
          ...placed,
          item.body,
          ...after,
          null,
          idBytes(item.author),
          idBytes(item.dev),
          item.ctr,
          item.circle,
        );
  if (changed !== 1) throw new Conflict();
}

function writeVault(sql: Sql, write: Extract<Write, { kind: 'vault' }>): void {
  const pid = idBytes(write.pid);
  const stored = sql.get('SELECT n FROM vaults WHERE pid = ?', pid);
  if ((stored === null ? 0 : integer(stored, 'n')) !== write.over) throw new Conflict();
  sql.run(
    'INSERT INTO vaults (pid, n, vault) VALUES (?1, ?2, ?3) ON CONFLICT (pid) DO UPDATE SET n = ?2, vault = ?3',
    pid,
    write.n,
    write.vault,
  );
  sql.run('DELETE FROM locators WHERE pid = ?', pid);
  for (const locator of write.locators)
    sql.run('INSERT INTO locators (locator, pid) VALUES (?, ?)', idBytes(locator), pid);
}

function dropAccount(sql: Sql, pid: Uint8Array): void {
  sql.run('DELETE FROM vaults WHERE pid = ?', pid);
  sql.run('DELETE FROM locators WHERE pid = ?', pid);
  sql.run('DELETE FROM passes WHERE pid = ?', pid);
  sql.run('DELETE FROM records WHERE pid = ?', pid);
  sql.run('DELETE FROM requests WHERE pid = ?', pid);
  sql.run('DELETE FROM uploads WHERE pid = ? AND whole = 0', pid);
}

function writeBody(sql: Sql, { gid, t, body }: Extract<Write, { kind: 'body' }>): void {
  const due = sql.run('DELETE FROM due_bodies WHERE gid = ? AND t = ?', idBytes(gid), t);
  if (due !== 1) throw new Conflict();
  sql.run(
    'UPDATE items SET body = ? WHERE gid = ? AND t = ? AND author IS NOT NULL',
    body,
    idBytes(gid),
    t,
  );
}

function writePart(sql: Sql, write: Extract<Write, { kind: 'part' }>): void {
  const name = [idBytes(write.gid), idBytes(write.blob), idBytes(write.pid)] as const;
  sql.run(
    'INSERT OR IGNORE INTO uploads (gid, blob, pid, total, received, whole, at) VALUES (?, ?, ?, ?, 0, 0, ?)',
    ...name,
    write.total,
    write.at,
  );
  const row = sql.get(
    'SELECT id, received FROM uploads WHERE gid = ? AND blob = ? AND pid = ?',
    ...name,
  );
  if (row === null || integer(row, 'received') !== write.offset) throw new Conflict();
  sql.run(
    'INSERT INTO parts (upload, start, part) VALUES (?, ?, ?)',
    integer(row, 'id'),
    write.offset,
    write.part,
  );
  sql.run(
    'UPDATE uploads SET received = ?, at = ? WHERE id = ?',
    write.offset + write.part.length,
    write.at,
    integer(row, 'id'),
  );
}

/** In place of a position: the profile. */
const PROFILE = -1;

function keepFile(sql: Sql, write: Extract<Write, { kind: 'keepFile' }>): void {
  const changed = sql.run(
    `INSERT INTO named (upload, t) SELECT id, ? FROM uploads WHERE gid = ? AND blob = ? AND pid = ? AND whole = 1`,
    write.t,
    idBytes(write.gid),
    idBytes(write.blob),
    idBytes(write.pid),
  );
  if (changed !== 1) throw new Conflict();
}

function dropFile(sql: Sql, gid: Uint8Array, t: number): void {
  sql.run(
    `DELETE FROM uploads WHERE gid = ?1 AND EXISTS (SELECT 1 FROM named WHERE upload = id AND t = ?2)
     AND NOT EXISTS (SELECT 1 FROM named WHERE upload = id AND t <> ?2)`,
    gid,
    t,
  );
  sql.run(
    'DELETE FROM named WHERE t = ? AND upload IN (SELECT id FROM uploads WHERE gid = ?)',
    t,
    gid,
  );
}

function keepImage(sql: Sql, write: Extract<Write, { kind: 'keepImage' }>): void {
  const gid = idBytes(write.gid);
  sql.run(
    'DELETE FROM named WHERE t = ? AND upload IN (SELECT id FROM uploads WHERE gid = ?)',
    PROFILE,
    gid,
  );
  if (write.blob === null) return;
  sql.run(
    `INSERT INTO named (upload, t) SELECT id, ? FROM uploads WHERE gid = ? AND blob = ? AND whole = 1
     ORDER BY pid = ? DESC LIMIT 1`,
    PROFILE,
    gid,
    idBytes(write.blob),
    idBytes(write.pid),
  );
}

function writeOne(sql: Sql, write: Write): void {
  switch (write.kind) {
    case 'meta':
      sql.run('INSERT INTO meta (key, value) VALUES (?, ?)', write.key, write.value);
      return;
    case 'vault':
      writeVault(sql, write);
      return;
    case 'pass':
      sql.run('DELETE FROM passes WHERE pid = ?', idBytes(write.pid));
      sql.run(
        'INSERT INTO passes (pid, locator, pass, exp) VALUES (?, ?, ?, ?)',
        idBytes(write.pid),
        idBytes(write.locator),
        write.pass,
        write.exp,
      );
      return;
    case 'takePass':
      if (sql.run('DELETE FROM passes WHERE locator = ?', idBytes(write.locator)) !== 1)
        throw new Conflict();
      return;
    case 'dropPass':
      sql.run('DELETE FROM passes WHERE pid = ?', idBytes(write.pid));
      return;
    case 'dropAccount':
      dropAccount(sql, idBytes(write.pid));
      return;
    case 'card': {
      const row = sql.get('SELECT count(*) AS c FROM cards WHERE pid = ?', idBytes(write.pid));
      if (row === null || integer(row, 'c') !== write.n) throw new Conflict();
      sql.run(
        'INSERT INTO cards (pid, n, hash, card) VALUES (?, ?, ?, ?)',
        idBytes(write.pid),
        write.n,
        idBytes(write.hash),
        write.card,
      );
      return;
    }
    case 'item':
      writeItem(sql, idBytes(write.gid), write.item);
      return;
    case 'membership':
      sql.run(
        'INSERT OR REPLACE INTO memberships (pid, gid, member) VALUES (?, ?, ?)',
        idBytes(write.pid),
        idBytes(write.gid),
        write.member ? 1 : 0,
      );
      return;
    case 'boxes':
      sql.run(
        'INSERT INTO boxes (gid, generation, circle, roster, boxes) VALUES (?, ?, ?, ?, ?)',
        idBytes(write.gid),
        write.generation,
        write.circle,
        concat(...write.roster.map(idBytes)),
        write.boxes,
      );
      sql.run(
        'DELETE FROM due_boxes WHERE gid = ? AND generation = ? AND circle = ?',
        idBytes(write.gid),
        write.generation,
        write.circle,
      );
      return;
    case 'dueBoxes':
      sql.run(
        'INSERT INTO due_boxes (gid, generation, circle, roster, hash) VALUES (?, ?, ?, ?, ?)',
        idBytes(write.gid),
        write.generation,
        write.circle,
        concat(...write.roster.map(idBytes)),
        idBytes(write.hash),
      );
      return;
    case 'dueBody':
      sql.run('INSERT INTO due_bodies (gid, t) VALUES (?, ?)', idBytes(write.gid), write.t);
      return;
    case 'body':
      writeBody(sql, write);
      return;
    case 'dropBody':
      sql.run('DELETE FROM due_bodies WHERE gid = ? AND t = ?', idBytes(write.gid), write.t);
      sql.run('UPDATE items SET body = NULL WHERE gid = ? AND t = ?', idBytes(write.gid), write.t);
      return;
    case 'givenUp':
      sql.run(
        'INSERT OR REPLACE INTO given_up (gid, at) VALUES (?, ?)',
        idBytes(write.gid),
        write.at,
      );
      return;
    case 'sealed':
      sql.run(
        'INSERT OR REPLACE INTO sealed (gid, circle, text) VALUES (?, ?, ?)',
        idBytes(write.gid),
        write.circle,
        write.text,
      );
      return;
    case 'preview':
      sql.run(
        'INSERT OR REPLACE INTO previews (gid, hash, preview) VALUES (?, ?, ?)',
        idBytes(write.gid),
        idBytes(write.hash),
        write.preview,
      );
      return;
    case 'request': {
      const { row } = write;
      sql.run(
        'INSERT OR REPLACE INTO requests (gid, pid, hash, link, exp, at, state, request, intro, rejection) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        idBytes(row.gid),
        idBytes(row.pid),
        idBytes(row.hash),
        idBytes(row.link),
        row.exp,
        row.at,
        row.state,
        row.request,
        row.intro,
        row.rejection,
      );
      return;
    }
    case 'dropRequest':
      sql.run(
        'DELETE FROM requests WHERE gid = ? AND pid = ?',
        idBytes(write.gid),
        idBytes(write.pid),
      );
      return;
    case 'dropExpired':
      sql.run('DELETE FROM requests WHERE gid = ? AND exp < ?', idBytes(write.gid), write.before);
      return;
    case 'block':
      sql.run(
        write.blocked
          ? 'INSERT OR IGNORE INTO blocks (gid, pid) VALUES (?, ?)'
          : 'DELETE FROM blocks WHERE gid = ? AND pid = ?',
        idBytes(write.gid),
        idBytes(write.pid),
      );
      return;
    case 'statement': {
      const { row } = write;
      sql.run(
        'INSERT OR IGNORE INTO statements (gid, about, author, generation, hash, entry, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        idBytes(row.gid),
        row.about,
        idBytes(row.author),
        row.generation,
        idBytes(row.hash),
        row.entry,
        row.at,
      );
      return;
    }
    case 'dropComplaints':
      sql.run(`DELETE FROM statements WHERE gid = ? AND about = 'complaint'`, idBytes(write.gid));
      return;
    case 'record':
      sql.run(
        'INSERT OR REPLACE INTO records (gid, pid, which, record) VALUES (?, ?, ?, ?)',
        idBytes(write.gid),
        idBytes(write.pid),
        write.which,
        write.record,
      );
      return;
    case 'dropRecord':
      sql.run(
        'DELETE FROM records WHERE gid = ? AND pid = ? AND which = ?',
        idBytes(write.gid),
        idBytes(write.pid),
        write.which,
      );
      return;
    case 'part':
      writePart(sql, write);
      return;
    case 'whole':
      sql.run(
        'UPDATE uploads SET whole = 1 WHERE gid = ? AND blob = ? AND pid = ?',
        idBytes(write.gid),
        idBytes(write.blob),
        idBytes(write.pid),
      );
      return;
    case 'dropUpload':
      sql.run(
        'DELETE FROM uploads WHERE gid = ? AND blob = ? AND pid = ?',
        idBytes(write.gid),
        idBytes(write.blob),
        idBytes(write.pid),
      );
      return;
    case 'dropStale':
      sql.run('DELETE FROM uploads WHERE whole = 0 AND at < ?', write.before);
      return;
    case 'keepFile':
      keepFile(sql, write);
      return;
    case 'dropFile':
      dropFile(sql, idBytes(write.gid), write.t);
      return;
    case 'keepImage':
      keepImage(sql, write);
      return;
    case 'dropUnnamed':
      sql.run(
        'DELETE FROM uploads WHERE whole = 1 AND at < ? AND NOT EXISTS (SELECT 1 FROM named WHERE upload = id)',
        write.before,
      );
      return;
  }
}

function writeBatch(sql: Sql, batch: Batch): CommitOutcome {
  sql.exec('SAVEPOINT batch');
  try {
    for (const write of batch) writeOne(sql, write);
    sql.exec('RELEASE batch');
    return 'stored';
  } catch (error) {
    if (!isConflict(error)) throw error;
    sql.exec('ROLLBACK TO batch; RELEASE batch');
    return 'conflict';
  }
}

/** Writes all batches in one transaction. Throws, with nothing stored, where the database itself fails. */
export function createSqliteWriter(sql: Sql): (batches: readonly Batch[]) => CommitOutcome[] {
  return (batches) => {
    sql.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = batches.map((batch) => writeBatch(sql, batch));
      sql.exec('COMMIT');
      return outcomes;
    } catch (error) {
      sql.exec('ROLLBACK');
      throw error;
    }
  };
}
