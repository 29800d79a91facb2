/** What every handler works with; made once in server.ts. */
import type { Primitives } from '../crypto/primitives.ts';
import type { Signer } from './checkpoint.ts';
import type { Clock } from './clock.ts';
import type { Limits } from './config.ts';
import type { Groups } from './groups.ts';
import type { Hub } from './hub.ts';
import type { Log } from './log.ts';
import type { Lost } from './lost.ts';
import type { Metrics } from './metrics.ts';
import type { Rate } from './rate.ts';
import type { Storage } from './storage/port.ts';

export interface Rates {
  readonly messages: Rate;
  readonly entries: Rate;
  readonly records: Rate;
  readonly signals: Rate;
  readonly links: Rate;
  readonly cards: Rate;
  readonly given: Rate;
  readonly reads: Rate;
  readonly stores: Rate;
  readonly logins: Rate;
  readonly previews: Rate;
}

export interface Context {
  readonly p: Primitives;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly signer: Signer;
  readonly groups: Groups;
  readonly lost: Lost;
  readonly hub: Hub;
  readonly rates: Rates;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Addresses a login may be bound to. */
  readonly origins: () => readonly string[];
}
