/** What a person takes along: JSON Lines, one fact a line. The one schema, for who writes it and who reads it. */
import * as v from 'valibot';
import { ok } from '../lib/result.ts';
import { fail, type Outcome } from './failure.ts';

const id32 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const person = v.strictObject({ pid: id32, name: v.nullable(v.string()) });

const line = v.variant('line', [
  v.strictObject({
    line: v.literal('header'),
    format: v.literal('conclave-export'),
    version: v.literal(1),
    madeAt: count,
    origin: v.string(),
    account: person,
  }),
  v.strictObject({
    line: v.literal('device'),
    dev: v.string(),
    name: v.string(),
    since: count,
    thisOne: v.boolean(),
    signedOut: v.boolean(),
  }),
  v.strictObject({
    line: v.literal('request'),
    gid: id32,
    name: v.string(),
    askedAt: count,
    state: v.string(),
    note: v.nullable(v.string()),
  }),
  v.strictObject({
    line: v.literal('group'),
    gid: id32,
    name: v.nullable(v.string()),
    about: v.string(),
    rules: v.string(),
    standing: v.string(),
    role: count,
    generation: count,
    seq: count,
  }),
  v.strictObject({
    line: v.literal('member'),
    gid: id32,
    who: person,
    role: count,
    via: v.string(),
    joinedAt: count,
  }),
  v.strictObject({
    line: v.literal('entry'),
    gid: id32,
    t: count,
    at: count,
    actor: person,
    fact: v.looseObject({ what: v.string() }),
  }),
  v.strictObject({
    line: v.literal('message'),
    gid: id32,
    t: count,
    item: id32,
    at: count,
    author: person,
    staff: v.boolean(),
    payload: v.looseObject({ type: v.string() }),
  }),
  v.strictObject({
    line: v.literal('missing'),
    gid: id32,
    t: count,
    at: count,
    author: person,
    why: v.picklist(['notShared', 'withheld', 'unreadable']),
  }),
  v.strictObject({
    line: v.literal('end'),
    counts: v.strictObject({ groups: count, entries: count, messages: count }),
    /** Messages that are not in here, and why. `notLoaded`: the server could not be asked for older ones. */
    missing: v.strictObject({
      notShared: count,
      withheld: count,
      unreadable: count,
      notLoaded: count,
      staffOnly: count,
    }),
  }),
]);
export type ExportLine = v.InferOutput<typeof line>;
export type ExportEnd = Extract<ExportLine, { line: 'end' }>;

/** The lines of a whole export: a header first, the closing line last, and the counts it names are right. */
export function readExport(text: string): Outcome<readonly ExportLine[]> {
  const lines: ExportLine[] = [];
  for (const row of text.split('\n').filter((one) => one !== '')) {
    let json: unknown;
    try {
      json = JSON.parse(row);
    } catch {
      return fail('E_FORMAT', 'a line is not JSON');
    }
    const read = v.safeParse(line, json);
    if (!read.success) return fail('E_FORMAT', 'a line is not of the schema');
    lines.push(read.output);
  }
  const end = lines.at(-1);
  if (lines[0]?.line !== 'header' || end?.line !== 'end')
    return fail('E_GAP', 'the export is not whole');
  const many = (kind: ExportLine['line']): number =>
    lines.filter((one) => one.line === kind).length;
  const { groups, entries, messages } = end.counts;
  return many('group') === groups && many('entry') === entries && many('message') === messages
    ? ok(lines)
    : fail('E_GAP', 'the export does not hold what it counts');
}

export function writeExportLine(value: ExportLine): string {
  return `${JSON.stringify(v.parse(line, value))}\n`;
}
