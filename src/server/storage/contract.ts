/** What every storage must do: one suite, run against each implementation by one setup function. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../lib/assert.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from '../../protocol/ids.ts';
import type { Storage, StoredEntry, StoredMessage, StoredRequest, Write } from './port.ts';

const id = (n: number): string => n.toString(16).padStart(64, '0');
const gid = id(1) as Gid;
const otherGid = id(2) as Gid;
const alice = id(10) as Pid;
const bob = id(11) as Pid;
const dev = 'd'.repeat(32) as Dev;
const bytes = (...values: number[]) => new Uint8Array(values);

const entry = (t: number, seq: number, at = 1000 + t): StoredEntry => ({
  kind: 'entry',
  t,
  seq,
  hash: id(100 + t) as Hash,
  head: bytes(1, t),
  at,
  T: id(200 + t) as Hash,
});
const message = (t: number, ctr: number, change: Partial<StoredMessage> = {}): StoredMessage => ({
  kind: 'message',
  t,
  author: alice,
  dev,
  ctr,
  circle: 0,
  hash: id(100 + t) as Hash,
  head: bytes(16, t),
  body: bytes(t, t, t),
  at: 1000 + t,
  T: id(200 + t) as Hash,
  ...change,
});
const item = (stored: StoredEntry | StoredMessage, of = gid): Write => ({
  kind: 'item',
  gid: of,
  item: stored,
});
const request = (pid: Pid, at: number, change: Partial<StoredRequest> = {}): StoredRequest => ({
  gid,
  pid,
  hash: id(at) as Hash,
  link: id(7) as LinkPk,
  exp: 5000,
  at,
  state: 'waiting',
  request: bytes(1),
  intro: bytes(2),
  rejection: null,
  ...change,
});
const page = { items: 100, bytes: 1_000_000 };

export function storageContract(
  name: string,
  open: () => { readonly storage: Storage; readonly discard: () => Promise<void> },
): void {
  describe(`storage: ${name}`, () => {
    let storage: Storage;
    let discard: () => Promise<void>;
    beforeEach(() => {
      ({ storage, discard } = open());
    });
    afterEach(() => discard());
    const stored = async (...batch: Write[]) => {
      expect(await storage.commit(batch)).toBe('stored');
    };

    it('a batch is stored whole', async () => {
      await stored(item(entry(0, 0)), { kind: 'membership', gid, pid: alice, member: true });
      expect(await storage.lastItem(gid)).toEqual(entry(0, 0));
      expect(await storage.memberships(alice)).toEqual([{ gid, member: true }]);
    });

    it('a batch with a conflict is not stored at all', async () => {
      await stored(item(entry(0, 0)));
      const batch: Write[] = [
        { kind: 'membership', gid, pid: bob, member: true },
        item(entry(0, 0)),
      ];
      expect(await storage.commit(batch)).toBe('conflict');
      expect(await storage.memberships(bob)).toEqual([]);
    });

    it('a conflict of one batch leaves the others of the same transaction alone', async () => {
      const outcomes = await Promise.all([
        storage.commit([item(entry(0, 0))]),
        storage.commit([item(entry(0, 0))]),
        storage.commit([item(entry(0, 0), otherGid)]),
        storage.commit([item(message(1, 1))]),
      ]);
      expect(outcomes).toEqual(['stored', 'conflict', 'stored', 'stored']);
      expect(await storage.lastItem(gid)).toEqual(message(1, 1));
    });

    it('a pass is one per account, found by its locator, and taken once', async () => {
      const pass = (locator: number, pid = alice): Write => ({
        kind: 'pass',
        pid,
        locator: id(locator) as Hash,
        pass: bytes(locator),
        exp: 5000,
      });
      const take = (locator: number): Write => ({
        kind: 'takePass',
        locator: id(locator) as Hash,
      });
      await stored(pass(41));
      expect(await storage.commit([pass(41, bob)])).toBe('conflict');
      await stored(pass(42));
      expect(await storage.passAt(id(41) as Hash)).toBeNull();
      expect(await storage.passAt(id(42) as Hash)).toEqual({
        pid: alice,
        locator: id(42),
        pass: bytes(42),
        exp: 5000,
      });
      const taken = await Promise.all([storage.commit([take(42)]), storage.commit([take(42)])]);
      expect(taken).toEqual(['stored', 'conflict']);
      expect(await storage.passAt(id(42) as Hash)).toBeNull();
      await stored(pass(43));
      await stored({ kind: 'dropPass', pid: alice });
      await stored({ kind: 'dropPass', pid: alice });
      expect(await storage.passAt(id(43) as Hash)).toBeNull();
    });

    it('a dropped account leaves neither vault, pass, member record nor request, and nobody else loses any', async () => {
      const vault = (pid: Pid, locator: number): Write => ({
        kind: 'vault',
        pid,
        n: 1,
        over: 0,
        vault: bytes(locator),
        locators: [id(locator) as Hash],
      });
      const of = (pid: Pid, n: number): Write[] => [
        vault(pid, n),
        { kind: 'pass', pid, locator: id(n) as Hash, pass: bytes(1), exp: 1 },
        { kind: 'record', gid, pid, which: 1, record: bytes(n) },
      ];
      await stored(...of(alice, 71), ...of(bob, 72));
      await stored({ kind: 'dropAccount', pid: alice });
      await stored({ kind: 'dropAccount', pid: alice });
      expect(await storage.vault(alice)).toBeNull();
      expect(await storage.vaultAt(id(71) as Hash)).toBeNull();
      expect(await storage.passAt(id(71) as Hash)).toBeNull();
      expect((await storage.records(gid)).map((one) => one.pid)).toEqual([bob]);
      expect(await storage.vault(bob)).toEqual(bytes(72));
      expect(await storage.passAt(id(72) as Hash)).not.toBeNull();
      await stored(vault(alice, 71));
    });

    it('t has no gap: what stands on a refused item is refused', async () => {
      await stored(item(entry(0, 0)));
      const outcomes = await Promise.all([
        storage.commit([item(entry(1, 0))]),
        storage.commit([item(entry(2, 1))]),
      ]);
      expect(outcomes).toEqual(['conflict', 'conflict']);
    });

    it('a (gid, author, dev, ctr) is taken once', async () => {
      await stored(item(entry(0, 0)));
      await stored(item(message(1, 1)));
      expect(await storage.commit([item(message(2, 1))])).toBe('conflict');
      await stored(item(message(2, 1, { author: bob })));
      await stored(item(entry(0, 0), otherGid));
      await stored(item(message(1, 1), otherGid));
      expect(await storage.lastCounter(gid, alice, dev)).toBe(1);
      expect(await storage.lastCounter(gid, alice, 'e'.repeat(32) as Dev)).toBe(0);
      expect(await storage.message(gid, bob, dev, 1)).toEqual(message(2, 1, { author: bob }));
      expect(await storage.message(gid, bob, dev, 2)).toBeNull();
    });

    it('items come in ascending pages from either end, bounded by count and bytes', async () => {
      await stored(item(entry(0, 0)));
      for (let t = 1; t < 6; t++) await stored(item(message(t, t)));
      const ts = async (...args: Parameters<Storage['items']>) =>
        (await storage.items(...args)).map((found) => found.t);
      expect(await ts(gid, 1, 5, page, 'oldest')).toEqual([1, 2, 3, 4]);
      expect(await ts(gid, 1, 5, { ...page, items: 2 }, 'oldest')).toEqual([1, 2]);
      expect(await ts(gid, 1, 5, { ...page, items: 2 }, 'newest')).toEqual([3, 4]);
      expect(await ts(gid, 1, 5, { items: 9, bytes: 1 }, 'newest')).toEqual([4]);
      expect(await ts(gid, 9, 12, page, 'oldest')).toEqual([]);
      expect(await storage.itemAt(gid, 3)).toEqual(message(3, 3));
      expect(await storage.itemAt(gid, 30)).toBeNull();
    });

    it('entries are found by seq, apart from messages', async () => {
      await stored(item(entry(0, 0)));
      await stored(item(message(1, 1)));
      await stored(item(entry(2, 1)));
      expect(await storage.entryAt(gid, 1)).toEqual(entry(2, 1));
      expect(await storage.entryAt(gid, 2)).toBeNull();
      expect(await storage.entries(gid, 0, page)).toEqual([entry(0, 0), entry(2, 1)]);
      expect(await storage.entries(gid, 1, page)).toEqual([entry(2, 1)]);
    });

    it('a time leads to the first position at or after it', async () => {
      await stored(item(entry(0, 0, 50)));
      await stored(item(message(1, 1, { at: 60 })));
      await stored(item(message(2, 2, { at: 60 })));
      await stored(item(message(3, 3, { at: 70 })));
      expect(
        await Promise.all([0, 50, 51, 60, 61, 71].map((at) => storage.positionAt(gid, at))),
      ).toEqual([0, 0, 1, 1, 3, 4]);
      expect(await storage.positionAt(otherGid, 5)).toBe(0);
    });

    it('cards follow each other without a gap', async () => {
      const card = (n: number): Write => ({
        kind: 'card',
        pid: alice,
        n,
        hash: id(n) as Hash,
        card: bytes(n),
      });
      expect(await storage.commit([card(1)])).toBe('conflict');
      await stored(card(0), card(1));
      expect(await storage.commit([card(1)])).toBe('conflict');
      expect((await storage.cards(alice)).map(({ n }) => n)).toEqual([0, 1]);
      expect(await storage.cards(bob)).toEqual([]);
    });

    it('a vault follows its last version, is found by its locators only, and no two share one', async () => {
      const vault = (n: number, locators: readonly Hash[], pid = alice): Write => ({
        kind: 'vault',
        over: n - 1,
        pid,
        n,
        vault: bytes(n),
        locators,
      });
      await stored(vault(1, [id(31) as Hash]));
      await stored(vault(2, [id(32) as Hash, id(33) as Hash]));
      expect(await storage.commit([vault(2, [id(34) as Hash])])).toBe('conflict');
      expect(await storage.commit([vault(4, [id(34) as Hash])])).toBe('conflict');
      expect(await storage.commit([vault(1, [id(33) as Hash], bob)])).toBe('conflict');
      expect(await storage.vault(alice)).toEqual(bytes(2));
      expect(await storage.vault(bob)).toBeNull();
      expect(await storage.vaultAt(id(33) as Hash)).toEqual(bytes(2));
      expect(await storage.vaultAt(id(31) as Hash)).toBeNull();
    });

    it('meta is written once', async () => {
      await stored({ kind: 'meta', key: 'seed', value: bytes(1) });
      expect(await storage.commit([{ kind: 'meta', key: 'seed', value: bytes(2) }])).toBe(
        'conflict',
      );
      expect(await storage.meta('seed')).toEqual(bytes(1));
      expect(await storage.meta('other')).toBeNull();
    });

    it('a vault may jump over versions that were lost, never over one that is held', async () => {
      const vault = (n: number, over: number): Write => ({
        kind: 'vault',
        pid: alice,
        n,
        over,
        vault: bytes(n),
        locators: [],
      });
      await stored(vault(2, 0));
      expect(await storage.commit([vault(9, 1)])).toBe('conflict');
      await stored(vault(9, 2));
      expect(await storage.vault(alice)).toEqual(bytes(9));
    });

    it('many items come in one batch, and none of them where one does not follow', async () => {
      await stored(item(entry(0, 0)), item(message(1, 1)), item(entry(2, 1)), item(message(3, 2)));
      expect(await storage.commit([item(message(4, 3)), item(message(6, 4))])).toBe('conflict');
      expect(await storage.commit([item(message(4, 3)), item(entry(5, 1))])).toBe('conflict');
      expect((await storage.lastItem(gid))?.t).toBe(3);
    });

    it('protocol 11: boxes and bodies that are due are given once', async () => {
      const due = { generation: 2, circle: 1, roster: [alice, bob], hash: id(5) as Hash } as const;
      await stored(
        item(entry(0, 0)),
        item(message(1, 1, { body: null })),
        { kind: 'dueBoxes', gid, ...due },
        { kind: 'dueBody', gid, t: 1 },
      );
      expect(await storage.dueBoxes(gid)).toEqual([due]);
      expect(await storage.dueBoxes(otherGid)).toEqual([]);
      expect(await storage.dueBodies(gid, 10)).toEqual([1]);
      expect(await storage.dueBodies(gid, 0)).toEqual([]);
      expect(await storage.commit([{ kind: 'body', gid, t: 0, body: bytes(9) }])).toBe('conflict');
      await stored(
        { kind: 'body', gid, t: 1, body: bytes(9) },
        { kind: 'boxes', gid, generation: 2, circle: 1, roster: [alice, bob], boxes: bytes(7) },
      );
      expect(await storage.dueBoxes(gid)).toEqual([]);
      expect(await storage.dueBodies(gid, 10)).toEqual([]);
      expect(await storage.itemAt(gid, 1)).toEqual(message(1, 1, { body: bytes(9) }));
      expect(await storage.message(gid, alice, dev, 1)).toEqual(message(1, 1, { body: bytes(9) }));
      expect(await storage.commit([{ kind: 'body', gid, t: 1, body: bytes(8) }])).toBe('conflict');
    });

    it('protocol 9: a body that its author takes back is gone, due or not; the item stays', async () => {
      await stored(item(entry(0, 0)), item(message(1, 1)), item(message(2, 2, { body: null })), {
        kind: 'dueBody',
        gid,
        t: 2,
      });
      await stored({ kind: 'dropBody', gid, t: 1 }, { kind: 'dropBody', gid, t: 2 });
      expect(await storage.itemAt(gid, 1)).toEqual(message(1, 1, { body: null }));
      expect(await storage.message(gid, alice, dev, 1)).toEqual(message(1, 1, { body: null }));
      expect(await storage.dueBodies(gid, 10)).toEqual([]);
      expect(await storage.commit([{ kind: 'body', gid, t: 2, body: bytes(8) }])).toBe('conflict');
    });

    it('protocol 11: what was given up of a group is remembered with its time', async () => {
      expect(await storage.givenUp(gid)).toBeNull();
      await stored({ kind: 'givenUp', gid, at: 5 });
      await stored({ kind: 'givenUp', gid, at: 7 });
      expect(await storage.givenUp(gid)).toBe(7);
      expect(await storage.givenUp(otherGid)).toBeNull();
    });

    it('boxes keep their roster; of sealed texts the latest stays', async () => {
      await stored({
        kind: 'boxes',
        gid,
        generation: 1,
        circle: 0,
        roster: [alice, bob],
        boxes: bytes(9),
      });
      expect(await storage.boxes(gid, 1, 0)).toEqual({ roster: [alice, bob], boxes: bytes(9) });
      expect(await storage.boxes(gid, 1, 1)).toBeNull();
      await stored({ kind: 'sealed', gid, circle: 0, text: bytes(1) });
      await stored({ kind: 'sealed', gid, circle: 0, text: bytes(2) });
      expect(await storage.sealed(gid, 0)).toEqual(bytes(2));
      expect(await storage.sealed(gid, 1)).toBeNull();
      await stored({ kind: 'preview', gid, hash: id(3) as Hash, preview: bytes(3) });
      expect(await storage.preview(gid, id(3) as Hash)).toEqual(bytes(3));
    });

    it('one request per pid and group, waiting ones first, oldest first', async () => {
      const carol = id(12) as Pid;
      await stored({ kind: 'request', row: request(bob, 20) });
      await stored({ kind: 'request', row: request(alice, 30) });
      await stored({
        kind: 'request',
        row: request(carol, 10, { state: 'rejected', rejection: bytes(5) }),
      });
      expect((await storage.requests(gid)).map((row) => row.pid)).toEqual([bob, alice, carol]);
      expect(await storage.countWaiting(gid, 0)).toBe(2);
      expect(await storage.countWaiting(gid, 5001)).toBe(0);
      expect(await storage.countWaitingOf(bob, 0)).toBe(1);
      await stored({ kind: 'request', row: request(bob, 40, { intro: null, exp: 9000 }) });
      expect(await storage.request(gid, bob)).toEqual(request(bob, 40, { intro: null, exp: 9000 }));
      await stored({ kind: 'dropExpired', gid, before: 6000 });
      expect((await storage.requests(gid)).map((row) => row.pid)).toEqual([bob]);
      await stored({ kind: 'dropRequest', gid, pid: bob });
      expect(await storage.request(gid, bob)).toBeNull();
    });

    it('a block is set and lifted', async () => {
      await stored({ kind: 'block', gid, pid: bob, blocked: true });
      expect(await storage.blocked(gid, bob)).toBe(true);
      expect(await storage.blocked(otherGid, bob)).toBe(false);
      await stored({ kind: 'block', gid, pid: bob, blocked: false });
      expect(await storage.blocked(gid, bob)).toBe(false);
    });

    it('complaints go with their generation, reports stay', async () => {
      const row = (about: 'complaint' | 'report', n: number) => ({
        gid,
        about,
        author: alice,
        generation: 1,
        hash: id(n) as Hash,
        entry: bytes(n),
        at: n,
      });
      await stored(
        { kind: 'statement', row: row('complaint', 1) },
        { kind: 'statement', row: row('report', 2) },
      );
      await stored({ kind: 'statement', row: row('complaint', 1) });
      expect(await storage.statements(gid, 'complaint')).toEqual([row('complaint', 1)]);
      await stored({ kind: 'dropComplaints', gid });
      expect(await storage.statements(gid, 'complaint')).toEqual([]);
      expect(await storage.statements(gid, 'report')).toEqual([row('report', 2)]);
    });

    it('of member records the newest of each kind stays', async () => {
      await stored({ kind: 'record', gid, pid: bob, which: 1, record: bytes(1) });
      await stored({ kind: 'record', gid, pid: alice, which: 0, record: bytes(2) });
      await stored({ kind: 'record', gid, pid: alice, which: 0, record: bytes(3) });
      expect(await storage.records(gid)).toEqual([
        { pid: alice, which: 0, record: bytes(3) },
        { pid: bob, which: 1, record: bytes(1) },
      ]);
      await stored({ kind: 'dropRecord', gid, pid: bob, which: 1 });
      expect((await storage.records(gid)).map((row) => row.pid)).toEqual([alice]);
    });

    it('a file grows part by part exactly at its end, and is served when whole', async () => {
      const blob = id(50) as Hash;
      const part = (offset: number, ...values: number[]): Write => ({
        kind: 'part',
        gid,
        blob,
        pid: alice,
        total: 5,
        offset,
        part: bytes(...values),
        at: 100,
      });
      await stored(part(0, 1, 2, 3));
      expect(await storage.commit([part(0, 1, 2, 3)])).toBe('conflict');
      expect(await storage.upload(gid, blob, alice)).toEqual({
        total: 5,
        received: 3,
        whole: false,
      });
      expect(await storage.unfinishedUploads(alice)).toBe(1);
      expect(await storage.blobPart(gid, blob, 0)).toBeNull();
      await stored(part(3, 4, 5));
      expect(await storage.uploadPart(gid, blob, alice, 0)).toEqual(bytes(1, 2, 3));
      expect(await storage.uploadPart(gid, blob, alice, 3)).toEqual(bytes(4, 5));
      expect(await storage.uploadPart(gid, blob, alice, 5)).toBeNull();
      await stored({ kind: 'whole', gid, blob, pid: alice });
      expect(present(await storage.blobPart(gid, blob, 1), 'whole')).toEqual({
        total: 5,
        part: bytes(2, 3),
      });
      expect(present(await storage.blobPart(gid, blob, 3), 'whole')).toEqual({
        total: 5,
        part: bytes(4, 5),
      });
      expect(present(await storage.blobPart(gid, blob, 5), 'whole').part).toEqual(bytes());
      expect(await storage.blobPart(otherGid, blob, 0)).toBeNull();
      await stored({ kind: 'dropStale', before: 1000 });
      expect(await storage.upload(gid, blob, alice)).toEqual({
        total: 5,
        received: 5,
        whole: true,
      });
    });

    it('unfinished files are dropped when stale, and at once when wrong', async () => {
      const blob = id(51) as Hash;
      const part = (at: number): Write => ({
        kind: 'part',
        gid,
        blob,
        pid: alice,
        total: 5,
        offset: 0,
        part: bytes(1),
        at,
      });
      await stored(part(100));
      await stored({ kind: 'dropStale', before: 1000 });
      expect(await storage.upload(gid, blob, alice)).toBeNull();
      await stored(part(2000));
      await stored({ kind: 'dropUpload', gid, blob, pid: alice });
      expect(await storage.upload(gid, blob, alice)).toBeNull();
      expect(await storage.uploadPart(gid, blob, alice, 0)).toBeNull();
    });

    it('a blob stays while a message or the profile names it, and goes with the last that did', async () => {
      const upload = async (n: number, pid = alice, of = gid): Promise<Hash> => {
        const blob = id(n) as Hash;
        const name = { gid: of, blob, pid };
        const total = { total: 2, offset: 0, part: bytes(n, n), at: 100 };
        await stored({ kind: 'part', ...name, ...total }, { kind: 'whole', ...name });
        return blob;
      };
      const there = async (blob: Hash): Promise<boolean> =>
        (await storage.blobPart(gid, blob, 0)) !== null;
      const [file, twice, image, none] = [
        await upload(60),
        await upload(61),
        await upload(62, bob),
        await upload(63),
      ];
      await upload(60, bob, otherGid);
      const keep = (blob: Hash, t: number, pid = alice): Write => ({
        kind: 'keepFile',
        gid,
        blob,
        pid,
        t,
      });
      expect(await storage.commit([keep(file, 7, bob)])).toBe('conflict');
      expect(await storage.commit([keep(id(99) as Hash, 7)])).toBe('conflict');
      await stored(keep(file, 7), keep(twice, 8), keep(twice, 9));
      await stored({ kind: 'keepImage', gid, pid: alice, blob: image });
      expect(await storage.named(gid, file, alice)).toBe(true);
      expect(await storage.named(gid, none, alice)).toBe(false);
      expect(await storage.blobBytes({ gid })).toBe(8);
      expect(await storage.blobBytes({ pid: bob })).toBe(4);

      await stored({ kind: 'dropUnnamed', before: 100 });
      expect(await there(none)).toBe(true);
      await stored({ kind: 'dropUnnamed', before: 101 });
      expect(await Promise.all([file, twice, image, none].map(there))).toEqual([
        true,
        true,
        true,
        false,
      ]);
      await stored({ kind: 'dropFile', gid, t: 7 }, { kind: 'dropFile', gid, t: 8 });
      expect(await Promise.all([file, twice].map(there))).toEqual([false, true]);
      await stored({ kind: 'keepImage', gid, pid: alice, blob: null });
      await stored({ kind: 'dropFile', gid, t: 9 }, { kind: 'dropUnnamed', before: 101 });
      expect(await Promise.all([twice, image].map(there))).toEqual([false, false]);
    });

    it('an empty batch resolves after everything given before', async () => {
      const order: string[] = [];
      const first = storage.commit([item(entry(0, 0))]).then(() => order.push('first'));
      const second = storage.commit([]).then((outcome) => order.push(outcome));
      await Promise.all([first, second]);
      expect(order).toEqual(['first', 'stored']);
    });
  });
}
