/** Names as they are shown: neutralised, with a short mark of the pid to tell look-alikes apart. The signed bytes stay as they are. */
import { neutralise } from '../client/shownName.ts';
import type { PersonView } from '../client/view.ts';
import { type Pid, printId } from '../protocol/ids.ts';
import { decodeNameRecord } from '../protocol/sealed.ts';
import type { Replica } from './replica.ts';

/** Names by pid, found once for each state of the record that holds them. */
const known = new WeakMap<Replica['head']['names'], Map<Pid, string | null>>();

function namesIn(names: Replica['head']['names']): Map<Pid, string | null> {
  const held = known.get(names);
  if (held !== undefined) return held;
  const found = new Map(
    names.map(({ pid, record: bytes }) => {
      const record = decodeNameRecord(bytes);
      return [pid, record.ok ? neutralise(record.value.name) : null] as const;
    }),
  );
  known.set(names, found);
  return found;
}

export function person(replica: Pick<Replica, 'head'> | null, pid: Pid): PersonView {
  const name = replica === null ? null : (namesIn(replica.head.names).get(pid) ?? null);
  return { pid, name, mark: printId(pid).slice(0, 4) };
}
