/** What the parts of the engine share: ports, the session, the account, the groups held, and how news leaves. */
import type { Identity } from '../crypto/secret/identity.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { GroupNews } from '../client/view.ts';
import type { Gid, Pid } from '../protocol/ids.ts';
import type { Clock } from './ports.ts';
import type { Preferences } from './preferences.ts';
import type { Records } from './records.ts';
import type { Replica } from './replica.ts';
import type { Session } from './session.ts';
import type { Twin } from './twin.ts';

export interface Context {
  readonly p: Primitives;
  readonly clock: Clock;
  readonly records: Records;
  readonly session: Session;
  readonly origin: string;
  readonly identity: () => Identity;
  /** People whose safety number was compared. */
  readonly verified: () => ReadonlySet<Pid>;
  readonly preferences: Preferences;
  readonly twin: Twin;
  readonly groups: Map<Gid, Replica>;
  /** A group changed and was stored: views are built and told. `items`: positions that are new or changed. */
  readonly changed: (replica: Replica, change: GroupChange) => void;
  /** Watches work nobody waits for: where it breaks (the store refuses, a record is damaged) the engine stops and says so. */
  readonly tend: (work: Promise<unknown>) => void;
  /** Hears of every change of one group, after it was stored. */
  readonly onChange: (gid: Gid, listener: () => void) => () => void;
  /** Asks the server for everything from the replica's end on. */
  readonly catchUp: (gid: Gid) => void;
}

export interface GroupChange {
  readonly items?: readonly number[];
  /** Keys of outgoing lines that no longer stand. */
  readonly gone?: readonly string[];
  readonly outbox?: boolean;
  /** Roster, keys, texts or standing changed: more than lines of the talk. */
  readonly group?: boolean;
  readonly news?: readonly GroupNews[];
}

/** Time for signing: own clock corrected by the server's where the difference is at most a day, or agreed to. */
export function signingTime(ctx: Pick<Context, 'clock' | 'session'>, notBefore: number): number {
  return Math.max(Math.round(ctx.clock.now() + ctx.session.signingOffset()), notBefore);
}
