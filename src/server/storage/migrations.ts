/** Numbered steps from an empty folder to today's tables. A step that was released is never edited. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE cards (
    pid BLOB NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, card BLOB NOT NULL, PRIMARY KEY (pid, n)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE memberships (
    pid BLOB NOT NULL, gid BLOB NOT NULL, member INTEGER NOT NULL, PRIMARY KEY (pid, gid)
  ) STRICT, WITHOUT ROWID;

  -- Entries have seq, messages have author, dev, ctr and circle. running is T after the item.
  CREATE TABLE items (
    gid BLOB NOT NULL, t INTEGER NOT NULL, hash BLOB NOT NULL, head BLOB NOT NULL, body BLOB, at INTEGER NOT NULL,
    running BLOB NOT NULL,
    seq INTEGER, author BLOB, dev BLOB, ctr INTEGER, circle INTEGER,
    CHECK ((seq IS NULL) <> (author IS NULL)), CHECK ((author IS NULL) = (ctr IS NULL))
  ) STRICT;
  CREATE UNIQUE INDEX items_t ON items (gid, t);
  CREATE UNIQUE INDEX items_seq ON items (gid, seq) WHERE seq IS NOT NULL;
  CREATE UNIQUE INDEX items_ctr ON items (gid, author, dev, ctr) WHERE author IS NOT NULL;
  CREATE INDEX items_at ON items (gid, at);

  CREATE TABLE boxes (
    gid BLOB NOT NULL, generation INTEGER NOT NULL, circle INTEGER NOT NULL, roster BLOB NOT NULL, boxes BLOB NOT NULL,
    PRIMARY KEY (gid, generation, circle)
  ) STRICT;

  CREATE TABLE sealed (gid BLOB NOT NULL, circle INTEGER NOT NULL, text BLOB NOT NULL, PRIMARY KEY (gid, circle)) STRICT;

  CREATE TABLE previews (gid BLOB NOT NULL, hash BLOB NOT NULL, preview BLOB NOT NULL, PRIMARY KEY (gid, hash)) STRICT;

  CREATE TABLE requests (
    gid BLOB NOT NULL, pid BLOB NOT NULL, hash BLOB NOT NULL, link BLOB NOT NULL, exp INTEGER NOT NULL, at INTEGER NOT NULL,
    state TEXT NOT NULL, request BLOB NOT NULL, intro BLOB, rejection BLOB, PRIMARY KEY (gid, pid)
  ) STRICT;
  CREATE INDEX requests_pid ON requests (pid);

  CREATE TABLE blocks (gid BLOB NOT NULL, pid BLOB NOT NULL, PRIMARY KEY (gid, pid)) STRICT, WITHOUT ROWID;

  CREATE TABLE statements (
    gid BLOB NOT NULL, about TEXT NOT NULL, author BLOB NOT NULL, generation INTEGER NOT NULL, hash BLOB NOT NULL,
    entry BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (gid, about, hash)
  ) STRICT;

  CREATE TABLE records (
    gid BLOB NOT NULL, pid BLOB NOT NULL, which INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (gid, pid, which)
  ) STRICT;

  CREATE TABLE uploads (
    id INTEGER PRIMARY KEY, gid BLOB NOT NULL, blob BLOB NOT NULL, pid BLOB NOT NULL, total INTEGER NOT NULL,
    received INTEGER NOT NULL, whole INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE (gid, blob, pid)
  ) STRICT;
  CREATE INDEX uploads_open ON uploads (pid) WHERE whole = 0;

  CREATE TABLE parts (
    upload INTEGER NOT NULL REFERENCES uploads (id) ON DELETE CASCADE, start INTEGER NOT NULL, part BLOB NOT NULL,
    PRIMARY KEY (upload, start)
  ) STRICT;
  `,
  `
  CREATE TABLE vaults (pid BLOB PRIMARY KEY, n INTEGER NOT NULL, vault BLOB NOT NULL) STRICT;

  CREATE TABLE locators (
    locator BLOB PRIMARY KEY, pid BLOB NOT NULL REFERENCES vaults (pid) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX locators_pid ON locators (pid);
  `,
  `
  CREATE TABLE passes (
    pid BLOB PRIMARY KEY, locator BLOB NOT NULL UNIQUE, pass BLOB NOT NULL, exp INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX records_pid ON records (pid);
  `,
  `
  -- What a restored server was given back without: boxes and bodies somebody else may still hold.
  CREATE TABLE due_boxes (
    gid BLOB NOT NULL, generation INTEGER NOT NULL, circle INTEGER NOT NULL, roster BLOB NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (gid, generation, circle)
  ) STRICT;

  CREATE TABLE due_bodies (gid BLOB NOT NULL, t INTEGER NOT NULL, PRIMARY KEY (gid, t)) STRICT, WITHOUT ROWID;

  -- Up to when the signatures of this server over a group are no reason to wait for what members hold.
  CREATE TABLE given_up (gid BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- What names a blob: the position of a message, or -1 for the group's profile. -2: from before it was said.
  CREATE TABLE named (
    upload INTEGER NOT NULL REFERENCES uploads (id) ON DELETE CASCADE, t INTEGER NOT NULL, PRIMARY KEY (upload, t)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO named (upload, t) SELECT id, -2 FROM uploads WHERE whole = 1;
  CREATE INDEX uploads_pid ON uploads (pid);
  `,
];
