/** The person's own copy of everything that is readable here, part by part; keys and codes are never in it. */
import { ok } from '../lib/result.ts';
import type { ExportCursor, ExportPart, PersonView } from '../client/view.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { type ExportLine, writeExportLine } from '../protocol/exported.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { CIRCLE } from '../protocol/role.ts';
import { decodePayload, type Payload } from '../protocol/text.ts';
import type { Account } from './account.ts';
import type { Context } from './context.ts';
import type { Joins } from './joins.ts';
import type { Keeping } from './keep.ts';
import { loadOlder, reachesBack } from './older.ts';
import { person } from './person.ts';
import type { Replica } from './replica.ts';
import type { StoredItem } from './timeline.ts';
import { groupView, linesOf } from './views.ts';

const ITEMS = 500;

export interface ExportOutside {
  readonly account: () => Account;
  readonly keeping: Pick<Keeping, 'devices'>;
  readonly joins: () => Joins;
}

const NOTHING: Pick<ExportCursor, 'counts' | 'missing'> = {
  counts: { groups: 0, entries: 0, messages: 0 },
  missing: { notShared: 0, withheld: 0, unreadable: 0, notLoaded: 0, staffOnly: 0 },
};

const named = ({ pid, name }: PersonView) => ({ pid, name });

/** What clients say to each other, and what carries a key: nobody wrote it, and it is not for reading. */
const TECHNICAL: ReadonlySet<Payload['type']> = new Set([
  'names',
  'wrap',
  'handover',
  'ping',
  'pong',
]);

/** The next part; the first where the cursor is null. Answers null for the next once everything is told. */
export async function exportPart(
  ctx: Context,
  outside: ExportOutside,
  cursor: ExportCursor | null,
): Promise<Outcome<ExportPart>> {
  const groups = cursor?.groups ?? [...ctx.groups.keys()];
  const total = ctx.groups.size;
  if (cursor === null)
    return ok({
      text: write(opening(ctx, outside)),
      next: { groups, from: null, ...NOTHING },
      done: 0,
      total,
    });
  const [gid, ...rest] = groups;
  if (gid === undefined) {
    const { counts, missing } = cursor;
    return ok({ text: write([{ line: 'end', counts, missing }]), next: null, done: total, total });
  }
  const replica = ctx.groups.get(gid);
  if (replica === undefined) return fail('E_NOT_FOUND', 'no such group here');
  const part =
    cursor.from === null ? await begin(ctx, replica, cursor) : more(ctx, replica, cursor);
  const over = (part.cursor.from ?? 0) >= replica.timeline.end();
  const next = over ? { ...part.cursor, groups: rest, from: null } : part.cursor;
  return ok({ text: write(part.lines), next, done: total - next.groups.length, total });
}

const write = (lines: readonly ExportLine[]): string => lines.map(writeExportLine).join('');

function opening(ctx: Context, { account, keeping, joins }: ExportOutside): ExportLine[] {
  const { pid, name } = account().stored;
  return [
    {
      line: 'header',
      format: 'conclave-export',
      version: 1,
      madeAt: Math.round(ctx.clock.now()),
      origin: ctx.origin,
      account: { pid, name },
    },
    ...keeping.devices().map((device) => ({
      line: 'device' as const,
      dev: device.dev,
      name: device.name,
      since: device.since,
      thisOne: device.me,
      signedOut: device.signedOut,
    })),
    ...joins()
      .views()
      .map((request) => ({
        line: 'request' as const,
        gid: request.gid,
        name: request.name,
        askedAt: Math.round(request.askedAt),
        state: request.state,
        note: request.note,
      })),
  ];
}

interface Part {
  readonly lines: readonly ExportLine[];
  readonly cursor: ExportCursor;
}

/** A group with its people; what others shared from before is fetched first. */
async function begin(ctx: Context, replica: Replica, cursor: ExportCursor): Promise<Part> {
  let complete = true;
  while (complete && reachesBack(replica)) {
    const before = replica.timeline.first();
    complete = (await loadOlder(ctx, replica)).ok && replica.timeline.first() < before;
  }
  const { gid } = replica;
  const first = replica.timeline.first();
  const group = groupView(ctx, replica);
  const lines: ExportLine[] = [
    {
      line: 'group',
      gid,
      name: group.name,
      about: group.about,
      rules: group.rules,
      standing: group.standing,
      role: group.role,
      generation: group.generation,
      seq: group.seq,
    },
    ...group.members.map((member) => ({
      line: 'member' as const,
      gid,
      who: named(member),
      role: member.role,
      via: member.via,
      joinedAt: Math.round(member.joinedAt),
    })),
  ];
  const missing = { ...cursor.missing };
  const before = first - entriesBefore(replica, first);
  if (complete) missing.notShared += before;
  else missing.notLoaded += before;
  const counts = { ...cursor.counts, groups: cursor.counts.groups + 1 };
  return { lines, cursor: { ...cursor, from: first, counts, missing } };
}

/** How many of the items before a position are entries of the log, which were never hidden. */
function entriesBefore({ timeline, state }: Replica, first: number): number {
  const held = timeline.range(first, timeline.end()).find((item) => item.seq !== null);
  return Math.min(held?.seq ?? state.seq + 1, first);
}

function more(ctx: Context, replica: Replica, cursor: ExportCursor): Part {
  const from = cursor.from ?? 0;
  const until = Math.min(from + ITEMS, replica.timeline.end());
  const lines: ExportLine[] = [];
  const counts = { ...cursor.counts };
  const missing = { ...cursor.missing };
  for (const item of replica.timeline.range(from, until)) {
    const told = item.seq === null ? message(replica, item) : entry(ctx, replica, item);
    for (const line of told === 'staffOnly' ? [] : told) {
      if (line.line === 'entry') counts.entries += 1;
      if (line.line === 'message') counts.messages += 1;
      if (line.line === 'missing') missing[line.why] += 1;
      lines.push(line);
    }
    if (told === 'staffOnly') missing.staffOnly += 1;
  }
  // A timeline that ends before its cursor never comes to an end otherwise.
  const next = until > from ? until : replica.timeline.end();
  return { lines, cursor: { ...cursor, from: next, counts, missing } };
}

function entry(ctx: Context, replica: Replica, item: StoredItem): ExportLine[] {
  return linesOf(ctx, replica, item).flatMap((line) =>
    line.kind === 'log'
      ? [
          {
            line: 'entry' as const,
            gid: replica.gid,
            t: line.t,
            at: line.at,
            actor: named(line.actor),
            fact: fact(line.line),
          },
        ]
      : [],
  );
}

/** The parts of a log line as they are shown, people by id and name. */
function fact(line: object): { what: string } & Record<string, unknown> {
  return { ...(line as { what: string }) };
}

function message(replica: Replica, item: StoredItem): ExportLine[] | 'staffOnly' {
  const header = item.message === null ? null : decodeHeader(item.message.header);
  if (item.message === null || header?.ok !== true) return [];
  const { author, circle } = header.value;
  const place = {
    gid: replica.gid,
    t: item.t,
    at: item.at,
    author: named(person(replica, author)),
  };
  const payload = item.message.payload === null ? null : decodePayload(item.message.payload);
  if (payload?.ok !== true) {
    const why = payload === null ? item.message.failure : payload.error.name;
    if (why === 'E_ROLE') return 'staffOnly';
    const kind = why === 'E_HIST' ? 'notShared' : why === 'E_WITHHELD' ? 'withheld' : 'unreadable';
    return [{ line: 'missing', ...place, why: kind }];
  }
  if (TECHNICAL.has(payload.value.type)) return [];
  const staff = circle === CIRCLE.staff;
  return [
    { line: 'message', ...place, item: item.item, staff, payload: withoutKey(payload.value) },
  ];
}

/** The key of a file would open it for whoever finds the export. */
function withoutKey(payload: Payload): { type: string } & Record<string, unknown> {
  if (payload.type !== 'file') return payload;
  const { key: _, ...rest } = payload;
  return rest;
}
