/** The shape of a group: what the signed log, folded, says. Plain data; holds no secret; the same for everybody. */
import type { Bytes } from '../lib/bytes.ts';
import type { CardDevice } from '../protocol/card.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';
import type { KeyBatch } from '../protocol/keyUpdate.ts';
import type { LinkTerms } from '../protocol/link.ts';
import type { Role } from '../protocol/role.ts';

/** The last card of a verified chain, with what later cards must not bring back. */
export interface PinnedCard {
  readonly pid: Pid;
  readonly hash: Hash;
  readonly n: number;
  readonly time: number;
  readonly rootPk: Bytes;
  readonly devices: readonly CardDevice[];
  readonly sealGen: number;
  readonly sealPk: Bytes;
  /** Hex of sealing keys used before the current one. */
  readonly pastSealPks: ReadonlySet<string>;
  readonly pastDevices: ReadonlySet<Dev>;
}

export interface Member {
  readonly pid: Pid;
  readonly role: Role;
  readonly via: 'start' | 'direct' | 'link';
  readonly link: LinkPk | null;
  readonly by: Pid;
  /** Entry that brought them in, and its time. */
  readonly seq: number;
  readonly time: number;
}

export interface Link extends LinkTerms {
  readonly uses: number;
  readonly maker: Pid;
  readonly revoked: boolean;
  readonly seq: number;
}

export interface Generation {
  readonly generation: number;
  /** Entry that began it, its author, time, and why. */
  readonly seq: number;
  readonly author: Pid;
  readonly time: number;
  readonly reason: 'start' | 'members' | 'manual' | 'pending' | 'age' | 'card' | 'complaint';
  readonly everyone: KeyBatch;
  readonly staff: KeyBatch;
}

/** Where a sealed text stands: the entry that sealed it last, and the commitment to its words. */
export interface SealedRef {
  readonly hash: Hash;
  readonly commit: Hash;
  readonly generation: number;
  readonly seq: number;
  readonly author: Pid;
}

export interface GroupState {
  readonly gid: Gid;
  readonly seq: number;
  readonly head: Hash;
  /** Time of the newest entry. */
  readonly time: number;
  readonly policy: number;
  readonly serverPk: Bytes;
  readonly predecessor: Gid | null;
  readonly owner: Pid;
  readonly ownerEpoch: number;
  readonly members: ReadonlyMap<Pid, Member>;
  /** Every card this log ever pinned, also of those who left. */
  readonly cards: ReadonlyMap<Pid, PinnedCard>;
  readonly banned: ReadonlySet<Pid>;
  readonly links: ReadonlyMap<LinkPk, Link>;
  /** Requests that have admitted; each does so once, ever. */
  readonly usedRequests: ReadonlySet<Hash>;
  /** 0 before InitGroup. */
  readonly generation: number;
  readonly keys: Generation | null;
  readonly pending: 'leave' | 'card' | null;
  readonly profile: SealedRef | null;
  readonly staff: SealedRef | null;
  readonly closed: { readonly successor: Gid | null } | null;
}
