/** The judge of files that were handed out: what a log or a piece of evidence shows by itself, without any server. */
import { entryHash, gidOf, itemHash, nextT } from '../crypto/hash.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { verifyCheckpoint } from '../crypto/verify.ts';
import type { GroupState } from '../group/state.ts';
import { HEADER_BYTES } from '../protocol/envelope.ts';
import { type Checkpoint, decodeCheckpoint } from '../protocol/checkpoint.ts';
import { decodeEntry } from '../protocol/entry.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { printId } from '../protocol/ids.ts';
import { type ProofLine, readProofFile, type Side } from './proofFile.ts';
import { replay } from './replay.ts';

/** `ok`: the log is whole, or the evidence proves something. `sentence` says which, for people. */
export interface Verdict {
  readonly ok: boolean;
  readonly sentence: string;
}

const no = (sentence: string): Verdict => ({ ok: false, sentence });
const yes = (sentence: string): Verdict => ({ ok: true, sentence });

type LineOf<K extends ProofLine['kind']> = Extract<ProofLine, { kind: K }>;

function of<K extends ProofLine['kind']>(lines: readonly ProofLine[], kind: K): LineOf<K>[] {
  return lines.filter((line): line is LineOf<K> => line.kind === kind);
}

export function judgeFile(p: Primitives, text: string): Verdict {
  const lines = readProofFile(text);
  if (!lines.ok) return no(`The file cannot be read: ${lines.error.note ?? ''}.`);
  const [first, ...rest] = lines.value;
  if (first?.kind === 'log') return judgeLog(p, first, rest);
  if (first?.kind === 'evidence') return judgeEvidence(p, first.gid, rest);
  return no('The file is neither a log nor evidence.');
}

function judgeLog(p: Primitives, head: LineOf<'log'>, lines: readonly ProofLine[]): Verdict {
  let state: GroupState | null = null;
  for (const [i, line] of lines.entries()) {
    if (line.kind !== 'entry' || line.seq !== i)
      return no(`The log is broken at entry ${String(i)} (E_SEQ).`);
    if (i === 0 && gidOf(p, line.entry) !== head.gid)
      return no('The log is broken at entry 0 (E_GID): it is of another group.');
    const next = replay(p, state, line.entry);
    if (!next.ok) return no(`The log is broken at entry ${String(i)} (${next.error.name}).`);
    ({ state } = next.value);
  }
  if (state === null || lines.length !== head.entries)
    return no(
      `The log is not whole: ${String(lines.length)} of ${String(head.entries)} entries are there.`,
    );
  const { members, generation, head: last } = state;
  return yes(
    `The log of group ${printId(head.gid)} is whole: ${String(lines.length)} entries, ${String(members.size)} members, key ${String(generation)}, head ${last}.`,
  );
}

/** What a signed checkpoint and the items that lead to it say of a history: T by position, entry hash by seq. */
interface Claim {
  readonly checkpoint: Checkpoint;
  readonly T: ReadonlyMap<number, Hash>;
  readonly heads: ReadonlyMap<number, Hash>;
}

/** Entry hashes that follow from a head, going back over entries that name the one before. */
function headsFrom(
  p: Primitives,
  { seq, head }: Checkpoint,
  entries: readonly Bytes[],
): Map<number, Hash> {
  const heads = new Map([[seq, head]]);
  const byHash = new Map(entries.map((entry) => [entryHash(p, entry), entry]));
  let at = head;
  for (;;) {
    const bytes = byHash.get(at);
    const entry = bytes === undefined ? null : decodeEntry(bytes);
    if (entry === null || !entry.ok || entry.value.seq === 0) return heads;
    at = entry.value.prev;
    heads.set(entry.value.seq - 1, at);
  }
}

function claimOf(
  p: Primitives,
  serverPk: Bytes,
  gid: Gid,
  side: Side,
  lines: readonly ProofLine[],
): Claim | string {
  const [signed] = of(lines, 'checkpoint').filter((line) => line.of === side);
  const checkpoint = signed === undefined ? null : decodeCheckpoint(signed.checkpoint);
  if (checkpoint === null) return `the ${side} checkpoint is missing`;
  if (!checkpoint.ok || checkpoint.value.gid !== gid)
    return `the ${side} checkpoint is of another group`;
  if (!verifyCheckpoint(p, serverPk, checkpoint.value))
    return `the server did not sign the ${side} checkpoint`;
  const T = new Map([[checkpoint.value.t, checkpoint.value.T]]);
  const [run] = of(lines, 'run').filter((line) => line.of === side);
  const items = of(lines, 'item').filter((line) => line.of === side);
  if (run !== undefined) {
    const before = new Map<number, Hash>();
    let running = run.T;
    let t = run.t;
    for (const item of items) {
      if (item.t !== t) return `an item of the ${side} history is missing`;
      before.set(t, running);
      const hash =
        item.head.length === HEADER_BYTES ? itemHash(p, item.head) : entryHash(p, item.head);
      running = nextT(p, running, t, hash);
      t += 1;
    }
    // Items that do not lead to the signed T say nothing.
    if (t !== checkpoint.value.t || running !== checkpoint.value.T)
      return `the items do not lead to the ${side} checkpoint`;
    for (const [at, value] of before) T.set(at, value);
  }
  const entries = items.filter((item) => item.head.length !== HEADER_BYTES).map(({ head }) => head);
  const held = side === 'own' ? of(lines, 'entry') : [];
  const heads = headsFrom(p, checkpoint.value, [...held.map(({ entry }) => entry), ...entries]);
  for (const line of held)
    if (line.seq > 0 && heads.get(line.seq) !== entryHash(p, line.entry))
      return `entry ${String(line.seq)} does not lead to the ${side} checkpoint`;
  return { checkpoint: checkpoint.value, T, heads };
}

/** The first place for which two maps hold different values. */
function parting(a: ReadonlyMap<number, Hash>, b: ReadonlyMap<number, Hash>): number | null {
  const places = [...a.keys()].filter((at) => b.has(at) && b.get(at) !== a.get(at));
  return places.length === 0 ? null : Math.min(...places);
}

function judgeEvidence(p: Primitives, gid: Gid, lines: readonly ProofLine[]): Verdict {
  const held = of(lines, 'entry');
  if (held.some((line, i) => i > 0 && line.seq <= (held[i - 1]?.seq ?? 0)))
    return no('Nothing is proven: the entries are not in order.');
  const entry0 = held[0]?.seq === 0 ? held[0].entry : undefined;
  if (entry0 === undefined || gidOf(p, entry0) !== gid)
    return no('Nothing is proven: the first entry of the group is missing.');
  const begun = replay(p, null, entry0);
  if (!begun.ok)
    return no(`Nothing is proven: the first entry is not valid (${begun.error.name}).`);
  const { serverPk } = begun.value.state;
  const [invalid] = of(lines, 'invalid');
  if (invalid !== undefined) return judgeInvalid(p, gid, serverPk, invalid.entry, lines);
  const own = claimOf(p, serverPk, gid, 'own', lines);
  if (typeof own === 'string') return no(`Nothing is proven: ${own}.`);
  const shown = claimOf(p, serverPk, gid, 'shown', lines);
  if (typeof shown === 'string') return no(`Nothing is proven: ${shown}.`);
  const name = printId(gid);
  const seq = parting(own.heads, shown.heads);
  if (seq !== null)
    return yes(
      `Proven: the server of group ${name} signed two different logs; they differ at entry ${String(seq)}.`,
    );
  const t = parting(own.T, shown.T);
  if (t !== null)
    return yes(
      `Proven: the server of group ${name} signed two different timelines; they differ before item ${String(t)}.`,
    );
  return no('Nothing is proven: both signed histories agree as far as this file goes.');
}

function judgeInvalid(
  p: Primitives,
  gid: Gid,
  serverPk: Bytes,
  entry: Bytes,
  lines: readonly ProofLine[],
): Verdict {
  let state: GroupState | null = null;
  for (const [i, line] of of(lines, 'entry').entries()) {
    const next = replay(p, state, line.entry);
    if (line.seq !== i || !next.ok)
      return no(`Nothing is proven: the log in this file is broken at entry ${String(i)}.`);
    ({ state } = next.value);
  }
  const next = replay(p, state, entry);
  if (next.ok) return no('Nothing is proven: the entry follows the log.');
  const hash = entryHash(p, entry);
  const [signed] = of(lines, 'checkpoint').filter((line) => line.of === 'shown');
  const checkpoint = signed === undefined ? null : decodeCheckpoint(signed.checkpoint);
  const stands =
    checkpoint?.ok === true &&
    checkpoint.value.gid === gid &&
    checkpoint.value.head === hash &&
    verifyCheckpoint(p, serverPk, checkpoint.value);
  return stands
    ? yes(
        `Proven: the server of group ${printId(gid)} signed, as the newest of its log, an entry that does not follow it (${next.error.name}).`,
      )
    : no(
        `Nothing is proven: the entry does not follow the log (${next.error.name}), but no signature of the server over it is in this file.`,
      );
}
