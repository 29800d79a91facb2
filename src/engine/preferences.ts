/** What the person chose on this device: how loudly groups speak, whose messages stay folded, what others may notice. */
import { ok } from '../lib/result.ts';
import type { PreferencesChange } from '../client/client.ts';
import type { Loudness, PreferencesView } from '../client/view.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { array, bool, type FieldType, id, oneOf, record } from '../protocol/field.ts';
import type { Gid, Pid } from '../protocol/ids.ts';
import type { Records } from './records.ts';

const MOST = 10_000;

const field = record({
  notices: oneOf('off', 'bare', 'names', 'texts'),
  signals: bool,
  /** Groups that do not speak for every message. */
  quiet: array(record({ gid: id<Gid>(), loudness: oneOf('mentions', 'none') }), MOST),
  blocked: array(id<Pid>(), MOST),
  /** People of whom it is known that they came back with a new identity. */
  accepted: array(id<Pid>(), MOST),
});
type Stored = FieldType<typeof field>;

const KEY = 'preferences';
const FIRST: Stored = { notices: 'off', signals: true, quiet: [], blocked: [], accepted: [] };

export interface Preferences {
  readonly view: () => Omit<PreferencesView, 'blocked'> & { readonly blocked: readonly Pid[] };
  readonly loudness: (gid: Gid) => Loudness;
  readonly blocks: (pid: Pid) => boolean;
  /** The same list until it changes. */
  readonly blocked: () => readonly Pid[];
  readonly accepts: (pid: Pid) => boolean;
  /** Durable when it resolves. E_LIMIT: more people or groups than a device keeps. */
  readonly change: (change: PreferencesChange) => Promise<Outcome<void>>;
}

const withOrWithout = <T>(list: readonly T[], one: T, on: boolean): readonly T[] => [
  ...list.filter((other) => other !== one),
  ...(on ? [one] : []),
];

function changed(stored: Stored, change: PreferencesChange): Stored {
  const { notices = stored.notices, signals = stored.signals, group, block, accept } = change;
  const quiet = stored.quiet.filter((one) => one.gid !== group?.gid);
  return {
    notices,
    signals,
    quiet:
      group === undefined || group.loudness === 'all'
        ? quiet
        : [...quiet, { gid: group.gid, loudness: group.loudness }],
    blocked:
      block === undefined ? stored.blocked : withOrWithout(stored.blocked, block.pid, block.on),
    accepted: accept === undefined ? stored.accepted : withOrWithout(stored.accepted, accept, true),
  };
}

export async function createPreferences(
  records: Records,
  told: (change: PreferencesChange) => void,
): Promise<Preferences> {
  let stored = (await records.read(KEY, field)) ?? FIRST;
  return {
    view: () => ({ notices: stored.notices, signals: stored.signals, blocked: stored.blocked }),
    loudness: (gid) => stored.quiet.find((one) => one.gid === gid)?.loudness ?? 'all',
    blocked: () => stored.blocked,
    blocks: (pid) => stored.blocked.includes(pid),
    accepts: (pid) => stored.accepted.includes(pid),
    async change(change) {
      const next = changed(stored, change);
      if ([next.quiet, next.blocked, next.accepted].some((list) => list.length > MOST))
        return fail('E_LIMIT', 'people or groups set apart');
      stored = next;
      await records.write([records.put(KEY, field, next)]);
      told(change);
      return ok(undefined);
    },
  };
}
