/** Names as they are shown: neutralised, with a short mark of the pid to tell look-alikes apart. The signed bytes stay as they are. */
import type { PersonView } from '../client/view.ts';
import { type Pid, printId } from '../protocol/ids.ts';
import { decodeNameRecord } from '../protocol/sealed.ts';
import type { Replica } from './replica.ts';

/** Bidirectional controls, zero-width characters, control characters, and what else has no width of its own. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]/gu;

/** The name without characters that hide or reorder others; null where nothing is left to see. */
export function neutralise(name: string): string | null {
  const plain = name.replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
  return plain === '' ? null : [...plain].slice(0, 60).join('');
}

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
