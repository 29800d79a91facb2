/** Files a person can hand to others: the signed log of a group, and evidence against a server. JSON Lines, bytes as base64url; no text, no key. */
import { type Bytes, fromBase64url, toBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { ERROR_NAMES, type ErrorName, fail, type Outcome } from '../protocol/failure.ts';
import { type Gid, type Hash, idBytes, idOf } from '../protocol/ids.ts';

/** Which of two histories a line speaks for: the one the client holds, or the other one it was shown. */
export type Side = 'own' | 'shown';

export type ProofLine =
  | { readonly kind: 'log'; readonly gid: Gid; readonly entries: number }
  | { readonly kind: 'evidence'; readonly gid: Gid; readonly error: ErrorName }
  /** Of a log, and beside evidence: entry 0, which names the server's key, and the own entries that matter. */
  | { readonly kind: 'entry'; readonly seq: number; readonly entry: Bytes }
  | { readonly kind: 'checkpoint'; readonly of: Side; readonly checkpoint: Bytes }
  /** T before the items of that side that follow, up to its checkpoint. */
  | { readonly kind: 'run'; readonly of: Side; readonly t: number; readonly T: Hash }
  /** An entry, or the header of a message. */
  | { readonly kind: 'item'; readonly of: Side; readonly t: number; readonly head: Bytes }
  /** Served as appended, and does not follow the own log. */
  | { readonly kind: 'invalid'; readonly entry: Bytes };

const VERSION = 1;

/** The fields of a line in their order; a log's entries carry no kind, every line of it after the first is one. */
function shape(line: ProofLine): Readonly<Record<string, string | number>> {
  switch (line.kind) {
    case 'log':
      return {
        kind: 'log',
        version: VERSION,
        gid: toBase64url(idBytes(line.gid)),
        entries: line.entries,
      };
    case 'evidence':
      return {
        kind: 'evidence',
        version: VERSION,
        gid: toBase64url(idBytes(line.gid)),
        error: line.error,
      };
    case 'entry':
      return { seq: line.seq, entry: toBase64url(line.entry) };
    case 'checkpoint':
      return { kind: 'checkpoint', of: line.of, checkpoint: toBase64url(line.checkpoint) };
    case 'run':
      return { kind: 'run', of: line.of, t: line.t, T: toBase64url(idBytes(line.T)) };
    case 'item':
      return { kind: 'item', of: line.of, t: line.t, head: toBase64url(line.head) };
    case 'invalid':
      return { kind: 'invalid', entry: toBase64url(line.entry) };
  }
}

export function writeProofFile(lines: readonly ProofLine[]): string {
  return lines.map((line) => `${JSON.stringify(shape(line))}\n`).join('');
}

class Unreadable extends Error {}

function bytesOf(value: unknown): Bytes {
  const bytes = typeof value === 'string' ? fromBase64url(value) : null;
  if (bytes === null) throw new Unreadable();
  return bytes;
}

function idIn(value: unknown): Bytes {
  const bytes = bytesOf(value);
  if (bytes.length !== 32) throw new Unreadable();
  return bytes;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Unreadable();
  return value;
}

function errorOf(value: unknown): ErrorName {
  const name = ERROR_NAMES.find((one) => one === value);
  if (name === undefined) throw new Unreadable();
  return name;
}

function sideOf(value: unknown): Side {
  if (value !== 'own' && value !== 'shown') throw new Unreadable();
  return value;
}

function readLine(value: Readonly<Record<string, unknown>>): ProofLine {
  switch (value['kind'] ?? 'entry') {
    case 'log':
      return {
        kind: 'log',
        gid: idOf<Gid>(idIn(value['gid'])),
        entries: numberOf(value['entries']),
      };
    case 'evidence':
      return {
        kind: 'evidence',
        gid: idOf<Gid>(idIn(value['gid'])),
        error: errorOf(value['error']),
      };
    case 'entry':
      return { kind: 'entry', seq: numberOf(value['seq']), entry: bytesOf(value['entry']) };
    case 'checkpoint':
      return {
        kind: 'checkpoint',
        of: sideOf(value['of']),
        checkpoint: bytesOf(value['checkpoint']),
      };
    case 'run':
      return {
        kind: 'run',
        of: sideOf(value['of']),
        t: numberOf(value['t']),
        T: idOf<Hash>(idIn(value['T'])),
      };
    case 'item':
      return {
        kind: 'item',
        of: sideOf(value['of']),
        t: numberOf(value['t']),
        head: bytesOf(value['head']),
      };
    case 'invalid':
      return { kind: 'invalid', entry: bytesOf(value['entry']) };
    default:
      throw new Unreadable();
  }
}

/** Reads a file strictly: a line that is not written exactly as this version writes it is refused, with its number in the note. */
export function readProofFile(text: string): Outcome<readonly ProofLine[]> {
  const lines = text.split('\n');
  if (lines.pop() !== '') return fail('E_FORMAT', 'the file does not end with a whole line');
  const read: ProofLine[] = [];
  for (const [i, line] of lines.entries()) {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null) throw new Unreadable();
      const one = readLine(value as Readonly<Record<string, unknown>>);
      if (JSON.stringify(shape(one)) !== line) throw new Unreadable();
      read.push(one);
    } catch {
      return fail('E_FORMAT', `line ${String(i + 1)} cannot be read`);
    }
  }
  return ok(read);
}
