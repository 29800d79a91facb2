/** Files for others: the whole signed log of a group, and what proves why it was halted. No text and no key is in them. */
import { ok } from '../lib/result.ts';
import { type ProofLine, type Side, writeProofFile } from '../ledger/proofFile.ts';
import { CHECKPOINT_BYTES, decodeCheckpoint, type Checkpoint } from '../protocol/checkpoint.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { asServed } from './older.ts';
import type { Replica } from './replica.ts';

/** One entry a line, all of them. */
export function exportLog(replica: Replica): Outcome<string> {
  return ok(
    writeProofFile([
      { kind: 'log', gid: replica.gid, entries: replica.log.length },
      ...replica.log.map((entry, seq): ProofLine => ({ kind: 'entry', seq, entry })),
    ]),
  );
}

/** Answers the text of the file. E_NOT_FOUND where the group is not halted. */
export function exportEvidence(replica: Replica): Outcome<string> {
  const { halted } = replica.head;
  if (halted === null) return fail('E_NOT_FOUND', 'nothing was contradicted here');
  return ok(
    writeProofFile([{ kind: 'evidence', gid: replica.gid, error: halted }, ...linesOf(replica)]),
  );
}

function linesOf(replica: Replica): ProofLine[] {
  const { evidence } = replica.head;
  const [first] = evidence;
  const signed = evidence.flatMap((bytes) => {
    const checkpoint = bytes.length === CHECKPOINT_BYTES ? decodeCheckpoint(bytes) : null;
    return checkpoint?.ok === true ? [checkpoint.value] : [];
  });
  const [shown, own] = signed;
  if (first !== undefined && first.length !== CHECKPOINT_BYTES) {
    // An entry that does not follow: the whole log it does not follow, and the signature over it where there is one.
    return [
      ...entries(replica, 0, replica.log.length),
      ...checkpoint('shown', shown),
      { kind: 'invalid', entry: first },
    ];
  }
  const from = shown === undefined ? 0 : Math.min(shown.seq, own?.seq ?? 0) + 1;
  return [
    ...entries(replica, 0, 1),
    ...entries(replica, Math.max(from, 1), (own?.seq ?? -1) + 1),
    ...checkpoint('shown', shown),
    ...shownRun(replica),
    ...checkpoint('own', own),
    ...ownRun(replica, shown, own),
  ];
}

function entries(replica: Replica, from: number, until: number): ProofLine[] {
  return replica.log
    .slice(from, Math.max(from, until))
    .map((entry, i): ProofLine => ({ kind: 'entry', seq: from + i, entry }));
}

function checkpoint(of: Side, signed: Checkpoint | undefined): ProofLine[] {
  return signed === undefined ? [] : [{ kind: 'checkpoint', of, checkpoint: signed.bytes }];
}

/** The other items, as they were served up to the other checkpoint. */
function shownRun(replica: Replica): ProofLine[] {
  const { shown } = replica.head;
  const T = shown === null ? null : replica.timeline.TAt(shown.t);
  if (shown === null || T === null) return [];
  return [
    { kind: 'run', of: 'shown', t: shown.t, T },
    ...shown.heads.map((head, i): ProofLine => ({
      kind: 'item',
      of: 'shown',
      t: shown.t + i,
      head,
    })),
  ];
}

/** From the place where the other history is signed to the own signed one. */
function ownRun(
  replica: Replica,
  shown: Checkpoint | undefined,
  own: Checkpoint | undefined,
): ProofLine[] {
  if (shown === undefined || own === undefined) return [];
  const from = replica.head.shown?.t ?? shown.t;
  const T = replica.timeline.TAt(from);
  if (T === null || from > own.t) return [];
  return [
    { kind: 'run', of: 'own', t: from, T },
    ...replica.timeline.range(from, own.t).map((item): ProofLine => ({
      kind: 'item',
      of: 'own',
      t: item.t,
      head: asServed(replica, item).head,
    })),
  ];
}
