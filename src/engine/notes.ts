/** Notes of the staff: messages of the staff circle that only owner and moderators can open. */
import type { NoteView } from '../client/view.ts';
import { ok } from '../lib/result.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Hash, Pid } from '../protocol/ids.ts';
import { CIRCLE, isStaff } from '../protocol/role.ts';
import { decodePayload, type Payload } from '../protocol/text.ts';
import type { NoteAbout } from '../client/client.ts';
import type { Context } from './context.ts';
import { enqueue } from './outbox.ts';
import { person } from './person.ts';
import type { Replica } from './replica.ts';

export type NotePayload = Extract<Payload, { type: 'note' }>;

export interface Note {
  readonly item: Hash;
  readonly t: number;
  readonly at: number;
  readonly by: Pid;
  readonly payload: NotePayload;
}

export function isStaffIn(ctx: Context, replica: Replica): boolean {
  return isStaff(replica.state.members.get(ctx.identity().pid)?.role ?? 0);
}

/** Every readable note, oldest first. Nothing for who is not of the staff now, whatever keys are still held. */
export function notesOf(ctx: Context, replica: Replica): Note[] {
  if (!isStaffIn(ctx, replica)) return [];
  return staffPositions(replica).flatMap((t): Note[] => {
    const item = replica.timeline.item(t);
    const message = item?.message;
    if (item === null || message?.payload === undefined || message.payload === null) return [];
    const header = decodeHeader(message.header);
    const payload = decodePayload(message.payload);
    return header.ok && payload.ok && payload.value.type === 'note'
      ? [{ item: item.item, t, at: item.at, by: header.value.author, payload: payload.value }]
      : [];
  });
}

/** Where something stands in the staff circle. A position keeps its circle, so only new ones are looked at. */
function staffPositions(replica: Replica): readonly number[] {
  const { past, timeline } = replica;
  const [first, end] = [timeline.first(), timeline.end()];
  const known = past.notes?.timeline === timeline ? past.notes : null;
  const inCircle = (from: number, until: number): number[] =>
    timeline.range(from, until).flatMap((item) => {
      const header = item.message === null ? null : decodeHeader(item.message.header);
      return header?.ok === true && header.value.circle === CIRCLE.staff ? [item.t] : [];
    });
  const at =
    known === null
      ? inCircle(first, end)
      : [...inCircle(first, known.first), ...known.at, ...inCircle(known.end, end)];
  past.notes = { timeline, first, end, at };
  return at;
}

export function noteViews(ctx: Context, replica: Replica): Outcome<readonly NoteView[]> {
  if (!isStaffIn(ctx, replica)) return fail('E_ROLE', 'notes are for owner and moderators');
  const shown = notesOf(ctx, replica).filter(
    ({ payload }) =>
      payload.report === undefined && (payload.text !== '' || payload.verdict !== undefined),
  );
  return ok(
    shown.map(({ item, at, by, payload }) => ({
      item,
      at,
      by: person(replica, by),
      about: payload.about === undefined ? null : person(replica, payload.about as Pid),
      request: (payload.request as Hash | undefined) ?? null,
      verdict: payload.verdict ?? null,
      text: payload.text,
    })),
  );
}

/** What is longer than a note may be. */
const NOTE_CHARS = 4000;

export async function addNote(
  ctx: Context,
  replica: Replica,
  about: NoteAbout,
  text: string,
): Promise<Outcome<void>> {
  if (!isStaffIn(ctx, replica)) return fail('E_ROLE', 'notes are for owner and moderators');
  const words = text.trim().toWellFormed();
  if (words === '') return fail('E_FORMAT', 'an empty note');
  if (words.length > NOTE_CHARS) return fail('E_LIMIT', 'text over the limit');
  const queued = await enqueue(
    ctx,
    replica,
    {
      type: 'note',
      ...(about.pid === undefined ? {} : { about: about.pid }),
      ...(about.request === undefined ? {} : { request: about.request }),
      text: words,
    },
    CIRCLE.staff,
    true,
  );
  return queued.ok ? ok(undefined) : queued;
}
