/**
 * What the server keeps, and how. Writes come in batches: one batch is stored whole or not at all, and batches that
 * arrive while a transaction runs go together into the next. Uniqueness is judged by the storage, nowhere else.
 */
import type { Bytes } from '../../lib/bytes.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from '../../protocol/ids.ts';
import type { Circle } from '../../protocol/role.ts';
import type { RecordKind } from '../../protocol/sealed.ts';

/** An item of a timeline; `T` is the running hash after it. */
interface Placed {
  readonly t: number;
  readonly hash: Hash;
  readonly head: Bytes;
  readonly at: number;
  readonly T: Hash;
}

export interface StoredEntry extends Placed {
  readonly kind: 'entry';
  readonly seq: number;
}

export interface StoredMessage extends Placed {
  readonly kind: 'message';
  readonly author: Pid;
  readonly dev: Dev;
  readonly ctr: number;
  readonly circle: Circle;
  readonly body: Bytes | null;
}

export type StoredItem = StoredEntry | StoredMessage;

export interface StoredCard {
  readonly n: number;
  readonly hash: Hash;
  readonly card: Bytes;
}

/** One row per pid and group: the newest request, as long as anybody may ask how it stands. */
export interface StoredRequest {
  readonly gid: Gid;
  readonly pid: Pid;
  readonly hash: Hash;
  readonly link: LinkPk;
  readonly exp: number;
  readonly at: number;
  readonly state: 'waiting' | 'rejected' | 'admitted';
  readonly request: Bytes;
  readonly intro: Bytes | null;
  readonly rejection: Bytes | null;
}

/** A complaint or a report: a member's signed word to the staff. */
export interface StoredStatement {
  readonly gid: Gid;
  readonly about: 'complaint' | 'report';
  readonly author: Pid;
  readonly generation: number;
  readonly hash: Hash;
  readonly entry: Bytes;
  readonly at: number;
}

export interface StoredRecord {
  readonly pid: Pid;
  readonly which: RecordKind;
  readonly record: Bytes;
}

/** Boxes an entry names that were lost and not given back yet: whose they are, and the hash they must have. */
export interface DueBoxes {
  readonly generation: number;
  readonly circle: Circle;
  readonly roster: readonly Pid[];
  readonly hash: Hash;
}

export interface StoredBoxes {
  readonly roster: readonly Pid[];
  readonly boxes: Bytes;
}

/** An upload as far as it came; whole when `received` is `total` and its hash was found right. */
export interface StoredUpload {
  readonly total: number;
  readonly received: number;
  readonly whole: boolean;
}

interface BlobName {
  readonly gid: Gid;
  readonly blob: Hash;
  readonly pid: Pid;
}

/** The newest version of an account's vault; locators find it for who holds only a slot's secret. */
export interface StoredVault {
  readonly pid: Pid;
  readonly n: number;
  readonly vault: Bytes;
  readonly locators: readonly Hash[];
}

/** A device pass that waits to be taken; one per account. */
export interface StoredPass {
  readonly pid: Pid;
  readonly locator: Hash;
  readonly pass: Bytes;
  readonly exp: number;
}

export type Write =
  /** Takes the place of the account's earlier pass; a locator that somebody else holds is a conflict. */
  | ({ readonly kind: 'pass' } & StoredPass)
  /** A conflict where it is gone already: of two who take it, one has it. */
  | { readonly kind: 'takePass'; readonly locator: Hash }
  | { readonly kind: 'dropPass'; readonly pid: Pid }
  /** Vault, pass, member records, requests and unfinished files of one account. */
  | { readonly kind: 'dropAccount'; readonly pid: Pid }
  /** Takes the place of version `over` (0: there is none); anything else is a conflict. */
  | ({ readonly kind: 'vault'; readonly over: number } & StoredVault)
  | { readonly kind: 'meta'; readonly key: string; readonly value: Bytes }
  | ({ readonly kind: 'card'; readonly pid: Pid } & StoredCard)
  | { readonly kind: 'item'; readonly gid: Gid; readonly item: StoredItem }
  | { readonly kind: 'membership'; readonly gid: Gid; readonly pid: Pid; readonly member: boolean }
  | ({
      readonly kind: 'boxes';
      readonly gid: Gid;
      readonly generation: number;
      readonly circle: Circle;
    } & StoredBoxes)
  /** Boxes that are still to be given back; `boxes` ends that. */
  | ({ readonly kind: 'dueBoxes'; readonly gid: Gid } & DueBoxes)
  /** A message was given back without its body; `body` ends that, and is a conflict where none is due. */
  | { readonly kind: 'dueBody'; readonly gid: Gid; readonly t: number }
  | { readonly kind: 'body'; readonly gid: Gid; readonly t: number; readonly body: Bytes }
  /** The author took it back; a body that was due is due no more. */
  | { readonly kind: 'dropBody'; readonly gid: Gid; readonly t: number }
  /** The operator gives up what members hold of a group beyond this server, as signed up to a time. */
  | { readonly kind: 'givenUp'; readonly gid: Gid; readonly at: number }
  | { readonly kind: 'sealed'; readonly gid: Gid; readonly circle: Circle; readonly text: Bytes }
  | { readonly kind: 'preview'; readonly gid: Gid; readonly hash: Hash; readonly preview: Bytes }
  | { readonly kind: 'request'; readonly row: StoredRequest }
  | { readonly kind: 'dropRequest'; readonly gid: Gid; readonly pid: Pid }
  /** Requests of a group that ended before a time. */
  | { readonly kind: 'dropExpired'; readonly gid: Gid; readonly before: number }
  | { readonly kind: 'block'; readonly gid: Gid; readonly pid: Pid; readonly blocked: boolean }
  | { readonly kind: 'statement'; readonly row: StoredStatement }
  | { readonly kind: 'dropComplaints'; readonly gid: Gid }
  | ({ readonly kind: 'record'; readonly gid: Gid } & StoredRecord)
  | {
      readonly kind: 'dropRecord';
      readonly gid: Gid;
      readonly pid: Pid;
      readonly which: RecordKind;
    }
  /** A part that continues an upload exactly where it stands; the first part opens it. */
  | ({
      readonly kind: 'part';
      readonly total: number;
      readonly offset: number;
      readonly part: Bytes;
      readonly at: number;
    } & BlobName)
  | ({ readonly kind: 'whole' } & BlobName)
  | ({ readonly kind: 'dropUpload' } & BlobName)
  /** Uploads that nobody finished since a time. */
  | { readonly kind: 'dropStale'; readonly before: number }
  /** The message at this position names a whole blob of its author; a conflict where there is none. */
  | ({ readonly kind: 'keepFile'; readonly t: number } & BlobName)
  /** The message at this position names nothing any more; what nothing else names goes with it. */
  | { readonly kind: 'dropFile'; readonly gid: Gid; readonly t: number }
  /** The picture the profile names takes the place of the one before; no matter whose upload it is, or whether it is there. */
  | {
      readonly kind: 'keepImage';
      readonly gid: Gid;
      readonly pid: Pid;
      readonly blob: Hash | null;
    }
  /** Whole blobs that came before a time and that nothing names. */
  | { readonly kind: 'dropUnnamed'; readonly before: number };

/** `conflict`: something else holds that place already, and nothing of the batch was stored. `failed`: nothing was stored. */
export type CommitOutcome = 'stored' | 'conflict' | 'failed';

/** What a page of items may hold; the first item is given whatever its size. */
export interface PageLimit {
  readonly items: number;
  readonly bytes: number;
}

/** Reads see what was committed. Lists come in the order their comment names. */
export interface Storage {
  /** Resolves when the batch is durable or refused; never rejects. Batches are written in the order given. */
  readonly commit: (batch: readonly Write[]) => Promise<CommitOutcome>;
  readonly meta: (key: string) => Promise<Bytes | null>;
  /** Ascending by n. */
  readonly cards: (pid: Pid) => Promise<readonly StoredCard[]>;
  readonly memberships: (
    pid: Pid,
  ) => Promise<readonly { readonly gid: Gid; readonly member: boolean }[]>;
  readonly lastItem: (gid: Gid) => Promise<StoredItem | null>;
  readonly itemAt: (gid: Gid, t: number) => Promise<StoredItem | null>;
  readonly entryAt: (gid: Gid, seq: number) => Promise<StoredEntry | null>;
  /** from <= t < until; ascending, also when the newest are asked for. */
  readonly items: (
    gid: Gid,
    from: number,
    until: number,
    limit: PageLimit,
    which: 'oldest' | 'newest',
  ) => Promise<readonly StoredItem[]>;
  /** Entries from seq on, ascending. */
  readonly entries: (gid: Gid, seq: number, limit: PageLimit) => Promise<readonly StoredEntry[]>;
  /** The first t whose item came at or after a time; the number of items where none did. */
  readonly positionAt: (gid: Gid, at: number) => Promise<number>;
  readonly message: (gid: Gid, author: Pid, dev: Dev, ctr: number) => Promise<StoredMessage | null>;
  /** 0 where the device sent nothing yet. */
  readonly lastCounter: (gid: Gid, author: Pid, dev: Dev) => Promise<number>;
  readonly boxes: (gid: Gid, generation: number, circle: Circle) => Promise<StoredBoxes | null>;
  /** Ascending by generation, then circle. */
  readonly dueBoxes: (gid: Gid) => Promise<readonly DueBoxes[]>;
  /** Positions, ascending, at most so many. */
  readonly dueBodies: (gid: Gid, limit: number) => Promise<readonly number[]>;
  /** Null where nothing was given up. */
  readonly givenUp: (gid: Gid) => Promise<number | null>;
  readonly sealed: (gid: Gid, circle: Circle) => Promise<Bytes | null>;
  readonly preview: (gid: Gid, hash: Hash) => Promise<Bytes | null>;
  /** Waiting ones first, oldest first. */
  readonly requests: (gid: Gid) => Promise<readonly StoredRequest[]>;
  readonly request: (gid: Gid, pid: Pid) => Promise<StoredRequest | null>;
  /** How many requests wait in a group and are not over at a time. */
  readonly countWaiting: (gid: Gid, now: number) => Promise<number>;
  /** The same for one pid over all groups. */
  readonly countWaitingOf: (pid: Pid, now: number) => Promise<number>;
  readonly blocked: (gid: Gid, pid: Pid) => Promise<boolean>;
  /** Oldest first. */
  readonly statements: (
    gid: Gid,
    about: StoredStatement['about'],
  ) => Promise<readonly StoredStatement[]>;
  /** Ascending by pid, then which. */
  readonly records: (gid: Gid) => Promise<readonly StoredRecord[]>;
  /** How far one pid's upload came. */
  readonly upload: (gid: Gid, blob: Hash, pid: Pid) => Promise<StoredUpload | null>;
  readonly unfinishedUploads: (pid: Pid) => Promise<number>;
  /** The part of an upload, whole or not, that begins at an offset; null where none does. */
  readonly uploadPart: (gid: Gid, blob: Hash, pid: Pid, offset: number) => Promise<Bytes | null>;
  /** Whether a message or the profile names this upload. */
  readonly named: (gid: Gid, blob: Hash, pid: Pid) => Promise<boolean>;
  /** Bytes of all uploads, counted as long as they will be. */
  readonly blobBytes: (of: { readonly gid: Gid } | { readonly pid: Pid }) => Promise<number>;
  /** Bytes of a whole blob from an offset up to the end of the part it falls into. */
  readonly blobPart: (
    gid: Gid,
    blob: Hash,
    offset: number,
  ) => Promise<{ readonly total: number; readonly part: Bytes } | null>;
  readonly vault: (pid: Pid) => Promise<Bytes | null>;
  readonly vaultAt: (locator: Hash) => Promise<Bytes | null>;
  readonly passAt: (locator: Hash) => Promise<StoredPass | null>;
  readonly close: () => Promise<void>;
}
